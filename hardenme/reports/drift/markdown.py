"""A drift as Markdown. Texts of providers come out inert: no link, no mention, no markup."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.drift import Drift
from hardenme.reports.drift.outline import Line, sections
from hardenme.reports.drift.table import BLIND
from hardenme.reports.drift.words import causes, headline
from hardenme.reports.inert import code, prose
from hardenme.reports.plain import flowing, plain, plain_name, timestamp
from hardenme.reports.style import Style

LINES = 100
"""Lines of a section before the rest is counted."""
NAMES = 20
"""Names in a line before the rest is counted."""


def render(drift: Drift, style: Style) -> str:
    """The drift as Markdown; with `quiet` nothing where nothing changed."""
    if style.quiet and drift.empty and not drift.incomparable:
        return ""
    return "\n".join(_lines(drift, style)) + "\n"


def _lines(drift: Drift, style: Style) -> Iterator[str]:
    line = headline(drift)
    yield f"**{prose(plain(line[:1].upper() + line[1:], ascii_only=style.ascii_only))}**"
    if drift.since is not None and not style.quiet:
        yield ""
        yield f"From {code(timestamp(drift.since))} to {code(timestamp(drift.until))}"
    if drift.lost:
        for cause in causes(drift):
            yield ""
            yield f"**{_prose(cause, style)}**"
        yield ""
        yield BLIND
    for section in sections(drift):
        yield ""
        yield f"### {section.title}"
        yield ""
        for one in section.lines[:LINES]:
            yield from _line(one, style)
        rest = len(section.lines) - LINES
        if rest > 0:
            yield f"- and {rest} more"
    if drift.notes and not style.quiet:
        yield ""
        yield "### About this comparison"
        yield ""
        for note in drift.notes:
            yield f"- {_prose(note[:1].upper() + note[1:], style)}"


def _line(one: Line, style: Style) -> Iterator[str]:
    weight = f"**{one.severity}** " if one.severity is not None else ""
    check = f"{code(one.code)} " if one.code else ""
    names = ", ".join(
        code(plain_name(name, ascii_only=style.ascii_only)) for name in one.names[:NAMES]
    )
    rest = len(one.names) - NAMES
    more = f" and {rest} more" if rest > 0 else ""
    yield f"- {weight}{check}{_prose(one.text, style)}: {names}{more}"
    for label, text in one.beside:
        yield f"  - {label}: {_prose(text, style)}"


def _prose(text: str, style: Style) -> str:
    return prose(plain(flowing(text), ascii_only=style.ascii_only))
