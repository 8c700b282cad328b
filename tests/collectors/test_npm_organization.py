from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm import organization
from hardenme.collectors.npm.client import Npm
from hardenme.facts.npm.organization import NpmOrganization
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import GONE, registry
from tests.collectors.test_npm_access import REFUSALS

Read = Callable[[Npm, Subject, FactStore], Iterable[Answer[Any]]]
USER = Subject("npm", "user", "hazel")
ACORN = Subject("npm", "org", "acorn")
RELEASE = Subject("npm", "team", "acorn/release")
ROSTER = {"hazel": "owner", "rowan": "admin", "alder": "developer"}
PATHS = {
    "/-/org/acorn/user": ROSTER,
    "/-/org/acorn/package": {"@acorn/a": "write", "@acorn/b": "read-only"},
    "/-/org/acorn/team": ["@acorn:developers", "acorn:release"],
    "/-/team/acorn/release/user": ["rowan", "alder"],
    "/-/team/acorn/release/package": {"@acorn/a": "write", "@acorn/b": "read"},
}
READS = [
    (organization.organization, ACORN, "/-/org/acorn/user"),
    (organization.packages, ACORN, "/-/org/acorn/package"),
    (organization.teams, ACORN, "/-/org/acorn/team"),
    (organization.team_members, RELEASE, "/-/team/acorn/release/user"),
    (organization.team_grants, RELEASE, "/-/team/acorn/release/package"),
]
"""Each collector with what it is asked of, and the path that it asks."""


def ask(
    read: Read, scope: Subject, paths: dict[str, Any], store: FactStore | None = None
) -> Answer[Any]:
    with registry(paths) as (client, _):
        (answer,) = read(client, scope, store or FactStore())
    return answer


def roster(said: Any) -> NpmOrganization:
    fact: NpmOrganization = ask(organization.organization, ACORN, {READS[0][2]: said}).facts[0]
    return fact


def test_an_organization_is_read() -> None:
    facts = [ask(read, scope, PATHS).facts for read, scope, _ in READS]
    (people,), (owned,), teams, (members,), (grants,) = facts
    assert (people.owners, people.admins, people.developers) == (("hazel",), ("rowan",), ("alder",))
    assert people.members == {"hazel", "rowan", "alder"}
    assert owned.names == ("@acorn/a", "@acorn/b")
    assert [(team.team, str(team.subject)) for team in teams] == [
        ("developers", "npm:team/acorn/developers"),
        ("release", "npm:team/acorn/release"),
    ]
    assert {team.within for team in teams} == {members.within} == {grants.within} == {ACORN}
    assert members.members == ("alder", "rowan")
    assert (grants.writes, grants.reads) == (("@acorn/a",), ("@acorn/b",))


def test_roles_in_npms_words_of_old() -> None:
    people = roster({"hazel": "super-admin", "rowan": "team-admin"})
    assert (people.owners, people.admins) == (("hazel",), ("rowan",))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"rowan": "admin"},
        ROSTER | {"alder": "billing-manager"},
        ROSTER | {"alder": None},
        ROSTER | {"alder": ["owner"]},
        ROSTER | {"": "developer"},
        ROSTER | {"..": "developer"},
    ],
)
def test_a_roster_with_a_role_that_is_not_known_leaves_all_of_it_unknown(said: Any) -> None:
    assert set(roster(said).unknown_fields()) == {"owners", "admins", "developers"}


@pytest.mark.parametrize(("read", "scope", "path"), READS)
@pytest.mark.parametrize(("said", "reason"), REFUSALS[:-1])
def test_a_refusal_is_not_an_empty_answer(
    read: Read, scope: Subject, path: str, said: Reply, reason: Reason
) -> None:
    answer = ask(read, scope, {path: said})
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is reason
    if said.status in {401, 403, 404} and reason is not Reason.NEEDS_PRESENCE:
        assert "acorn" in answer.missing.needed or "address" in answer.missing.needed


@pytest.mark.parametrize(("read", "scope", "path"), READS)
def test_an_answer_of_another_shape_is_not_read(read: Read, scope: Subject, path: str) -> None:
    said: Any = {"a": "write"} if isinstance(PATHS[path], list) else ["a"]
    answer = ask(read, scope, {path: said})
    assert answer.missing is not None
    assert answer.missing.reason is Reason.MALFORMED


@pytest.mark.parametrize("said", [[1], [None], ["alder", {}], "alder", None])
def test_names_that_are_no_text(said: Any) -> None:
    for read, scope, path in (READS[2], READS[3]):
        assert ask(read, scope, {path: Reply(200, said)}).missing is not None


@pytest.mark.parametrize(
    "said",
    [
        [],
        ["acorn:release"],
        ["acorn:developers", "@elm:release"],
        ["acorn:developers", "release"],
        ["acorn:developers", "acorn:"],
        ["acorn:developers", "acorn:.."],
    ],
)
def test_a_list_of_teams_that_cannot_be_all_of_them(said: list[str]) -> None:
    answer = ask(organization.teams, ACORN, {READS[2][2]: said})
    assert answer.missing is not None
    assert all(fact.team in {"developers", "release"} for fact in answer.facts)


def test_a_list_that_names_further_pages_is_a_part() -> None:
    link = {"link": '</-/org/acorn/team?page=2>; rel="next"'}
    for read, scope, path in (READS[2], READS[3]):
        answer = ask(read, scope, {path: Reply(200, PATHS[path], link)})
        assert answer.facts == ()
        assert answer.missing is not None
        assert answer.missing.reason is Reason.INCOMPLETE


