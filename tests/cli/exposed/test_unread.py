"""A search that GitHub does not answer: why comes first, then what helps, and nothing else."""

from __future__ import annotations

import re

import pytest

from hardenme.ground.exit_code import Exit
from hardenme.sandbox.http import Reply
from tests.cli.conftest import Accounts

ASKED = ("exposed", "axios@1.14.1", "--between", "2026-03-31")
REFUSED = "ghp_" + "0" * 36

pytestmark = pytest.mark.second_tier("whole commands")


def next_commands(text: str) -> list[list[str]]:
    """The commands that follow, as words."""
    return [
        found.split()[1:] for found in re.findall(r"^Next:\s+(hardenme .*)$", text, re.MULTILINE)
    ]


@pytest.mark.parametrize("target", ["github:mallow", "github:mallow/ladle"])
def test_a_token_that_is_refused_leads_to_the_one_that_is_enough(
    weak: Accounts, target: str
) -> None:
    ran = weak.command(*ASKED, target, *weak.urls[:2], HARDENME_GITHUB_TOKEN=REFUSED)
    assert ran.code == Exit.UNKNOWN
    assert "NOT KNOWN: nothing was looked at. " in ran.out
    assert ran.out.count("401") == 1
    assert "run the same command again" not in ran.out
    (following,) = next_commands(ran.out)
    assert following[0] == "permissions"
    shown = weak.command(*following)
    assert shown.code == Exit.CLEAN
    assert weak.github.url in shown.out
    assert "pull_requests" in weak.command(*following, "--full").out


def test_a_repository_that_is_not_shown_leads_there_too(weak: Accounts) -> None:
    ran = weak.command(*ASKED, "github:mallow/nowhere", *weak.urls, **weak.tokens)
    assert ran.code == Exit.UNKNOWN
    assert "nothing was looked at. GitHub shows this token no such repository (404)" in ran.out
    assert [one[0] for one in next_commands(ran.out)] == ["permissions"]


def test_no_token_leads_to_the_host_in_use(weak: Accounts) -> None:
    ran = weak.command(*ASKED, "github:mallow", *weak.urls[:2])
    assert ran.code == Exit.NO_CREDENTIAL
    # One message, with all that helps.
    assert ran.err.count("hardenme: ") == 1
    assert "nothing of the GitHub account was looked" in ran.err
    commands = re.findall(r"`hardenme (.*?)`", ran.err)
    login = next(one for one in commands if one.startswith("auth login"))
    assert weak.github.url in login
    least = next(one for one in commands if one.startswith("permissions"))
    assert "--command exposed" in least
    assert weak.command(*least.split()).code == Exit.CLEAN


def test_a_host_without_an_answer_is_asked_again_and_nothing_else_is_offered(
    weak: Accounts,
) -> None:
    weak.github.fault(r"/repos/.*", edit=lambda _request, _reply: Reply(502, {}))
    ran = weak.command(*ASKED, "github:mallow/ladle", *weak.urls, **weak.tokens)
    assert ran.code == Exit.UNKNOWN
    assert "NOT KNOWN: nothing was looked at. The server failed (status 502).\n" in ran.out
    assert ran.out.count("502") == 1
    assert "run the same command again" in ran.out
    assert next_commands(ran.out) == []


@pytest.mark.parametrize("target", ["github:cedar-labs", "github:mallow/ladle"])
@pytest.mark.parametrize("own", [True, False])
def test_single_sign_on_leads_to_where_the_token_is_authorized(
    weak: Accounts, target: str, *, own: bool
) -> None:
    """A token with other rights would be refused as well."""
    host = weak.github.url if own else "https://evil.test"
    link = f"{host}/orgs/cedar-labs/sso?authorization_request=A1"
    sso = {"X-GitHub-SSO": f"required; url={link}"}
    said = {"message": "Resource protected by organization SAML enforcement."}
    weak.github.fault(r".*", edit=lambda _request, _reply: Reply(403, said, sso))
    ran = weak.command(*ASKED, target, *weak.urls, **weak.tokens)
    assert ran.code == Exit.UNKNOWN
    assert "NOT KNOWN: nothing was looked at. " in ran.out
    assert "single sign-on" in ran.out
    assert next_commands(ran.out) == []
    assert f"Next: {weak.github.url}/settings/tokens\n" in ran.out
    # The link is for one person, and for no file or pipe.
    assert "authorization_request" not in ran.out + ran.err


def test_an_answer_that_looked_at_nothing_replaces_none_that_did(weak: Accounts) -> None:
    found = weak.command(*ASKED, "github:mallow/ladle", *weak.urls, **weak.tokens)
    assert next_commands(found.out)
    weak.command(*ASKED, "github:mallow/ladle", *weak.urls[:2], HARDENME_GITHUB_TOKEN=REFUSED)
    check, opening = next_commands(found.out)
    weak.command(*check, **weak.tokens)
    opened = weak.command(*opening)
    assert opened.code == Exit.CLEAN, opened.err
    assert "nothing was looked at" not in opened.out
    shown = weak.command("incident", "status", "--full").out
    assert "GitHub refused the token" not in shown
