"""Windows counted by moving their ends hold what windows that are counted one by one hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import thread_time

from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.release_windows import flow

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(minutes=10)
MINUTES = st.integers(0, 60)


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


@given(st.lists(st.lists(MINUTES, max_size=5), max_size=5), st.data())
def test_as_counted_one_by_one(minutes: list[list[int]], data: st.DataObject) -> None:
    """Around each release; where nothing came out there is nothing."""
    center = data.draw(st.sampled_from([minute for own in minutes for minute in own] or [0]))
    several = tuple(tuple(at(minute) for minute in sorted(own)) for own in minutes)
    together = flow(several, SPAN)
    starts = {then for own in several for then in own if at(center) - SPAN <= then <= at(center)}
    inside = [
        [sum(start <= then <= start + SPAN for then in own) for own in several] for start in starts
    ]
    extents = [(sum(map(bool, counts)), max(counts)) for counts in inside]
    assert together.around(at(center)) == max(extents, default=(0, 0))
    places = together.packages(at(center))
    held = [tuple(place for place, number in enumerate(counts) if number) for counts in inside]
    assert places in (held or [()])
    assert len(places) == together.around(at(center))[0]
    assert together.around(at(center) + timedelta(seconds=1)) == (0, 0)
    # What was like it before, of each package, release by release.
    until, least = (
        at(data.draw(MINUTES)),
        data.draw(st.tuples(st.integers(1, 5), st.integers(1, 5))),
    )
    for place, own in enumerate(several):
        earlier = [together.around(then) for then in own if then <= until]
        like = any(one[0] >= least[0] and one[1] >= least[1] for one in earlier)
        assert together.was_like(place, least, until) is like


def test_many_packages_are_put_in_order_once() -> None:
    several = tuple(
        tuple(at(60 * index + package // 20) for index in range(100)) for package in range(200)
    )
    begun = thread_time()
    together = flow(several, SPAN)
    assert together.around(at(0)) == (200, 1)
    assert all(together.around(then)[0] == 200 for then in several[0])
    assert flow(several, SPAN) is together
    assert thread_time() - begun < 2
