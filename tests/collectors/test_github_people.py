from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import people
from hardenme.collectors.github.role import account_role
from hardenme.facts.github.people import (
    MEMBERS,
    MemberTwoFactor,
    MemberTwoFactorMethod,
    OrganizationInvitation,
    OrganizationMember,
    OutsideCollaborators,
    OutsideTwoFactor,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import GONE, github, of, reads

GROVE = Subject("github", "org", "grove")
APP = "ghs_CANARY000000000000000000000000000000"
PAT = "github_pat_CANARY00000000000000_" + "0" * 54
ROLE = "/user/memberships/orgs/grove"
INVITATIONS = "/orgs/grove/invitations"
INVITED_THERE = reads(OrganizationInvitation)
MEMBER_LIST = "/orgs/grove/members"
OUTSIDE = "/orgs/grove/outside_collaborators"
DENIED = Reply(403, {"message": "Resource not accessible by integration"})
OWNERS_ONLY = Reply(422, {"message": "Only owners can use this filter.", "errors": []})


def role(name: str = "admin", **change: Any) -> dict[str, Any]:
    return {"state": "active", "role": name, "organization": {"login": "Grove"}} | change


def edge(login: Any, *, factor: Any = True, role: str = "MEMBER") -> dict[str, Any]:
    return {"role": role, "hasTwoFactorEnabled": factor, "node": {"login": login}}


def pages(*parts: list[Any], total: Any = None, **change: Any) -> Callable[[Request], Reply]:
    """The members in pages; `change` goes into the last page's connection."""

    def answer(request: Request) -> Reply:
        number = int(json.loads(request.body)["variables"]["after"] or 0)
        last = number == len(parts) - 1
        connection = {
            "totalCount": sum(map(len, parts)) if total is None else total,
            "pageInfo": {"hasNextPage": not last, "endCursor": None if last else str(number + 1)},
            "edges": parts[number],
        }
        found = {"id": "O_kg", "membersWithRole": connection | (change if last else {})}
        return Reply(data={"data": {"organization": found}})

    return answer


def filtered(disabled: Any = (), insecure: Any = (), whole: Any = ()) -> Any:
    """A list of people by the filter that is asked for; each a list of logins, or a reply."""
    by_filter = {"2fa_disabled": disabled, "2fa_insecure": insecure, "": whole}

    def answer(request: Request) -> Reply:
        said = by_filter[request.query.get("filter", "")]
        if isinstance(said, Reply):
            return Reply(said.status, said.data, dict(said.headers))
        return Reply(data=[{"login": login, "id": number} for number, login in enumerate(said)])

    return answer


def ask(read: Any, paths: dict[str, Any], **how: Any) -> list[Answer[Any]]:
    with github(paths, **how) as (client, _):
        return list(read(client, GROVE, FactStore()))


THREE = [edge("rowan", role="ADMIN"), edge("ash"), edge("elm", factor=False)]


def test_the_members_with_roles_and_factors() -> None:
    found = ask(people.members, {ROLE: role(), "graphql": pages(THREE[:2], THREE[2:])})
    listed = of(OrganizationMember, found)
    assert listed.missing is None
    assert {fact.login: fact.role for fact in listed.facts} == {
        "rowan": "admin",
        "ash": "member",
        "elm": "member",
    }
    assert str(listed.facts[0].subject) == "github:member/grove/rowan"
    assert listed.facts[0].within == GROVE
    factors = of(MemberTwoFactor, found)
    assert [fact.enabled for fact in factors.facts] == [True, True, False]
    atom = listed.evidence[0]
    assert (atom.pages_read, atom.pages_expected) == (2, 2)
    assert {item.endpoint for item in listed.evidence} >= {f"GET {ROLE}"}


def test_a_member_who_leaves_while_the_list_is_read() -> None:
    """The count of the last page fits what came, and one member came on no page."""
    said = (pages(THREE, [edge("yew")], total=5), pages(THREE, [edge("yew")], total=4))

    def answer(request: Request) -> Reply:
        second = json.loads(request.body)["variables"]["after"] is not None
        return said[second](request)

    found = of(OrganizationMember, ask(people.members, {ROLE: role(), "graphql": answer}))
    assert len(found.facts) == 4
    assert found.missing is not None
    assert found.missing.seen == "the list changed while it was read"


@pytest.mark.parametrize(
    ("said", "reason", "kept"),
    [
        (pages(THREE, total=4), Reason.INCOMPLETE, 3),
        (pages([*THREE, None]), Reason.INCOMPLETE, 3),
        (pages([*THREE, edge(None)]), Reason.INCOMPLETE, 3),
        (pages(THREE, [edge("Ash")]), Reason.INCOMPLETE, 3),
        (pages(THREE, pageInfo={}), Reason.INCOMPLETE, 3),
        (pages(THREE, pageInfo={"hasNextPage": True}), Reason.INCOMPLETE, 3),
        (pages(THREE, edges=None), Reason.MALFORMED, 0),
        (pages(THREE, totalCount=None), Reason.MALFORMED, 0),
        ({"data": {"organization": None}}, Reason.MALFORMED, 0),
        (
            {"data": {"organization": None}, "errors": [{"type": "NOT_FOUND"}]},
            Reason.NOT_VISIBLE,
            0,
        ),
        (
            {"data": {"organization": None}, "errors": [{"type": "INSUFFICIENT_SCOPES"}]},
            Reason.NOT_PERMITTED,
            0,
        ),
        (DENIED, Reason.NOT_PERMITTED, 0),
        (Reply(500, {"message": "no"}), Reason.UNREACHABLE, 0),
    ],
)
def test_a_list_of_members_that_is_not_whole(said: Any, reason: Reason, kept: int) -> None:
    found = ask(people.members, {ROLE: role(), "graphql": said})
    for kind in (OrganizationMember, MemberTwoFactor):
        answer = of(kind, found)
        assert answer.missing is not None
        assert (answer.missing.reason, len(answer.facts)) == (reason, kept)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (GONE, Reason.NOT_VISIBLE),
        (DENIED, Reason.NOT_PERMITTED),
        (role("billing_manager"), Reason.NOT_PERMITTED),
        (role("something-new"), Reason.MALFORMED),
        (role(state="pending"), Reason.NOT_PERMITTED),
        (role(state="something-new"), Reason.MALFORMED),
        (role(organization={}), Reason.NOT_VISIBLE),
        (role(organization={"login": "other"}), Reason.MALFORMED),
        ({"role": "admin", "organization": {"login": "grove"}}, Reason.NOT_VISIBLE),
    ],
)
def test_a_stranger_is_shown_the_public_members_only(place: Any, reason: Reason) -> None:
    paths = {ROLE: place, "graphql": pages(THREE), MEMBER_LIST: filtered(), OUTSIDE: filtered()}
    missing = of(OrganizationMember, ask(people.members, paths)).missing
    assert missing is not None
    assert missing.reason is reason
    assert of(MemberTwoFactorMethod, ask(people.methods, paths)).missing is not None
    outside = of(OutsideCollaborators, ask(people.outsiders, paths))
    assert outside.facts == ()
    assert outside.missing is not None


