"""Who can publish, for a terminal: a screen a package, and how far each credential reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from hardenme.model.publishing import PackagePaths, PublishPath, Reach, State
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.reports.columns import width_of, wrap
from hardenme.reports.plain import flowing
from hardenme.reports.publishing import (
    INTENDED,
    WORDS,
    downloads,
    headline,
    is_fine,
    reaching,
    reason,
    sharing,
    stopping,
    summary,
    title,
    who,
    word,
    worst_first,
)
from hardenme.reports.sheet import BOLD, DIM, PAINT, UNDERLINED, Block, Sheet
from hardenme.reports.tasks import NARROW, READABLE

PACKAGES = 10
"""Packages that are told in full before the rest is counted."""
PATHS, STEPS, UNREAD = 12, 8, 4
"""Paths, steps and unread parts of a package before the rest is counted."""
REACHES = 15
"""Credentials before the rest is counted."""
NAMES = 12
"""Packages that stand in one sentence before the rest is counted."""
STATE = max(map(len, (INTENDED, *WORDS.values())))
GAP = 2
SHARE = 3
"""The part of a line that is for who it is: one in so many."""
COLORS = {
    WORDS[State.OPEN]: PAINT[Severity.CRITICAL],
    WORDS[State.UNKNOWN]: PAINT[Severity.MEDIUM],
    WORDS[State.CLOSED]: DIM,
    INTENDED: PAINT[Severity.LOW],
}


def who_can_publish(sheet: Sheet, report: Report) -> None:
    """Add the section; nothing where no package was looked at."""
    if report.publishing is None or not report.publishing.packages:
        return
    packages = worst_first(report.publishing.packages)
    stop, unclear = stopping(report)
    shared = sharing(packages)
    sheet.section("Who can publish")
    sheet.add("")
    sheet.say(summary(packages), BOLD)
    if stop:
        sheet.say(f"Stop publishing in January 2027: {sheet.names(stop, NAMES)}")
    if unclear:
        sheet.say(f"Not known of January 2027: {sheet.names(unclear, NAMES)}")
    fine = [one for one in packages if is_fine(one)]
    wanting = packages[: len(packages) - len(fine)]
    for package in wanting[:PACKAGES]:
        _package(sheet, package, shared)
    _others(sheet, wanting[PACKAGES:], fine)
    if any(one.steps for one in packages):
        sheet.add("")
        sheet.say(
            "All steps as a script, with what each needs and how to undo it: --format commands"
        )
    _reaches(sheet, report.publishing.reaches)


def _package(sheet: Sheet, package: PackagePaths, shared: dict[str, int]) -> None:
    sheet.add("")
    sheet.say(f"{sheet.name(package.package)} {sheet.dot} {downloads(package.weekly)}", BOLD)
    sheet.say(headline(package))
    _paths(sheet, package.paths)
    _steps(sheet, package, shared)
    if package.unread:
        sheet.add("")
    for sentence in package.unread[:UNREAD]:
        text = f"Not read: {sheet.value(flowing(sentence))}"
        sheet.add(*(f"  {line}" for line in wrap(text, _room(sheet), hang=2)))
    _more(sheet, len(package.unread) - UNREAD, "unread part")


def _room(sheet: Sheet) -> int:
    return min(sheet.width - 2, READABLE)


def _paths(sheet: Sheet, paths: Sequence[PublishPath]) -> None:
    if not paths:
        return
    sheet.add("")
    for path in paths[:PATHS]:
        sheet.add(*_path(sheet, path))
    left = Counter(word(path) for path in paths[PATHS:])
    if left:
        told = ", ".join(f"{number} {state}" for state, number in left.items())
        number = sum(left.values())
        text = f"and {number} more {'path' if number == 1 else 'paths'}: {told}"
        sheet.add(*(f"  {line}" for line in wrap(text, _room(sheet), hang=2)))


def _path(sheet: Sheet, path: PublishPath) -> Iterator[str]:
    state = word(path)
    whom = who(path.way, sheet.name(flowing(path.name)), short=True)
    why = sheet.value(flowing(reason(path)))
    needed = f"To know: {sheet.value(flowing(path.needed))}" if path.needed else ""
    if sheet.width < NARROW:
        head, *rest = wrap(f"{state} {whom}", sheet.width - 2, hang=2)
        yield f"  {sheet.paint(state, COLORS[state])}{head[len(state) :]}"
        yield from (f"  {line}" for line in rest)
        for text in filter(None, (why, needed)):
            yield from (f"    {line}" for line in wrap(text, sheet.width - 4))
        return
    room = _beside(sheet)
    whose = wrap(whom, sheet.width // SHARE, hang=2)
    told = wrap(why, room) + wrap(needed, room, hang=2)
    for number, line in enumerate(_columns(sheet, whose, told)):
        mark = state if number == 0 else ""
        gap = " " * (STATE - len(mark) + GAP)
        yield f"  {sheet.paint(mark, COLORS[state])}{gap}{line}".rstrip()


def _beside(sheet: Sheet) -> int:
    """The columns that are left for what is told beside a state and a name."""
    return min(sheet.width - 2 - STATE - sheet.width // SHARE - 2 * GAP, READABLE)


def _columns(sheet: Sheet, left: Block, right: Block) -> Iterator[str]:
    """Two blocks side by side. Wide characters count as what they take."""
    for one, other in zip_longest(left, right, fillvalue=""):
        yield f"{one}{' ' * (sheet.width // SHARE - width_of(one) + GAP)}{other}".rstrip()


def _steps(sheet: Sheet, package: PackagePaths, shared: dict[str, int]) -> None:
    if not package.steps:
        return
    sheet.add("")
    for number, step in enumerate(package.steps[:STEPS], start=1):
        mark = f"{number}. "
        text = mark + sheet.value(flowing(title(step, shared[step.key])))
        lines: Block = wrap(text, _room(sheet), hang=len(mark))
        # Commands and addresses stay whole, whatever the width, so that they can be copied.
        if step.fix.command:
            lines.append(" " * len(mark) + sheet.value(step.fix.command))
        if step.fix.page:
            page = sheet.paint(sheet.value(step.fix.page), UNDERLINED)
            lines.append(" " * len(mark) + page)
        sheet.add(*(f"  {line}" for line in lines))
    _more(sheet, len(package.steps) - STEPS, "step")


def _more(sheet: Sheet, number: int, thing: str) -> None:
    if number > 0:
        text = f"and {number} more {thing}{'s' if number > 1 else ''}: --format json has all"
        sheet.add(*(f"  {line}" for line in wrap(text, _room(sheet))))


def _others(sheet: Sheet, rest: Sequence[PackagePaths], fine: Sequence[PackagePaths]) -> None:
    """The packages that are not told in full."""
    if rest:
        opened = sum(bool(one.count(State.OPEN)) for one in rest)
        sheet.add("")
        sheet.say(
            f"and {len(rest)} more, {opened} of them with open paths: --format json has them all"
        )
    if fine:
        sheet.add("")
        number = f"{len(fine)} {'package' if len(fine) == 1 else 'packages'}"
        names = sheet.names([one.package for one in fine], NAMES)
        sheet.say(f"No path but the intended one is open ({number}): {names}")


def _reaches(sheet: Sheet, reaches: Sequence[Reach]) -> None:
    if not reaches:
        return
    sheet.section("How far each reaches")
    sheet.add("")
    for one in reaches[:REACHES]:
        whom = who(one.way, sheet.name(flowing(one.name)), short=True)
        what = reaching(one)
        # The package is named where there is one: it is what the reader asks next.
        if len(one.packages) == 1:
            what = f"{what} ({sheet.name(one.packages[0])})"
        if sheet.width < NARROW:
            sheet.add(*(f"  {line}" for line in wrap(f"{whom}: {what}", _room(sheet), hang=2)))
            continue
        whose = wrap(whom, sheet.width // SHARE, hang=2)
        told = wrap(what, _beside(sheet) + STATE + GAP)
        sheet.add(*(f"  {line}" for line in _columns(sheet, whose, told)))
    rest = len(reaches) - REACHES
    if rest > 0:
        text = f"and {rest} more that reach no further: --format json has all"
        sheet.add(*(f"  {line}" for line in wrap(text, _room(sheet))))
