from __future__ import annotations

import os
from pathlib import Path

import pytest

from hardenme.credentials.npmrc import registry_key, token_in, user_npmrc
from hardenme.ground.errors import CredentialError

TOKEN = "npm_CANARYnotarealtoken0000000000000000"
REGISTRY = "https://registry.example.test"
KEY = "//registry.example.test/:_authToken"


@pytest.mark.parametrize(
    ("registry", "key"),
    [
        (REGISTRY, KEY),
        (f"{REGISTRY}/", KEY),
        (f"{REGISTRY}:8443/npm/", "//registry.example.test:8443/npm/:_authToken"),
        ("http://127.0.0.1:4873", "//127.0.0.1:4873/:_authToken"),
    ],
)
def test_the_key_is_the_address_without_its_scheme(registry: str, key: str) -> None:
    assert registry_key(registry) == key


@pytest.mark.parametrize(
    ("text", "token"),
    [
        (f"{KEY}={TOKEN}", TOKEN),
        (f"  {KEY}  =  {TOKEN}  \r\n", TOKEN),
        (f'{KEY}="{TOKEN}"', TOKEN),
        (f"{KEY}='{TOKEN}'", TOKEN),
        (f"{KEY}={TOKEN} ; made in May", TOKEN),
        (f"{KEY}={TOKEN}#old", TOKEN),
        (f"{KEY}=first\n{KEY}={TOKEN}", TOKEN),
        (f"{KEY}=${{MY_TOKEN}}", TOKEN),
        (f"{KEY}=${{MY_TOKEN?}}", TOKEN),
        (f"{KEY}=npm_${{PART}}", "npm_part"),
        (f"{KEY}=${{ABSENT}}", ""),
        (f"{KEY}=${{ABSENT?}}", ""),
        (f"; {KEY}={TOKEN}", ""),
        (f"#{KEY}={TOKEN}", ""),
        (f"{KEY}", ""),
        (f"{KEY}=", ""),
        (f"_authToken={TOKEN}", ""),
        (f"//registry.example.test/other/:_authToken={TOKEN}", ""),
        (f"//registry.example.test:8443/:_authToken={TOKEN}", ""),
        (f"//evil.example.test/:_authToken={TOKEN}", ""),
        (f"https:{KEY}={TOKEN}", ""),
        ("", ""),
    ],
)
def test_the_token_of_exactly_that_registry(tmp_path: Path, text: str, token: str) -> None:
    path = tmp_path / ".npmrc"
    path.write_text(text)
    assert token_in(path, REGISTRY, {"MY_TOKEN": TOKEN, "PART": "part"}) == token


def test_what_is_no_file_holds_no_token(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "absent"):
        assert token_in(path, REGISTRY, {}) == ""
    large = tmp_path / "large"
    large.write_text(f"{KEY}={TOKEN}\n" + "#" * (1024 * 1024))
    assert token_in(large, REGISTRY, {}) == ""


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / ".npmrc"
    path.write_bytes(b"\xff\xfe=x\n" + f"{KEY}={TOKEN}\n".encode())
    assert token_in(path, REGISTRY, {}) == TOKEN


def test_where_the_users_file_is(tmp_path: Path) -> None:
    assert user_npmrc({}, tmp_path) == tmp_path / ".npmrc"
    assert user_npmrc({}, None) is None
    for name in ("NPM_CONFIG_USERCONFIG", "npm_config_userconfig"):
        assert user_npmrc({name: "/elsewhere/npmrc"}, tmp_path) == Path("/elsewhere/npmrc")
        assert user_npmrc({name: "~/my/npmrc"}, tmp_path) == tmp_path / "my/npmrc"
        for relative in (".npmrc", "sub/npmrc"):
            with pytest.raises(CredentialError, match=f"{name} is not an absolute path"):
                user_npmrc({name: relative}, tmp_path)
