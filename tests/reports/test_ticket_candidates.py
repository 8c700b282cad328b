"""Whom a change names: the accounts that the run saw, or where they are listed."""

from __future__ import annotations

import pytest

from hardenme.model.inventory import ACCESS, InventoryItem, Place, State
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.ticket.candidates import MOST, Candidates
from tests.reports import planned

WEB = Subject("github", "repo", "acme/web")
ORG = Subject("npm", "org", "acme")
ONE = Subject("npm", "package", "@acme/one")
REVIEW = 'Tick "Required reviewers" and name them'
PAGE = "https://host.example.test/acme/web/settings/environments"
LOST = Unknown(Reason.NOT_PERMITTED, "a token that sees it")


def item(kind: str, label: str, place: Subject, **state: State) -> InventoryItem:
    return InventoryItem(kind, place, label, label, state)


def access(*pushers: str, missing: Unknown | None = None) -> Place:
    found = item(ACCESS, "acme/web", WEB, pushers=pushers)
    return Place(WEB, {ACCESS: missing}, (found,))


def named(step: str, place: Subject, *seen: Place, suspects: tuple[str, ...] = ()) -> str:
    """What is said of whom an action names."""
    finding = planned.failed("GHR118", str(place), planned.fix(step, PAGE))
    report = planned.report(finding, inventory=seen)
    (found,) = plan_of(report).steps
    return Candidates(report, suspects).of(found.actions[0])


def test_reviewers_are_those_who_can_push() -> None:
    assert named(REVIEW, WEB, access("fern", "wren")) == "Who: fern and wren can push today"
    owners = "Name two owners of /.github/ on the last line of CODEOWNERS"
    assert named(owners, WEB, access("fern", "wren")) == "Who: fern and wren can push today"
    names = tuple(f"member-{number}" for number in range(MOST + 3))
    assert named(REVIEW, WEB, access(*names)).endswith("and 3 others can push today")


def test_who_is_alone_reviews_alone() -> None:
    said = named(REVIEW, WEB, access("fern"))
    assert said.startswith("Who: only fern can push today. Name that account, and leave")


@pytest.mark.parametrize("seen", [(), (access("fern", missing=LOST),)])
def test_a_page_lists_who_is_not_known(seen: tuple[Place, ...]) -> None:
    page = "https://host.example.test/acme/web/settings/access"
    assert named(REVIEW, WEB, *seen) == f"Who: {page} lists everyone who can"


def test_whom_a_sign_of_an_attack_names_is_not_offered() -> None:
    said = named(REVIEW, WEB, access("fern", "wren", "sorrel"), suspects=("sorrel",))
    assert said == "Who: fern and wren can push today"
    said = named(REVIEW, WEB, access("sorrel"), suspects=("sorrel",))
    assert "sorrel" not in said
    # The account of the run is not taken for the attacker's.
    said = named(REVIEW, WEB, access("mallow", "fern"), suspects=("mallow",))
    assert said == "Who: mallow and fern can push today"


def test_an_owner_is_a_member_who_is_none_yet() -> None:
    roles = {"fern": "owner", "wren": "developer", "oak": "admin"}
    members = tuple(item("member", login, ORG, role=role) for login, role in roles.items())
    step = "Make one more member an owner"
    assert named(step, ORG, Place(ORG, {"member": None}, members)) == (
        "Who: members who are not owners yet: wren and oak"
    )
    assert named(step, ORG, Place(ORG, {"member": None}, members[:1])).startswith(
        f"Who: {PAGE} lists the members. Invite someone whom you know"
    )


def test_a_team_of_those_who_release_is_of_those_who_can() -> None:
    makers = tuple(item("maintainer", login, ONE) for login in ("fern", "wren"))
    other = Subject("npm", "package", "@acme/one-more")
    seen = (
        Place(ONE, {}, makers),
        Place(other, {}, (item("maintainer", "stray", other),)),
    )
    step = "Create a team of those who release, give it @acme/one, then set it to read-only"
    assert named(step, ORG, *seen) == "Who: fern and wren can publish today"


def test_what_asks_for_no_one_names_no_one() -> None:
    assert named("Untick it", WEB, access("fern", "wren")) == ""
