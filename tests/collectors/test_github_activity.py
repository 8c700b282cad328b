from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import activity, audit_trail
from hardenme.collectors.github.activity import ACTIVITY_DAYS
from hardenme.collectors.github.audit_trail import MOST_ASKED
from hardenme.facts.github.people import MemberAuditTrail, MemberContributions, MemberTeams
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import GONE, github, of
from tests.collectors.test_github_people import DENIED, GROVE, ROLE, edge, pages, role

LOG = "/orgs/grove/audit-log"
DATED = {"date": "Tue, 24 Nov 2026 12:00:00 GMT"}
SINCE = datetime(2026, 5, 28, 12, tzinfo=UTC)
DID = {
    "hasAnyContributions": True,
    "restrictedContributionsCount": 0,
    "startedAt": "2026-05-28T12:00:00Z",
}
NOTHING = DID | {"hasAnyContributions": False}
TWO = {"totalCount": 2, "nodes": [{"slug": "keepers"}, {"slug": "reviewers"}]}
Said = Callable[[list[str]], Reply | dict[str, Any]]


def org(*logins: str, said: Said, roster: Any = None) -> dict[str, Any]:
    """The paths of an organization; `said` answers a query for the members that it names."""
    members = roster or pages([edge(login) for login in logins])

    def graphql(request: Request) -> Reply:
        body = json.loads(request.body)
        if "OrganizationMembers" in body["query"]:
            answer: Reply = members(request)
            answer.headers.update(DATED)
            return answer
        names = [
            body["variables"][f"l{index}"]
            for index in range(body["query"].count("$l"))
            if f"l{index}" in body["variables"]
        ]
        found = said(names)
        return found if isinstance(found, Reply) else Reply(data=found)

    return {ROLE: role(), "graphql": graphql}


def everybody(names: list[str], did: Any = DID, teams: Any = TWO) -> dict[str, Any]:
    """The same answer for all."""
    users = {f"u{i}": {"contributionsCollection": did} for i in range(len(names))}
    found = {f"t{i}": teams for i in range(len(names))}
    return {"data": users | {"organization": {"id": "O_kg"} | found}}


def ask(paths: dict[str, Any], *wanted: Any, read: Any = None) -> list[Answer[Any]]:
    store = FactStore(frozenset(wanted) if wanted else None)
    with github(paths) as (client, _):
        return list((read or activity.contributions_and_teams)(client, GROVE, store))


def test_contributions_and_teams() -> None:
    asked: list[dict[str, Any]] = []
    paths = org("rowan", "ash", said=everybody)
    graphql = paths["graphql"]

    def keep(request: Request) -> Reply:
        asked.append(json.loads(request.body))
        answer: Reply = graphql(request)
        return answer

    found = ask(paths | {"graphql": keep})
    first, second = of(MemberContributions, found).facts
    assert (first.any, first.since, str(first.subject)) == (
        True,
        SINCE,
        "github:member/grove/rowan",
    )
    assert second.label == "ash"
    teams = of(MemberTeams, found).facts[1]
    assert (teams.count, teams.names) == (2, ("keepers", "reviewers"))
    variables = asked[-1]["variables"]
    assert variables["from"] == "2026-05-28T12:00:00Z", f"{ACTIVITY_DAYS} days by their clock"
    assert (variables["id"], variables["login"]) == ("O_kg", "grove")
    assert of(MemberContributions, found).missing is None


@pytest.mark.parametrize(
    ("did", "any_", "since"),
    [
        (NOTHING, False, True),
        (NOTHING | {"restrictedContributionsCount": 3}, True, True),
        (NOTHING | {"restrictedContributionsCount": None}, None, True),
        ({"hasAnyContributions": False, "startedAt": DID["startedAt"]}, None, True),
        (DID | {"hasAnyContributions": None}, None, True),
        (DID | {"startedAt": None}, True, None),
        ({}, None, None),
        (None, None, None),
        ("strange", None, None),
    ],
)
def test_what_an_answer_about_somebody_tells(did: Any, any_: Any, since: Any) -> None:
    paths = org("rowan", said=lambda names: everybody(names, did=did))
    (fact,) = of(MemberContributions, ask(paths)).facts
    unknown = fact.unknown_fields()
    assert (None if "any" in unknown else fact.any) is any_
    assert ("since" in unknown) is (since is None)


