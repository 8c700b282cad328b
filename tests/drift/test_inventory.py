from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.drift import compare, follow
from hardenme.model.drift import Drift, Turn
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason
from tests.drift.compared import (
    CODES,
    ORG,
    REFUSED,
    WEB,
    finding,
    key,
    owner,
    place,
    report,
    repository,
    turns,
)


def of(*places: Place, week: int = 0) -> Report:
    return report(places=places, week=week)


def told(drift: Drift) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.turn.name, one.fields) for one in drift.items]


def test_what_is_in_one_of_two_whole_lists_appeared_or_vanished() -> None:
    drift = compare(of(place(key(1), key(2))), of(place(key(2), key(3))))
    assert turns(drift) == [("APPEARED", "key 3"), ("VANISHED", "key 1")]
    assert [one.severity for one in drift.items] == [Severity.HIGH, Severity.LOW]


def test_a_field_of_both_that_differs_changed_and_one_of_the_later_alone_is_silent() -> None:
    before, after = place(key(1)), place(key(1, read_only=False, added_by="rowan"))
    assert told(compare(of(before), of(after))) == [("CHANGED", ("read_only",))]
    assert compare(of(before), of(place(key(1, added_by="rowan")))).empty


def test_a_field_of_the_earlier_alone_is_lost_once_and_seen_again() -> None:
    full, part = key(1, added_by="rowan"), key(1)
    drift, kept = follow(of(place(full)), of(place(part), week=1))
    assert told(drift) == [("LOST", ("added_by",))]
    again, kept = follow(kept, of(place(part), week=2))
    assert again.empty
    assert told(compare(kept, of(place(full), week=3))) == [("SEEN", ("added_by",))]
    other = of(place(key(1, added_by="teasel")), week=3)
    assert told(compare(kept, other)) == [("CHANGED", ("added_by",))]


def test_a_list_that_is_not_whole_any_more_is_lost_once_and_nothing_of_it_vanished() -> None:
    drift, kept = follow(of(place(key(1), key(2))), of(place(why=REFUSED), week=1))
    assert turns(drift) == [("LOST", "deploy key list")]
    assert drift.items[0].needed == REFUSED.needed
    again, kept = follow(kept, of(place(why=REFUSED), week=2))
    assert again.empty
    assert turns(compare(kept, of(place(key(1), key(2)), week=3))) == [("SEEN", "deploy key list")]
    assert turns(compare(kept, of(place(key(2), key(3)), week=3))) == [
        ("APPEARED", "key 3"),
        ("VANISHED", "key 1"),
    ]


def test_what_is_seen_of_a_list_that_is_not_whole_is_held_against_the_whole_one() -> None:
    drift, kept = follow(of(place(key(1), key(2))), of(place(key(2), key(3), why=REFUSED), week=1))
    assert turns(drift) == [("APPEARED", "key 3"), ("LOST", "deploy key list")]
    drift, kept = follow(kept, of(place(why=REFUSED), week=2))
    assert drift.empty
    drift, _ = follow(kept, of(place(key(1), key(2)), week=3))
    assert turns(drift) == [("VANISHED", "key 3")]


def test_of_a_list_that_was_never_whole_nothing_appears() -> None:
    before = of(place(key(1), why=REFUSED))
    assert compare(before, of(place(key(1), key(2)))).empty
    assert turns(compare(before, of(place(key(2))))) == [("VANISHED", "key 1")]


def test_of_a_list_that_is_never_whole_what_is_not_there_is_lost_and_seen_again() -> None:
    before = of(place(key(1), key(2), why=REFUSED))
    drift, kept = follow(before, of(place(key(2), why=REFUSED), week=1))
    assert turns(drift) == [("LOST", "key 1")]
    drift, kept = follow(kept, of(place(key(2), why=REFUSED), week=2))
    assert drift.empty
    assert turns(compare(kept, of(place(key(1), key(2), why=REFUSED)))) == [("SEEN", "key 1")]