def test_a_team_with_a_name_that_steers() -> None:
    said = ["acorn:developers", "acorn:a/../b?c"]
    answer = ask(organization.teams, ACORN, {READS[2][2]: said})
    team = next(fact for fact in answer.facts if fact.team != "developers")
    with registry({}) as (client, server):
        list(organization.team_members(client, team.subject, FactStore()))
        list(organization.team_grants(client, team.subject, FactStore()))
    assert [request.path for request in server.requests] == [
        "/-/team/acorn/a%2F..%2Fb%3Fc/user",
        "/-/team/acorn/a%2F..%2Fb%3Fc/package",
    ]


@pytest.mark.parametrize("said", [{"@acorn/a": "admin"}, {"..": "write"}, {"@acorn/a": None}])
def test_packages_with_a_word_or_name_that_is_not_known(said: Any) -> None:
    owned = ask(organization.packages, ACORN, {READS[1][2]: said}).facts[0]
    grants = ask(organization.team_grants, RELEASE, {READS[4][2]: said}).facts[0]
    assert "names" in owned.unknown_fields()
    assert {"writes", "reads"} <= grants.unknown_fields().keys()


def test_members_with_names_that_nobody_has() -> None:
    people = ask(organization.team_members, RELEASE, {READS[3][2]: ["rowan", ".."]}).facts[0]
    assert "members" in people.unknown_fields()


def own(paths: dict[str, Any]) -> tuple[Answer[NpmOrganization], list[str]]:
    """The organizations of hazel, and what was asked for."""
    with registry({"/-/org/hazel/package": GONE, **paths}) as (client, server):
        (answer,) = organization.organizations(client, USER, FactStore())
    return answer, [request.path for request in server.requests]


GRANTS = {"@acorn/a": "write", "@acorn/b": "read", "@hazel/lamp": "write", "wick": "write"}


def test_organizations_are_found_by_the_scopes_of_packages() -> None:
    answer, asked = own({"/-/user/hazel/package": GRANTS, **PATHS})
    (acorn,) = answer.facts
    assert (acorn.name, acorn.within) == ("acorn", USER)
    assert answer.missing is None
    assert asked.count("/-/org/acorn/user") == 1
    assert "/-/org/hazel/user" not in asked, "a scope of the account's own name is none"


def test_an_account_without_a_scope_of_others_is_in_no_organization() -> None:
    answer, _ = own({"/-/user/hazel/package": {"wick": "write", "@hazel/lamp": "write"}})
    assert (answer.facts, answer.missing) == ((), None)
    assert answer.evidence


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_scope_that_the_account_is_not_in_stays_and_is_unknown(status: int) -> None:
    listed = {"/-/user/hazel/package": GRANTS | {"@elm/bark": "write"}}
    answer, _ = own({**listed, **PATHS, "/-/org/elm/user": Reply(status, {})})
    acorn, elm = answer.facts
    assert answer.missing is None
    assert not acorn.unknown_fields()
    why = elm.unknown_fields()["owners"]
    assert why.needed == (
        "an npm session token; or org:read (granular npm token)"
        " of a member of the npm organization elm"
    )
    store = FactStore()
    store.put(answer)
    with registry({}) as (client, server):
        (teams,) = organization.teams(client, elm.subject, store)
        (owned,) = organization.packages(client, elm.subject, store)
    assert teams.missing is owned.missing is why
    assert server.requests == [], "what is closed is not knocked at again"


def test_a_limit_on_the_way_is_not_a_closed_door() -> None:
    slow = Reply(429, {}, {"retry-after": "3600"})
    answer, _ = own({"/-/user/hazel/package": GRANTS, "/-/org/acorn/user": slow})
    assert answer.missing is not None
    assert answer.missing.reason is Reason.RATE_LIMITED


def test_organizations_are_not_known_where_the_packages_are_not() -> None:
    answer, _ = own({"/-/user/hazel/package": Reply(403, {}), **PATHS})
    assert answer.missing is not None
    assert answer.facts == ()


@pytest.mark.parametrize("name", ["@../x", "@./x", "@/x", f"@{'x' * 300}/y", "@a\ud800/y"])
def test_a_scope_that_no_organization_has_is_never_asked_for(name: str) -> None:
    _, asked = own({"/-/user/hazel/package": {name: "write"}})
    assert asked == ["/-/org/hazel/package", "/-/user/hazel/package"]


def test_nothing_of_organizations_is_asked_without_a_token() -> None:
    with registry(PATHS, token="") as (client, server):
        answers = [
            *organization.organization(client, ACORN, FactStore()),
            *organization.organizations(client, USER, FactStore()),
        ]
    assert server.requests == []
    assert all(answer.missing is not None for answer in answers)


def test_what_is_asked_is_what_the_npm_client_asks() -> None:
    kept: list[Request] = []

    def keep(said: Any) -> Callable[[Request], Reply]:
        def reply(request: Request) -> Reply:
            kept.append(request)
            return Reply(200, said)

        return reply

    for read, scope, path in READS:
        ask(read, scope, {path: keep(PATHS[path])})
    commands = [(request.headers["npm-command"], dict(request.query)) for request in kept]
    assert commands == [
        ("org", {}),
        ("access", {}),
        ("team", {"format": "cli"}),
        ("team", {"format": "cli"}),
        ("access", {}),
    ]
