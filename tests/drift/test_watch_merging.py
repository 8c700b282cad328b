"""What a watch keeps of a list that it does not see whole: bounded, and nothing old goes."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hardenme.drift.names import Renames
from hardenme.drift.watch.alerts import MOST, remembered
from hardenme.drift.watch.merging import COMMIT, MOST_TAGS, MOST_UNSEEN, merged, tags_gone
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import AlertMemory
from tests.moment import NOW

REPO = Subject("github", "repo", "acme/web")
TAG = "release tag"
CUT = Unknown(Reason.INCOMPLETE, "more than the newest 100 tags")


def tags(*names: str, why: Unknown | None = CUT) -> Place:
    """A repository whose answer names some of its tags."""
    items = tuple(
        InventoryItem(TAG, Subject("github", "tag", f"{REPO.name}/{name}"), name, name, {})
        for name in names
    )
    return Place(REPO, {TAG: why}, items)


def after(known: tuple[Place, ...], seen: Place) -> tuple[Place, ...]:
    """What is known after one more cycle."""
    return merged(known, (seen,), Renames(known, (seen,)))


def names(known: tuple[Place, ...]) -> list[str]:
    return [item.label for place in known for item in place.items]


def test_however_many_are_made_the_oldest_are_kept_and_the_whole_is_bounded() -> None:
    """Each cycle shows another hundred of an attacker's, in any order, and few of the old ones."""
    draw = random.Random(7)  # noqa: S311 (the same in each run)
    old = [f"v{number}.0.0" for number in range(100)]
    known = after((), tags(*old))
    for cycle in range(60):
        made = [f"{draw.choice('av')}{draw.random()}-{cycle}" for _ in range(100 - cycle % 5)]
        shown = [*made, *draw.sample(old, cycle % 5)]
        draw.shuffle(shown)
        known = after(known, tags(*shown))
        assert {*old, *shown} <= set(names(known))
        assert len(names(known)) <= MOST_UNSEEN + 100
    assert len(names(known)) > MOST_UNSEEN


def test_a_whole_list_leaves_nothing_else() -> None:
    known = after(after((), tags("v1.0.0", "v1.1.0")), tags("v1.1.0", "v2.0.0", why=None))
    assert names(known) == ["v1.1.0", "v2.0.0"]


def test_of_tags_that_are_gone_the_newest_are_kept() -> None:
    place = tags(*(f"v{number}" for number in range(10)))
    items = tuple(replace(one, state={COMMIT: "5" * 40}) for one in place.items)
    known = {f"github:tag/acme/web/{number}": "4" * 40 for number in range(MOST_TAGS)}
    gone = tags_gone(known, (replace(place, items=items),), (tags(why=None),))
    assert len(gone) == MOST_TAGS
    assert {f"github:tag/acme/web/v{number}" for number in range(10)} <= gone.keys()


def test_of_alerts_that_were_shown_the_newest_are_kept() -> None:
    told = [AlertMemory(f"{at:032x}", NOW + timedelta(seconds=at)) for at in range(MOST + 10)]
    kept = remembered(reversed(told), NOW, ["missed: push"], NOW)
    assert set(kept) == {*told[10:], AlertMemory("missed: push", NOW)}
    assert remembered(told, NOW + timedelta(days=1), (), NOW) == ()