def test_the_last_of_a_list_that_names_some_is_lost_with_it() -> None:
    before = of(place(key(1), why=REFUSED))
    drift, kept = follow(before, of(Place(WEB, {}, ()), week=1))
    assert turns(drift) == [("LOST", "key 1")]
    assert compare(kept, of(Place(WEB, {}, ()), week=2)).empty
    assert turns(compare(kept, of(place(key(1), why=REFUSED), week=3))) == [("SEEN", "key 1")]


def test_what_was_seen_of_a_list_is_lost_with_its_place_and_seen_again() -> None:
    listed = owner(why=REFUSED)
    before = of(listed, place(key(1), why=REFUSED))
    drift, kept = follow(before, of(listed, week=1))
    assert turns(drift) == [("LOST", "key 1")]
    drift, kept = follow(kept, of(listed, week=2))
    assert drift.empty
    back = of(listed, place(key(1), why=REFUSED), week=3)
    assert turns(compare(kept, back)) == [("SEEN", "key 1")]


def some(*items: InventoryItem) -> Place:
    return Place(WEB, {}, items)


def tag(name: str, commit: str) -> InventoryItem:
    subject = Subject("github", "tag", f"acme/web/{name}")
    return InventoryItem("release tag", subject, name, name, {"commit": commit})


def test_of_some_of_many_only_what_changed_is_told() -> None:
    before = of(some(tag("v1", "aaaa"), tag("v2", "bbbb")))
    drift, kept = follow(before, of(some(tag("v2", "cccc"), tag("v3", "dddd")), week=1))
    assert turns(drift) == [("CHANGED", "v2")]
    assert drift.items[0].severity is Severity.HIGH
    assert not kept.carried.places


def test_a_place_that_was_not_seen_before_is_a_baseline() -> None:
    other = place(key(5), subject=Subject("github", "repo", "acme/api"))
    drift = compare(of(place(key(1))), of(other, place(key(1))))
    assert drift.empty
    assert any("1 place of the later run" in note for note in drift.notes)


def test_a_repository_that_appeared_is_told_once_without_all_that_is_in_it() -> None:
    api = Subject("github", "repo", "acme/api")
    before = of(owner(repository()), place(key(1)))
    after = of(
        owner(repository(), repository("acme/api", "R2")), place(key(1)), place(key(5), subject=api)
    )
    drift = compare(before, after)
    assert turns(drift) == [("APPEARED", "acme/api")]
    assert not drift.notes
    assert turns(compare(after, before)) == [("VANISHED", "acme/api")]


def test_a_place_that_is_not_there_is_lost_unless_it_vanished() -> None:
    before = of(owner(repository()), place(key(1)))
    drift, kept = follow(before, of(owner(why=REFUSED), week=1))
    assert sorted(turns(drift)) == [("LOST", "deploy key list"), ("LOST", "repository list")]
    again, kept = follow(kept, of(owner(why=REFUSED), week=2))
    assert again.empty
    drift, _ = follow(kept, of(owner(repository()), place(key(2)), week=3))
    assert turns(drift) == [
        ("APPEARED", "key 2"),
        ("VANISHED", "key 1"),
        ("SEEN", "repository list"),
    ]


def test_in_a_halted_run_the_lists_that_were_not_read_are_lost_and_told_once() -> None:
    before = of(owner(repository()), place(key(1)))
    halted = replace(of(owner(repository()), week=1), halted=Reason.RATE_LIMITED)
    drift, kept = follow(before, halted)
    assert turns(drift) == [("LOST", "deploy key list")]
    assert "rate limit" in drift.items[0].needed
    assert follow(kept, halted)[0].empty
    back = of(owner(repository()), place(key(1)), week=2)
    assert turns(compare(kept, back)) == [("SEEN", "deploy key list")]


