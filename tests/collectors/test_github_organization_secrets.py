from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import GONE, Say, github, reads

ORGANIZATION = Subject("github", "org", "cedar-labs")
SECRET = {
    "name": "NPM_TOKEN",
    "created_at": "2026-10-01T08:00:00Z",
    "updated_at": "2026-10-01T08:00:00Z",
    "visibility": "all",
}


def page(*items: dict[str, Any]) -> dict[str, Any]:
    return {"total_count": len(items), "secrets": list(items)}


def read(say: Say) -> Answer[Any]:
    with github({"/orgs/cedar-labs/actions/secrets": say}) as (client, _):
        (found,) = reads(OrganizationSecret)(client, ORGANIZATION, FactStore())
    return found


def test_the_secrets_for_actions() -> None:
    (fact,) = read(page(SECRET)).facts
    assert isinstance(fact, OrganizationSecret)
    assert str(fact.subject) == "github:org-secret/cedar-labs/NPM_TOKEN"
    assert (fact.within, fact.name, fact.visibility) == (ORGANIZATION, "NPM_TOKEN", "all")


def test_the_secrets_for_dependabot_have_subjects_of_their_own() -> None:
    with github({"/orgs/cedar-labs/dependabot/secrets": page(SECRET)}) as (client, _):
        (found,) = reads(OrganizationDependabotSecret)(client, ORGANIZATION, FactStore())
    (fact,) = found.facts
    assert isinstance(fact, OrganizationDependabotSecret)
    assert str(fact.subject) == "github:org-secret/cedar-labs/dependabot/NPM_TOKEN"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("visibility", ...),
        ("visibility", None),
        ("visibility", "some"),
        ("updated_at", ...),
        ("updated_at", "lately"),
    ],
)
def test_what_is_not_understood_is_not_known(raw: str, value: Any) -> None:
    changed = {name: item for name, item in (SECRET | {raw: value}).items() if item is not ...}
    (fact,) = read(page(changed)).facts
    assert raw in fact.unknown_fields()


@pytest.mark.parametrize("name", [None, ...])
def test_a_secret_without_a_name_is_lost(name: object) -> None:
    nameless = {key: value for key, value in (SECRET | {"name": name}).items() if value is not ...}
    found = read(page(SECRET, nameless))
    assert [fact.label for fact in found.facts] == ["NPM_TOKEN"]
    assert found.missing is not None


def test_an_empty_list_and_a_refusal_are_told_apart() -> None:
    empty = read(page())
    assert (empty.facts, empty.missing) == ((), None)
    hidden = read(GONE).missing
    assert hidden is not None
    assert hidden.reason is Reason.NOT_VISIBLE
    refused = read(Reply(403, {"message": "Must have admin rights to Repository."})).missing
    assert refused is not None
    assert refused.reason is Reason.NOT_PERMITTED
    lost = read({"total_count": 2, "secrets": [SECRET]}).missing
    assert lost is not None
    assert lost.reason is Reason.INCOMPLETE
