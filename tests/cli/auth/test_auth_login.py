"""`hardenme auth login`: only what its host accepts is stored, and only in the keyring."""

from __future__ import annotations

import getpass
import io
import re
import shlex
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.cli.auth.login import LoginOptions
from hardenme.cli.main import run
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.page import PageForPerson
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.world import Token
from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.server import NpmSandbox
from tests.cli.auth.authorizing import Auth, Piped, Typed
from tests.credentials.backends import Forgetful, Hanging
from tests.moment import NOW
from tests.worlds import github
from tests.worlds.organizations import base

pytestmark = pytest.mark.second_tier("a server and a keyring each", one_of=3)

APP_USER = "ghu_CANARYlinden00000000000000000000000000"


@pytest.fixture
def auth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Auth:
    return Auth(tmp_path, monkeypatch)


@pytest.fixture
def host() -> Iterator[GitHubServer]:
    with github_sandbox(github.weak_maintainer(NOW)) as server:
        yield server


def test_a_piped_token_is_looked_at_and_stored(auth: Auth, host: GitHubServer) -> None:
    code = auth("login", "github", "--host", host.url, stdin=Piped(f"{github.WEAK_NARROW}\n"))
    assert code == 0
    (entry,) = auth.entries
    assert (entry.provider, entry.base, entry.login) == ("github", host.url, "mallow")
    assert (entry.kind, entry.owner) == ("classic", "")
    assert entry.expires_at is not None
    assert auth.backend.kept == {(f"hardenme:{host.url}", "mallow"): github.WEAK_NARROW}
    assert re.search(r"shortfall +read:gpg_key", auth.out)
    assert "the keyring (hardenme:" in auth.out
    assert github.WEAK_NARROW not in auth.out + auth.err
    assert {request.method for request in host.requests} == {"GET"}


def test_nothing_but_the_keyring_holds_it(auth: Auth, host: GitHubServer) -> None:
    auth("login", "github", "--host", host.url, stdin=Piped(github.WEAK_NARROW))
    files = [path for path in auth.home.rglob("*") if path.is_file()]
    assert files, "the list of what is stored"
    for path in files:
        assert github.WEAK_NARROW.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_person_is_shown_the_least_token_first(auth: Auth, host: GitHubServer) -> None:
    stdin = auth.types(lambda: (host.requests.clear(), github.WEAK_FINE_GRAINED)[1])
    code = auth("login", "github", "--host", host.url, stdin=stdin)
    assert code == 0
    shown = auth.err
    assert shown.index("The least token") < shown.index("Token (it is not shown): ")
    assert "repository: actions:read, administration:read" in shown
    assert "checks cannot be answered: " in shown
    assert f"`hardenme permissions --github-url {host.url} --full` shows" in flat(shown)
    assert "contents:write (shown by GET" in auth.out


def test_on_github_itself_the_link_is_filled_in(auth: Auth) -> None:
    def leave() -> str:
        raise KeyboardInterrupt

    assert auth("login", "github", stdin=auth.types(leave)) == 130
    assert auth.err.endswith("\nhardenme: interrupted\n")
    link = next(line.strip() for line in auth.err.splitlines() if "tokens/new" in line)
    assert link.startswith("https://github.com/settings/personal-access-tokens/new?name=hardenme")
    assert "keys=read" in link
    assert "write" not in link
    assert "`hardenme permissions --full` shows what that takes" in flat(auth.err)
    words = ("--owner", "acme", "--select", "GHO", "--expires-in", "7")
    assert auth("login", "github", *words, stdin=auth.types(leave)) == 130
    for_acme = "hardenme permissions --for github:acme --select GHO --expires-in 7 --full"
    assert for_acme in flat(auth.err)
    assert auth.entries == ()


