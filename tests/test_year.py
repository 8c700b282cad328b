"""A year of weekly reports: each change is told once, in the first run that can see it.

Keys, members, tokens, rules and releases change, sinks fail, tokens are revoked, limits strike.
Nothing else is told, and a week in which nothing changed sends nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from tests.year.clockwork import Told, Year, year
from tests.year.events import EVENTS

pytestmark = [
    pytest.mark.second_tier("a year of runs"),
    pytest.mark.sampled(10, among="whole stories"),
]

WEEKS = 52
LOSING = {10, 18, 30}
"""The weeks in which sight is lost: of GitHub, of GitHub again, of npm."""
BLIND = {*LOSING, 19}
SINK_DOWN = 36
GOOD = 200
DELAYED = re.compile(r"\[delayed, of [^]]+\] ")
SIGHT = ("lost ", "seen ")
LIST = re.compile(r"\w+ (?P<kind>.+) (?P<name>\S+) in (?P<place>\S+?)(?:: .+)?")
GONE = {
    *(f"{code} github:member/cedar-labs/maple" for code in ("GHO102", "GHO103", "GHO122")),
    *(f"{code} github:repo/cedar-labs/resin" for code in ("GHR108", "GHR109")),
}
"""Lost sight of, and then not there: maple left, and a key is judged where there was none."""


class OutOfSight:
    """What is told to be lost, once, until it is told of in any way again."""

    def __init__(self) -> None:
        self.lost: set[str] = set()

    def take(self, lines: tuple[str, ...]) -> None:
        """The lines of a week."""
        for line in lines:
            turn, _, what = line.partition(" ")
            if turn == "lost":
                assert what not in self.lost, f"told twice: {what}"
                self.lost.add(what)
            elif turn == "seen":
                assert what in self.lost, f"was never lost: {what}"
                self.lost.remove(what)
            else:
                self.lost -= {what, *_list_of(line)}


def _list_of(line: str) -> set[str]:
    """The list in which something changed; a name may have several words."""
    found = LIST.fullmatch(line)
    if found is None:
        return set()
    words = found["kind"].split()
    kinds = (" ".join(words[:end]) for end in range(1, len(words) + 1))
    return {f"{kind}s in {found['place']}" for kind in kinds}


def expected() -> dict[int, set[str]]:
    """What is to be told, by the week in which it can be seen."""
    weeks: dict[int, set[str]] = defaultdict(set)
    for event in EVENTS:
        weeks[event.week if event.seen is None else event.seen].update(event.told)
    return weeks


def passed(running: Year) -> dict[int, Told]:
    """The year."""
    weeks = {}
    for week in range(WEEKS):
        running.begin(week)
        for event in EVENTS:
            if event.week == week:
                event.do(running)
        weeks[week] = running.report()
    return weeks


def test_each_change_is_told_once_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sight, wanted = OutOfSight(), expected()
    with year(tmp_path, monkeypatch) as running:
        weeks = passed(running)
        posted, letters = running.posted, running.mail.letters
    for week, told in weeks.items():
        news = {line for line in told.lines if not line.startswith(SIGHT)}
        assert news == wanted[week], week
        assert len(told.lines) == len(set(told.lines)), week
        assert any(line.startswith("lost ") for line in told.lines) is (week in LOSING), week
        sight.take(told.lines)
        if week not in {*BLIND, SINK_DOWN}:
            assert (told.code in {Exit.CLEAN, Exit.FINDINGS}, told.said) == (True, ()), week
    assert sight.lost == GONE
    assert {weeks[week].code for week in LOSING} == {Exit.UNKNOWN}
    assert weeks[SINK_DOWN].code == Exit.UNDELIVERED

    # The first run tells that there is nothing to compare with; then, each week with news.
    telling = [0, *(week for week, told in weeks.items() if told.lines)]
    titles = [str(letter["subject"]) for letter in letters]
    assert len(titles) == len(telling)
    # What the web server refused, it was sent in the next week, in which nothing else was.
    assert weeks[SINK_DOWN + 1].lines == ()
    taken = [title for status, title in posted if status == GOOD]
    assert [DELAYED.sub("", title) for title in taken] == titles
    assert [title for title in taken if DELAYED.match(title)] == [
        f"[delayed, of 2026-09-14 06:00 UTC] {title}" for status, title in posted if status != GOOD
    ][:1]
