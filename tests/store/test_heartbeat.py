from __future__ import annotations

import itertools
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.ground.errors import OutputError
from hardenme.store.heartbeat import WEEK, Beat, Heartbeats
from tests.store.stored import FIRST, KILLED, child, dying

DAY = timedelta(days=1)
ACCOUNTS = {"github https://api.github.example.test": frozenset({"ada"})}


def beat(*days: float, interval: int = 0, broken: int = 0) -> Beat:
    """What is remembered after complete runs on these days, and broken ones after that."""
    made = Beat("acme-1-2", ("github:acme",), ACCOUNTS, FIRST, FIRST, interval=interval)
    for number, day in enumerate(days, 1):
        made = made.beaten(at(day), whole=True, number=number)
    for number in range(broken):
        made = made.beaten(at(days[-1] + number + 1), whole=False, number=len(days) + number + 1)
    return made


def at(day: float) -> datetime:
    return FIRST + day * DAY


def told(**fields: str) -> str:
    """A file's text, with some fields in JSON."""
    day = '"2026-01-01T00:00:00+00:00"'
    made = {"format": "1", "targets": "[]", "accounts": "{}", "first": day, "ran": day}
    made |= {"complete": "null", "number": "1", "interval": "0", "gaps": "[]", **fields}
    return "{" + ", ".join(f'"{name}": {value}' for name, value in made.items()) + "}"


def test_no_interval_is_longer_than_time(tmp_path: Path) -> None:
    beats = Heartbeats(tmp_path)
    beats.put(beat(0))
    [file] = beats.folder.iterdir()
    file.write_text(told(interval="1" + "0" * 30, gaps=f"[-5, {'9' * 30}]"))
    [one] = beats.all()
    assert not one.late(at(7))
    assert one.gaps[0] == 0
    beats.put(one)
    assert beats.all() == (one,)


@pytest.mark.parametrize("by_hand", [True, False])
def test_it_comes_back_as_it_was_put(tmp_path: Path, *, by_hand: bool) -> None:
    beats, one = Heartbeats(tmp_path), beat(0, 7, 14, interval=3600)
    if by_hand:
        one = beat().beaten(FIRST, whole=True, number=1, by_hand=True)
    beats.put(one)
    assert beats.all() == (one,)
    [file] = beats.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(beats.folder.stat().st_mode) == 0o700


def test_one_that_knows_more_accounts_stands_in_place_of_the_one_before(tmp_path: Path) -> None:
    beats = Heartbeats(tmp_path)
    beats.put(beat(0))
    beats.put(Beat("acme-1-3", ("github:acme",), {}, FIRST, FIRST), instead="acme-1-2")
    assert [one.name for one in beats.all()] == ["acme-1-3"]
    assert [one.name for one in beats.of("acme-1")] == ["acme-1-3"]
    assert beats.of("acme-2") == ()


@pytest.mark.parametrize(
    ("one", "late_after"),
    [
        (beat(0), 21),
        (beat(0, interval=3600), 3 / 24),
        (beat(0, 1, 2), 2 + 21),
        (beat(0, 1, 2, 3), 3 + 3),
        # A night in which the machine was off tells nothing of how often it runs.
        (beat(0, 1, 2, 9, 10), 10 + 3),
        (beat(0, 1, 2, 3, interval=WEEK), 3 + 21),
        # Runs that did not go to their end are none.
        (beat(0, 1, 2, 3, broken=5), 3 + 3),
        (Beat("a", (), {}, FIRST, FIRST + 60 * DAY), 21),
    ],
)
def test_three_intervals_without_a_complete_run_are_too_long(one: Beat, late_after: float) -> None:
    assert not one.late(at(late_after))
    assert one.late(at(late_after) + timedelta(seconds=1))


def test_a_clock_that_was_set_back_makes_no_interval() -> None:
    one = beat(0, 1, 2, 3, 1, 2)
    assert one.gaps == (86400, 86400, 86400, 86400)
    assert one.complete == at(2)
    assert beat(30).ahead(at(1))
    assert not beat(30).ahead(at(30) - timedelta(minutes=4))