def test_lists_that_a_narrower_selection_does_not_ask_for_are_a_note() -> None:
    before = report(finding(), places=[owner(repository()), place(key(1))])
    checks = {code: before.checks[code] for code in CODES[:1]}
    narrow = report(finding(), places=[owner(repository())], checks=checks, week=1)
    none = replace(narrow, inventory=(owner(repository()), Place(WEB, {}, ())))
    for after in (narrow, none):
        drift, kept = follow(before, after)
        assert drift.empty
        assert any("not asked for" in note for note in drift.notes)
        drift, _ = follow(kept, report(finding(), places=[owner(repository()), place(key(2))]))
        assert turns(drift) == [("APPEARED", "key 2"), ("VANISHED", "key 1")]


def test_a_list_that_a_run_of_the_same_checks_did_not_ask_for_is_lost() -> None:
    drift, _ = follow(of(place(key(1))), of(Place(WEB, {}, ()), week=1))
    assert turns(drift) == [("LOST", "deploy key list")]


def test_an_older_report_without_an_inventory_makes_no_change() -> None:
    drift = compare(of(), of(owner(repository()), place(key(1))))
    assert drift.empty
    assert any("no inventory" in note for note in drift.notes)


def test_a_repository_with_a_new_name_has_its_things() -> None:
    site = Subject("github", "repo", "acme/site")
    flow = InventoryItem(
        "workflow", Subject("github", "workflow", "acme/web/ci.yml"), "ci.yml", "acme/web/ci.yml"
    )
    moved = replace(
        flow, subject=Subject("github", "workflow", "acme/site/ci.yml"), identity="acme/site/ci.yml"
    )
    before = of(owner(repository()), place(flow, kind="workflow"), place(key(1)))
    before = of(
        owner(repository()), Place(WEB, {"workflow": None, "deploy key": None}, (key(1), flow))
    )
    after = of(
        owner(repository("acme/site")),
        Place(site, {"workflow": None, "deploy key": REFUSED}, (moved,)),
        week=1,
    )
    drift, kept = follow(before, after)
    assert [(one.turn.name, one.kind) for one in drift.items] == [
        ("CHANGED", "repository"),
        ("LOST", "deploy key"),
    ]
    carried = kept.carried.places[0]
    assert carried.subject == site
    assert str(carried.items[0].subject) == "github:deploy-key/acme/site/1"


def test_an_item_with_a_new_name_changed() -> None:
    assert told(compare(of(place(key(1))), of(place(replace(key(1), label="other"))))) == [
        ("CHANGED", ("name",))
    ]


def test_a_repository_that_went_to_another_owner_is_one_change() -> None:
    lab = Subject("github", "org", "lab")
    listed = place(subject=lab, kind="repository")
    moved = replace(listed, items=(repository("lab/web"),))
    drift = compare(of(owner(repository()), listed), of(owner(), moved))
    assert [(one.turn.name, str(one.place)) for one in drift.items] == [("CHANGED", str(lab))]


def test_things_that_share_an_identity_are_all_counted() -> None:
    same = [replace(key(number), identity="2026-01-01 ci") for number in (1, 2)]
    assert turns(compare(of(place(*same)), of(place(same[0])))) == [("VANISHED", "key 2")]
    assert compare(of(place(*same)), of(place(*same))).empty


MEMBER = InventoryItem(
    "member", Subject("github", "member", "acme/rowan"), "rowan", "7", {"two_factor": True}
)


@pytest.mark.parametrize(
    ("before", "after", "weight"),
    [
        (MEMBER, replace(MEMBER, state={"two_factor": False}), Severity.HIGH),
        (replace(MEMBER, state={"two_factor": False}), MEMBER, Severity.INFO),
        (repository(), repository(visibility="public"), Severity.HIGH),
        (repository(visibility="public"), repository(), Severity.INFO),
        (repository(bypass_actors=()), repository(bypass_actors=("team/ci",)), Severity.HIGH),
    ],
)
def test_what_went_off_or_came_open_weighs_much(
    before: InventoryItem, after: InventoryItem, weight: Severity
) -> None:
    places = (place(one, subject=ORG, kind=one.kind) for one in (before, after))
    drift = compare(*map(of, places))
    assert [(one.turn, one.severity) for one in drift.items] == [(Turn.CHANGED, weight)]
