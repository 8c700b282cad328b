"""What a run would ask, for the terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from hardenme.model.forecast import Forecast, Question
from hardenme.reports.columns import wrap
from hardenme.reports.plain import flowing, plain
from hardenme.reports.sheet import BOLD, DIM, Sheet
from hardenme.reports.style import Style

CODES = 6
"""Checks that are named before the rest is counted."""
READABLE = 100
HOUR, MINUTE = 3600, 60


def render(forecast: Forecast, style: Style) -> str:
    """The forecast as terminal lines."""
    sheet = Sheet(style)
    sheet.say(f"What a run would ask {sheet.dot} nothing was judged yet", BOLD)
    _rows(sheet, _head(forecast))
    _questions(sheet, forecast.questions)
    _blind(sheet, forecast)
    notes = [("Note", note) for note in forecast.notes]
    notes += [
        ("Left out", f"{_counted(number, 'check')}: {why}")
        for why, number in sorted(forecast.not_selected.items())
        if number
    ]
    if notes:
        sheet.section("Not in these numbers")
        sheet.add("")
        _rows(sheet, notes)
    return sheet.text()


def _head(forecast: Forecast) -> list[tuple[str, str]]:
    sizes = ", ".join(f"{number} {what}" for what, number in forecast.sizes.items())
    rows = [
        ("targets", ", ".join(forecast.targets) or "none"),
        ("depth", forecast.depth),
        ("size", sizes or "not known"),
    ]
    buckets = dict.fromkeys(item.bucket for item in forecast.questions if item.bucket)
    for bucket in buckets:
        most, least = forecast.most(bucket), forecast.least(bucket)
        text = _counted(most, "request") if most == least else f"{least} to {most} requests"
        left = forecast.left.get(bucket)
        rows.append((bucket, text if left is None else f"{text}; {left} are left of this hour"))
    rows.append(("time", _time(forecast)))
    return rows


def _time(forecast: Forecast) -> str:
    seconds = forecast.seconds
    if seconds >= HOUR:
        asked = f"about {seconds / HOUR:.1f} hours of asking"
    elif seconds >= MINUTE:
        asked = f"about {seconds / MINUTE:.0f} minutes of asking"
    else:
        asked = f"about {max(seconds, 1):.0f} seconds of asking"
    if forecast.hours <= 1:
        return f"{asked}, within what is left of this hour"
    return (
        f"{asked}, and more than this hour allows: it takes the budgets of {forecast.hours} hours."
        " Run it with --max-wait 3600, or go on with --resume each hour, or use a lesser --depth"
    )


def _questions(sheet: Sheet, questions: Iterable[Question]) -> None:
    rows = sorted(questions, key=lambda item: (-item.requests, item.what))
    if not rows:
        return
    sheet.section("Requests")
    sheet.add("")
    room = max(sheet.width - 22, 8)
    for_what = (
        (
            [f"{'<=' if item.at_most else ''}{item.requests}"],
            [item.bucket or "none"],
            wrap(_told(sheet, item), min(room, READABLE)),
        )
        for item in rows
    )
    sheet.grid(for_what, align=("right", "left", "left"))


def _told(sheet: Sheet, item: Question) -> str:
    codes = ", ".join(item.checks[:CODES])
    rest = len(item.checks) - CODES
    more = f" and {rest} more" if rest > 0 else ""
    what = sheet.value(flowing(f"{item.what}, {item.per}"))
    return f"{what} ({codes}{more})" if codes else what


def _blind(sheet: Sheet, forecast: Forecast) -> None:
    if not forecast.blind:
        return
    sheet.section("Hidden from this token")
    for item in forecast.blind:
        sheet.add("")
        codes = ", ".join(item.checks)
        room = min(sheet.width, READABLE) - 2
        block = [
            *sheet.labelled("Needs", sheet.value(flowing(item.needs)), room),
            *sheet.labelled("Seen", sheet.value(flowing(item.seen)), room),
            *sheet.labelled("Hides", codes, room),
        ]
        sheet.add(*(f"  {line}" for line in block))


def _rows(sheet: Sheet, rows: Iterable[tuple[str, str]]) -> None:
    room = max(min(sheet.width - 12, READABLE), 2)
    sheet.grid(
        (
            ([sheet.paint(label, DIM)], wrap(sheet.value(flowing(text)), room))
            for label, text in rows
        ),
    )


def document(forecast: Forecast) -> str:
    """The forecast as JSON, ASCII alone, with the totals of each bucket."""
    buckets = sorted({item.bucket for item in forecast.questions if item.bucket})
    totals = {name: [forecast.least(name), forecast.most(name)] for name in buckets}
    values = {**asdict(forecast), "totals": totals}
    return json.dumps(_fit(values), ensure_ascii=True, indent=2) + "\n"


def _fit(value: Any) -> Any:
    """The value with every text fit to print."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(str(name)): _fit(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(item) for item in value]
    return value


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
