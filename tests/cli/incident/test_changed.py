"""Whatever an attacker can leave is a row of the incident, or said to be read by no run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hardenme.cli.stored.frozen import changed_since, newer_than
from hardenme.cli.stored.runbooks import runbook_of
from hardenme.derive.attacker_changes import ATTACKER_CHANGES, BY_KIND, AttackerChange
from hardenme.derive.incident import LedgerRun, began, ledger
from hardenme.derive.recent.undated import changed
from hardenme.derive.recent.wording import Hosts
from hardenme.derive.runbook import kinds
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.incident import (
    FIRST_SIGN,
    UNDATED,
    AttackStart,
    EventKind,
    IncidentEvent,
    Ledger,
    LedgerRow,
    RowState,
)
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests.moment import NOW
from tests.reports.sample import report_of

HOUR = timedelta(hours=1)
NAMES = {
    "github:user": "mallow",
    "github:org": "acorn",
    "github:repo": "acorn/web",
    "npm:user": "mallow",
    "npm:org": "acorn",
    "npm:package": "@acorn/web",
    "local:workstation": "~",
}
READ = [one for one in ATTACKER_CHANGES if one.read and one.kind]
NOT_ADDED = {
    "push": "work of every day, which is counted",
    "workflow-run": "likewise",
    "tag": "each release has one",
    "repo-access": "one item sums up who has access",
}
"""Kinds of which one more is no change that `recent` lists, and why."""
UNREAD = Unknown(Reason.NOT_PERMITTED, "a token that sees it")


def subject_of(place: str) -> Subject:
    return Subject(*place.split(":"), NAMES[place])


def item(change: AttackerChange, name: str, hours: int, value: str = "old") -> InventoryItem:
    """Something of its kind that was made so many hours after the frozen run."""
    state: dict[str, Any] = dict.fromkeys(change.fields, value)
    for one in (change.made, change.updated):
        if one:
            state[one] = (NOW + hours * HOUR).isoformat().replace("+00:00", "Z")
    provider = change.place.partition(":")[0]
    subject = Subject(provider, change.kind.replace(" ", "-"), f"{NAMES[change.place]}/{name}")
    return InventoryItem(change.kind, subject, name, name, state)


def run(
    change: AttackerChange, hours: int, *items: InventoryItem, lists: Mapping[str, Any]
) -> LedgerRun:
    """A run so many hours after the frozen one."""
    place = Place(subject_of(change.place), dict(lists), items)
    report = replace(
        report_of(()),
        targets=("me",),
        started=NOW + hours * HOUR,
        observed=None,
        inventory=(place,),
    )
    return LedgerRun(report, runbook_of(report))


def made(frozen: LedgerRun, *later: LedgerRun) -> Ledger:
    runs = [replace(one, changes=changed_since(frozen.report, one.report)) for one in later]
    return ledger(frozen, (), runs, NOW + 99 * HOUR)


def pending(found: Ledger) -> dict[str, LedgerRow]:
    """What stands in the way of closing."""
    return {one.key: one for one in found.rows if one.state is RowState.PENDING and one.credential}


def changes_of(change: AttackerChange) -> Iterator[tuple[InventoryItem, ...]]:
    """What a later run can show of a kind that differs from `one`, which was there before."""
    before = item(change, "one", -9)
    if change.added is not None and change.name not in NOT_ADDED:
        yield before, item(change, "two", 2)
    last = {one.updated for one in BY_KIND[change.place, change.kind] if one.updated}
    later = dict.fromkeys(last, f"{NOW + 2 * HOUR:%Y-%m-%dT%H:%M:%SZ}")
    for name in change.fields if change.changed is not None else ():
        yield (replace(before, state={**before.state, **later, name: "new"}),)


@pytest.mark.second_tier("each change of a long table", one_of=8)
@pytest.mark.parametrize("change", READ, ids=lambda one: f"{one.place}-{one.name}")
def test_each_change_of_the_table_is_a_row(change: AttackerChange) -> None:
    before, lists = item(change, "one", -9), {change.kind: None}
    frozen = run(change, 0, before, lists=lists)
    quiet = pending(made(frozen, run(change, 3, before, lists=lists)))
    for items in changes_of(change):
        after = pending(made(frozen, run(change, 3, *items, lists=lists)))
        # What the runbook ends, or leads somewhere, has a row of its own that stays open.
        own = [one for one in after.values() if one.text.startswith(f"{change.kind} ")]
        assert after.keys() - quiet.keys() or own, (change.name, items)


def opened_late(frozen: LedgerRun, *later: LedgerRun) -> dict[str, LedgerRow]:
    """What stands in the way, where the attack began five hours before the frozen run."""
    events = (IncidentEvent(EventKind.BEGAN, NOW, data={"at": (NOW - 5 * HOUR).isoformat()}),)
    start = began(frozen, events)
    assert start == AttackStart(NOW - 5 * HOUR)
    late = replace(frozen, changes=newer_than(frozen.report, start.at), began=start)
    runs = [replace(one, changes=changed_since(frozen.report, one.report)) for one in later]
    return pending(ledger(late, events, runs, NOW + 99 * HOUR))


@pytest.mark.second_tier("each change of a long table", one_of=8)
@pytest.mark.parametrize("change", READ, ids=lambda one: f"{one.place}-{one.name}")
def test_what_a_young_frozen_run_saw_is_a_row_where_it_is_newer_than_the_attack(
    change: AttackerChange,
) -> None:
    lists = {change.kind: None}
    old, new = item(change, "one", -9), item(change, "two", -2)
    before = opened_late(run(change, 0, old, lists=lists), run(change, 3, old, lists=lists))
    if change.dated and change.added is not None and change.name not in NOT_ADDED:
        both = run(change, 0, old, new, lists=lists), run(change, 3, old, new, lists=lists)
        after = opened_late(*both)
        own = [one for one in after.values() if one.text.startswith(f"{change.kind} ")]
        assert after.keys() - before.keys() or own, change.name
    ended = {(one.kind, one.place) for one in kinds.EVERY}
    if change.compared and (change.kind, change.place) not in ended:
        # No run is from before the attack: a later one proves nothing.
        named = (change.what, "whatever was removed", "changes of")
        whole = [one for one in before.values() if one.text.startswith(named)]
        assert whole, change.name
        assert all(one.why.startswith("no run from before the attack") for one in whole)


def test_an_attack_begins_with_the_first_suspect_version_at_the_latest() -> None:
    (change,) = (one for one in READ if one.name == "version")
    place = Subject("npm", "package", NAMES["npm:package"])
    times = {"1.0.0": -90, "1.0.1": -4, "1.0.2": -3}
    versions = [item(change, name, hours) for name, hours in times.items()]
    frozen = run(change, 0, *versions, lists={change.kind: None})
    assert began(frozen, ()) is None
    for first, bad in (("1.0.2", {"1.0.2"}), ("1.0.1", {"1.0.2", "1.0.1"})):
        object.__setattr__(frozen, "suspect", {place: bad})
        sign = f"{place.name}@{first} was published"
        assert began(frozen, ()) == AttackStart(NOW + times[first] * HOUR, sign)
    object.__setattr__(frozen, "suspect", {place: {"1.0.2"}})
    since = IncidentEvent(EventKind.BEGAN, NOW, data={"at": (NOW - 9 * HOUR).isoformat()})
    assert began(frozen, (since,)) == AttackStart(NOW - 9 * HOUR)
    sign = replace(since, data=since.data | {FIRST_SIGN: "deploy key k added"})
    start = AttackStart(NOW - 9 * HOUR, "deploy key k added")
    assert began(frozen, (sign,)) == start
    assert start.words == f"the first sign ({start.at:%Y-%m-%d %H:%M} UTC: deploy key k added)"
    undated = replace(since, data=since.data | {FIRST_SIGN: UNDATED})
    assert began(frozen, (undated,)) == AttackStart(NOW - 9 * HOUR)
    # A run from before it was frozen: what came since is seen next to that.
    assert (
        began(replace(frozen, report=replace(frozen.report, started=NOW - 10 * HOUR)), ()) is None
    )


@pytest.mark.parametrize(
    ("later", "told"), [(-1, []), (1, [1]), (None, [1])], ids=["nearer", "later", "never"]
)
def test_an_expiry_is_a_change_only_where_it_is_later(later: int | None, told: list[int]) -> None:
    place = Subject("npm", "user", "mallow")
    end = NOW + 9 * HOUR
    ends = (end, None if later is None else end + later * HOUR)
    before, after = (
        InventoryItem(
            *("npm token", Subject("npm", "token", "0000-ci"), "ci", "0000-ci"),
            {"created_at": "2026-01-01T00:00:00Z", "expires_at": one and one.isoformat()},
        )
        for one in ends
    )
    change = ItemChange(Turn.CHANGED, "npm token", place, before, after, ("expires_at",))
    assert len(changed([change], Hosts())) == len(told)
    with_more = replace(change, fields=("expires_at", "bypass"))
    (found,) = changed([with_more], Hosts())
    assert ("expires" in found.names[0]) is bool(told)


@pytest.mark.second_tier("each change of a long table", one_of=8)
@pytest.mark.parametrize("change", READ, ids=lambda one: f"{one.place}-{one.name}")
def test_what_was_not_read_is_a_row(change: AttackerChange) -> None:
    lists = {change.kind: None}
    before = item(change, "one", -9)
    quiet = pending(made(run(change, 0, before, lists=lists), run(change, 3, before, lists=lists)))
    blind = run(change, 3, lists={change.kind: UNREAD})
    after = pending(made(run(change, 0, before, lists=lists), blind))
    named = [one for one in after.values() if change.what in one.text]
    assert after.keys() - quiet.keys() or named


def test_accounts_of_one_name_have_rows_of_their_own() -> None:
    texts = set()
    for provider in ("github", "npm"):
        change = next(
            one
            for one in READ
            if (one.place, one.what) == (f"{provider}:user", "2FA of the account")
        )
        lists = {change.kind: UNREAD}
        rows = pending(made(run(change, 0, lists=lists), run(change, 3, lists=lists)))
        texts |= {one.text for one in rows.values() if change.what in one.text}
    assert {one.partition(":")[0] for one in texts} == {
        "2FA of the account in mallow",
        "2FA of the account in mallow on npm",
    }


@pytest.mark.parametrize("place", sorted(NAMES))
def test_what_no_run_reads_is_a_row_of_its_place(place: str) -> None:
    hidden = [one for one in ATTACKER_CHANGES if one.place == place and not one.read]
    (change, *_) = (one for one in ATTACKER_CHANGES if one.place == place)
    frozen = run(change, 0, lists={})
    rows = [
        one for one in made(frozen, run(change, 3, lists={})).rows if "no run reads" in one.text
    ]
    assert [one.state for one in rows] == [RowState.PENDING] * bool(hidden)
    for one in hidden:
        assert one.what in rows[0].text


def test_before_any_run_the_rest_is_open_and_a_narrow_run_does_not_end_it() -> None:
    (change,) = (one for one in READ if one.name == "org-member")
    frozen = run(change, 0, lists={change.kind: None})
    for later in ((), (narrow(run(change, 3, lists={change.kind: None})),)):
        (rest,) = (one for one in made(frozen, *later).rows if one.text.startswith("what else"))
        assert rest.state is RowState.PENDING
        assert rest.commands == ("hardenme check me",)


def narrow(one: LedgerRun) -> LedgerRun:
    return LedgerRun(replace(one.report, targets=("github:acorn/web",)), one.book)


def test_a_person_who_is_gone_again_is_proven_and_one_who_came_back_is_not() -> None:
    (change,) = (one for one in READ if one.name == "org-member")
    lists, one = {change.kind: None}, item(change, "one", -9)
    frozen = run(change, 0, one, lists=lists)
    mallory = item(change, "mallory", 2)
    seen = run(change, 3, one, mallory, lists=lists)
    gone = run(change, 4, one, lists=lists)
    blind = run(change, 4, lists={change.kind: UNREAD})
    back = run(change, 5, one, mallory, lists=lists)

    def state(*later: LedgerRun) -> RowState:
        (row,) = (one for one in made(frozen, *later).rows if "mallory" in one.text)
        return row.state

    assert state(seen) is RowState.PENDING
    assert state(seen, gone) is RowState.PROVEN
    assert state(seen, blind) is RowState.PENDING
    assert state(seen, gone, back) is RowState.PENDING
