"""`hardenme waive prune`: waivers that have ended go from a configuration file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import shown
from hardenme.cli.waive.files import WaiverFile, target
from hardenme.config.editing import entries, remove
from hardenme.config.waivers import POSSIBLE, waiver, wrong
from hardenme.ground import clock
from hardenme.ground.errors import ContentError
from hardenme.ground.exit_code import Exit
from hardenme.model.waiver import Waiver
from hardenme.reports.reading import load

EXPIRED, UNUSED = "expired", "unused"


def clear_up(console: Console, file: str, *, project: bool, unused: str, dry: bool) -> int:
    """Remove those that have expired, and those that a report lists as unused."""
    try:
        listed = _unused(unused) if unused else frozenset()
        found = target(file, project=project)
        gone = _take_out(found, listed, dry=dry)
    except ContentError as error:
        console.say(f"{unused} is not a report to read: {error}")
        return Exit.USAGE
    except OSError as error:
        console.say(f"{unused} cannot be read: {error.strerror}")
        return Exit.USAGE
    place = found.words
    if not gone:
        console.tell(f"there is nothing to remove from {place}\n")
        return Exit.CLEAN
    for why, entry in gone:
        console.tell(f"{'would remove' if dry else 'removed'} {_described(why, entry)}\n")
    console.tell(f"{'nothing was changed in' if dry else 'written to'} {place}\n")
    return Exit.CLEAN


def _unused(report: str) -> frozenset[Waiver]:
    """What a stored report lists as unused, each as it was in its file then.

    Raises:
        ContentError: it is not a report.
        OSError: it cannot be read.
    """
    with Path(report).open("rb") as file:
        return frozenset(load(file).waivers.unused)


def _take_out(
    found: WaiverFile, listed: frozenset[Waiver], *, dry: bool
) -> list[tuple[str, dict[str, Any]]]:
    gone: list[tuple[str, dict[str, Any]]] = []

    def without(text: str, table: tuple[str, ...]) -> str:
        gone.clear()
        ended = dict(_ended(entries(text, table), listed, clock.today()))
        gone.extend(ended.values())
        return text if dry or not ended else remove(text, table, ended.keys())

    found.change(without)
    return gone


def _ended(
    found: list[dict[str, Any]], listed: frozenset[Waiver], now: date
) -> Iterator[tuple[int, tuple[str, dict[str, Any]]]]:
    """The numbers of those that go, with why. One that was renewed is not what the report lists."""
    for number, entry in enumerate(found):
        until = entry.get("until")
        if type(until) is date and now >= until:
            yield number, (EXPIRED, entry)
        elif not any(wrong(entry, now)) and _as_reported(waiver(entry)) in listed:
            yield number, (UNUSED, entry)


def _as_reported(one: Waiver) -> Waiver:
    """A waiver as a report has it: without secrets, and in visible characters."""
    check, subject, reason, by, issue = (
        shown(text, longest=1000)
        for text in (one.check, one.subject, one.reason, one.by, one.issue)
    )
    return replace(one, check=check, subject=subject, reason=reason, by=by, issue=issue)


def _described(why: str, entry: dict[str, Any]) -> str:
    """A waiver in one line, whatever someone wrote into it."""
    told = {key: shown(str(entry.get(key, "?")), longest=500) for key in POSSIBLE}
    ended = "expired on" if why == EXPIRED else "unused, until"
    who = f"by {told['by']}: {told['reason']}"
    return f"{told['check']} {told['subject']}, {ended} {told['until']}, {who}"