def test_an_owner_has_a_token_of_its_own(auth: Auth) -> None:
    with github_sandbox(github.strict_organization(NOW)) as host:
        code = auth(
            *("login", "github", "--host", host.url, "--owner", base.STRICT),
            stdin=Piped(github.STRICT_ORG_FINE_GRAINED),
        )
    assert code == 0, auth.err
    (entry,) = auth.entries
    assert (entry.owner, entry.login) == (base.STRICT.lower(), "linden")
    ((service, user),) = auth.backend.kept
    assert (service, user) == (f"hardenme:{host.url}", f"linden/{base.STRICT.lower()}")
    assert re.search(r"shortfall +none", auth.out)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "standard input is empty"),
        ("npm_CANARYnotarealtoken000000000000000000\n", "an npm token"),
        ("ghr_CANARYnotarealtoken000000000000000000\n", "refresh token"),
        ("ghp_CANARY with blanks\n", "blanks or control characters"),
        (f"CANARY{'0' * 5000}\n", "longer than 4096 characters"),
        ("ghp_CANARYnobodyknowsthisone00000000000\n", "the token is wrong, expired or revoked"),
    ],
)
def test_what_is_not_accepted_is_not_stored(
    auth: Auth, host: GitHubServer, text: str, said: str
) -> None:
    assert auth("login", "github", "--host", host.url, stdin=Piped(text)) == 4
    assert said in auth.err
    assert auth.err.startswith("hardenme: nothing was stored: ")
    assert len(auth.err.splitlines()) == 1
    assert (auth.entries, auth.backend.kept, auth.out) == ((), {}, "")


def test_a_host_that_fails_is_told_from_a_bad_token(auth: Auth, host: GitHubServer) -> None:
    host.fault(".*", edit=lambda *_: Reply(500))
    assert auth("login", "github", "--host", host.url, stdin=Piped(github.WEAK_NARROW)) == 3
    assert auth.backend.kept == {}


def test_the_token_of_somebody_else_is_not_stored(auth: Auth, host: GitHubServer) -> None:
    arguments = ("login", "github", "--host", host.url, "--as", "hazel")
    assert auth(*arguments, stdin=Piped(github.WEAK_NARROW)) == 4
    assert "belongs to mallow, not to hazel" in auth.err
    assert auth.backend.kept == {}


@pytest.mark.parametrize("token", [github.STRICT_ORG_APP, APP_USER], ids=["its own", "a user's"])
def test_the_token_of_an_app_is_not_stored(auth: Auth, token: str) -> None:
    world = github.strict_organization(NOW)
    held = {"metadata": "read", "members": "read"}
    world.tokens.append(Token(APP_USER, "app-user", "linden", permissions=held, owner="linden"))
    with github_sandbox(world) as host:
        code = auth("login", "github", "--host", host.url, stdin=Piped(token))
    assert code == 4
    assert "--app-id" in auth.err
    assert auth.backend.kept == {}


