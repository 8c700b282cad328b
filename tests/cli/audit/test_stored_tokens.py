"""Tokens that lie in the keyring, through the whole command, with a real keyring behind it."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hardenme.credentials.keyring import Keyring
from hardenme.credentials.stored import StoredTokens
from hardenme.model.secret import Secret
from hardenme.model.stored_token import KeyringToken
from hardenme.sandbox.http import LoopbackServer, Reply
from hardenme.store.token_index import TokenIndex
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.credentials.backends import station
from tests.secret_service import (
    BACKEND,
    Desktop,
    desktop,  # noqa: F401 (a fixture)
    session,
    silent_bus,
    silent_prompter,
)
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(10)

WAYS = ("HARDENME_GITHUB_TOKEN", "--token-file", "LoadCredential", "--token-stdin")
OTHER = "ghp_CANARYother0000000000000000000000000"
CLOUD = "ghp_CANARYcloud0000000000000000000000000"
PLAIN = """\
from keyring.backend import KeyringBackend
class PlaintextKeyring(KeyringBackend):
    priority = {priority}
    def get_password(self, service, username):
        open({marker!r}, "a").close()
    set_password = delete_password = get_password
"""


def folder(command: Command) -> Path:
    return command.home / ".local" / "state" / "hardenme"


def entry(url: str, login: str = "mallow", owner: str = "") -> KeyringToken:
    provider = "npm" if login.startswith("npm:") else "github"
    return KeyringToken(
        provider=provider,
        base=url,
        login=login.removeprefix("npm:"),
        owner=owner,
        stored_at=datetime.now(UTC),
    )


@dataclass
class Keeper:
    """Stores tokens for a command's user."""

    command: Command
    tokens: StoredTokens
    environ: Mapping[str, str]

    def put(self, what: KeyringToken, value: str) -> None:
        self.tokens.put(what, Secret(value))


def keeper_of(command: Command, desktop: Desktop) -> Keeper:  # noqa: F811
    ring = Keyring(station(command.home, PYTHON_KEYRING_BACKEND=BACKEND))
    return Keeper(command, StoredTokens(TokenIndex(folder(command)), ring), desktop.environ)


@pytest.fixture
def keeper(command: Command, desktop: Desktop) -> Iterator[Keeper]:  # noqa: F811
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.bus)
        found = keeper_of(command, desktop)
        yield found
        for kept in found.tokens.entries():
            found.tokens.forget(kept)


def listed(command: Command, *entries: KeyringToken) -> None:
    """Write the list as if a keyring had taken the tokens."""
    for one in entries:
        TokenIndex(folder(command)).add(one)


def authorized(server: LoopbackServer) -> set[str]:
    return {request.headers.get("authorization", "") for request in server.requests}


def files(command: Command) -> set[str]:
    found = (path for root in (command.home, command.folder) for path in root.rglob("*"))
    return {str(path) for path in found if path.is_file()}