def test_a_factor_that_is_not_shown_is_looked_up_in_the_list_of_those_without() -> None:
    hidden = [edge("rowan", factor=None), edge("ash", factor=None)]
    del hidden[1]["hasTwoFactorEnabled"]
    paths = {ROLE: role(), "graphql": pages(hidden), MEMBER_LIST: filtered(disabled=["Ash"])}
    found = of(MemberTwoFactor, ask(people.members, paths))
    assert [fact.enabled for fact in found.facts] == [True, False]
    assert any("2fa_disabled" in atom.endpoint for atom in found.evidence)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (role("member"), []),
        (role("member"), OWNERS_ONLY),
        (role(), OWNERS_ONLY),
        (role(), [None]),
        (role(), GONE),
        (GONE, []),
    ],
)
def test_an_empty_list_of_those_without_counts_only_for_an_owner(place: Any, said: Any) -> None:
    hidden = [edge("rowan", factor=None)]
    paths = {ROLE: place, "graphql": pages(hidden), MEMBER_LIST: filtered(disabled=said)}
    (fact,) = of(MemberTwoFactor, ask(people.members, paths)).facts
    assert "enabled" in fact.unknown_fields()


def test_who_is_listed_is_listed_whoever_asks() -> None:
    hidden = [edge("rowan", factor=None), edge("ash", factor=None)]
    listing = filtered(disabled=["ash"], insecure=["rowan"])
    paths = {ROLE: role("member"), "graphql": pages(hidden), MEMBER_LIST: listing}
    rowan, ash = of(MemberTwoFactor, ask(people.members, paths)).facts
    assert "enabled" in rowan.unknown_fields()
    assert ash.enabled is False
    rowan, ash = of(MemberTwoFactorMethod, ask(people.methods, paths)).facts
    assert rowan.insecure is True
    assert ash.unknown_fields()["insecure"].reason is Reason.NOT_PERMITTED


