"""Teams, members' newest public repositories, variables and runners by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.member_repositories import newest
from hardenme.collectors.github.teams import teams
from hardenme.facts.github.runners import OrganizationRunner
from hardenme.facts.github.teams import TeamAccess
from hardenme.facts.github.variables import OrganizationVariable
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import github, reads
from tests.collectors.test_github_people import GROVE, ROLE, edge, pages, role

MADE = "2026-11-24T11:58:00Z"
LOOT = {"databaseId": 7, "name": "Shai-Hulud", "createdAt": MADE, "visibility": "PUBLIC"}


def team(slug: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """A team as GraphQL shows it."""
    right = {"permission": "WRITE", "node": {"nameWithOwner": "grove/web"}}
    return {
        "slug": slug,
        "databaseId": number,
        "members": {"totalCount": 1, "nodes": [{"login": "rowan"}]},
        "repositories": {"totalCount": 1, "edges": [right]},
    } | more


def listed(*nodes: Any, total: int | None = None, following: str | None = None) -> dict[str, Any]:
    info = {"hasNextPage": following is not None, "endCursor": following}
    count = len(nodes) if total is None else total
    found = {"totalCount": count, "pageInfo": info, "nodes": list(nodes)}
    return {"data": {"organization": {"teams": found}}}


def ask_teams(*answers: dict[str, Any], member: str = "admin") -> Answer[Any]:
    waiting = list(answers)

    def graphql(_request: Request) -> Reply:
        return Reply(data=waiting.pop(0) if len(waiting) > 1 else waiting[0])

    with github({ROLE: role(member), "graphql": graphql}) as (client, _):
        (found,) = teams(client, GROVE, FactStore())
    return found


def test_a_team_has_its_maintainers_and_what_it_reaches() -> None:
    found = ask_teams(listed(team("core")))
    (fact,) = found.facts
    assert isinstance(fact, TeamAccess)
    assert (str(fact.subject), fact.number) == ("github:team/grove/core", 1)
    assert (fact.maintainers, fact.repositories) == (("rowan",), ("grove/web WRITE",))
    assert found.missing is None


@pytest.mark.parametrize(
    "changed",
    [
        {"repositories": {"totalCount": 101, "edges": []}},
        {"repositories": {"totalCount": 2, "edges": []}},
        {"repositories": {"edges": []}},
        {"repositories": None},
        {"repositories": {"totalCount": 1, "edges": [{"permission": "WRITE", "node": None}]}},
        {"repositories": {"totalCount": 1, "edges": [None]}},
    ],
)
def test_repositories_that_did_not_all_come_are_unknown(changed: dict[str, Any]) -> None:
    (fact,) = ask_teams(listed(team("core", **changed))).facts
    assert set(fact.unknown_fields()) == {"repositories"}
    assert fact.maintainers == ("rowan",)


def test_a_list_of_teams_that_shifts_while_it_is_read_is_not_whole() -> None:
    """A team moved to the page that was read already: the totals agree, and it is noticed."""
    one, two, three = team("a", 1), team("b", 2), team("c", 3)
    first, second = listed(one, two, total=3, following="x"), listed(three, total=3)
    assert ask_teams(first, second, first).missing is None
    shifted = listed(one, three, total=3, following="x")
    assert ask_teams(first, second, shifted).missing is not None
    lost = ask_teams(first, listed(two, total=3))
    assert lost.missing is not None
    assert lost.missing.reason is Reason.INCOMPLETE


def test_secret_teams_are_shown_to_owners_alone() -> None:
    assert ask_teams(listed(team("core")), member="member").missing is not None


def ask_members(answer: Any) -> Answer[Any]:
    members = pages([edge("rowan"), edge("ash")])

    def graphql(request: Request) -> Reply:
        if "OrganizationMembers" in json.loads(request.body)["query"]:
            answered: Reply = members(request)
            return answered
        return answer if isinstance(answer, Reply) else Reply(data=answer)

    with github({ROLE: role(), "graphql": graphql}) as (client, _):
        (found,) = newest(client, GROVE, FactStore())
    return found


def test_the_newest_public_repositories_of_members() -> None:
    users = {"u0": {"repositories": {"nodes": [LOOT]}}, "u1": {"repositories": {"nodes": []}}}
    found = ask_members({"data": users})
    (fact,) = found.facts
    assert str(fact.subject) == "github:member-repository/grove/rowan/Shai-Hulud"
    assert (fact.login, fact.visibility, found.missing) == ("rowan", "public", None)


@pytest.mark.parametrize(
    "second",
    [None, {"repositories": None}, {"repositories": {"nodes": [{"databaseId": 8}]}}, {}],
)
def test_a_member_whose_repositories_did_not_come_leaves_the_list_open(second: Any) -> None:
    found = ask_members({"data": {"u0": {"repositories": {"nodes": [LOOT]}}, "u1": second}})
    assert [fact.login for fact in found.facts] == ["rowan"]
    assert found.missing is not None


def test_a_refused_query_is_no_empty_list() -> None:
    found = ask_members(Reply(403, data={"message": "Forbidden"}))
    assert found.facts == ()
    assert found.missing is not None


def test_variables_are_read_without_their_values() -> None:
    row = {"name": "URL", "value": "https://x.example", "visibility": "all"}
    row |= {"created_at": MADE, "updated_at": MADE}
    answer = {"total_count": 1, "variables": [row]}
    with github({"/orgs/grove/actions/variables": Reply(data=answer)}) as (client, _):
        (found,) = reads(OrganizationVariable)(client, GROVE, FactStore())
    assert found.missing is None
    assert "x.example" not in repr(found)


def test_runners_that_are_for_one_job_say_so() -> None:
    rows = [{"id": 1, "name": "build", "ephemeral": False}, {"id": 2, "name": "k3"}]
    answer = {"total_count": 2, "runners": rows}
    with github({"/orgs/grove/actions/runners": Reply(data=answer)}) as (client, _):
        (found,) = reads(OrganizationRunner)(client, GROVE, FactStore())
    first, second = found.facts
    assert first.one_job is False
    assert set(second.unknown_fields()) == {"one_job"}
