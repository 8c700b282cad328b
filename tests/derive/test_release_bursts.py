"""Bursts: what is one at the very edge, and that one pass counts all releases of an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hardenme.derive.release_bursts import BEFORE, HOUR, TOGETHER, publishing_times, release_bursts
from hardenme.derive.releases_observed import releases
from hardenme.facts.npm.release import ReleaseBurst
from hardenme.model.fact import Every
from hardenme.model.given import Now
from tests.factories.given import MISSING, TEAM
from tests.factories.npm_release import START, history, past_release
from tests.steps import is_linear, steps

SECOND = timedelta(seconds=1)
MANY = TEAM.burst_versions
LATER = timedelta(days=60)


def bursts(own: list[timedelta], *others: list[timedelta], unclear: str = "") -> list[ReleaseBurst]:
    """What is seen around the recent releases of a package, so long after its first one each."""
    several = [[timedelta(0), *own], *others]
    histories = [
        history(
            *(
                past_release(
                    f"1.{number}.0",
                    START + then,
                    **({"publisher": MISSING} if f"part-{index}" == unclear else {}),
                )
                for number, then in enumerate(sorted(times))
            ),
            name=f"part-{index}",
        )
        for index, times in enumerate(several)
    ]
    now = Now(START + max(own) + timedelta(hours=2))
    times = Every(tuple(map(publishing_times, histories)))
    recent = releases(histories[0], now, TEAM)
    return list(release_bursts(histories[0], recent, times.facts[0], times, TEAM).facts)


def spread(begin: timedelta, number: int, over: timedelta) -> list[timedelta]:
    """So many times, the first and the last just so far apart."""
    return [begin + over * index / (number - 1) for index in range(number)]


@pytest.mark.parametrize(
    ("apart", "number"), [(HOUR, MANY), (HOUR + SECOND, MANY - 1)], ids=["an hour", "a second more"]
)
def test_versions_of_one_hour(apart: timedelta, number: int) -> None:
    found = bursts(spread(LATER, MANY, apart))
    assert found[0].versions == found[-1].versions == number


@pytest.mark.parametrize("removed", range(MANY + 1))
@pytest.mark.parametrize("others", [1, 3])
def test_what_is_counted_together_is_named_also_where_it_was_removed(
    removed: int, others: int
) -> None:
    times = [START + then for then in spread(LATER, MANY, HOUR)]
    gone = {f"2.{number}.0": then for number, then in enumerate(times[:removed])}
    kept = {f"2.{number}.0": then for number, then in enumerate(times) if number >= removed}
    kept |= {"1.0.0": START, "3.0.0": times[-1]}
    own = history(
        *(past_release(name, then) for name, then in kept.items()), name="part-0", removed=gone
    )
    histories = [own]
    for number in range(1, others + 1):
        more = past_release("1.0.0", START), past_release("1.1.0", times[-1] + SECOND)
        histories.append(history(*more, name=f"part-{number}"))
    published = Every(tuple(map(publishing_times, histories)))
    recent = releases(own, Now(times[-1] + HOUR), TEAM)
    for found in release_bursts(own, recent, published.facts[0], published, TEAM).facts:
        assert len(found.same_hour) == found.versions == MANY + 1
        assert {*found.same_hour} == {*gone, *kept} - {"1.0.0"}
        assert {*found.installable} == {*kept} - {"1.0.0"}
        packages = [one.subject.name for one in histories] if found.packages > 1 else []
        assert list(found.same_minutes) == packages * (others > 1)


@pytest.mark.parametrize(
    ("apart", "number"), [(TOGETHER, 3), (TOGETHER + SECOND, 2)], ids=["ten minutes", "more"]
)
def test_packages_of_ten_minutes(apart: timedelta, number: int) -> None:
    (found,) = bursts([LATER], [LATER + apart / 2], [LATER + apart])
    assert found.packages == number


@pytest.mark.parametrize(
    ("before", "usual"), [(BEFORE, True), (BEFORE - SECOND, False)], ids=["a week", "less"]
)
def test_what_came_out_a_week_before_tells_what_is_usual(before: timedelta, *, usual: bool) -> None:
    """That counts from the last of those releases."""
    earlier = spread(LATER - before - HOUR, MANY, HOUR)
    found = bursts([*earlier, *[LATER] * MANY])
    assert found[-1].versions == MANY
    assert found[-1].usual_versions is usual
    (*_, together) = bursts([LATER - before, LATER], *[[LATER - before, LATER]] * 2)
    assert together.packages == 3
    assert together.usual_packages is usual


@pytest.mark.parametrize(
    ("away", "known"), [(TOGETHER, False), (TOGETHER + SECOND, True)], ids=["ten minutes", "more"]
)
def test_a_release_of_which_nobody_is_told_may_belong_to_it(
    away: timedelta, *, known: bool
) -> None:
    for then in (LATER - away, LATER + away):
        (found,) = bursts([LATER], [then], unclear="part-1")
        assert ("packages" not in found.unknown_fields()) is known


class Name(str):
    """The name of a version that counts how often it is hashed, also where no line of ours is."""

    __slots__ = ()
    hashed = 0

    def __hash__(self) -> int:
        Name.hashed += 1
        return str.__hash__(self)


def counted(number: int) -> int:
    """How many lines and hashed names it takes to look at so many versions of one hour."""
    times = [LATER + HOUR * index / number for index in range(number)]
    one = history(
        past_release("0.1.0", START),
        *(past_release(Name(f"1.0.{index}"), START + then) for index, then in enumerate(times)),
    )
    now = Now(START + LATER + 2 * HOUR)
    recent, own = releases(one, now, TEAM), publishing_times(one)
    found: list[ReleaseBurst] = []
    before = Name.hashed
    taken = steps(lambda: found.extend(release_bursts(one, recent, own, Every((own,)), TEAM).facts))
    assert {item.versions for item in found} == {number}
    assert {len(item.installable) for item in found} == {number}
    assert Name.hashed > before
    return taken + Name.hashed - before


def test_versions_of_one_hour_are_counted_in_one_pass() -> None:
    """Twice as many take twice as long; each against each other would take four times as long."""
    assert is_linear(*map(counted, (200, 400, 800)))
