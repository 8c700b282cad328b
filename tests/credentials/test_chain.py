from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from hardenme.credentials.chain import TokenChain
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import CredentialError
from tests.posix import AS_ROOT, ON_POSIX

CLOUD = "https://api.github.com"
TENANT = "https://api.acme.ghe.com"
SERVER = "https://github.example.test/api/v3"
OTHER_REGISTRY = "https://registry.example.test"


def github(name: str) -> str:
    return f"ghp_CANARY{name}".ljust(40, "0")


def npm(name: str) -> str:
    return f"npm_CANARY{name}".ljust(40, "0")


def private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def source(chain: TokenChain, provider: str, url: str) -> str:
    """Where the token was found, and that it is the one of that place."""
    found = chain.github(url) if provider == "github" else chain.npm(url)
    if found is None:
        return ""
    assert found.provider == provider
    return found.source


def test_each_place_gives_way_to_those_before_it(tmp_path: Path) -> None:
    file = private(tmp_path / "token", github("file"))
    environ = {
        name: github(name.replace("_", ""))
        for name in ("HARDENME_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
    }
    chain = TokenChain(
        environ, None, io.StringIO(github("stdin") + "\n"), "github", {"github": file}
    )
    order = []
    for take_away in (
        lambda: setattr(chain, "stdin_for", ""),
        lambda: setattr(chain, "files", {}),
        lambda: environ.pop("HARDENME_GITHUB_TOKEN"),
        lambda: environ.pop("GH_TOKEN"),
        lambda: environ.pop("GITHUB_TOKEN"),
    ):
        order.append(source(chain, "github", CLOUD))
        take_away()
    assert order == [
        "standard input",
        str(file),
        "HARDENME_GITHUB_TOKEN",
        "GH_TOKEN",
        "GITHUB_TOKEN",
    ]
    assert source(chain, "github", CLOUD) == ""


def test_the_places_for_npm_in_their_order(tmp_path: Path) -> None:
    host = REGISTRY.removeprefix("https:")
    private(tmp_path / ".npmrc", f"{host}/:_authToken={npm('npmrc')}\n")
    environ = {
        name: npm(name.replace("_", ""))
        for name in ("HARDENME_NPM_TOKEN", "NPM_TOKEN", "NODE_AUTH_TOKEN")
    }
    chain = TokenChain(environ, tmp_path)
    order = []
    for name in (*environ, ""):
        order.append(source(chain, "npm", REGISTRY))
        environ.pop(name, None)
    assert order == ["HARDENME_NPM_TOKEN", "NPM_TOKEN", "NODE_AUTH_TOKEN", "~/.npmrc"]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (CLOUD, "GH_TOKEN"),
        (TENANT, "GH_TOKEN"),
        (SERVER, "GH_ENTERPRISE_TOKEN"),
        ("http://127.0.0.1:8080", "GH_ENTERPRISE_TOKEN"),
        ("https://api.github.com.evil.example.test", "GH_ENTERPRISE_TOKEN"),
        ("https://evilghe.com", "GH_ENTERPRISE_TOKEN"),
        ("https://github.com.example.test", "GH_ENTERPRISE_TOKEN"),
    ],
)
def test_a_variable_is_bound_to_the_providers_hosts(url: str, found: str) -> None:
    environ = {"GH_TOKEN": github("cloud"), "GH_ENTERPRISE_TOKEN": github("enterprise")}
    assert source(TokenChain(environ, None), "github", url) == found
    del environ[found]
    assert source(TokenChain(environ, None), "github", url) == ""


@pytest.mark.parametrize(
    "url",
    [
        OTHER_REGISTRY,
        "http://127.0.0.1:4873",
        f"{REGISTRY}/path",
        f"{REGISTRY}:8443",
        f"{REGISTRY}.evil.example.test",
    ],
)
def test_npms_variables_go_to_npms_own_registry_only(url: str) -> None:
    environ = {"NPM_TOKEN": npm("own"), "NODE_AUTH_TOKEN": npm("own")}
    assert source(TokenChain(environ, None), "npm", url) == ""
    environ["HARDENME_NPM_TOKEN"] = npm("ours")
    assert source(TokenChain(environ, None), "npm", url) == "HARDENME_NPM_TOKEN"


@pytest.mark.parametrize("blank", ["", " ", "\n", "\t \n"])
def test_a_blank_variable_is_none(blank: str) -> None:
    environ = {"HARDENME_GITHUB_TOKEN": blank, "GITHUB_TOKEN": github("next")}
    assert source(TokenChain(environ, None), "github", CLOUD) == "GITHUB_TOKEN"


@pytest.mark.parametrize("value", ["Q0FOQVJZ0123456789==", "ABCDEFGHIJCANARY=", "a_CANARY-9=.x"])
def test_an_equals_sign_does_not_make_a_name(value: str) -> None:
    found = TokenChain({"HARDENME_NPM_TOKEN": value}, None).npm(OTHER_REGISTRY)
    assert found is not None
    assert found.secret.reveal() == value


