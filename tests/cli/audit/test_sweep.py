"""Runs over organizations: how deep, the plan, going on, and one person's part."""

from __future__ import annotations

import json
import signal
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.http import Fault, Reply, Request
from tests.cli.conftest import Accounts
from tests.printed import printed
from tests.worlds.organizations import base

pytestmark = pytest.mark.sampled(12)

OWNER = {"HARDENME_GITHUB_TOKEN": base.WEAK_CLASSIC}
ORG = "github:bramble-labs"


def sweep(accounts: Accounts, *arguments: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(accounts.bare(ORG, "-f", "json", *arguments, **OWNER).out)
    return report


def journals(accounts: Accounts) -> list[Path]:
    return list(accounts.command.home.rglob("*.journal"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--depth", "deepest"), ("fast, standard, deep", "'deepest'")),
        (("--rate-budget", "0"), ("--rate-budget", "off")),
        (("--rate-budget", "many"), ("'many'",)),
        (("--rate-budget", "1e3"), ("'1e3'",)),
        (("--max-wait", "-1"), ("--max-wait",)),
        (("--max-wait", "4000"), ("--max-wait",)),
        (("--member", "../x"), ("--member", "login")),
    ],
)
def test_what_is_not_understood_is_told_before_anybody_is_asked(
    organizations: Accounts, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    ran = organizations.bare(ORG, *arguments, **OWNER)
    assert ran.code == 2
    assert ran.out == ""
    for word in words:
        assert word in ran.told[0]
    assert organizations.asked == 0


def test_a_deeper_run_asks_more_and_knows_more(organizations: Accounts) -> None:
    asked, known = [], []
    for depth in ("fast", "standard", "deep"):
        organizations.github.requests.clear()
        report = sweep(organizations, "--depth", depth, "--select", "GHR,GHW1")
        asked.append(len(organizations.github.requests))
        known.append(report["coverage"]["known"])
        left_out = report["coverage"]["not_selected"]
        assert any("--depth" in why for why in left_out) == (depth != "deep")
    assert asked == sorted(set(asked))
    assert known == sorted(set(known))


def test_standard_is_the_usual_depth(organizations: Accounts) -> None:
    few = ("--select", "GHR,GHW1")
    usual, standard = sweep(organizations, *few), sweep(organizations, *few, "--depth", "STANDARD")
    assert usual["findings"] == standard["findings"]


def test_the_plan_judges_nothing(organizations: Accounts) -> None:
    ran = organizations.bare(ORG, "--plan", **OWNER)
    assert ran.code == 0
    assert ran.err == ""
    for words in ("What a run would ask", "5 repositories", "rest", "graphql", "left of this hour"):
        assert words in ran.out
    assert "To fix" not in ran.out
    assert len(organizations.github.requests) < 10
    assert not journals(organizations)


def test_the_plan_tells_what_a_run_then_asks(organizations: Accounts) -> None:
    plan = printed("forecast", organizations.bare(ORG, "--plan", "-f", "json", **OWNER).out)
    organizations.github.requests.clear()
    report = sweep(organizations)
    sent = report["traffic"]["requests"][organizations.github.url]
    least = sum(bucket[0] for bucket in plan["totals"].values())
    most = sum(bucket[1] for bucket in plan["totals"].values())
    assert least * 0.5 <= sent <= most + 10
    assert plan["depth"] == "standard"
    assert plan["targets"] == [ORG]


def test_the_plan_tells_what_a_token_cannot_see(organizations: Accounts) -> None:
    assert isinstance(organizations.github, GitHubServer)
    token = organizations.github.world.token(base.WEAK_CLASSIC)
    assert token is not None
    token.scopes = frozenset({"read:org"})
    ran = organizations.bare(ORG, "--plan", **OWNER)
    assert "Hidden from this token" in ran.out
    assert "repo" in ran.out.partition("Hidden from")[2]


@pytest.mark.parametrize(
    ("targets", "tokens"),
    [
        ((ORG,), {}),
        ((f"{ORG}/web",), {}),
        (("me",), {}),
        ((ORG, "npm:left-pad"), {}),
        (("github:nobody-here",), OWNER),
        ((f"{ORG}/not-there",), OWNER),
    ],
)
def test_a_size_that_no_answer_shows_is_not_known_and_never_none(
    organizations: Accounts, targets: tuple[str, ...], tokens: dict[str, str]
) -> None:
    plan = printed("forecast", organizations.bare(*targets, "--plan", "-f", "json", **tokens).out)
    assert plan["sizes"] == {}
    assert any("is not known" in note for note in plan["notes"])
    ran = organizations.bare(*targets, "--plan", **tokens)
    assert "not known" in ran.out.partition("size")[2].partition("\n")[0]
    assert "0 repositories" not in ran.out


def without(data: dict[str, Any], name: str) -> dict[str, Any]:
    """GitHub's answer on how much an owner has, without one of its numbers."""
    owner = data["data"].get("repositoryOwner")
    return data if owner is None else {"data": {"repositoryOwner": owner | {name: None}}}


@pytest.mark.parametrize("name", ["membersWithRole", "active", "all"])
def test_a_number_that_is_not_shown_is_no_number(organizations: Accounts, name: str) -> None:
    def edit(_request: Request, reply: Reply) -> Reply:
        return replace(reply, data=without(reply.data, name))

    organizations.github.fault("/graphql", edit=edit)
    plan = printed("forecast", organizations.bare(ORG, "--plan", "-f", "json", **OWNER).out)
    shown = {"repositories", "of these public"} if name == "membersWithRole" else set()
    assert plan["sizes"].keys() == shown
    assert any("is not known" in note for note in plan["notes"])


def test_the_plan_goes_into_a_file_too(organizations: Accounts, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    ran = organizations.bare(ORG, "--plan", "-f", "json", "-o", str(file), **OWNER)
    assert ran.out == ""
    assert json.loads(file.read_text())["totals"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_one_members_checklist_is_about_that_member(organizations: Accounts) -> None:
    few = ("--select", "GHO")
    whole, part = sweep(organizations, *few), sweep(organizations, *few, "--member", "NETTLE")
    assert {one["subject"].rpartition("/")[2] for one in part["findings"]} == {"nettle"}
    assert 0 < len(part["findings"]) < len(whole["findings"])
    assert part["coverage"]["asked"] == len(part["findings"])
    assert [one["login"] for one in part["members"]] == ["nettle"]


def test_nobody_of_that_name_is_told(organizations: Accounts) -> None:
    ran = organizations.bare(ORG, "--member", "nobody-here", "--select", "GHO102", **OWNER)
    assert ran.code == 5
    assert ran.told == ["hardenme: nothing that was looked at is about nobody-here"]


def test_a_member_is_not_clean_while_the_list_is_not_known(organizations: Accounts) -> None:
    def refuse(_request: Request, _reply: Reply) -> Reply:
        return Reply(403, {"message": "Resource not accessible by personal access token"})

    organizations.github.faults.append(Fault("/graphql", edit=refuse))
    organizations.github.faults.append(Fault("/orgs/bramble-labs/members.*", edit=refuse))
    ran = organizations.bare(
        ORG, "--member", "thorn", "--select", "GHO102,GHO103", "-f", "json", **OWNER
    )
    report = json.loads(ran.out)
    assert ran.code == 3
    assert {one["outcome"] for one in report["findings"]} == {"unknown"}


def limited(_request: Request, _reply: Reply) -> Reply:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"}
    return Reply(403, {"message": "API rate limit exceeded"}, headers)


def test_a_run_that_was_stopped_is_gone_on_with(organizations: Accounts) -> None:
    whole = sweep(organizations, "--select", "GHR")
    assert not journals(organizations), "a whole run leaves nothing"
    asked = len(organizations.github.requests)
    organizations.github.requests.clear()
    organizations.github.faults.append(Fault("/repos/.*", edit=limited, after=12))
    organizations.command.now = begun = datetime.now(UTC).replace(microsecond=0)
    ran = organizations.bare(*(ORG, "--select", "GHR", "-f", "json", "--workers", "1"), **OWNER)
    assert ran.code in {1, 3}
    assert "rate limit" in json.loads(ran.out)["partial"]
    assert "--resume" in ran.told[-1]
    (journal,) = journals(organizations)
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    organizations.github.faults.clear()
    organizations.github.requests.clear()
    organizations.command.now = begun + timedelta(minutes=30)
    report = sweep(organizations, "--select", "GHR", "--resume", "--workers", "1")
    assert len(organizations.github.requests) < asked
    # It is as old as the oldest of its answers.
    assert datetime.fromisoformat(report["started"]) == begun
    assert report["partial"] is None
    outcomes = {(one["code"], one["subject"]): one["outcome"] for one in report["findings"]}
    assert outcomes == {(one["code"], one["subject"]): one["outcome"] for one in whole["findings"]}
    assert not journals(organizations)


def test_another_run_is_not_gone_on_with(organizations: Accounts) -> None:
    ran = organizations.bare(ORG, "--resume", **OWNER)
    assert ran.code == 2
    assert ran.told == [
        "hardenme: there is no interrupted run to continue; run again without --resume"
    ]
    organizations.github.faults.append(Fault("/repos/.*", edit=limited, after=12))
    first = (ORG, "--select", "GHR", "--workers", "1")
    organizations.bare(*first, **OWNER)
    assert journals(organizations)
    organizations.github.requests.clear()
    for arguments, environ in (
        ((ORG, "--select", "GHR", "--resume", "--depth", "fast"), OWNER),
        ((ORG, "--select", "GHR", "--resume", "--exclude", "x"), OWNER),
        ((ORG, "--select", "GHR", "--resume"), {"HARDENME_GITHUB_TOKEN": base.WEAK_MEMBER}),
    ):
        ran = organizations.bare(*arguments, **environ)
        assert ran.code == 2
        assert "other options" in ran.err
    (journal,) = journals(organizations)
    journal.chmod(0o644)
    ran = organizations.bare(ORG, "--select", "GHR", "--resume", **OWNER)
    assert ran.code == 2
    assert f"what the interrupted run left is not read: {journal} is open to others" in ran.err
    assert not organizations.github.requests
    assert journals(organizations), "it can still be gone on with"


def test_an_interrupt_of_a_sweep_tells_how_to_go_on(organizations: Accounts) -> None:
    organizations.github.faults.append(Fault("/repos/.*", stall=40.0, after=12))
    ran = organizations.command.interrupted(
        signal.SIGTERM,
        lambda: len([r for r in organizations.github.requests if "/repos/" in r.path]) > 12,
        *("check", "--no-local", "--no-cache", *organizations.urls, ORG, "--select", "GHR"),
        *("--workers", "1"),
        **OWNER,
    )
    assert ran.code == 143
    assert "--resume" in ran.told[-1]
    assert journals(organizations)


def test_a_wait_longer_than_allowed_is_not_waited_out(organizations: Accounts) -> None:
    def soon(_request: Request, _reply: Reply) -> Reply:
        return Reply(429, {"message": "secondary rate limit"}, {"retry-after": "2"})

    organizations.github.faults.append(Fault("/orgs/bramble-labs", edit=soon, times=1))
    ran = organizations.bare(ORG, "--select", "GHO101", "--max-wait", "1", **OWNER)
    assert ran.code == 3
    assert "rate limit" in ran.out
    organizations.github.faults[:] = [Fault("/orgs/bramble-labs", edit=soon, times=1)]
    ran = organizations.bare(ORG, "--select", "GHO101", "--max-wait", "10", **OWNER)
    assert ran.code == 1
    (told,) = ran.told
    assert told.startswith("hardenme: waiting 2 s for the secondary rate limit, until ")
    assert told.endswith(" UTC")


@pytest.mark.second_tier("several whole runs")
def test_a_budget_ends_the_run_before_the_limit_does(organizations: Accounts) -> None:
    organizations.github.requests.clear()
    few = ("--select", "GHR")
    report = sweep(organizations, *few, "--rate-budget", "12", "--workers", "1")
    sent = [request for request in organizations.github.requests if request.method == "GET"]
    assert len(sent) <= 16
    assert "rate limit" in report["partial"]
    organizations.github.requests.clear()
    assert sweep(organizations, *few, "--rate-budget", "off")["partial"] is None
