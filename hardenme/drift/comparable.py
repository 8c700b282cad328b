"""Whether two reports can be compared, and what has to be known of them before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hardenme.drift.findings import Matched
from hardenme.drift.places import Inventoried
from hardenme.drift.visibility import whole
from hardenme.model.accounts import accounts_of
from hardenme.model.report import Identity, Report
from hardenme.model.unknown import WHAT_TO_DO

CODES = 8
"""Checks that a sentence names before the rest is counted."""
MARK = re.compile(r"\bmark of the key: (?P<mark>[a-z]+)\.")
"""The mark in a redacted report of the key that its pseudonyms were made with."""


def incomparable(before: Report, after: Report) -> str:
    """Why two reports cannot be compared as a whole, in a sentence; empty if they can."""
    if bool(before.redacted) != bool(after.redacted):
        which = "earlier" if before.redacted else "later"
        return f"the {which} report is redacted and the other is not, so no name is the same"
    if before.redacted and _mark(before) != _mark(after):
        return "both reports are redacted, with other keys, so no name is the same"
    for provider in dict.fromkeys(one.provider for one in after.identities):
        if why := _strange(provider, before, after):
            return why
    if targets(before).isdisjoint(targets(after)):
        return (
            f"they are about other targets: {', '.join(before.targets)}, and then"
            f" {', '.join(after.targets)}"
        )
    return ""


def targets(report: Report) -> frozenset[str]:
    """What a report is about. GitHub's names have no case."""
    return frozenset(one.lower() if one.startswith("github:") else one for one in report.targets)


def _mark(report: Report) -> str:
    match = MARK.search(report.redacted)
    return match["mark"] if match else ""


def _strange(provider: str, before: Report, after: Report) -> str:
    """Why a provider's answers have nothing to do with each other; empty if they may.

    An account that is unknown, because its credential is gone or refused, is not a different
    account. What only that one could see is no longer visible.
    """
    once, now = _of(provider, before), _of(provider, after)
    hosts = {one.host for one in once}
    others = {one.host for one in now}
    if once and hosts.isdisjoint(others):
        return f"{provider} was asked at {_names(hosts)}, and then at {_names(others)}"
    first, then = accounts_of(once), accounts_of(now)
    for name in sorted(first.keys() & then.keys()):
        if first[name].isdisjoint(then[name]):
            return f"{name} answered for {_names(first[name])}, and then for {_names(then[name])}"
    return ""


def _of(provider: str, report: Report) -> list[Identity]:
    return [one for one in report.identities if one.provider == provider]


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))


def notes(before: Report, after: Report, found: Matched, places: Inventoried) -> Iterator[str]:
    """Sentences on what was not compared, and on what else than the world may have changed."""
    yield from _of_runs(before, after)
    yield from _selected(found)
    if found.unlooked:
        results = _counted(found.unlooked, "result")
        are = "is" if found.unlooked == 1 else "are"
        yield f"{results} of the earlier run {are} about what the later one was not to look at"
    if places.unlooked:
        lists = _counted(places.unlooked, "list")
        were = "was" if places.unlooked == 1 else "were"
        yield f"{lists} of the earlier run {were} not asked for by the later one"
    if places.first:
        seen = _counted(places.first, "place")
        were = "was" if places.first == 1 else "were"
        yield f"{seen} of the later run {were} not seen before, so what appeared there is not shown"
    if after.inventory and not (before.inventory or before.carried.places):
        yield "the earlier report holds no inventory, so what appeared or vanished is not shown"


def _of_runs(before: Report, after: Report) -> Iterator[str]:
    if before.started > after.started:
        yield "the report that was named first is the younger one"
    for which, report in (("earlier", before), ("later", after)):
        if not whole(report):
            why = report.partial or (WHAT_TO_DO[report.halted] if report.halted else "")
            yield f"the {which} run did not go to its end: {why}"
    once, now = targets(before), targets(after)
    for which, those in (("earlier", once - now), ("later", now - once)):
        if those:
            yield f"only the {which} run looked at {', '.join(sorted(those))}"
    if before.profile != after.profile:
        yield f"the profile was {before.profile or 'none'} and is {after.profile or 'none'}"
    if before.version != after.version:
        yield (
            f"hardenme {before.version} made the earlier report and {after.version} the later one,"
            " so a check may judge otherwise"
        )


def _selected(found: Matched) -> Iterator[str]:
    if found.fresh:
        fails = found.fresh.total()
        beside = f"; {_counted(fails, 'failure')} of theirs stand in the later report" * bool(fails)
        yield f"only the later run selected {_some(found.fresh)}{beside}"
    if found.dropped:
        beside = f"; {_counted(found.dropped.total(), 'result')} of theirs are remembered"
        yield f"only the earlier runs selected {_some(found.dropped)}{beside}"


def _some(codes: Iterable[str]) -> str:
    named = sorted(codes)
    rest = len(named) - CODES
    return ", ".join(named[:CODES]) + (f" and {rest} more checks" if rest > 0 else "")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