def loaded(text: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(text)
    return report


def test_a_stored_token_is_used(weak: Accounts, keeper: Keeper) -> None:
    keeper.put(entry(weak.github.url), weak.github_token)
    keeper.put(entry(weak.npm.url, "npm:mallow"), weak.npm_token)
    ran = weak.bare("--select", "GHA101,NPA101", "--format", "json", **keeper.environ)
    assert ran.err == ""
    host = weak.github.url
    assert {(one["login"], one["source"]) for one in loaded(ran.out)["identities"]} == {
        ("mallow", f"the keyring (hardenme:{host}, mallow)"),
        ("mallow", f"the keyring (hardenme:{weak.npm.url}/, mallow)"),
    }
    assert authorized(weak.github) == {f"token {weak.github_token}"}
    assert authorized(weak.npm) == {f"Bearer {weak.npm_token}"}


def test_fault_14_two_accounts_hosts_and_ports_and_none_crosses(
    weak: Accounts, keeper: Keeper
) -> None:
    heard = LoopbackServer(lambda _request: Reply(200, {}))
    other = LoopbackServer(lambda _request: Reply(401, {"message": "Bad credentials"}))
    with heard as evil, other as second:
        keeper.put(entry(weak.github.url), weak.github_token)
        keeper.put(entry(weak.github.url, "hazel"), f"{OTHER}2")
        keeper.put(entry(second.url), OTHER)
        keeper.put(entry("https://api.github.com"), CLOUD)
        keeper.put(entry(weak.npm.url, "npm:mallow"), weak.npm_token)
        environ = keeper.environ
        select = ("--select", "GHA101", "--format", "json")
        unclear = weak.bare(*select, **environ)
        assert unclear.code == 4
        (line,) = unclear.told
        assert f"several accounts for {weak.github.url}: hazel, mallow; say which with" in line
        assert weak.asked == len(second.requests) == 0
        weak.bare(*select, "--as", "mallow", **environ)
        assert authorized(weak.github) == {f"token {weak.github_token}"}
        assert authorized(second) == set()
        wrong = weak.command("check", *select, "--github-url", second.url, **environ)
        assert wrong.code in {3, 4}
        assert authorized(second) == {f"token {OTHER}"}
        urls = ("--github-url", evil.url, "--npm-registry", evil.url)
        for targets in ((), ("github:mallow",), ("npm:mallow-trivet",)):
            weak.command("check", "--no-local", "--no-cache", *urls, *targets, **environ)
        weak.command("doctor", *urls, **environ)
        assert authorized(evil) <= {""}
        assert "CANARY" not in repr(evil.requests)


def test_each_owners_stored_token_is_for_that_owner_alone(
    organizations: Accounts, keeper: Keeper
) -> None:
    url = organizations.github.url
    keeper.put(entry(url, "thorn", "bramble-labs"), base.WEAK_FINE_GRAINED)
    keeper.put(entry(url, "linden", "cedar-labs"), base.STRICT_FINE_GRAINED)
    ran = organizations.bare(
        *("github:bramble-labs", "github:Cedar-Labs", "--select", "GHO101", "--format", "json"),
        **keeper.environ,
    )
    assert ran.err == ""
    assert [(one["login"], one["source"]) for one in loaded(ran.out)["identities"]] == [
        ("thorn", f"the keyring (hardenme:{url}, thorn/bramble-labs)"),
        ("linden", f"the keyring (hardenme:{url}, linden/cedar-labs)"),
    ]
    for request in organizations.github.requests:
        about = f"{request.path} {request.body!r}".lower()
        token = request.headers["authorization"]
        assert "cedar" not in about or token == f"token {base.STRICT_FINE_GRAINED}"
        assert "bramble" not in about or token == f"token {base.WEAK_FINE_GRAINED}"
    told = organizations.command("doctor", "--offline", *organizations.urls, **keeper.environ)
    assert told.code == 0
    said = " ".join(told.out.split())
    assert f"thorn/bramble-labs on {url}, linden/cedar-labs on {url}" in said
    assert f"from the keyring (hardenme:{url}, linden/cedar-labs)" in said


def test_fault_10_without_a_keyring_the_safe_ways_are_told(weak: Accounts) -> None:
    listed(weak.command, entry(weak.github.url))
    before = files(weak.command)
    ran = weak.bare()
    assert ran.code == 4
    (line,) = ran.told
    assert "there is no keyring here" in line
    assert all(way in line for way in WAYS)
    assert weak.asked == 0
    assert files(weak.command) == before


def test_fault_10_a_token_found_before_it_spares_the_keyring(weak: Accounts) -> None:
    listed(weak.command, entry(weak.github.url), entry(weak.npm.url, "npm:mallow"))
    ran = weak.check("--select", "GHA101,NPA101")
    assert ran.err == ""
    assert ran.code in {0, 1}


def stub(folder: Path, priority: str) -> tuple[dict[str, str], Path]:
    """Install keyrings.alt's plaintext store, as far as it matters; says where it leaves traces."""
    marker = folder / "asked"
    package = folder / "keyrings" / "alt"
    package.mkdir(parents=True)
    text = PLAIN.format(priority=priority, marker=str(marker))
    (package / "__init__.py").write_text("")
    (package / "file.py").write_text(text)
    about = folder / "keyrings.alt-5.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: keyrings.alt\nVersion: 5.0\n")
    points = "[keyring.backends]\nfile = keyrings.alt.file\n"
    (about / "entry_points.txt").write_text(points)
    return {"PYTHONPATH": str(folder)}, marker


def test_fault_11_a_plaintext_store_that_is_installed_is_refused(
    weak: Accounts, tmp_path: Path
) -> None:
    listed(weak.command, entry(weak.github.url))
    environ, marker = stub(tmp_path / "site", "0.5")
    ran = weak.bare(**environ)
    assert ran.code == 4
    (line,) = ran.told
    assert "keyrings.alt.file.PlaintextKeyring" in line
    assert "in plain text" in line
    assert all(way in line for way in WAYS)
    assert not marker.exists()


