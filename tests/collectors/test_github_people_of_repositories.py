"""The administrators, outsiders and invitations of repositories, in batches and one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import collaborators, repositories
from hardenme.facts.github.collaborators import (
    CollaboratorInvitation,
    RepositoryAdministrators,
    RepositoryOutsideCollaborator,
)
from hardenme.facts.github.repository import Repository
from hardenme.model.depth import BEYOND, Depth
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.reader import TOKEN
from tests.collectors.scripted import GONE, github, of, reads

APP = "ghs_CANARY00000000000000000000000000000000"
HERE = Subject("github", "repo", "cedar-labs/cone")
FLAGS = ("admin", "maintain", "push", "triage", "pull")
BASE = "/repos/cedar-labs/cone"
DEEPER = BEYOND[Depth.DEEP]


def people(*permissions: Any, total: Any = ..., logins: bool = False) -> dict[str, Any]:
    edges = [
        {"permission": held} | ({"node": {"login": f"person-{number}"}} if logins else {})
        for number, held in enumerate(permissions)
    ]
    return {"totalCount": len(edges) if total is ... else total, "edges": edges}


NODE: dict[str, Any] = {
    "nameWithOwner": "cedar-labs/cone",
    "visibility": "PUBLIC",
    "isArchived": False,
    "isInOrganization": True,
    "viewerCanAdminister": True,
    "defaultBranchRef": None,
    "collaborators": people("ADMIN", "WRITE", "ADMIN", logins=True),
    "outside": people("READ", "MAINTAIN", logins=True),
}


def batch(node: Any, errors: Any = (), token: str = TOKEN) -> list[Answer[Any]]:
    said = {"data": {"repository": node}, "errors": list(errors)}
    with github({"graphql": said}, token=token) as (client, _):
        return list(repositories.one(client, HERE, FactStore()))


def administrators(**change: Any) -> Answer[Any]:
    return of(RepositoryAdministrators, batch(NODE | change))


def outsiders(**change: Any) -> Answer[Any]:
    return of(RepositoryOutsideCollaborator, batch(NODE | change))


def booked(answers: Iterable[Answer[Any]]) -> FactStore:
    store = FactStore()
    for answer in answers:
        store.put(answer)
    return store


def test_administrators_are_counted() -> None:
    (fact,) = administrators().facts
    assert (fact.count, fact.least) == (2, 2)
    assert fact.logins == {"person-0", "person-2"}
    assert not fact.unknown_fields()


@pytest.mark.parametrize("node", [{}, {"node": None}, {"node": {"login": None}}, {"node": 7}])
def test_an_administrator_without_a_name_is_counted_all_the_same(node: dict[str, Any]) -> None:
    said = people("ADMIN", "WRITE", logins=True)
    said["edges"].append({"permission": "ADMIN", **node})
    (fact,) = administrators(collaborators=said | {"totalCount": 3}).facts
    assert (fact.count, fact.least) == (2, 2)
    assert set(fact.unknown_fields()) == {"logins", "pushers"}


def test_the_names_of_others_are_not_needed() -> None:
    said = people("ADMIN", logins=True)
    said["edges"] += [{"permission": "WRITE"}, {"permission": "OWNER"}]
    said["edges"][0]["node"]["login"] = "Person-0"
    (fact,) = administrators(collaborators=said | {"totalCount": 3}).facts
    assert fact.logins == {"person-0"}
    assert "count" in fact.unknown_fields(), "one of them may be an administrator"


@pytest.mark.parametrize(
    "said",
    [
        people("ADMIN", None),
        people("ADMIN", "OWNER"),
        people("ADMIN", total=None),
        {"edges": [{"permission": "ADMIN"}, {}], "totalCount": 2},
        {"edges": [{"permission": "ADMIN"}]},
    ],
)
def test_administrators_that_are_not_understood_are_not_counted(said: Any) -> None:
    (fact,) = administrators(collaborators=said).facts
    assert "count" in fact.unknown_fields()
    assert fact.least == 1


def test_more_people_than_a_batch_shows_are_left_to_a_deeper_run() -> None:
    said = people("ADMIN", "READ", total=140, logins=True)
    (fact,) = administrators(collaborators=said).facts
    assert fact.unknown_fields()["count"] is DEEPER
    assert (fact.least, fact.logins) == (1, {"person-0"})


@pytest.mark.parametrize(
    "change",
    [{"collaborators": None}, {"collaborators": {"totalCount": 0}}, {"viewerCanAdminister": False}],
)
def test_people_that_are_not_shown_are_not_nobody(change: dict[str, Any]) -> None:
    change = change | {"outside": change.get("collaborators", NODE["outside"])}
    for answer in (administrators(**change), outsiders(**change)):
        assert answer.facts == ()
        assert answer.missing is not None


def test_an_app_is_shown_everybody() -> None:
    node = NODE | {"viewerCanAdminister": False}
    answers = batch(node, token=APP)
    assert of(RepositoryAdministrators, answers).facts[0].count == 2
    assert len(of(RepositoryOutsideCollaborator, answers).facts) == 2


def test_a_refused_part_takes_a_permission() -> None:
    node = {name: value for name, value in NODE.items() if name != "outside"} | {
        "collaborators": None,
        "outside": None,
    }
    errors = [
        {"type": "FORBIDDEN", "path": ["repository", name]} for name in ("collaborators", "outside")
    ]
    answers = batch(node, errors)
    for kind in (RepositoryAdministrators, RepositoryOutsideCollaborator):
        missing = of(kind, answers).missing
        assert missing is not None
        assert missing.reason is Reason.NOT_PERMITTED


def test_outsiders() -> None:
    answer = outsiders()
    assert answer.missing is None
    assert [(fact.login, fact.permission) for fact in answer.facts] == [
        ("person-0", "read"),
        ("person-1", "maintain"),
    ]
    assert str(answer.facts[0].subject) == "github:collaborator/cedar-labs/cone/person-0"


def test_a_persons_repository_has_no_outsiders() -> None:
    answer = outsiders(isInOrganization=False, outside=None)
    assert (answer.facts, answer.missing) == ((), None)
    node = {name: value for name, value in NODE.items() if name != "isInOrganization"}
    assert of(RepositoryOutsideCollaborator, batch(node)).missing is not None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (people("READ", total=80, logins=True), Reason.NOT_ASKED),
        (people("READ"), Reason.MALFORMED),
        (people("READ", total="2", logins=True), Reason.MALFORMED),
    ],
)
def test_outsiders_that_are_not_all_there(said: Any, reason: Reason) -> None:
    missing = outsiders(outside=said).missing
    assert missing is not None
    assert missing.reason is reason


# --- one repository at a time


def row(login: Any, held: str, **change: Any) -> dict[str, Any]:
    level = FLAGS.index(held)
    flags = {name: position >= level for position, name in enumerate(FLAGS)}
    return {"login": login, "id": hash(login), "permissions": flags, **change}


def asked(read: Any, path: str, said: Any, store: FactStore) -> tuple[list[Answer[Any]], int]:
    with github({f"{BASE}/{path}": said}) as (client, server):
        return list(read(client, HERE, store)), len(server.requests)


def test_what_the_batch_settled_is_not_asked_again() -> None:
    store = booked(batch(NODE))
    for read in (collaborators.administrators, collaborators.outside):
        assert asked(read, "collaborators", [], store) == ([], 0)


@pytest.mark.parametrize(
    "node",
    [
        NODE | {"collaborators": people("ADMIN", "OWNER"), "outside": people("READ")},
        NODE | {"collaborators": {"edges": []}, "outside": {"edges": []}},
    ],
)
def test_what_the_batch_did_not_understand_is_not_asked_again(node: dict[str, Any]) -> None:
    store = booked(batch(node))
    for read in (collaborators.administrators, collaborators.outside):
        assert asked(read, "collaborators", [], store) == ([], 0)


CUT = NODE | {
    "collaborators": people("ADMIN", total=140),
    "outside": people("READ", total=80, logins=True),
}


def test_what_a_batch_cut_is_asked_alone() -> None:
    store = booked(batch(CUT))
    said = [row("Alder", "admin"), row("linden", "admin"), row("maple", "maintain")]
    (answer,), count = asked(collaborators.administrators, "collaborators", said, store)
    assert (answer.facts[0].count, answer.facts[0].least, count) == (2, 2, 1)
    assert answer.facts[0].logins == {"alder", "linden"}
    (answer,), _ = asked(collaborators.outside, "collaborators", said, store)
    assert [fact.permission for fact in answer.facts] == ["admin", "admin", "maintain"]
    assert answer.missing is None


def test_an_administrator_without_a_name_is_counted_alone_too() -> None:
    said = [row("alder", "admin"), row(None, "admin"), row("maple", "pull") | {"login": 7}]
    (answer,), _ = asked(collaborators.administrators, "collaborators", said, booked(batch(CUT)))
    (fact,) = answer.facts
    assert (fact.count, set(fact.unknown_fields())) == (2, {"logins", "pushers", "writers"})


@pytest.mark.parametrize(
    ("change", "permission"),
    [
        ({"permissions": {"admin": False, "maintain": False, "push": True}}, "write"),
        ({"permissions": {"admin": False, "maintain": False}}, None),
        ({"permissions": {"push": True}}, None),
        ({"permissions": {"admin": "no"}}, None),
        ({"permissions": dict.fromkeys(FLAGS, False)}, None),
        ({"permissions": None}, None),
    ],
)
def test_the_highest_flag_is_the_permission(change: Any, permission: str | None) -> None:
    said = [row("guest", "admin", **change)]
    (answer,), _ = asked(collaborators.outside, "collaborators", said, booked(batch(CUT)))
    (fact,) = answer.facts
    if permission is None:
        assert "permission" in fact.unknown_fields()
    else:
        assert fact.permission == permission
    (answer,), _ = asked(collaborators.administrators, "collaborators", said, booked(batch(CUT)))
    assert ("count" in answer.facts[0].unknown_fields()) is (permission is None)


@pytest.mark.parametrize("said", [GONE, Reply(403, {"message": "Must have push access"}), {}])
def test_a_list_that_is_refused_is_not_empty(said: Any) -> None:
    store = booked(batch(CUT))
    for read in (collaborators.administrators, collaborators.outside):
        (answer,), _ = asked(read, "collaborators", said, store)
        assert answer.facts == ()
        assert answer.missing is not None


def test_only_administrators_and_apps_are_shown_all() -> None:
    for node in (NODE | {"viewerCanAdminister": False}, NODE | {"viewerCanAdminister": None}):
        store = booked(batch(node))
        for read in (collaborators.administrators, collaborators.outside):
            (answer,), count = asked(read, "collaborators", [row("alder", "admin")], store)
            assert count == 0
            assert answer.missing is not None
    assert booked(batch(NODE)).fact(Repository, HERE) is not None


OFFER = {
    "id": 61,
    "permissions": "write",
    "created_at": "2026-11-01T00:00:00Z",
    "invitee": {"login": "guest"},
}


def offers(said: Any) -> Answer[Any]:
    (answer,), _ = asked(reads(CollaboratorInvitation), "invitations", said, FactStore())
    return answer


def test_invitations() -> None:
    (fact,) = offers([OFFER]).facts
    assert (fact.number, fact.permissions, fact.label) == (61, "write", "guest")
    assert str(fact.subject) == "github:collaborator-invitation/cedar-labs/cone/61"
    assert offers([OFFER | {"invitee": None}]).facts[0].label == ""


@pytest.mark.parametrize("name", ["permissions", "created_at"])
def test_an_invitation_that_is_not_understood(name: str) -> None:
    for value in (None, {"new": 1}, "something new"):
        assert offers([OFFER | {name: value}]).facts[0].unknown_fields()
    less = {key: value for key, value in OFFER.items() if key != name}
    assert offers([less]).facts[0].unknown_fields()


@pytest.mark.parametrize("number", [None, {"new": 1}, True, "", ...])
def test_an_invitation_without_a_number_is_lost(number: object) -> None:
    nameless = {key: value for key, value in (OFFER | {"id": number}).items() if value is not ...}
    answer = offers([OFFER, nameless])
    assert [fact.number for fact in answer.facts] == [61]
    assert answer.missing is not None


def test_a_list_that_holds_an_item_twice_is_not_whole() -> None:
    answer = offers([OFFER, OFFER])
    assert len(answer.facts) == 1
    assert answer.missing is not None
    assert answer.missing.reason is Reason.INCOMPLETE


def test_invitations_that_are_not_shown() -> None:
    answer = offers(GONE)
    assert answer.kind is CollaboratorInvitation
    assert answer.missing is not None
