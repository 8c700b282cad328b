"""Sweeps by those who see less: other roles, other rights, chosen repositories, single sign-on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardenme.collectors.transport.cache import Cache
from hardenme.engine.settle import exit_code
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.github.world import Token, World
from hardenme.sandbox.http import Fault, Reply, Request
from tests.hostile.sweeping import (
    BOTH,
    STRICT,
    TOKENS,
    WEAK,
    answering,
    nothing_worse,
    operation,
    sweep,
    swept,
    told,
    unknown,
    whole,
)
from tests.worlds.organizations import base

pytestmark = [pytest.mark.second_tier("whole runs of an organization"), pytest.mark.sampled(6)]

OTHER = {
    "classic": "ghp_CANARYother00000000000000000000000000",
    "fine-grained": "github_pat_CANARYother00000000000_" + "0" * 49,
    "installation": "ghs_CANARYother00000000000000000000000000",
}
PEOPLE = {STRICT: ("linden", "maple", "guest"), WEAK: ("thorn", "nettle", "stray")}
ALL = dict.fromkeys(base.PERMISSIONS, "read")
FEW = [
    {},
    {"members": "read"},
    {"organization_administration": "read"},
    {"administration": "read", "contents": "read"},
]
OWNERS_ONLY = {"GHO101", "GHO106", "GHO107", "GHO108", "GHO109", "GHO110", "GHO111", "GHO112"}
Change = Callable[[World], None]


def seen_by(name: str, token: Token, change: Change | None = None, *faults: Fault) -> Report:
    """The report of a sweep with another token."""

    def prepared(world: World) -> None:
        world.tokens.append(token)
        if change is not None:
            change(world)

    return swept(name, *faults, change=prepared, token=token.value)


def classic(login: str, *scopes: str) -> Token:
    return Token(OTHER["classic"], "classic", login, frozenset(scopes))


def fine_grained(login: str, name: str, permissions: dict[str, str], *chosen: str) -> Token:
    selection = frozenset(chosen) or None
    return Token(
        OTHER["fine-grained"],
        "fine-grained",
        login,
        permissions=permissions,
        owner=name,
        repository_selection=selection,
    )


def installed(name: str, permissions: dict[str, str], *chosen: str) -> Token:
    return Token(
        OTHER["installation"],
        "installation",
        None,
        permissions=permissions,
        owner=name,
        repository_selection=frozenset(chosen) or None,
    )


def lesser(name: str) -> Iterator[Token]:
    """Tokens that see less than the owner's classic one."""
    for login in PEOPLE[name]:
        yield classic(login, *base.SCOPES)
        yield classic(login, "read:org")
        yield classic(login)
    for permissions in FEW:
        yield fine_grained(PEOPLE[name][0], name, permissions)
        yield installed(name, permissions)
    yield fine_grained(PEOPLE[name][1], name, ALL)
    yield fine_grained(PEOPLE[name][0], name, ALL, "cone", "briar")
    yield installed(name, ALL, "cone", "briar")
    yield fine_grained(PEOPLE[name][0], PEOPLE[name][0], ALL)


