"""One person's list, out of a report: what was not read is never taken for gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hardenme.derive.handover import PersonLeaving, handover, with_earlier
from hardenme.derive.handover.needed import LISTS
from hardenme.derive.holders.unread import CONTAINERS
from hardenme.model.handover import Handover, Mode
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.handover import FORMS, render
from hardenme.reports.handover.view import HandoverView
from hardenme.reports.header import Header
from hardenme.reports.style import Style
from tests.derive.test_holders import ORG, changed, complete, place_of, without

PEOPLE = ("birch", "fennel", "guest", "linden", "brich")
SIEVE = Subject("npm", "package", "@grove/sieve")


@cache
def whole() -> Report:
    """A report as if every list had been read to its end, with who added each deploy key."""
    report = complete()
    made = []
    for place in report.inventory:
        kinds = LISTS.get(f"{place.subject.provider}:{place.subject.kind}", {})
        items = tuple(
            replace(one, state={**one.state, "added_by": "linden"})
            if one.kind == "deploy key"
            else one
            for one in place.items
        )
        made.append(replace(place, lists={**place.lists, **dict.fromkeys(kinds)}, items=items))
    return replace(report, inventory=made)


def lists() -> Iterator[tuple[Subject, str]]:
    """Each list that a person can stand in, and those that list what these lie in."""
    for place in whole().inventory:
        name = f"{place.subject.provider}:{place.subject.kind}"
        kinds = {**CONTAINERS.get(name, {}), **LISTS.get(name, {})}
        yield from ((place.subject, kind) for kind in kinds)


def of(report: Report, login: str, mode: Mode = Mode.LEAVES) -> Handover:
    return handover(report, PersonLeaving(login, "", mode))


def texts(found: Handover) -> set[str]:
    return {task.text for task in found.tasks}


def written(found: Handover) -> str:
    style = Style(1000, color=False, ascii_only=True)
    return "\n".join(
        render(HandoverView(found, "", "1", Header("mallow")), form, style) for form in FORMS
    )


def test_of_a_complete_list_nothing_is_left() -> None:
    found = of(whole(), "brich")
    assert "Nothing of this person is left" in written(found)


@pytest.mark.second_tier("each list, for each person and reason", one_of=20)
@pytest.mark.sampled(6)
@pytest.mark.parametrize("login", PEOPLE)
@pytest.mark.parametrize("mode", list(Mode))
def test_a_broken_list_never_makes_the_list_calmer(login: str, mode: Mode) -> None:
    base = whole()
    before = of(base, login, mode)
    for subject, kind in lists():
        for every in (1, 2):
            broken = without(base, subject, kind, every=every)
            found = of(broken, login, mode)
            assert not found.extent.complete, (subject, kind)
            assert "Nothing of this person is left" not in written(found)
            assert not (
                {one for one in texts(found) if "is the only owner" in one and "seen" not in one}
                - texts(before)
            )


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.parametrize("login", PEOPLE)
def test_a_kept_run_fills_in_what_was_not_read_and_nothing_else(login: str) -> None:
    base = whole()
    before = texts(of(base, login))
    for subject, kind in lists():
        broken = without(base, subject, kind, every=1)
        with_it = texts(of(with_earlier(broken, base), login))
        assert with_it >= before, (subject, kind)
    for place in base.inventory:
        gone = [one for one in base.inventory if one.subject != place.subject]
        lost = replace(base, inventory=gone)
        assert texts(of(with_earlier(lost, base), login)) >= before, place.subject


def test_what_was_removed_does_not_come_back_from_a_kept_run() -> None:
    base = whole()
    place = place_of(base, ORG)
    items = tuple(one for one in place.items if one.label != "birch")
    now = changed(base, ORG, items=items)
    assert any(text.startswith("Remove birch from cedar-labs") for text in texts(of(base, "birch")))
    after = texts(of(with_earlier(now, base), "birch"))
    assert not [text for text in after if text.startswith("Remove birch from cedar-labs")]


def test_a_repository_that_is_gone_does_not_come_back() -> None:
    base = whole()
    cone = Subject("github", "repo", "cedar-labs/cone")
    items = tuple(one for one in place_of(base, ORG).items if one.subject != cone)
    now = changed(base, ORG, items=items)
    now = replace(now, inventory=[one for one in now.inventory if one.subject != cone])
    assert cone not in {one.subject for one in with_earlier(now, base).inventory}


def test_a_trusted_publisher_in_their_own_repository_is_revoked() -> None:
    base = whole()
    state = {"repository": "Birch/release", "workflow": "release.yml"}
    one = InventoryItem("trusted publisher", SIEVE, "release.yml", "7f3a", state)
    report = replace(base, inventory=[*base.inventory, Place(SIEVE, {}, (one,))])
    (task,) = (one for one in of(report, "birch").tasks if "trusted publisher" in one.text)
    assert task.commands[0].endswith("trust revoke --id=7f3a @grove/sieve")
    assert not [one for one in of(report, "fennel").tasks if "trusted publisher" in one.text]


def test_the_organization_roles_of_a_member_end_with_the_membership() -> None:
    removed = [one for one in texts(of(whole(), "fennel")) if one.startswith("Remove fennel")]
    assert removed == [
        "Remove fennel from cedar-labs, which ends the organization roles all_repo_admin"
    ]


def test_no_command_names_someone_who_may_exist() -> None:
    for login in PEOPLE:
        for mode in Mode:
            for task in of(whole(), login, mode).tasks:
                assert not [one for one in task.commands if "LOGIN" in one or "someone" in one]


def test_that_there_is_no_other_owner_takes_the_whole_list() -> None:
    base = whole()
    place = place_of(base, ORG)
    items = tuple(one for one in place.items if one.kind != "member" or one.label != "alder")
    alone = changed(base, ORG, items=items)
    only = "linden is the only owner of cedar-labs: "
    assert [text for text in texts(of(alone, "linden")) if text.startswith(only)]
    found = texts(of(without(alone, ORG, "member", every=10**6), "linden"))
    assert not [text for text in found if text.startswith(only)]


def test_a_key_that_a_stolen_account_added_is_not_replaced_first() -> None:
    """Who has the account may have added it: the plan says the same of a key that is new."""
    for mode in Mode:
        keys = [text for text in texts(of(whole(), "linden", mode)) if "deploy key" in text]
        assert keys
        assert all(text.startswith("Delete") for text in keys) is (mode is Mode.STOLEN)
