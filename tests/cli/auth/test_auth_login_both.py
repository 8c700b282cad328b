"""`hardenme auth login` without a provider: GitHub, then npm, each of which can be skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardenme.cli.terminal.page import PageForPerson
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.npm.server import NpmSandbox
from tests.cli.auth.authorizing import Auth, Piped, Typed
from tests.cli.auth.test_auth_login import real_tokens
from tests.moment import NOW
from tests.worlds import github

pytestmark = pytest.mark.second_tier("a server and a keyring each", one_of=3)

PROMPT = "Sign in now (yes, no or quit; Enter is yes)?"


@pytest.fixture
def auth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: GitHubServer, registry: NpmSandbox
) -> Auth:
    """The command, with servers in the place of github.com and npm's registry."""
    made = Auth(tmp_path, monkeypatch)
    bases = {"github": host.url, "npm": registry.url}
    monkeypatch.setattr("hardenme.cli.auth.login.base_of", lambda provider, _host: bases[provider])
    monkeypatch.setattr(PageForPerson, "_pressed", lambda _: False)
    return made


@pytest.fixture
def host() -> Iterator[GitHubServer]:
    with github_sandbox(github.weak_maintainer(NOW)) as server:
        yield server


def at_a_terminal(auth: Auth, words: str, token: str = github.WEAK_NARROW) -> int:
    """Answer the questions with these lines, and give this token for GitHub."""
    auth.types(token)
    return auth("login", stdin=Typed(words))


@pytest.mark.parametrize(
    ("words", "stored", "code", "prompts"),
    [
        ("\n\n", ["github", "npm"], 0, 2),
        ("yes\nperhaps\ny\n", ["github", "npm"], 0, 3),
        ("s\n\n", ["npm"], 0, 2),
        ("no\nyes\n", ["npm"], 0, 2),
        ("n\nn\n", [], 5, 2),
        ("\nskip\n", ["github"], 0, 2),
        ("\nq\n", ["github"], 0, 2),
        ("\n", ["github"], 0, 2),
        ("s\ns\n", [], 5, 2),
        ("quit\n", [], 5, 1),
        ("", [], 5, 1),
    ],
)
def test_github_comes_first_then_npm_and_each_can_be_skipped(
    auth: Auth, words: str, stored: list[str], code: int, prompts: int
) -> None:
    assert at_a_terminal(auth, words) == code
    assert sorted(entry.provider for entry in auth.entries) == stored
    assert len(auth.backend.kept) == len(stored)
    assert auth.err.count(PROMPT) == prompts
    # It says why it asks again.
    assert auth.err.count("That is none of these: type yes, no or quit.") == words.count("perhaps")
    assert ("nothing was stored" in auth.err) is (not stored)
    assert github.WEAK_NARROW not in auth.out + auth.err
    if len(stored) > 1:
        assert auth.err.index("GitHub, 1 of 2") < auth.err.index("npm, 2 of 2")


def test_where_github_fails_npm_is_still_done(auth: Auth) -> None:
    wrong = "ghp_CANARYnobodyknowsthisone00000000000"
    assert at_a_terminal(auth, "\n\n", wrong) == 4
    assert [entry.provider for entry in auth.entries] == ["npm"]
    assert auth.err.endswith("hardenme: not done: GitHub\n")


def test_where_npm_fails_github_is_stored(auth: Auth, registry: NpmSandbox) -> None:
    registry.world.web_login_as = None
    assert at_a_terminal(auth, "\n\n") == 4
    assert [entry.provider for entry in auth.entries] == ["github"]
    assert auth.err.endswith("hardenme: not done: npm\n")


def test_an_interruption_loses_nothing_that_was_stored(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hardenme.cli.auth.login.npm_session", stopped)
    assert at_a_terminal(auth, "\n\n") == 130
    assert [entry.provider for entry in auth.entries] == ["github"]


def test_a_read_only_token_is_npms(auth: Auth, registry: NpmSandbox) -> None:
    listed = next(c for c in registry.world.credentials if c.kind.value == "granular-read")
    auth.types(listed.value)
    assert auth("login", "--read-only", stdin=Typed("s\n\n")) == 0
    assert [entry.kind for entry in auth.entries if entry.provider == "npm"] == ["granular"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "ghes.example"), "--host, --owner and --as are of one provider"),
        (("--owner", "acme"), "--host, --owner and --as are of one provider"),
        (("--as", "mallow"), "--host, --owner and --as are of one provider"),
        (("--select", "NOPE"), "no check is called"),
        (("--ca-file", "nowhere.pem"), "--ca-file names no file"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_asked(
    auth: Auth, arguments: tuple[str, ...], said: str
) -> None:
    assert auth("login", *arguments, stdin=Typed("\n\n")) == 2
    assert said in auth.err
    assert PROMPT not in auth.err
    assert auth.entries == ()


def test_a_pipe_has_one_token_and_needs_a_provider(auth: Auth, host: GitHubServer) -> None:
    stdin = Piped(github.WEAK_NARROW)
    assert auth("login", stdin=stdin) == 2
    assert "name github or npm" in auth.err
    assert (stdin.tell(), host.requests, auth.entries) == (0, [], ())


def test_without_a_safe_keyring_each_provider_has_its_link_and_where_to_keep_it(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setattr("hardenme.cli.auth.login.stored_tokens", real_tokens)
    assert auth("login", stdin=Typed("yes\nyes\n")) == 4
    assert auth.err.count(PROMPT) == 2
    for provider in ("github", "npm"):
        assert f"--token-file {provider}:~/.config/hardenme/{provider}-token" in auth.err
