"""A course for the terminal: a row for each severity, with its counts as a line of bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hardenme.reports.sheet import BOLD, DIM, PAINT, Block, Sheet
from hardenme.reports.style import Style
from hardenme.reports.trend.course import Course
from hardenme.reports.trend.document import worst_first

BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.:-=+*#"
OTHER_COLUMNS = 56
"""Columns next to the bars."""
LEAST, MOST = 8, 60
"""Bars, whatever the terminal's width."""
DAY = timedelta(days=1)


def table(course: Course, style: Style) -> str:
    """The trend of each severity, and the failure that has been open for the longest time."""
    sheet = Sheet(style)
    points = course.points
    if not points:
        sheet.say("There is no stored report.")
        return sheet.text()
    names = sheet.names(list(course.targets), len(course.targets))
    count = f"{len(points)} report" if len(points) == 1 else f"{len(points)} reports"
    span = _day(points[0].at)
    if len(points) > 1:
        span = f"{span} to {_day(points[-1].at)}"
    sheet.say(f"{names}: {count}, {span}", BOLD)
    sheet.add("")
    room = min(max(sheet.width - OTHER_COLUMNS, LEAST), MOST)
    sheet.grid(_rows(sheet, course, room), align=("left", "left", *["right"] * 4))
    if len(points) > room:
        sheet.add("")
        sheet.say(f"The bars are the last {room} reports; first is the first of all.", DIM)
    _below(sheet, course)
    return sheet.text()


def _rows(sheet: Sheet, course: Course, room: int) -> list[list[Block]]:
    now = course.points[-1].at
    titles = ("failed", "", "first", "last", "oldest", "mean time to fix")
    rows: list[list[Block]] = [[[sheet.paint(title, DIM) or " "] for title in titles]]
    for severity in worst_first():
        counts = [point.failed.get(severity, 0) for point in course.points]
        oldest, mean = course.oldest.get(severity), course.mean(severity)
        fixed = len(course.mended.get(severity, ()))
        rows.append(
            [
                [sheet.paint(str(severity), PAINT[severity])],
                [sparkline(counts[-room:], ascii_only=sheet.style.ascii_only)],
                [str(counts[0])],
                [str(counts[-1])],
                [length(now - oldest.since, longer=oldest.longer) if oldest else "-"],
                [f"{length(mean)} ({fixed} fixed)" if mean is not None else "-"],
            ]
        )
    unknown = [point.unknown for point in course.points]
    bars = sparkline(unknown[-room:], ascii_only=sheet.style.ascii_only)
    rows.append([["unknown"], [bars], [str(unknown[0])], [str(unknown[-1])], ["-"], ["-"]])
    return rows


def _below(sheet: Sheet, course: Course) -> None:
    """The oldest failure in words, and what the figures do not show."""
    now = course.points[-1].at
    sheet.add("")
    if course.oldest:
        oldest = min(course.oldest.values(), key=lambda one: (one.since, -one.severity, one.code))
        words = "since the first report" if oldest.longer else f"since {_day(oldest.since)}"
        stood = length(now - oldest.since, longer=oldest.longer)
        sheet.say(
            f"Open for the longest time: {oldest.code} ({oldest.severity}) of"
            f" {sheet.name(oldest.name)}, {words}, {stood}."
        )
    else:
        sheet.say("Nothing is open.")
    broken = sum(not point.whole for point in course.points)
    if broken:
        runs = "1 run" if broken == 1 else f"{broken} runs"
        sheet.say(f"{runs} ended early: what these did not look at, they do not count.")
    if course.points[-1].unknown:
        sheet.say("What is unknown may hold failures that no report counts.", DIM)


def sparkline(counts: Sequence[int], *, ascii_only: bool = False) -> str:
    """Numbers as bars: none of them is the lowest bar, and any is more than none."""
    bars = ASCII_BARS if ascii_only else BARS
    most = max(counts, default=0)
    steps = len(bars) - 1
    return "".join(bars[-(-count * steps // most) if most else 0] for count in counts)


def length(time: timedelta, *, longer: bool = False) -> str:
    """A length of time in days, or hours below one: `12 d`; `12 d+` where it may be longer."""
    sign = "+" if longer else ""
    if time >= DAY:
        return f"{time // DAY} d{sign}"
    return f"{max(time, timedelta()) // timedelta(hours=1)} h{sign}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
