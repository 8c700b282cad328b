"""What a run would ask, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hardenme.codec.layout import Layout
from hardenme.model.forecast import Forecast, ForecastRequest
from hardenme.reports.codes import ranges
from hardenme.reports.columns import READABLE, wrap
from hardenme.reports.plain import begun, counted, flowing
from hardenme.reports.printed import PrintedDocument, as_json, printed
from hardenme.reports.sheet import BOLD, DIM, Sheet
from hardenme.reports.style import Style

ONCE = "once"
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
        ("Left out", f"{counted(number, 'check')}: {why}")
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
        text = counted(most, "request") if most == least else f"{least} to {most} requests"
        rows.append((bucket, "; ".join([text, *_left(forecast, bucket)])))
    rows.append(("time", _time(forecast)))
    return rows


def _left(forecast: Forecast, bucket: str) -> list[str]:
    """What the hour still has, and what of it the run may use."""
    left = forecast.left.get(bucket)
    if left is None:
        return []
    usable = forecast.usable.get(bucket, left)
    told = f"{left} are left of this hour"
    return [told if usable >= left else f"{told}, and the run may use {usable} of them"]


def _time(forecast: Forecast) -> str:
    seconds = forecast.seconds
    if seconds >= HOUR:
        asked = f"about {seconds / HOUR:.1f} hours of asking"
    elif seconds >= MINUTE:
        asked = f"about {counted(round(seconds / MINUTE), 'minute')} of asking"
    else:
        asked = f"about {counted(round(max(seconds, 1)), 'second')} of asking"
    if forecast.hours <= 1:
        return f"{asked}, within what is left of this hour"
    return (
        f"{asked}, and more than this hour allows: it takes the budgets of {forecast.hours} hours."
        " Run it with --max-wait 3600, or continue with --resume each hour, or use a lower --depth"
    )


def _questions(sheet: Sheet, questions: Iterable[ForecastRequest]) -> None:
    """What is sent, the costliest first; what is sent once for all comes last, in one row."""
    sent = [item for item in questions if item.requests]
    once = [item for item in sent if item.per == ONCE]
    rows = sorted(
        (item for item in sent if item.per != ONCE), key=lambda item: (-item.requests, item.what)
    )
    if not sent:
        return
    sheet.section("Requests")
    sheet.add("")
    cells = [_cells(sheet, [item], f"{item.what}, {item.per}") for item in rows]
    for bucket in dict.fromkeys(item.bucket for item in once):
        group = [item for item in once if item.bucket == bucket]
        names = ", ".join(dict.fromkeys(item.what for item in group))
        cells.append(_cells(sheet, group, f"once: {names}"))
    sheet.grid(cells, align=("right", "left", "left"))


def _cells(sheet: Sheet, group: list[ForecastRequest], what: str) -> list[list[str]]:
    """A row: how many, in which bucket, what for, and the checks that rest on it."""
    room = min(max(sheet.width - 22, 8), READABLE)
    most, least = sum(item.requests for item in group), sum(item.least for item in group)
    codes = ranges(code for item in group for code in item.checks)
    lines = wrap(sheet.value(flowing(what)), room)
    lines += [sheet.paint(line, DIM) for line in wrap(codes, room) if line]
    return [[f"{'<=' if least < most else ''}{most}"], [group[0].bucket or "none"], lines]


def _blind(sheet: Sheet, forecast: Forecast) -> None:
    if not forecast.blind:
        return
    sheet.section("Hidden from this token")
    reasons = dict.fromkeys(item.seen for item in forecast.blind)
    for seen in reasons:
        sheet.add("")
        sheet.say(sheet.value(flowing(begun(seen))))
        rows = [(ranges(item.checks), item.needs) for item in forecast.blind if item.seen == seen]
        room = sheet.readable - 2
        for codes, needs in rows:
            block = [
                *sheet.labelled("Hides", codes, room),
                *sheet.labelled("Needs", sheet.value(flowing(needs)), room),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastDocument(PrintedDocument):
    """A run before it runs.

    Attributes:
        forecast: its members are merged into this object.
        totals: the requests of each bucket, at least and at most.
    """

    forecast: Forecast
    totals: Mapping[str, tuple[int, int]]


FORM = printed({ForecastDocument: Layout(flat="forecast")})


def document(forecast: Forecast) -> str:
    """The forecast as JSON, with the totals of each bucket."""
    buckets = sorted({item.bucket for item in forecast.questions if item.bucket})
    totals = {name: (forecast.least(name), forecast.most(name)) for name in buckets}
    return as_json(ForecastDocument(forecast=forecast, totals=totals), FORM)
