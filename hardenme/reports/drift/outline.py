"""A drift as an outline, which the terminal's text and Markdown are drawn from."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.drift import Drift
from hardenme.reports.drift.lines import Line, sections
from hardenme.reports.drift.words import BLIND, causes, headline
from hardenme.reports.outline.parts import (
    Detail,
    Entry,
    Group,
    Most,
    Names,
    Outline,
    Section,
    Words,
    ours,
    sentence,
    strong,
)
from hardenme.reports.plain import begun, timestamp

LINES = Most(60, 100)


def outline_of(drift: Drift, *, quiet: bool) -> Outline:
    """The changes; with `quiet` without the times and the notes on the comparison."""
    span = ""
    if drift.since is not None and not quiet:
        span = f"Changes from {timestamp(drift.since)} to {timestamp(drift.until)}"
    found = [
        Section(one.title, groups=(Group(entries=tuple(map(_entry, one.lines)), most=LINES),))
        for one in sections(drift)
    ]
    if drift.notes and not quiet:
        notes = tuple(Entry((sentence(begun(note)),)) for note in drift.notes)
        found.append(Section("About this comparison", groups=(Group(entries=notes, most=LINES),)))
    return Outline(span, (), tuple(_lead(drift)), tuple(found), ())


def _lead(drift: Drift) -> Iterator[Words]:
    yield (strong(begun(headline(drift))),)
    if drift.lost:
        yield from ((sentence(cause),) for cause in causes(drift))
        yield (ours(BLIND),)


def _entry(one: Line) -> Entry:
    return Entry(
        (sentence(one.text), ours(": "), Names(one.names)) if one.names else (sentence(one.text),),
        one.severity,
        one.code,
        beside=tuple(Detail(label, ((sentence(text),),)) for label, text in one.beside),
    )