def test_an_unsafe_keyring_is_told_before_a_token_is_asked_for(
    auth: Auth, host: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setattr("hardenme.cli.auth.login.stored_tokens", real_tokens)
    stdin = auth.types(lambda: pytest.fail("nobody is asked"))
    assert auth("login", "github", "--host", host.url, stdin=stdin) == 4
    for way in ("HARDENME_GITHUB_TOKEN", "--token-file"):
        assert way in auth.err
    assert auth.err.count(" ways") == 1
    assert host.requests == []
    # The link comes first, then where to keep what it makes.
    link = auth.err.index(f"{host.url}/settings/personal-access-tokens/new")
    assert link < auth.err.index("There is no usable keyring here")
    check = f"hardenme check --github-url {host.url} --token-file github:"
    assert check in auth.err


def test_what_is_said_to_keep_a_token_by_works(
    auth: Auth, host: GitHubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The printed lines are run by sh, and the check finds the token in the file."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setattr("hardenme.cli.auth.login.stored_tokens", real_tokens)
    assert auth("login", "github", "--host", host.url, stdin=Typed("")) == 4
    lines = [line.strip() for line in auth.err.splitlines()]
    write = next(line for line in lines if line.startswith("mkdir -p"))
    home = tmp_path / "other"
    home.mkdir()
    done = subprocess.run(  # noqa: S603 (a printed line)
        [shutil.which("sh") or "sh", "-c", write],
        input=f"{github.WEAK_NARROW}\n",
        text=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 0
    (file,) = (home / ".config/hardenme").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("HOME", str(home))
    check = next(line for line in lines if line.startswith("hardenme check --github-url"))
    words = shlex.split(check.replace("~", str(home)))[1:]
    out, err = io.StringIO(), io.StringIO()
    few = ("--no-local", "--no-cache", "--no-keep", "--select", "GHA101")
    run([*words, *few], Console(out, err, {"COLUMNS": "100"}))
    assert "mallow on " in out.getvalue()


def test_the_configured_host_is_used_where_none_is_named(
    auth: Auth, host: GitHubServer, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(f'github-url = "{host.url}"\n')
    file.chmod(0o600)
    stdin = auth.types(github.WEAK_NARROW)
    assert auth("login", "github", "--config", str(file), stdin=stdin) == 0, auth.err
    assert [entry.base for entry in auth.entries] == [host.url]
    # What is named on the command line comes first.
    wanted = LoginOptions(provider="github", configured={"github": host.url})
    assert wanted.base() == host.url
    assert (
        replace(wanted, host="github.example.test").base().startswith("https://github.example.test")
    )


def real_tokens() -> object:
    from hardenme.cli.audit.stored_tokens import stored_tokens  # noqa: PLC0415

    return stored_tokens()


def test_a_keyring_that_keeps_nothing_leaves_nothing_listed(auth: Auth, host: GitHubServer) -> None:
    auth.backend = Forgetful()
    assert auth("login", "github", "--host", host.url, stdin=Piped(github.WEAK_NARROW)) == 4
    assert "nothing was stored" in auth.err
    assert auth.entries == ()


def test_a_keyring_that_hangs_is_given_up(auth: Auth, host: GitHubServer) -> None:
    auth.backend = Hanging()
    assert auth("login", "github", "--host", host.url, stdin=Piped(github.WEAK_NARROW)) == 4
    assert "answer" in auth.err
    assert auth.entries == ()


def test_a_second_token_takes_the_place_of_the_first(auth: Auth, host: GitHubServer) -> None:
    for token in (github.WEAK_NARROW, github.WEAK_TOKEN):
        assert auth("login", "github", "--host", host.url, stdin=Piped(token)) == 0
    assert "it replaces the token" in auth.err
    assert len(auth.entries) == 1
    assert [*auth.backend.kept.values()] == [github.WEAK_TOKEN]


def test_a_terminal_that_shows_what_is_typed_is_not_used(
    auth: Auth, host: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shows(_prompt: str, stream: io.StringIO) -> str:
        del stream
        warnings.warn("echo", getpass.GetPassWarning, stacklevel=2)
        return github.WEAK_NARROW

    monkeypatch.setattr("getpass.getpass", shows)
    assert auth("login", "github", "--host", host.url, stdin=Typed("")) == 4
    assert "pipe it in instead" in auth.err
    assert auth.backend.kept == {}


def test_npm_is_signed_in_to_on_its_page(
    auth: Auth, registry: NpmSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PageForPerson, "_pressed", lambda _: False)
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0, auth.err
    assert f"{registry.url}/login" in auth.err
    (entry,) = auth.entries
    assert (entry.provider, entry.login, entry.kind) == ("npm", "mallow", "session")
    (value,) = auth.backend.kept.values()
    assert value == registry.world.token("mallow")
    assert value not in auth.out + auth.err


def test_a_registry_without_web_login_is_told(auth: Auth, registry: NpmSandbox) -> None:
    registry.world.web_login_as = None
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 4
    assert "no web login" in auth.err
    assert auth.backend.kept == {}


def test_a_read_only_token_of_npm_is_pasted(auth: Auth, registry: NpmSandbox) -> None:
    listed = next(c for c in registry.world.credentials if c.kind.value == "granular-read")
    code = auth(
        *("login", "npm", "--host", registry.url, "--read-only"), stdin=auth.types(listed.value)
    )
    assert code == 0, auth.err
    assert "npm token create" in auth.err
    (entry,) = auth.entries
    assert entry.kind.startswith("granular")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("login", "gitlab"), "github or npm"),
        (("login", "npm", "--owner", "acme"), "--owner is for GitHub"),
        (("login", "github", "--owner", "a/b"), "GitHub login"),
        (("login", "github", "--read-only"), "--read-only is for npm"),
        (("login", "github", "--host", "http://host.example"), "loopback"),
        (("login", "github", "--host", "https://user:CANARYpassword00@host.example"), "user name"),
        (("login", "github", "--select", "NOPE"), "no check is called"),
        (("logout", "gitlab"), "github or npm"),
        (("status", "--for", "nowhere"), "unknown target"),
        (("status", "--select", "NOPE"), "no check is called"),
        (("status", "--github-url", "http://host.example"), "loopback"),
    ],
)
def test_options_of_no_form(auth: Auth, arguments: tuple[str, ...], said: str) -> None:
    assert auth(*arguments) == 2
    assert said in auth.err
    assert len(auth.err.splitlines()) == 1
    assert "CANARYpassword" not in auth.err


def test_expiry_of_a_token_is_kept(auth: Auth, host: GitHubServer) -> None:
    auth("login", "github", "--host", host.url, stdin=Piped(github.WEAK_FINE_GRAINED))
    (entry,) = auth.entries
    assert entry.expires_at is not None
    assert entry.expires_at > NOW + timedelta(days=200)


def test_where_the_list_is_not_used_nobody_is_asked(auth: Auth, host: GitHubServer) -> None:
    (auth.home / "tokens.json").write_text("{")
    stdin = Piped(github.WEAK_NARROW)
    assert auth("login", "github", "--host", host.url, stdin=stdin) == 4
    assert "the list of stored tokens" in auth.err
    assert (stdin.tell(), host.requests, auth.backend.kept) == (0, [], {})


@pytest.mark.parametrize(
    ("variable", "owner", "told"),
    [
        ("HARDENME_GITHUB_TOKEN", "", True),
        ("GH_ENTERPRISE_TOKEN", "", True),
        ("GH_TOKEN", "", False),
        ("HARDENME_GITHUB_TOKEN__MALLOW", "mallow", True),
        ("HARDENME_GITHUB_TOKEN", "mallow", False),
    ],
)
def test_every_variable_that_goes_before_it_is_told(
    auth: Auth, host: GitHubServer, variable: str, owner: str, *, told: bool
) -> None:
    auth.environ[variable] = github.WEAK_NARROW
    own = ("--owner", owner) if owner else ()
    assert auth("login", "github", "--host", host.url, *own, stdin=Piped(github.WEAK_NARROW)) == 0
    assert (f"{variable} is set and comes before the keyring" in auth.err) is told


def test_another_registrys_sessions_are_not_said_to_last_two_hours(
    auth: Auth, registry: NpmSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PageForPerson, "_pressed", lambda _: False)
    assert auth("login", "npm", "--host", registry.url, stdin=Typed("")) == 0
    assert "two hours" not in auth.err
    assert f"`hardenme auth logout npm --host {registry.url}` ends it" in auth.err


@pytest.mark.parametrize("command", [("login", "github"), ("logout", "npm"), ("status",)])
def test_a_file_of_authorities_that_is_not_there_is_told_first(
    auth: Auth, command: tuple[str, ...]
) -> None:
    stdin = Piped(github.WEAK_NARROW)
    for path in (auth.home / "nowhere.pem", auth.home):
        assert auth(*command, "--ca-file", str(path), stdin=stdin) == 2
        assert "--ca-file names no file" in auth.err
    assert stdin.tell() == 0


def test_a_host_that_is_not_there_is_told_in_plain_words(auth: Auth) -> None:
    stdin = Piped(github.WEAK_NARROW)
    assert auth("login", "github", "--host", "http://127.0.0.1:9", stdin=stdin) == 3
    assert "nothing was stored: http://127.0.0.1:9 did not answer GET /user" in auth.err