MINUTE = 1 / (24 * 60)


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("weeks", [1, 2, 3, 8])
@pytest.mark.parametrize("count", [2, 3, 20])
def test_runs_by_hand_shorten_no_interval(weeks: int, count: int, *, by_hand: bool) -> None:
    """A run on a terminal is known to be one; any other shows by coming long before its time."""
    one = beat(*(7 * week for week in range(weeks + 1)))
    last = 7 * weeks
    for number in range(1, count + 1):
        when = at(last + number * MINUTE)
        one = one.beaten(when, whole=True, number=number, by_hand=by_hand)
    assert one.every == WEEK
    assert one.complete == at(last + count * MINUTE)
    assert not one.late(at(last + 20))
    # The timer goes on as before, and what lies between its own runs is learnt.
    one = one.beaten(at(last + 7), whole=True, number=99)
    assert one.gaps[-1] == WEEK


def test_runs_by_hand_before_the_timer_teach_nothing() -> None:
    one = Beat("acme-1-2", ("github:acme",), ACCOUNTS, FIRST, FIRST)
    for number in range(9):
        one = one.beaten(at(number * MINUTE), whole=True, number=number, by_hand=True)
    assert (one.gaps, one.timed, one.every) == ((), None, WEEK)


@given(
    before=st.integers(1, 40),
    after=st.integers(1, 40),
    hands=st.lists(st.integers(1, 200), max_size=6),
)
def test_a_timer_that_runs_at_other_times_is_learnt_whatever_people_do(
    before: int, after: int, hands: list[int]
) -> None:
    one = beat(*(before * number for number in range(9)))
    day = before * 8
    for number in range(150):
        day += after
        one = one.beaten(at(day), whole=True, number=number)
        if number in hands:
            one = one.beaten(at(day + 0.1), whole=True, number=number, by_hand=True)
    assert after <= one.every / 86400 <= 2 * after


def test_files_of_earlier_versions_know_no_timer(tmp_path: Path) -> None:
    beats = Heartbeats(tmp_path)
    beats.put(beat(0))
    [file] = beats.folder.iterdir()
    file.write_text(told(complete='"2026-01-08T00:00:00+00:00"'))
    [one] = beats.all()
    assert one.timed == one.complete


def test_few_gaps_are_kept() -> None:
    assert len(beat(*range(30)).gaps) == 8


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '{"format": 2}', '{"format": 1}', '{"format": 1, "ran": 3}'),
        *("[" * 100_000, told(number="1e999"), told(first='"0001-01-01T00:00:00+14:00"')),
    ],
)
def test_one_that_cannot_be_read_is_told_and_stays(tmp_path: Path, text: str) -> None:
    beats = Heartbeats(tmp_path)
    beats.put(beat(0))
    [file] = beats.folder.iterdir()
    file.write_text(text)
    assert beats.all() == ()
    assert beats.problems == [f"when the last run was is not known: {file} cannot be read"]
    assert file.read_text() == text


def broken_link(file: Path) -> None:
    file.rename(file.with_suffix(".old"))
    file.symlink_to(file.with_suffix(".old"))


def open_to_all(file: Path) -> None:
    file.chmod(0o666)


@pytest.mark.parametrize(
    ("spoil", "said"), [(broken_link, "is a link to elsewhere"), (open_to_all, "is open to others")]
)
def test_one_that_others_could_have_written_is_not_used(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    beats = Heartbeats(tmp_path)
    beats.put(beat(0))
    spoil(next(beats.folder.iterdir()))
    assert beats.all() == ()
    assert said in beats.problems[0]


def test_its_folder_is_no_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "heartbeat").symlink_to(elsewhere)
    beats = Heartbeats(tmp_path)
    with pytest.raises(OutputError, match="is a link to elsewhere"):
        beats.put(beat(0))
    assert beats.all() == ()
    assert list(elsewhere.iterdir()) == []
    assert beats.problems


@pytest.mark.second_tier("takes long")
def test_who_is_killed_at_any_write_leaves_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    beats = Heartbeats(tmp_path)
    old, new = beat(0), beat(0, 7)
    seen = []
    for step in itertools.count(1):
        beats.put(old)

        def work(at: int = step) -> None:
            dying(at)
            beats.put(new)

        code = child(work)
        [found] = beats.all()
        assert found in (old, new)
        seen.append(found == new)
        if code == 0:
            break
        assert code == KILLED
    assert step > 4
    assert seen[0] is False
    assert seen[-1] is True
    assert beats.problems == []
