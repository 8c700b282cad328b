"""The secrets of an organization that its repositories can read."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import inherited
from hardenme.facts.github.environments import InheritedSecret
from hardenme.facts.github.repository import Repository
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply, Request
from tests.collectors.scripted import GONE, github
from tests.running import NOW

ORGANIZATION = Subject("github", "org", "cedar-labs")
HERE = Subject("github", "repo", "cedar-labs/cone")
OWN = "/repos/cedar-labs/cone/actions/organization-secrets"
ABOVE = "/orgs/cedar-labs/actions/secrets"
CHOSEN = f"{ABOVE}/TOKEN/repositories"
SEEN = Atom("POST /graphql", 200, NOW)


def secrets(*rows: tuple[str, str]) -> dict[str, Any]:
    found = [{"name": name, "visibility": visibility} for name, visibility in rows]
    return {"total_count": len(rows), "secrets": found}


def chosen(*names: str, total: int | None = None) -> dict[str, Any]:
    found = [{"full_name": f"cedar-labs/{name}"} for name in names]
    return {"total_count": len(names) if total is None else total, "repositories": found}


def asked(
    paths: dict[str, Any], within: Subject = ORGANIZATION, **change: Any
) -> tuple[Answer[Any], list[Request]]:
    given: dict[str, Any] = {
        "full_name": HERE.name,
        "visibility": "public",
        "archived": False,
        "fork": False,
        "template": False,
        "node_id": "R_1",
        "in_organization": True,
        "default_branch": "main",
        "viewer_is_admin": True,
        "created_at": NOW,
        "pushed_at": NOW,
    }
    fact = Repository(
        subject=HERE, within=within, label=HERE.name, web="http://x", **given | change
    )
    store = FactStore()
    store.put(Answer(Repository, HERE, (fact,), (SEEN,)))
    with github(paths) as (client, server):
        (answer,) = inherited.inherited_secrets(client, HERE, store)
        return answer, server.requests


def names(answer: Answer[Any]) -> list[str]:
    assert answer.kind is InheritedSecret
    assert answer.evidence
    return [fact.name for fact in answer.facts]


SHARED = secrets(("EVERYWHERE", "all"), ("INSIDE", "private"), ("TOKEN", "selected"))


def test_a_public_repository_is_told_of_by_the_organizations_lists() -> None:
    answer, requests = asked({ABOVE: SHARED, CHOSEN: chosen("bark", "Cone")})
    assert names(answer) == ["EVERYWHERE", "TOKEN"]
    assert answer.missing is None
    assert str(answer.facts[1].subject) == "github:inherited-secret/cedar-labs/cone/TOKEN"
    assert [request.path for request in requests] == [ABOVE, CHOSEN]
    assert len(answer.evidence) == 3
    answer, _ = asked({ABOVE: SHARED, CHOSEN: chosen("bark")})
    assert names(answer) == ["EVERYWHERE"]
    answer, _ = asked({ABOVE: secrets()})
    assert (names(answer), answer.missing) == ([], None)


@pytest.mark.parametrize("visibility", ["private", "internal"])
def test_what_is_not_public_is_asked_itself(visibility: str) -> None:
    answer, requests = asked({OWN: secrets(("INSIDE", "private"))}, visibility=visibility)
    assert names(answer) == ["INSIDE"]
    assert [request.path for request in requests] == [OWN]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {ABOVE: Reply(403, {"message": "Must have admin rights"})},
        {ABOVE: SHARED},
        {ABOVE: SHARED, CHOSEN: chosen("bark", total=2)},
        {ABOVE: SHARED, CHOSEN: {"total_count": 1, "repositories": [{"id": 1}]}},
        {ABOVE: secrets(("EVERYWHERE", "all")) | {"total_count": 2}},
        {ABOVE: secrets(("EVERYWHERE", "some")), CHOSEN: chosen()},
        {ABOVE: {"total_count": 1, "secrets": [{"visibility": "all"}]}},
    ],
)
def test_lists_that_are_not_whole_leave_it_to_the_repository(broken: dict[str, Any]) -> None:
    answer, _ = asked(broken | {OWN: secrets(("OWN", "all"))})
    assert names(answer) == ["OWN"]
    answer, _ = asked(broken | {OWN: GONE})
    assert answer.missing is not None
    assert answer.facts == ()


def test_a_repository_that_is_named_alone_is_asked_itself() -> None:
    answer, requests = asked({ABOVE: SHARED, OWN: secrets(("OWN", "all"))}, within=HERE)
    assert names(answer) == ["OWN"]
    assert [request.path for request in requests] == [OWN]


def test_a_persons_repository_inherits_nothing() -> None:
    answer, requests = asked({}, in_organization=False)
    assert (names(answer), answer.missing, requests) == ([], None, [])


def test_what_is_not_known_of_the_repository_stays_unknown() -> None:
    why = Unknown(Reason.NOT_VISIBLE, "isInOrganization")
    answer, requests = asked({OWN: secrets()}, in_organization=why)
    assert (answer.missing, requests) == (why, [])
    hidden = Unknown(Reason.NOT_VISIBLE, "visibility")
    answer, requests = asked({ABOVE: SHARED, OWN: secrets(("OWN", "all"))}, visibility=hidden)
    assert names(answer) == ["OWN"]
    assert [request.path for request in requests] == [OWN]