def test_fault_11_a_plug_in_that_breaks_prints_nothing(command: Command, tmp_path: Path) -> None:
    environ, _ = stub(tmp_path / "site", "1 / 0")
    ran = command("auth", "login", "github", text=OTHER, **environ)
    assert ran.code == 4
    (line,) = ran.told
    assert "there is no keyring here" in line


def test_fault_11_a_chain_with_it_is_refused_until_one_is_chosen(
    weak: Accounts, keeper: Keeper, tmp_path: Path
) -> None:
    keeper.put(entry(weak.github.url), weak.github_token)
    environ, marker = stub(tmp_path / "site", "0.5")
    ran = weak.bare(**environ, **keeper.environ)
    assert ran.code == 4
    (line,) = ran.told
    assert "keyring.backends.chainer.ChainerBackend" in line
    assert f"set PYTHON_KEYRING_BACKEND={BACKEND}" in line
    assert "PYTHON_KEYRING_BACKEND=keyrings.alt" not in line
    assert weak.asked == 0
    chosen = {**environ, **keeper.environ, "PYTHON_KEYRING_BACKEND": BACKEND}
    ran = weak.bare("--select", "GHA101", **chosen)
    assert ran.code in {0, 1}
    assert not marker.exists()


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for the name of a socket."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.second_tier("waits for a timeout, and measures it")
def test_fault_12_the_console_script_ends_though_the_keyring_hangs(
    weak: Accounts, short: Path
) -> None:
    listed(weak.command, entry(weak.github.url))
    with silent_bus(short) as bus:
        begun = time.monotonic()
        # A variable of Python's makes it the script itself that runs, to its end.
        ran = weak.bare(DBUS_SESSION_BUS_ADDRESS=bus, PYTHONUNBUFFERED="1")
        took = time.monotonic() - begun
    assert ran.code == 4
    (line,) = ran.told
    assert "did not answer within 3 s" in line
    assert all(way in line for way in WAYS)
    assert 3 <= took < 15
    assert weak.asked == 0


@pytest.mark.needs("dbus-run-session", "gnome-keyring-daemon")
@pytest.mark.parametrize("answering", [True, False])
def test_fault_12_a_locked_keyring_is_given_up(
    weak: Accounts, short: Path, *, answering: bool
) -> None:
    """Once nobody can be asked for its password, and once nobody answers."""
    with pytest.MonkeyPatch.context() as patch:
        with session(short) as opened:
            patch.setenv("DBUS_SESSION_BUS_ADDRESS", opened.bus)
            keeper = keeper_of(weak.command, opened)
            keeper.put(entry(weak.github.url), weak.github_token)
        # The daemon, which is ending, may take its own files away meanwhile.
        shutil.rmtree(short / "run", ignore_errors=True)
        with session(short, unlocked=False) as locked:
            begun = time.monotonic()
            if answering:
                ran = weak.bare(**locked.environ)
            else:
                with silent_prompter(locked.bus):
                    ran = weak.bare(**locked.environ)
            took = time.monotonic() - begun
    assert ran.code == 4
    (line,) = ran.told
    assert ("it is locked" if answering else "did not answer within 3 s") in line
    assert all(way in line for way in WAYS)
    assert took < 15
    assert weak.asked == 0


def test_a_list_that_others_can_write_is_not_used_and_that_is_said_once(weak: Accounts) -> None:
    listed(weak.command, entry(weak.github.url), entry(weak.npm.url, "npm:mallow"))
    (folder(weak.command) / "tokens.json").chmod(0o666)
    ran = weak.bare()
    assert len([line for line in ran.told if "tokens.json" in line]) == 1
    assert "is open to others; run: chmod 600" in ran.err
    assert "there is no GitHub token" in ran.err
    assert authorized(weak.github) | authorized(weak.npm) <= {""}
    told = weak.command("doctor", "--offline", *weak.urls)
    assert "chmod 600" in told.out


def test_one_that_was_deleted_elsewhere_is_told(weak: Accounts, keeper: Keeper) -> None:
    keeper.put(entry(weak.github.url), weak.github_token)
    assert keeper.tokens.keyring.delete(f"hardenme:{weak.github.url}", "mallow")
    ran = weak.bare(**keeper.environ)
    assert ran.code == 4
    assert "has no token any more" in ran.err
    assert weak.asked == 0
