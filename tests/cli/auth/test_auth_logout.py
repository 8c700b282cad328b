"""`hardenme auth logout`: everything that can go goes, and what cannot is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardenme.cli.terminal.page import PageForPerson
from hardenme.collectors.transport.cache import Cache
from hardenme.ground.places import state_folder
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.server import NpmSandbox
from tests.cli.auth.authorizing import Auth, Piped, Typed
from tests.credentials.backends import Clinging
from tests.moment import NOW
from tests.worlds import github
from tests.worlds.organizations import base

pytestmark = pytest.mark.second_tier("a server and a keyring each", one_of=3)


@pytest.fixture
def auth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Auth:
    monkeypatch.setattr(PageForPerson, "_pressed", lambda _: False)
    return Auth(tmp_path, monkeypatch)


@pytest.fixture
def host() -> Iterator[GitHubServer]:
    world, other = github.weak_maintainer(NOW), github.strict_organization(NOW)
    world.users += other.users
    world.organizations += other.organizations
    world.repositories += other.repositories
    world.tokens += other.tokens
    with github_sandbox(world) as server:
        yield server


def stored(auth: Auth, host: GitHubServer) -> None:
    """A token of mallow's, and one of linden's for an organization."""
    assert auth("login", "github", "--host", host.url, stdin=Piped(github.WEAK_NARROW)) == 0
    own = ("login", "github", "--host", host.url, "--owner", base.STRICT)
    assert auth(*own, stdin=Piped(github.STRICT_ORG_FINE_GRAINED)) == 0
    assert len(auth.entries) == len(auth.backend.kept) == 2


def test_fault_13_nothing_is_left_of_what_was_stored(auth: Auth, host: GitHubServer) -> None:
    stored(auth, host)
    cache = Cache(auth.home / "cache")
    cache.store(cache.name(github.WEAK_NARROW, host.url, "", "/user"), {"etag": '"1"'}, b"{}")
    assert auth("logout", "github", "--host", host.url) == 0
    assert (auth.entries, auth.backend.kept) == ((), {})
    assert not [path for path in (auth.home / "cache").rglob("*") if path.is_file()]
    for path in auth.home.rglob("*"):
        if path.is_file():
            assert b"CANARY" not in path.read_bytes()
    assert auth.out.count("removed from the keyring") == 2
    assert f"{host.url}/settings/tokens" in auth.err, "the page on which it is deleted"
    assert "stays valid until" in auth.err


def test_one_owners_token_goes_alone(auth: Auth, host: GitHubServer) -> None:
    stored(auth, host)
    assert auth("logout", "github", "--host", host.url, "--owner", base.STRICT) == 0
    assert [entry.login for entry in auth.entries] == ["mallow"]


def test_one_accounts_tokens_go_alone(auth: Auth, host: GitHubServer) -> None:
    stored(auth, host)
    assert auth("logout", "github", "--host", host.url, "--as", "mallow") == 0
    assert [entry.login for entry in auth.entries] == ["linden"]


def test_another_address_is_left_alone(auth: Auth, host: GitHubServer) -> None:
    stored(auth, host)
    assert auth("logout", "github") == 5
    assert "nothing is stored there" in auth.err
    assert len(auth.entries) == 2


def test_the_session_at_npm_ends_too(auth: Auth, registry: NpmSandbox) -> None:
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0
    (value,) = auth.backend.kept.values()
    assert auth("logout", "npm", "--host", registry.url) == 0, auth.err
    assert (auth.entries, auth.backend.kept) == ((), {})
    assert registry.requests[-1].method == "DELETE"
    held = next(item for item in registry.world.credentials if item.value == value)
    assert held.revoked
    assert value not in auth.out + auth.err


@pytest.mark.second_tier("waits for a host that fails")
def test_a_session_that_cannot_be_ended_is_said_and_forgotten(
    auth: Auth, registry: NpmSandbox
) -> None:
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0
    (value,) = auth.backend.kept.values()
    registry.fault("/-/user/token/.*", edit=lambda *_: Reply(503))
    assert auth("logout", "npm", "--host", registry.url) == 3
    assert "could not be ended" in auth.err
    assert value not in auth.out + auth.err
    assert (auth.entries, auth.backend.kept) == ((), {})


def test_a_keyring_that_does_not_let_go_is_said(auth: Auth, host: GitHubServer) -> None:
    auth.backend = Clinging()
    assert auth("login", "github", "--host", host.url, stdin=Piped(github.WEAK_NARROW)) == 0
    assert auth("logout", "github", "--host", host.url) == 4
    assert "could not be erased" in auth.err
    assert len(auth.entries) == 1, "what is left stays listed"


def test_a_token_elsewhere_is_said(
    auth: Auth, host: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(auth, host)
    monkeypatch.setenv("HARDENME_GITHUB_TOKEN", github.WEAK_NARROW)
    assert auth("logout", "github", "--host", host.url) == 0
    assert "HARDENME_GITHUB_TOKEN still holds a token" in auth.err


def ended(auth: Auth, when: str) -> None:
    """What is stored ended at that moment, as far as the list tells."""
    path = auth.home / "tokens.json"
    data = json.loads(path.read_text())
    for entry in data["tokens"]:
        entry["expires_at"] = when
    path.write_text(json.dumps(data))


def test_a_token_that_is_over_is_not_called_valid(auth: Auth, host: GitHubServer) -> None:
    stored(auth, host)
    ended(auth, "2026-01-31T00:00:00+00:00")
    assert auth("logout", "github", "--host", host.url) == 0
    assert "ended by itself on 2026-01-31" in auth.err
    assert "stays valid" not in auth.err


def test_a_session_that_the_registry_takes_no_more_is_over(
    auth: Auth, registry: NpmSandbox
) -> None:
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0
    ended(auth, "2026-01-31T00:00:00+00:00")
    for item in registry.world.credentials:
        item.revoked = True
    assert auth("logout", "npm", "--host", registry.url) == 0
    assert "valid" not in auth.err
    assert "could not" not in auth.err


@pytest.mark.parametrize("challenge", [True, False])
def test_a_second_factor_that_is_asked_for_ends_no_session(
    auth: Auth, registry: NpmSandbox, *, challenge: bool
) -> None:
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0
    headers = {"WWW-Authenticate": "OTP"} if challenge else {}
    registry.fault("/-/user/token/.*", edit=lambda *_: Reply(401, headers=headers))
    assert auth("logout", "npm", "--host", registry.url) == (3 if challenge else 0)
    assert ("may stay valid" in auth.err) is challenge


def test_a_session_that_is_no_longer_kept_is_not_said_to_last(
    auth: Auth, registry: NpmSandbox
) -> None:
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0
    ended(auth, "2026-01-31T00:00:00+00:00")
    auth.backend.kept.clear()
    assert auth("logout", "npm", "--host", registry.url) == 3
    assert "could not be ended, but should be over since 2026-01-31" in auth.err


def test_a_token_that_fits_no_address_is_removed_all_the_same(
    auth: Auth, registry: NpmSandbox
) -> None:
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0
    auth.backend.kept = dict.fromkeys(auth.backend.kept, "CANARY7")
    assert auth("logout", "npm", "--host", registry.url) == 3
    assert "could not be ended" in auth.err
    assert (auth.entries, auth.backend.kept) == ((), {})


def test_a_list_that_is_not_used_is_not_called_empty(auth: Auth, host: GitHubServer) -> None:
    stored(auth, host)
    (auth.home / "tokens.json").write_text("{")
    assert auth("logout", "github", "--host", host.url) == 3
    assert "it is damaged" in auth.err
    assert "nothing is stored" not in auth.err
    assert auth("status", "--github-url", host.url) == 4
    assert "it is damaged" in auth.err
    assert "there is no token" not in auth.err


def test_what_stays_of_earlier_runs_is_named(auth: Auth, host: GitHubServer) -> None:
    stored(auth, host)
    folder = state_folder()
    folder.mkdir(parents=True)
    for name in ("observations.json", "run-0123456789abcdef.journal"):
        (folder / name).write_text("{}")
    assert auth("logout", "github", "--host", host.url) == 0
    assert f"{folder}/observations.json stays" in auth.err
    assert f"{folder}/run-0123456789abcdef.journal stays" in auth.err


def test_a_cache_that_does_not_go_is_said(
    auth: Auth, host: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(auth, host)
    cache = Cache(auth.home / "cache")
    cache.store(cache.name(github.WEAK_NARROW, host.url, "", "/user"), {"etag": '"1"'}, b"{}")
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    assert auth("logout", "github", "--host", host.url) == 3
    assert "not every kept answer could be removed" in auth.err
    assert "files of kept answers" not in auth.out
