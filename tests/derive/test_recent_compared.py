"""What `recent` shows beside a kept run: what came, went or changed while no time shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.recent import recent
from hardenme.derive.recent.marks import ACCESS
from hardenme.derive.recent.sources import BY_PLACE
from hardenme.derive.recent.undated import OF_ITSELF
from hardenme.model.drift import ItemChange, Turn
from hardenme.model.inventory import ACCESS as WHO_PUSHES
from hardenme.model.inventory import CODE_OWNERS, UNCOMPARED
from tests.derive.test_recent import ASKED, REFUSED, UNTIL, place, thing, written

LISTS = sorted(
    name
    for name, source in BY_PLACE.items()
    if source.dated and source.kind not in UNCOMPARED and source.kind not in OF_ITSELF
)


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.parametrize("which", LISTS)
@given(st.timedeltas(timedelta(hours=-200), timedelta(hours=200)))
def test_what_is_new_and_older_than_the_earlier_run_is_to_be_confirmed(
    which: tuple[str, str], apart: timedelta
) -> None:
    """A thing that was brought from elsewhere has its own date, which says nothing of here."""
    kind, name = which
    then = UNTIL - timedelta(days=30)
    item = thing(name, "7", **{BY_PLACE[which].made: written(then + apart)})
    seen, before = place(kind, {name: None}, item), place(kind, {name: None})
    change = ItemChange(Turn.APPEARED, name, seen.subject, None, item)
    asked = replace(ASKED, earlier=(before,), earlier_at=then, proven=True, changes=(change,))
    told = recent([seen], asked)
    older = apart // timedelta(seconds=1) < 0
    shown = [one for one in told.undated if one.change == "appeared"]
    assert bool(shown) is older
    assert all(one.confirm or one.marks for one in shown)


@pytest.mark.parametrize("kind", [WHO_PUSHES, CODE_OWNERS])
@pytest.mark.parametrize("there", [(False, True), (True, False), (True, True)])
def test_what_no_drift_compares_is_shown_when_it_comes_and_goes(
    kind: str, there: tuple[bool, bool]
) -> None:
    item = thing(kind, "1", lines=("@birch /x",))
    once, now = (place("github:repo", {kind: None}, *[item] * one) for one in there)
    asked = replace(ASKED, earlier=(once,), earlier_at=ASKED.since, proven=True, changes=())
    told = recent([now], asked)
    turns = {one.change for one in told.undated}
    expected = {(False, True): {"appeared"}, (True, False): {"vanished"}}
    assert turns == expected.get(there, set())
    # What the earlier run could not read to its end is no news.
    cut = replace(once, lists={kind: REFUSED})
    hidden = recent([now], replace(asked, earlier=(cut,)))
    assert "appeared" not in {one.change for one in hidden.undated}


@pytest.mark.parametrize(
    "which", [one for one in LISTS if BY_PLACE[one].changed], ids=lambda one: one[1]
)
@pytest.mark.parametrize("moved", [False, True])
def test_a_change_that_no_time_shows_is_shown_beside_the_earlier_run(
    which: tuple[str, str],
    moved: bool,  # noqa: FBT001 (whether its time is another)
) -> None:
    kind, name = which
    source = BY_PLACE[which]
    old = {source.made: written(UNTIL - timedelta(days=90))}
    old |= {source.changed: written(UNTIL - timedelta(days=80)), "some": "x"}
    new = old | {"some": "y"} | ({source.changed: written(UNTIL)} if moved else {})
    item, before = thing(name, "7", **new), thing(name, "7", **old)
    then, now = place(kind, {name: None}, before), place(kind, {name: None}, item)
    fields = tuple(one for one in new if new[one] != old[one])
    change = ItemChange(Turn.CHANGED, name, now.subject, before, item, fields)
    asked = replace(ASKED, earlier=(then,), earlier_at=ASKED.since, proven=True, changes=(change,))
    told = recent([now], asked)
    assert [one.kind for one in told.events] == [name] * moved
    assert moved or [one.kind for one in told.undated if one.change] == [name]


@pytest.mark.parametrize("which", [one for one in LISTS if one[1] in ACCESS])
@given(st.sampled_from(["permissions", "repository_selection", "read_only", "role", "anything"]))
def test_whatever_gives_access_and_changed_without_a_time_is_to_be_confirmed(
    which: tuple[str, str], field: str
) -> None:
    kind, name = which
    made = {BY_PLACE[which].made: written(UNTIL - timedelta(days=90))}
    before, item = (
        thing(name, "7", **made, **{field: "x"}),
        thing(name, "7", **made, **{field: "y"}),
    )
    then, now = place(kind, {name: None}, before), place(kind, {name: None}, item)
    change = ItemChange(Turn.CHANGED, name, now.subject, before, item, (field,))
    asked = replace(ASKED, earlier=(then,), earlier_at=ASKED.since, proven=True, changes=(change,))
    shown = [one for one in recent([now], asked).undated if one.change]
    assert [bool(one.confirm or one.marks) for one in shown] == [True]


@pytest.mark.parametrize("kind", ["secret", "Dependabot secret"])
def test_a_secret_that_other_repositories_can_read_is_to_be_confirmed(kind: str) -> None:
    made = {"created_at": written(UNTIL - timedelta(days=90))}
    before = thing(kind, "7", **made, visibility="selected")
    item = thing(kind, "7", **made, visibility="all")
    then, now = place("github:org", {kind: None}, before), place("github:org", {kind: None}, item)
    change = ItemChange(Turn.CHANGED, kind, now.subject, before, item, ("visibility",))
    asked = replace(ASKED, earlier=(then,), earlier_at=ASKED.since, proven=True, changes=(change,))
    (shown,) = (one for one in recent([now], asked).undated if one.change)
    assert shown.confirm == ("other repositories can read it",)
