"""Whether a token shows all repositories of an organization."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.collectors.github.whole import short, shown
from hardenme.facts.github.organization import OrganizationVisibility
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import github

GROVE = Subject("github", "org", "grove")
LOST = Unknown(Reason.INCOMPLETE, "every page")
COUNTS = {"login": "grove", "public_repos": 2, "owned_private_repos": 3}


def ask(
    said: Any = COUNTS, visible: int | None = 5, missing: Unknown | None = None
) -> Answer[OrganizationVisibility]:
    with github({"/orgs/grove": said}) as (client, server):
        found = shown(client, GROVE, visible, missing)
        assert len(server.requests) == 1
    return found


def why(found: Answer[OrganizationVisibility]) -> Unknown:
    (fact,) = found.facts
    return fact.unknown_fields()["whole"]


@pytest.mark.parametrize("visible", [5, 6])
def test_all_of_them(visible: int) -> None:
    found = ask(visible=visible)
    (fact,) = found.facts
    assert (fact.visible, fact.whole, found.missing) == (visible, True, None)
    assert short(found) is None


@pytest.mark.parametrize("visible", [0, 4])
def test_fewer_than_there_are(visible: int) -> None:
    found = ask(visible=visible)
    assert why(found).reason is Reason.NOT_VISIBLE
    assert "all 5 repositories of grove" in why(found).needed
    assert why(found).seen == f"the token shows {visible} of 5"
    assert short(found) == why(found)


@pytest.mark.parametrize("name", ["public_repos", "owned_private_repos"])
@pytest.mark.parametrize("hidden", [True, False])
def test_a_count_that_is_not_shown_proves_nothing(name: str, hidden: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    said = {key: value for key, value in COUNTS.items() if key != name}
    found = ask(said if hidden else said | {name: None})
    assert why(found).reason is Reason.NOT_PERMITTED
    assert name in why(found).seen
    assert short(found) is None


def test_a_count_that_is_not_understood() -> None:
    assert why(ask(COUNTS | {"owned_private_repos": "3"})).reason is Reason.MALFORMED


def test_a_listing_that_is_not_whole_shows_not_all() -> None:
    assert why(ask(missing=LOST)) == LOST
    assert ask(visible=None, missing=LOST).missing == LOST
    assert ask(visible=None).missing is not None


@pytest.mark.parametrize("status", [403, 404, 500])
def test_an_organization_that_does_not_answer(status: int) -> None:
    found = ask(Reply(status, {"message": "no"}))
    assert found.facts == ()
    assert found.missing is not None
    assert short(found) is None