def test_insecure_methods() -> None:
    listing = filtered(insecure=["ASH"], disabled=["elm"])
    paths = {ROLE: role(), "graphql": pages(THREE), MEMBER_LIST: listing}
    found = of(MemberTwoFactorMethod, ask(people.methods, paths))
    assert [fact.insecure for fact in found.facts] == [False, True, False]
    assert [fact.disabled for fact in found.facts] == [False, False, True]
    assert found.missing is None


@pytest.mark.parametrize(("factor", "disabled"), [(False, []), (True, ["ash"])])
def test_two_answers_that_contradict_each_other(factor: bool, disabled: list[str]) -> None:  # noqa: FBT001 (a parameter of the test)
    shown = [edge("ash", factor=factor), edge("elm"), edge("yew", factor=None)]
    paths = {ROLE: role(), "graphql": pages(shown), MEMBER_LIST: filtered(disabled=disabled)}
    ash, elm, yew = of(MemberTwoFactorMethod, ask(people.methods, paths)).facts
    assert ash.unknown_fields()["disabled"].reason is Reason.INCOMPLETE
    assert (elm.disabled, yew.disabled) == (False, False)


def test_an_organization_without_members_has_no_methods_to_judge() -> None:
    found = of(MemberTwoFactorMethod, ask(people.methods, {ROLE: role(), "graphql": pages([])}))
    assert (found.facts, found.missing) == ((), None)


def test_an_app_is_inside_where_it_may_read_members() -> None:
    paths = {INVITATIONS: [], "graphql": pages(THREE), MEMBER_LIST: filtered()}
    found = ask(people.members, paths, token=APP)
    assert of(OrganizationMember, found).missing is None
    methods = of(MemberTwoFactorMethod, ask(people.methods, paths, token=APP))
    for fact in methods.facts:
        assert "an app has no role" in fact.unknown_fields()["insecure"].seen


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (DENIED, Reason.NOT_PERMITTED),
        (GONE, Reason.NOT_VISIBLE),
        ({}, Reason.MALFORMED),
        (Reply(500, {"message": "no"}), Reason.UNREACHABLE),
        (
            Reply(data=[], headers={"X-GitHub-SSO": "partial-results; organizations=7"}),
            Reason.NEEDS_SSO,
        ),
    ],
)
def test_an_app_that_may_not_read_members_is_a_stranger(said: Any, reason: Reason) -> None:
    with github({INVITATIONS: said}, token=APP) as (client, _):
        place = account_role(client, GROVE)
    assert not place.inside
    assert place.lacks(MEMBERS).reason is reason


def test_outside_collaborators() -> None:
    listing = filtered(disabled=["Stray"], insecure=["wren"], whole=["stray", "wren", "robin"])
    found = ask(people.outsiders, {ROLE: role(), OUTSIDE: listing})
    (everybody,) = of(OutsideCollaborators, found).facts
    assert (everybody.logins, everybody.subject) == (("stray", "wren", "robin"), GROVE)
    factors = {
        fact.label: (fact.enabled, fact.insecure) for fact in of(OutsideTwoFactor, found).facts
    }
    assert factors == {"stray": (False, False), "wren": (True, True), "robin": (True, False)}
    assert str(of(OutsideTwoFactor, found).facts[0].subject) == (
        "github:outside-collaborator/grove/stray"
    )


