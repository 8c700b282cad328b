"""Which of the tests a run takes: those of its tier, and of what is sampled a part.

`docs/testing.md` says what belongs to which tier.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import pytest

FIRST, SECOND, ALL = "first", "second", "all"
TIERS = (FIRST, SECOND, ALL)
CASES = 10
"""The most cases of a test that the first tier takes, where no mark says how many."""
OTHERS = 3
"""Of how many of the other cases the second tier takes one."""
EXAMPLES = ("tests/checks/",)
"""Where every case is in the first tier: the examples of the checks."""
SMALL = 5000
"""Who picks fewer tests than these is given all of them, of both tiers."""
PROGRAMS = {
    "actionlint": ("actionlint",),
    "bash": ("bash",),
    "chromium": ("chromium", "google-chrome"),
    "dbus-run-session": ("dbus-run-session",),
    "gh": ("gh",),
    "git": ("git",),
    "gnome-keyring-daemon": ("gnome-keyring-daemon",),
    "node": ("node",),
    "npm": ("npm",),
    "ssh-keygen": ("ssh-keygen",),
    "verdaccio": ("verdaccio",),
}
"""What a test may be marked as in need of, and the names that it has on PATH."""
EVERYWHERE = {"bash", "git", "ssh-keygen"}
"""Programs that start at once: a test of the first tier may use one, and is skipped without it."""
FIXTURES = {"desktop", "new_command", "verdaccio"}
"""Fixtures that start programs: a keyring, the whole command, a registry."""
COMMAND = "hardenme"
"""The name of the whole command among the programs that tests start."""
STARTED: list[str] = []
"""The programs that this process has started since the present test began, but for `EVERYWHERE`.

The command itself is one of them, however a test starts it.
"""


def left_out(
    items: Sequence[pytest.Item],
    tier: str | None,
    turn: int,
    *,
    exhaustive: bool,
    cases: int | None = None,
) -> Iterator[pytest.Item]:
    """The tests that a run does not take.

    Args:
        items: those that were picked.
        tier: one of `TIERS`; None for the first one where many were picked, and else for all.
        turn: which part of what is sampled is taken.
        exhaustive: of sampled tests, every case is taken, and where no tier is named, of both.
        cases: used in place of `CASES`.
    """
    sampled = are_many(items) and not exhaustive
    tier = tier or default(items, exhaustive=exhaustive)
    out = set(not_sampled(items, turn)) if sampled else set()
    taken = [item for item in items if item not in out]
    second = set(of_second(taken, turn, cases or CASES))
    if sampled:
        out.update(not_of_others(second, taken, turn))
    yield from out
    if tier != ALL:
        yield from (
            item for item in taken if item not in out and (item in second) == (tier == FIRST)
        )


def are_many(items: Sequence[pytest.Item]) -> bool:
    """Whether a part of them is enough."""
    return len(items) >= SMALL


def default(items: Sequence[pytest.Item], *, exhaustive: bool) -> str:
    """The tier of a run that names none."""
    return FIRST if are_many(items) and not exhaustive else ALL


def not_sampled(items: Sequence[pytest.Item], turn: int) -> Iterator[pytest.Item]:
    """Of the cases of a test, the tests of a file or of several: all but one of few.

    A test with a mark of its own is none of its file's. `among` names a group of several files.
    """
    groups: dict[tuple[str, int], list[pytest.Item]] = {}
    for item in items:
        for node, mark in item.iter_markers_with_node("sampled"):
            own = item.nodeid.partition("[" if node is item else "::")[0]
            name = mark.kwargs.get("among", own)
            groups.setdefault((name, mark.args[0]), []).append(item)
            break
    for (name, size), cases in groups.items():
        taken = set(one_of(cases, name, size, turn))
        yield from (item for item in cases if item not in taken)


def of_second(items: Sequence[pytest.Item], turn: int, most: int) -> Iterator[pytest.Item]:
    """The tests of the second tier: those that are marked, and cases of which there are many.

    Of both, the first tier may take some: of a test without a mark, at most so many cases.
    """
    groups: dict[tuple[str, int], list[pytest.Item]] = {}
    for item in items:
        if (share := share_of(item)) is not None:
            groups.setdefault(share, []).append(item)
    groups |= {
        (name, math.ceil(len(cases) / most)): cases
        for name, cases in without_mark(items).items()
        if len(cases) > most
    }
    for (name, size), cases in groups.items():
        taken = set(one_of(cases, name, size, turn)) if size else set()
        yield from (item for item in cases if item not in taken)


def without_mark(items: Sequence[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """The tests that no mark puts into a tier, with their cases; but for the examples of checks."""
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        marked = share_of(item) is not None or item.get_closest_marker("first_tier")
        if not marked and not item.nodeid.startswith(EXAMPLES):
            tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return tests


def not_of_others(
    second: AbstractSet[pytest.Item], items: Sequence[pytest.Item], turn: int
) -> Iterator[pytest.Item]:
    """Of the cases that the first tier leaves of a test without a mark: all but one of few."""
    for name, cases in without_mark(items).items():
        others = [
            item for item in cases if item in second and not item.get_closest_marker("sampled")
        ]
        taken = set(one_of(others, f"{name} others", OTHERS, turn))
        yield from (item for item in others if item not in taken)


def share_of(item: pytest.Item) -> tuple[str, int] | None:
    """Of which tests the first tier takes one, and of how many at a time.

    Returns:
        Their common name, and 0 where it takes none; None where it takes the test anyway.
    """
    if item.get_closest_marker("first_tier"):
        return None
    needed = {program for mark in item.iter_markers("needs") for program in mark.args}
    fixtures = set(getattr(item, "fixturenames", ()))
    if needed - EVERYWHERE or FIXTURES & fixtures:
        return item.nodeid, 0
    file, _, _ = item.nodeid.partition("::")
    test, _, _ = item.nodeid.partition("[")
    for node, mark in item.iter_markers_with_node("second_tier"):
        return test if node is item else file, int(mark.kwargs.get("one_of", 0))
    return None


def one_of(cases: Sequence[pytest.Item], name: str, size: int, turn: int) -> Iterator[pytest.Item]:
    """One of each few cases.

    Which one differs from few to few: a step of always the same length would never meet some values
    of a test that has several parameters. Each turn it is the next one.
    """
    for number, begin in enumerate(range(0, len(cases), size)):
        few = cases[begin : begin + size]
        place = zlib.crc32(f"{name} {number}".encode()) % size if number else 0
        # The last few may be fewer; where they are all there are, one of them is run.
        place = (place + turn) % (size if number else len(few))
        yield from few[place : place + 1]


def missing(item: pytest.Item) -> list[str]:
    """The programs that a test needs and that are not on PATH."""
    return [
        program
        for mark in item.iter_markers("needs")
        for program in mark.args
        if not any(map(shutil.which, PROGRAMS[program]))
    ]


def watch() -> None:
    """Keep from now on which programs this process starts."""
    names = {name for program in PROGRAMS.keys() - EVERYWHERE for name in PROGRAMS[program]}

    def started(event: str, args: tuple[Any, ...]) -> None:
        if event != "subprocess.Popen":
            return
        program = Path(os.fsdecode(args[0]))
        if program.name in names:
            path = (os.environ if args[3] is None else args[3]).get("PATH")
            found = shutil.which(program, path=path)
            # A script that a test wrote stands in for the program.
            if found and not Path(found).is_relative_to(tempfile.gettempdir()):
                STARTED.append(program.name)

    sys.addaudithook(started)