@pytest.mark.parametrize("name", BOTH)
def test_who_sees_less_knows_less_and_nothing_else(
    name: str,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    tokens = list(lesser(name))
    # Without --exhaustive each of the two organizations is seen by every other of them.
    for token in tokens if exhaustive else tokens[BOTH.index(name) :: 2]:
        nothing_worse(whole(name), seen_by(name, token))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("place", [1, 2], ids=["member", "outsider"])
def test_what_owners_see_is_unknown_to_others(name: str, place: int) -> None:
    report = seen_by(name, classic(PEOPLE[name][place], *base.SCOPES))
    assert OWNERS_ONLY | {"GHO103", "GHO104"} <= unknown(report, Reason.NOT_PERMITTED)
    assert exit_code(report) in {Exit.UNKNOWN, Exit.FINDINGS}
    for item in report.findings:
        if item.code in OWNERS_ONLY:
            assert isinstance(item.outcome, Unknown)
            assert "organization owner" in item.outcome.needed


REFUSED_FILTERS = {
    "422": answering(422, "Only owners can use this filter."),
    "403": answering(403, "Must be an organization owner"),
    "empty": lambda _q, reply: Reply(200, [], reply.headers),
}


@pytest.mark.parametrize("how", REFUSED_FILTERS)
def test_a_filter_that_is_for_owners_proves_nothing_to_members(how: str) -> None:
    def filtered(request: Request) -> bool:
        return "filter" in request.query

    fault = Fault(".*", match=filtered, edit=REFUSED_FILTERS[how])
    hidden = Fault("/graphql", match=operation("OrganizationMembers"), edit=without_factors)
    report = seen_by(WEAK, classic("nettle", *base.SCOPES), None, fault, hidden)
    nothing_worse(whole(WEAK), report)
    assert {"GHO102", "GHO103", "GHO104"} <= unknown(report, Reason.NOT_PERMITTED)
    passed = {item.code for item in report.findings if item.result == "passed"}
    assert not passed & {"GHO102", "GHO103", "GHO104"}


def without_factors(_request: Request, reply: Reply) -> Reply:
    """To others than owners GraphQL gives no second factor."""
    data = json.loads(reply.encoded())
    for edge in data["data"]["organization"]["membersWithRole"]["edges"]:
        edge["hasTwoFactorEnabled"] = None
    return Reply(200, data, reply.headers)


@pytest.mark.parametrize("status", [302, 303])
def test_the_public_members_do_not_stand_for_all(status: int) -> None:
    """Who is not a member is led to the public members instead."""
    public = {"location": f"/orgs/{STRICT}/public_members"}
    fault = Fault(f"/orgs/{STRICT}/members", edit=lambda _q, _r: Reply(status, None, dict(public)))
    with sweep() as (running, server):
        server.faults.append(fault)
        report = running.audit(f"github:{STRICT}")
        assert not any("public_members" in request.path for request in server.requests)
    assert {"GHO103", "GHO105"} <= nothing_worse(whole(STRICT), report)
    assert {"GHO103", "GHO105"} <= unknown(report, Reason.NOT_PERMITTED)


def test_an_organization_that_single_sign_on_keeps_shut() -> None:
    token = classic("linden", *base.SCOPES)
    token.sso_blocked = frozenset({STRICT})
    report = seen_by(STRICT, token)
    nothing_worse(whole(STRICT), report)
    counts = report.counts()
    assert counts["passed"] + counts["failed"] + counts["not_applicable"] == 0
    assert len(unknown(report, Reason.NEEDS_SSO)) > 20
    needed = {
        item.outcome.needed
        for item in report.findings
        if isinstance(item.outcome, Unknown) and item.outcome.reason is Reason.NEEDS_SSO
    }
    assert any(f"single sign-on of {STRICT}" in text for text in needed)
    assert not any("authorization_request" in text for text in needed)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("path", [".*", "/graphql", f"/orgs/({STRICT}|{WEAK})/.*"])
def test_what_single_sign_on_left_out_is_not_taken_for_absent(name: str, path: str) -> None:
    def partial(request: Request, reply: Reply) -> Reply:
        if request.path not in {"/user", f"/users/{name}"}:
            reply.headers["x-github-sso"] = "partial-results; organizations=3301,3302"
        return reply

    report = swept(name, Fault(path, edit=partial))
    lost = nothing_worse(whole(name), report)
    assert len(lost) > 10
    assert len(unknown(report, Reason.NEEDS_SSO)) > 10


@pytest.mark.parametrize("make", [fine_grained, installed])
def test_chosen_repositories_are_not_all(make: Callable[..., Token]) -> None:
    """One repository is not bound and has an outsider who administers it; the token hides it."""

    def worse(world: World) -> None:
        world.organizations[0].rulesets[0].excluded_repositories.append("resin")
        resin = world.repository(f"{STRICT}/resin")
        assert resin is not None
        resin.collaborators["guest"] = "admin"

    owner = ("linden",) if make is fine_grained else ()
    report = seen_by(STRICT, make(*owner, STRICT, ALL, "cone"), worse)
    assert {"GHO123", "GHO127", "GHB101", "GHR101"} <= unknown(report, Reason.NOT_VISIBLE)
    assert not any(
        item.result == "passed" for item in report.findings if item.code in {"GHO123", "GHO127"}
    )
    assert any("the token shows 2 of 3" in note for note in report.coverage.notes)
    assert exit_code(report) is Exit.UNKNOWN
    assert told(report)["GHB101", f"github:repo/{STRICT}/cone"].result == "passed"


@pytest.mark.parametrize("login", ["linden", "maple"])
def test_repositories_whose_number_is_not_told_may_be_more(login: str) -> None:
    report = seen_by(STRICT, classic(login, "read:org"))
    assert "GHO127" in unknown(report, Reason.NOT_PERMITTED)
    assert any("may have repositories that were not seen" in note for note in report.coverage.notes)


def test_answers_that_were_kept_serve_no_other_token(tmp_path: Path) -> None:
    member = classic("nettle", *base.SCOPES)
    with sweep(WEAK, lambda world: world.tokens.append(member)) as (running, server):
        target = f"github:{WEAK}"
        cache = Cache(tmp_path / "cache")
        owned = running.audit(target, cache=cache)
        running.github_token = member.value
        fresh = running.audit(target)
        server.requests.clear()
        kept = running.audit(target, cache=cache)
        assert not any("if-none-match" in request.headers for request in server.requests)
        again = running.audit(target, cache=cache)
        assert any("if-none-match" in request.headers for request in server.requests)
        running.github_token = TOKENS[WEAK]
        mine = running.audit(target, cache=cache)
    results = [
        {key: item.result for key, item in told(report).items()}
        for report in (fresh, kept, again, owned, mine)
    ]
    assert results[0] == results[1] == results[2]
    assert results[3] == results[4]
    assert results[0] != results[3]


def test_not_modified_that_nobody_asked_for_is_no_answer(tmp_path: Path) -> None:
    fault = Fault("/(orgs|repos)/.*", edit=lambda _q, reply: Reply(304, None, reply.headers))
    with sweep() as (running, server):
        server.faults.append(fault)
        report = running.audit(f"github:{STRICT}", cache=Cache(tmp_path / "cache"))
    lost = nothing_worse(whole(STRICT), report)
    assert lost >= OWNERS_ONLY
