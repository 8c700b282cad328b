"""A field that was not read makes `people` and `person` no calmer: what is lost is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from hardenme.derive.handover import with_earlier
from hardenme.derive.holders import holders
from hardenme.facts.github.people import NAMED_TEAMS
from hardenme.model.handover import Mode
from hardenme.model.holders import HolderKind
from hardenme.model.inventory import CODE_OWNERS, InventoryItem
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.derive.test_handover import of, texts
from tests.derive.test_handover import whole as complete
from tests.derive.test_holders import CONE, ORG, alone, changed, place_of

GITHUB = ("github:org", "github:repo")
REFUSED = Unknown(Reason.NOT_PERMITTED, "a token that sees apps")
LOGINS = ("alder", "birch", "fennel", "guest", "linden")
ABSENT = object()
VALUES = {"absent": ABSENT, "null": None, "odd": 7}
"""What stands in place of a field: it was not read, it is null, or of a type that is not known."""
MEMBER_TOKEN = "fine-grained token of a member"


@cache
def whole() -> Report:
    """A report in which each member is in the team core, and a member has a token."""
    report = complete()
    place = place_of(report, ORG)
    token = {"login": "birch", "permissions": ("contents:write",), "repository_selection": "all"}
    items = tuple(
        replace(one, state={**one.state, "teams": ("core",)}) if one.kind == "member" else one
        for one in place.items
    )
    more = InventoryItem(MEMBER_TOKEN, Subject("github", "grant", "cedar-labs/7"), "ci", "7", token)
    # Findings are settled whenever they are read, which takes longer than all the rest.
    report = replace(report, findings=tuple(report.findings))
    return changed(report, ORG, items=(*items, more))


def fields() -> Iterator[tuple[Subject, InventoryItem, str]]:
    """Each field of each thing on GitHub."""
    for place in whole().inventory:
        if f"{place.subject.provider}:{place.subject.kind}" in GITHUB:
            yield from ((place.subject, one, name) for one in place.items for name in one.state)


def changed_item(report: Report, subject: Subject, item: InventoryItem, **state: object) -> Report:
    """A report with other fields of one thing; a field that is `ABSENT` was not read."""
    new = {name: value for name, value in {**item.state, **state}.items() if value is not ABSENT}
    items = (
        replace(one, state=new) if one == item else one for one in place_of(report, subject).items
    )
    return changed(report, subject, items=tuple(items))


def everybody(report: Report) -> set[tuple[str, str]]:
    return {(one.name, str(hold.place)) for one in holders(report).holders for hold in one.holds}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.second_tier("breaks every field", one_of=8)
def test_a_field_that_was_not_read_leaves_everybody_there_and_makes_no_one_the_last(
    value: str,
) -> None:
    before, last = everybody(whole()), alone(whole())
    seen = 0
    for subject, item, name in fields():
        broken = changed_item(whole(), subject, item, **{name: VALUES[value]})
        seen += 1
        assert everybody(broken) >= before, (item, name)
        assert alone(broken) <= last, (item, name)
    assert seen > 50


@pytest.mark.sampled(2)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.second_tier("breaks every field", one_of=8)
def test_a_field_that_was_not_read_is_a_gap_or_takes_nothing_from_a_persons_list(
    login: str, value: str
) -> None:
    before, known = texts(of(whole(), login)), set(of(whole(), login).unseen)
    for subject, item, name in fields():
        broken = changed_item(whole(), subject, item, **{name: VALUES[value]})
        found = of(broken, login)
        # A role whose name was not read is named by its number, and that is stated.
        number = f"{item.state.get('number')}, whose name was not shown"
        now = {one.replace(f" {number}", f" {item.state.get('role')}") for one in texts(found)}
        assert set(found.unseen) - known or before <= now, (item, name, before - now)
        if value == "absent":
            # What was read counts, whatever a kept run saw.
            assert texts(of(with_earlier(broken, whole()), login)) >= before, (item, name)


def _member(login: str) -> InventoryItem:
    items = place_of(whole(), ORG).items
    return next(one for one in items if (one.kind, one.label) == ("member", login))


def test_teams_that_were_not_read_are_a_gap_of_that_member() -> None:
    broken = changed_item(whole(), ORG, _member("birch"), teams=ABSENT)
    assert any(
        one.startswith("teams of birch in cedar-labs: ") for one in of(broken, "birch").unseen
    )
    assert not any("teams of" in one for one in of(broken, "fennel").unseen)
    assert not any("teams of" in one for one in of(whole(), "birch").unseen)


def test_of_as_many_teams_as_are_asked_for_there_may_be_more() -> None:
    names = tuple(f"team-{number}" for number in range(NAMED_TEAMS))
    found = of(changed_item(whole(), ORG, _member("birch"), teams=names), "birch")
    assert any(one.startswith("more teams of birch in cedar-labs: ") for one in found.unseen)
    assert any(f"{names[-1]}, and maybe more" in one for one in texts(found))
    fewer = of(changed_item(whole(), ORG, _member("birch"), teams=names[1:]), "birch")
    assert not any("teams of" in one for one in fewer.unseen)


def test_a_member_whose_role_was_not_read_may_be_the_other_owner() -> None:
    broken = changed_item(whole(), ORG, _member("linden"), role=ABSENT)
    gap = "whether 1 member of cedar-labs own it: run again, or its page of people"
    assert gap in holders(broken).extent.gaps
    assert gap in of(broken, "alder").unseen
    (first,) = (one for one in texts(of(broken, "alder")) if "is the only owner" in one)
    assert "who was seen" in first


def test_code_owners_that_are_not_all_named_are_counted() -> None:
    lines = tuple(f"@birch /part-{number}/" for number in range(7))
    item = InventoryItem(CODE_OWNERS, CONE, "CODEOWNERS", "CODEOWNERS", {"lines": lines})
    report = changed(whole(), CONE, items=(*place_of(whole(), CONE).items, item))
    (task,) = (one for one in texts(of(report, "birch")) if one.startswith("Replace @birch"))
    assert task.endswith("/part-4/ and 2 more")


def _only_owner(*apps: InventoryItem, whole_list: bool = True) -> Report:
    """A report in which alder alone owns the organization, with these apps."""
    place = place_of(whole(), ORG)
    items = tuple(
        replace(one, state={**one.state, "role": "member"})
        if (one.kind, one.label) == ("member", "linden")
        else one
        for one in place.items
        if one.kind != "app"
    )
    lists = {**place.lists, "app": None if whole_list else REFUSED}
    return changed(whole(), ORG, items=(*items, *apps), lists=lists)


def _app(permissions: object) -> InventoryItem:
    state = {"permissions": permissions, "repository_selection": "all"}
    new = {name: value for name, value in state.items() if value is not ABSENT}
    return InventoryItem("app", Subject("github", "installation", "cedar-labs/9"), "sync", "9", new)


MANAGES = [
    ("members:write",),
    ("members:admin", "contents:read"),
    ("metadata:read", "members:write"),
]


@pytest.mark.parametrize("permissions", MANAGES)
def test_an_app_that_manages_members_can_stop_the_last_owner(permissions: tuple[str, ...]) -> None:
    report = _only_owner(_app(permissions))
    assert ("alder", "owner", "github:org/cedar-labs") not in alone(report)
    (app,) = (one for one in holders(report).holders if one.kind is HolderKind.APP)
    assert "adds and removes members and owners" in app.powers
    for mode in Mode:
        (first,) = (one for one in of(report, "alder", mode).tasks if "only owner" in one.text)
        assert "the app sync, which can add and remove owners" in first.needs


@pytest.mark.parametrize("harmless", [(), ("members:read",), ("contents:write",)])
def test_other_apps_leave_the_last_owner_alone(harmless: tuple[str, ...]) -> None:
    report = _only_owner(_app(harmless))
    assert ("alder", "owner", "github:org/cedar-labs") in alone(report)
    (first,) = (one for one in of(report, "alder").tasks if "only owner" in one.text)
    assert "app" not in first.needs


@pytest.mark.parametrize("report", [_only_owner(_app(ABSENT)), _only_owner(whole_list=False)])
def test_an_app_that_was_not_read_may_manage_members(report: Report) -> None:
    assert ("alder", "owner", "github:org/cedar-labs") not in alone(report)
    (first,) = (one for one in of(report, "alder").tasks if "only owner" in one.text)
    assert "not every app was read" in first.needs