@pytest.mark.parametrize("teams", [None, {}, "strange", {"totalCount": None, "nodes": [{}]}])
def test_teams_that_are_not_understood(teams: Any) -> None:
    paths = org("rowan", said=lambda names: everybody(names, teams=teams))
    (fact,) = of(MemberTeams, ask(paths)).facts
    assert "count" in fact.unknown_fields()


def test_a_refusal_about_one_member_leaves_the_others() -> None:
    def said(names: list[str]) -> dict[str, Any]:
        answer = everybody(names)
        answer["data"]["u0"] = None
        answer["errors"] = [{"type": "NOT_FOUND", "path": ["u0"]}]
        return answer

    first, second = of(MemberContributions, ask(org("gone", "ash", said=said))).facts
    assert first.unknown_fields().keys() == {"any", "since"}
    assert second.any


@pytest.mark.parametrize(
    ("wanted", "there", "absent"),
    [
        (MemberContributions, "contributionsCollection", "teams("),
        (MemberTeams, "teams(", "contributionsCollection"),
    ],
)
def test_only_what_is_wanted_is_asked(wanted: Any, there: str, absent: str) -> None:
    documents: list[str] = []
    paths = org("rowan", said=everybody)
    graphql = paths["graphql"]

    def keep(request: Request) -> Reply:
        documents.append(json.loads(request.body)["query"])
        answer: Reply = graphql(request)
        return answer

    (answer,) = ask(paths | {"graphql": keep}, wanted)
    assert answer.kind is wanted
    assert there in documents[-1]
    assert absent not in documents[-1]


def test_fifty_members_a_query() -> None:
    sizes: list[int] = []

    def said(names: list[str]) -> dict[str, Any]:
        sizes.append(len(names))
        return everybody(names)

    names = [f"m{number}" for number in range(120)]
    answer = of(MemberContributions, ask(org(*names, said=said)))
    assert [fact.label for fact in answer.facts] == names
    assert sizes == [50, 50, 20]
    assert answer.evidence[0].pages_read == 3