def test_a_byte_order_mark_is_cut(tmp_path: Path) -> None:
    file = private(tmp_path / "token", f"\ufeff{github('x')}\r\n")
    found = TokenChain({}, None, files={"github": file}).github(CLOUD)
    assert found is not None
    assert found.secret.reveal() == github("x")


def test_blanks_around_a_token_are_cut() -> None:
    found = TokenChain({"GH_TOKEN": f" {github('x')}\n"}, None).github(CLOUD)
    assert found is not None
    assert found.secret.reveal() == github("x")


@pytest.mark.parametrize(
    ("provider", "value", "words"),
    [
        ("github", npm("x"), "an npm token"),
        ("npm", github("x"), "a GitHub token"),
        ("npm", "github_pat_CANARY" + "0" * 40, "a GitHub token"),
        ("github", "ghr_CANARY0000000000000000", "refresh token"),
        ("npm", "ghr_CANARY0000000000000000", "refresh token"),
        ("github", "ghp_CANARY 0000", "blanks"),
        ("github", "ghp_CANARY\r\nHost: evil", "control characters"),
        ("github", "ghp_CANARY\u2028000000", "no token"),
        # With what stands beside it, it would not be known for npm's and would be sent to GitHub.
        ("github", f'"{npm("q")}"', "quotes stand around it"),
        ("github", f"'{npm('q')}", "quotes stand around it"),
        ("github", f"NPM_TOKEN={npm('n')}", "a name stands before it"),
        ("github", "GITLAB_TOKEN=glpat-CANARY000", "a name stands before it"),
        ("github", f"//registry.example.test/:_authToken={npm('n')}", "a name stands before it"),
        ("npm", f"token:{github('n')}", "something stands before it"),
        ("github", "ghp_CANARY" + "0" * 5000, "no token"),
    ],
)
def test_what_is_no_such_token_is_refused_without_its_value(
    provider: str, value: str, words: str
) -> None:
    name = f"HARDENME_{provider.upper()}_TOKEN"
    chain = TokenChain({name: value}, None)
    with pytest.raises(CredentialError, match=words) as caught:
        source(chain, provider, CLOUD if provider == "github" else REGISTRY)
    assert name in str(caught.value)
    assert "CANARY" not in str(caught.value)


def test_a_bad_token_is_not_passed_over_for_a_later_one() -> None:
    environ = {"HARDENME_GITHUB_TOKEN": npm("x"), "GITHUB_TOKEN": github("x")}
    with pytest.raises(CredentialError):
        TokenChain(environ, None).github(CLOUD)


def test_one_line_of_standard_input_is_read() -> None:
    stream = io.StringIO(f"{github('x')}\nthe rest\n")
    found = TokenChain({}, None, stream, "github").github(CLOUD)
    assert found is not None
    assert found.secret.reveal() == github("x")
    assert stream.read() == "the rest\n"


@pytest.mark.parametrize("stream", [None, io.StringIO(""), io.StringIO("\n")])
def test_empty_standard_input_is_told(stream: io.StringIO | None) -> None:
    with pytest.raises(CredentialError, match="standard input is empty"):
        TokenChain({"GH_TOKEN": github("x")}, None, stream, "github").github(CLOUD)


def test_standard_input_is_left_alone_for_the_other_provider() -> None:
    stream = io.StringIO(npm("x"))
    assert TokenChain({}, None, stream, "npm").github(CLOUD) is None
    assert stream.tell() == 0


def test_bytes_that_are_no_text_are_told() -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\x00"), "utf-8")
    with pytest.raises(CredentialError, match="not text"):
        TokenChain({}, None, stream, "github").github(CLOUD)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602, 0o666, 0o644])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = private(tmp_path / "token", github("x"))
    path.chmod(mode)
    with pytest.raises(CredentialError, match="chmod 600"):
        TokenChain({}, None, files={"github": path}).github(CLOUD)


def test_a_read_only_file_will_do(tmp_path: Path) -> None:
    path = private(tmp_path / "token", github("x"))
    path.chmod(0o400)
    assert source(TokenChain({}, None, files={"github": path}), "github", CLOUD) == str(path)


@ON_POSIX
def test_what_is_no_regular_file_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(CredentialError, match="not a regular file"):
            TokenChain({}, None, files={"github": path}).github(CLOUD)
    with pytest.raises(CredentialError, match="cannot be read"):
        TokenChain({}, None, files={"github": tmp_path / "absent"}).github(CLOUD)
    with pytest.raises(CredentialError, match="is empty"):
        TokenChain({}, None, files={"github": private(tmp_path / "e", "")}).github(CLOUD)


@AS_ROOT
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = private(tmp_path / "token", github("x"))
    os.chown(path, 54321, 54321)
    with pytest.raises(CredentialError, match="someone else"):
        TokenChain({}, None, files={"github": path}).github(CLOUD)


def test_a_secret_shows_itself_nowhere() -> None:
    found = TokenChain({"GH_TOKEN": github("hidden")}, None).github(CLOUD)
    assert found is not None
    assert "CANARY" not in f"{found} {found!r} {found.secret} {found.secret!r:>50}"