def test_no_outside_collaborator() -> None:
    found = ask(people.outsiders, {ROLE: role(), OUTSIDE: filtered()})
    assert of(OutsideCollaborators, found).facts[0].logins == ()
    factors = of(OutsideTwoFactor, found)
    assert (factors.facts, factors.missing) == ((), None)


@pytest.mark.parametrize("whole", [["stray", None], GONE, DENIED])
def test_a_list_of_outsiders_that_is_not_whole(whole: Any) -> None:
    found = ask(people.outsiders, {ROLE: role(), OUTSIDE: filtered(whole=whole)})
    for kind in (OutsideCollaborators, OutsideTwoFactor):
        assert of(kind, found).missing is not None


def test_a_member_may_be_shown_only_some_outsiders() -> None:
    found = ask(people.outsiders, {ROLE: role("member"), OUTSIDE: filtered(whole=["stray"])})
    answer = of(OutsideCollaborators, found)
    assert answer.facts[0].logins == ("stray",)
    assert answer.missing is not None
    (fact,) = of(OutsideTwoFactor, found).facts
    assert fact.unknown_fields().keys() == {"enabled", "insecure"}


INVITED = {"id": 71, "login": "wren", "email": None, "role": "admin"}
INVITED |= {"created_at": "2026-11-20T08:00:00Z"}


def test_invitations() -> None:
    by_mail = INVITED | {"id": 72, "login": None, "email": "robin@mail.example"}
    strange = INVITED | {"id": 73, "role": "something-new", "created_at": None}
    answer = of(
        OrganizationInvitation,
        ask(INVITED_THERE, {INVITATIONS: [INVITED, by_mail, strange]}),
    )
    first, second, third = answer.facts
    assert (first.number, first.role, first.label) == (71, "admin", "wren")
    assert str(first.subject) == "github:org-invitation/grove/71"
    assert second.label == "robin@mail.example"
    assert third.unknown_fields().keys() == {"role", "created_at"}
    assert of(OrganizationInvitation, ask(INVITED_THERE, {INVITATIONS: []})).missing is None
    refused: tuple[Any, ...] = (GONE, DENIED, {})
    for said in refused:
        missing = of(OrganizationInvitation, ask(INVITED_THERE, {INVITATIONS: said})).missing
        assert missing is not None


def test_members_are_asked_for_in_smaller_pages_where_they_are_too_much() -> None:
    sizes: list[int] = []
    answered = pages(THREE)

    def slow(request: Request) -> Reply:
        sizes.append(json.loads(request.body)["variables"]["first"])
        if sizes[-1] > 25:
            return Reply(502, {"message": "We couldn't respond to your request in time."})
        if sizes[-1] > 12:
            return Reply(data={"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]})
        return answered(request)

    found = ask(people.members, {ROLE: role(), "graphql": slow})
    assert of(OrganizationMember, found).missing is None
    assert sizes == [100, 50, 25, 12]


def test_members_that_are_always_too_much_are_unknown() -> None:
    sizes: list[int] = []

    def never(request: Request) -> Reply:
        sizes.append(json.loads(request.body)["variables"]["first"])
        return Reply(502, {"message": "We couldn't respond to your request in time."})

    missing = of(OrganizationMember, ask(people.members, {ROLE: role(), "graphql": never})).missing
    assert missing is not None
    assert missing.reason is Reason.UNREACHABLE
    assert sizes == [100, 50, 25, 12, 10]


def test_the_same_is_asked_once() -> None:
    paths = {ROLE: role(), "graphql": pages(THREE), MEMBER_LIST: filtered()}
    with github(paths, token=PAT) as (client, server):
        list(people.members(client, GROVE, FactStore()))
        list(people.methods(client, GROVE, FactStore()))
        asked = [request.path for request in server.requests]
    assert sorted(asked) == ["/graphql", MEMBER_LIST, MEMBER_LIST, ROLE]