def test_fewer_members_a_query_where_they_are_too_much() -> None:
    sizes: list[int] = []

    def said(names: list[str]) -> Reply | dict[str, Any]:
        sizes.append(len(names))
        if len(names) > 25:
            return Reply(502, {"message": "We couldn't respond to your request in time."})
        if len(names) > 12:
            return {"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]}
        return everybody(names)

    names = [f"m{number}" for number in range(30)]
    answer = of(MemberContributions, ask(org(*names, said=said)))
    assert all(fact.any for fact in answer.facts)
    assert sizes == [30, 25, 12, 12, 6]


@pytest.mark.parametrize(
    ("refusal", "reason", "tries"),
    [
        (Reply(502, {"message": "We couldn't respond in time."}), Reason.UNREACHABLE, 6),
        (DENIED, Reason.NOT_PERMITTED, 2),
        (Reply(data=[], headers={"content-type": "text/html"}), Reason.MALFORMED, 2),
    ],
)
def test_members_that_could_not_be_asked_about(refusal: Reply, reason: Reason, tries: int) -> None:
    sizes: list[int] = []

    def said(names: list[str]) -> Reply | dict[str, Any]:
        sizes.append(len(names))
        first = "m0" in names and len(names) == 50
        return everybody(names) if first else refusal

    names = [f"m{number}" for number in range(100)]
    facts = of(MemberContributions, ask(org(*names, said=said))).facts
    assert all(fact.any for fact in facts[:50])
    assert {fact.unknown_fields()["any"].reason for fact in facts[50:]} == {reason}
    assert len(sizes) == tries, "it does not go on asking"


def test_without_a_whole_list_of_members_activity_is_not_whole_either() -> None:
    paths = org(said=everybody, roster=pages([edge("rowan")], total=2))
    answer = of(MemberContributions, ask(paths))
    assert len(answer.facts) == 1
    assert answer.missing is not None
    without_id = org(said=everybody, roster=lambda _: Reply(data={"data": {"organization": None}}))
    answer = of(MemberContributions, ask(without_id))
    assert answer.facts == ()
    assert answer.missing is not None


def entry(actor: Any) -> dict[str, Any]:
    return {"@timestamp": 1790000000000, "action": "repo.create", "actor": actor}


def log(*actors: str, about: Any = None) -> Callable[[Request], Reply]:
    """An audit log; `about` answers a search for one person."""

    def answer(request: Request) -> Reply:
        phrase = request.query["phrase"]
        assert "created:>=2026-05-28" in phrase
        assert request.query["include"] == "all"
        found = re.search(r"actor:(\S+)", phrase)
        if found and about is not None:
            return about if isinstance(about, Reply) else Reply(data=about)
        wanted = found[1].lower() if found else None
        return Reply(data=[entry(a) for a in actors if wanted in {None, a.lower()}][:1])

    return answer


def trail(said: Said, *logins: str, log_: Any) -> Answer[Any]:
    (answer,) = ask(org(*logins, said=said) | {LOG: log_}, read=audit_trail.trail)
    assert answer.kind is MemberAuditTrail
    return answer


def silent(names: list[str]) -> dict[str, Any]:
    return everybody(names, did=NOTHING)


def test_the_audit_log_is_searched_for_who_shows_nothing() -> None:
    def said(names: list[str]) -> dict[str, Any]:
        answer = everybody(names, did=NOTHING)
        answer["data"]["u0"] = {"contributionsCollection": DID}
        return answer

    answer = trail(said, "rowan", "ash", "elm", log_=log("rowan", "Ash"))
    assert {fact.label: fact.seen for fact in answer.facts} == {"ash": True, "elm": False}
    assert answer.missing is None
    assert answer.facts[0].since == SINCE
    assert answer.evidence[0].endpoint.startswith(f"GET {LOG}")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (GONE, Reason.NOT_VISIBLE),
        (DENIED, Reason.NOT_PERMITTED),
        (Reply(data=[]), Reason.NOT_VISIBLE),
        ({}, Reason.MALFORMED),
        (Reply(500, {"message": "no"}), Reason.UNREACHABLE),
        (
            Reply(data=[entry("x")], headers={"X-GitHub-SSO": "partial-results; organizations=7"}),
            Reason.NEEDS_SSO,
        ),
    ],
)
def test_without_a_log_nothing_is_known_of_anybody(said: Any, reason: Reason) -> None:
    answer = trail(silent, "rowan", "ash", log_=said)
    assert answer.facts == ()
    assert answer.missing is not None
    assert answer.missing.reason is reason


@pytest.mark.parametrize(
    "about", [DENIED, {}, [{}], [entry(None)], [entry("somebody-else")], [None]]
)
def test_a_search_that_went_wrong_is_no_silence(about: Any) -> None:
    answer = trail(silent, "rowan", log_=log("ash", about=about))
    assert "seen" in answer.facts[0].unknown_fields()


def test_nobody_is_looked_up_without_need() -> None:
    answer = trail(everybody, "rowan", log_=Reply(500, {"message": "not to be asked"}))
    assert (answer.facts, answer.missing) == ((), None)
    unknown = trail(lambda names: everybody(names, did={}), "rowan", log_=log())
    assert unknown.facts == (), "who may have contributed is not searched for"


def test_the_log_is_not_searched_for_everybody() -> None:
    names = [f"m{number}" for number in range(MOST_ASKED + 3)]
    answer = trail(silent, *names, log_=log("rowan"))
    assert len(answer.facts) == MOST_ASKED
    assert answer.missing is not None
    assert answer.missing.reason is Reason.INCOMPLETE
