from __future__ import annotations

import os
from pathlib import Path

import pytest

from hardenme.sandbox.http import Reply, Request
from tests.cli.conftest import Accounts

pytestmark = pytest.mark.sampled(5)

FOREIGN = "npm_CANARYnotarealtoken0000000000000000"
GITHUB = "ghp_CANARY000000000000000000000000000000"
REFRESH = "ghr_CANARY000000000000000000000000000000"


def private(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_an_npm_token_is_never_sent_to_github(weak: Accounts) -> None:
    ran = weak.bare(HARDENME_GITHUB_TOKEN=FOREIGN)
    assert ran.code == 4
    (line,) = ran.told
    assert line.startswith(
        "hardenme: HARDENME_GITHUB_TOKEN holds an npm token; it was not sent to GitHub."
    )
    assert line.endswith("npm token revoke KEY")
    assert weak.asked == 0


def test_a_github_token_is_never_sent_to_npm(weak: Accounts) -> None:
    ran = weak.bare(HARDENME_NPM_TOKEN=GITHUB)
    assert ran.code == 4
    (line,) = ran.told
    assert line.startswith(
        "hardenme: HARDENME_NPM_TOKEN holds a GitHub token; it was not sent to npm."
    )
    assert line.endswith("https://github.com/settings/tokens")
    assert weak.asked == 0


def test_a_token_that_the_targets_have_no_use_for_stops_nothing(weak: Accounts) -> None:
    ran = weak.bare("npm:mallow-trivet", "--select", "NPP111", HARDENME_GITHUB_TOKEN=FOREIGN)
    assert ran.code == 0
    assert ran.err == ""
    assert not weak.github.requests


def test_a_refresh_token_is_refused(weak: Accounts) -> None:
    ran = weak.bare(HARDENME_GITHUB_TOKEN=REFRESH)
    assert ran.code == 4
    assert "refresh token" in ran.err
    assert weak.asked == 0


def test_a_token_with_a_line_break_is_refused(weak: Accounts) -> None:
    ran = weak.bare(HARDENME_GITHUB_TOKEN=f"{GITHUB}\r\nX-Injected: 1")
    assert ran.code == 4
    assert len(ran.told) == 1
    assert weak.asked == 0


def test_an_expired_token_is_told_from_no_token(weak: Accounts) -> None:
    weak.github.fault(".*", edit=lambda _q, _r: Reply(401, {"message": "Bad credentials"}))
    ran = weak.bare(HARDENME_GITHUB_TOKEN=weak.github_token)
    assert ran.code == 4
    assert "not accepted" in ran.out
    assert "no GitHub token" not in ran.err


def test_a_revoked_npm_token_leaves_what_is_public(weak: Accounts) -> None:
    ran = weak.check(
        *("me", "npm:@acorn-labs/grater", "--select", "NP"),
        HARDENME_NPM_TOKEN="npm_CANARYrevoked000000000000000000000000",
    )
    assert ran.code == 3
    assert "token refused" in ran.out
    assert "NPP114" in ran.out


def test_the_token_of_somebody_else_stops_the_run(weak: Accounts) -> None:
    ran = weak.check("--as", "hazel")
    assert ran.code == 4
    assert ran.told == ["hardenme: the GitHub token belongs to mallow, not to hazel"]
    assert ran.out == ""
    assert len(weak.github.requests) == 1


def test_the_token_of_the_expected_account_does_not(weak: Accounts) -> None:
    assert weak.check("--as", "MALLOW", "--select", "GHA101").code == 1


def test_an_account_that_is_not_known_is_not_the_expected_one(weak: Accounts) -> None:
    ran = weak.bare(
        "--as", "hazel", HARDENME_GITHUB_TOKEN="ghp_CANARYrevoked0000000000000000000000000"
    )
    assert ran.code == 4
    assert "is not known" in ran.err


@pytest.mark.parametrize("name", ["GH_TOKEN", "GITHUB_TOKEN"])
def test_a_token_for_github_com_goes_nowhere_else(weak: Accounts, name: str) -> None:
    ran = weak.bare("--select", "GH", **{name: weak.github_token})
    assert ran.code == 4
    assert "no GitHub token" in ran.err
    assert weak.asked == 0


@pytest.mark.parametrize("name", ["NPM_TOKEN", "NODE_AUTH_TOKEN"])
def test_a_token_for_npms_own_registry_goes_nowhere_else(weak: Accounts, name: str) -> None:
    ran = weak.bare("npm:mallow-trivet", "--select", "NPP111", **{name: weak.npm_token})
    assert ran.code == 0
    assert weak.npm.requests
    assert all("authorization" not in request.headers for request in weak.npm.requests)


def test_a_token_for_enterprise_servers_is_found(weak: Accounts) -> None:
    assert weak.bare("--select", "GHA101", GH_ENTERPRISE_TOKEN=weak.github_token).code == 1


def test_a_token_comes_by_standard_input(weak: Accounts) -> None:
    ran = weak.bare("--token-stdin", "github", "--select", "GHA101", text=f"{weak.github_token}\n")
    assert ran.code == 1


def test_standard_input_goes_before_the_environment(weak: Accounts) -> None:
    ran = weak.bare(
        *("--token-stdin", "github", "--select", "GHA101"),
        text=weak.github_token,
        HARDENME_GITHUB_TOKEN=GITHUB,
    )
    assert ran.code == 1
    authorization = {request.headers["authorization"] for request in weak.github.requests}
    assert authorization == {f"token {weak.github_token}"}


@pytest.mark.parametrize("text", [b"", b"\n", b"\xff\xfe\x00", b"two words\n"])
def test_no_token_on_standard_input_is_told(weak: Accounts, text: bytes) -> None:
    ran = weak.bare("--token-stdin", "github", text=text, HARDENME_GITHUB_TOKEN=weak.github_token)
    assert ran.code == 4
    assert len(ran.told) == 1
    assert "standard input" in ran.err
    assert weak.asked == 0


def test_another_provider_on_standard_input_is_told(weak: Accounts) -> None:
    ran = weak.bare("--token-stdin", "gitlab", text=GITHUB)
    assert ran.told == ["hardenme: --token-stdin takes github or npm"]
    assert ran.code == 2


def test_a_token_comes_from_a_private_file(weak: Accounts, tmp_path: Path) -> None:
    path = private(tmp_path / "given-token", weak.github_token + "\n")
    assert weak.bare("--token-file", f"github:{path}", "--select", "GHA101").code == 1


def test_a_token_file_may_lie_in_the_home(weak: Accounts) -> None:
    private(weak.command.home / "given-token", weak.github_token)
    assert weak.bare("--token-file", "github:~/given-token", "--select", "GHA101").code == 1


def test_a_file_that_others_can_read_is_refused(weak: Accounts, tmp_path: Path) -> None:
    path = private(tmp_path / "given-token", weak.github_token, 0o644)
    ran = weak.bare("--token-file", f"github:{path}")
    assert ran.code == 4
    assert ran.told == [f"hardenme: {path} can be read by others; run: chmod 600 {path}"]
    assert weak.asked == 0


def test_what_is_no_file_is_refused(weak: Accounts, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path, why in ((tmp_path, "not a regular file"), (pipe, "not a regular file")):
        ran = weak.bare("--token-file", f"github:{path}")
        assert ran.code == 4
        assert why in ran.err
        assert len(ran.told) == 1
    ran = weak.bare("--token-file", f"github:{tmp_path / 'absent'}")
    assert (ran.code, len(ran.told)) == (4, 1)
    assert "cannot be read" in ran.err


@pytest.mark.parametrize("option", ["path", "gitlab:path", "github:", ""])
def test_a_token_file_without_its_provider_is_a_usage_error(weak: Accounts, option: str) -> None:
    ran = weak.bare("--token-file", option)
    assert ran.code == 2
    assert "github:PATH" in ran.err


def test_the_users_npmrc_holds_a_token_for_its_registry(weak: Accounts) -> None:
    host = weak.npm.url.removeprefix("http:")
    private(
        weak.command.home / ".npmrc",
        f"//registry.example.test/:_authToken={FOREIGN}\n{host}/:_authToken = ${{MY_TOKEN}}\n",
    )
    ran = weak.bare("--select", "NPA101", MY_TOKEN=weak.npm_token)
    assert ran.code == 0, "mallow has a second factor on npm"
    sent = {request.headers["authorization"] for request in weak.npm.requests}
    assert sent == {f"Bearer {weak.npm_token}"}


def test_the_npmrc_of_a_project_is_not_read(weak: Accounts) -> None:
    host = weak.npm.url.removeprefix("http:")
    private(weak.command.folder / "given.npmrc", "")
    (weak.command.folder / "given.npmrc").rename(weak.command.folder / ".npmrc")
    (weak.command.folder / ".npmrc").write_text(f"{host}/:_authToken=npm_notOurs0000000000000000\n")
    ran = weak.bare("--select", "NPA101")
    assert ran.code == 4
    assert "no npm token" in ran.err
    assert not weak.npm.requests


def test_a_token_is_never_an_argument(weak: Accounts) -> None:
    for arguments in (("--token", GITHUB), (f"--github-token={GITHUB}",), (GITHUB,)):
        ran = weak.bare(*arguments)
        assert ran.code == 2
        assert ran.out == ""
    assert weak.asked == 0


def test_an_address_with_a_password_is_refused_and_not_shown(weak: Accounts) -> None:
    secret = "CANARYpassword00"
    for option in ("--github-url", "--npm-registry"):
        ran = weak.bare(option, f"https://user:{secret}@host.example.test")
        assert ran.code == 2
        assert len(ran.told) == 1


def test_an_echoed_token_is_not_shown(weak: Accounts) -> None:
    def echo(request: Request, reply: Reply) -> Reply:
        token = request.headers["authorization"].split()[1]
        for user in (reply.data, *(reply.data if isinstance(reply.data, list) else ())):
            if isinstance(user, dict):
                user.update(name=token, title=token, login=user.get("login", token), email=token)
        return reply

    for where in ("/user", "/user/keys.*", "/user/emails.*"):
        weak.github.fault(where, edit=echo)
    printed = [weak.check("--format", form).out for form in ("table", "markdown", "json")]
    assert "[redacted]" in printed[-1]
