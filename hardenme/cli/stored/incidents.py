"""What reports show about incidents: that one is open, or how to open one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from hardenme.cli.stored.runs import Kept, before, is_demo, kept, runs
from hardenme.ground.errors import NoRunError
from hardenme.ground.places import state_folder
from hardenme.model.accounted import AccountedVersion, contained
from hardenme.model.incident import COMMAND, AttackStart
from hardenme.model.recent import Event, Recent
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports.plain import timestamp
from hardenme.reports.recent.view import AfterRecent
from hardenme.reports.sign_in import unsigned
from hardenme.store.incidents import IncidentList, Incidents

STATUS = f"`{COMMAND} status`"
RECENT = "recent"
"""How `incident open --from` names the last run of `recent`."""
LONGEST = 48
"""Characters of what an incident is about, in the name that is proposed for it."""
UNFIT = re.compile(r"[^A-Za-z0-9]+")
MANY = "packages"
"""The name of an incident of several packages without a common scope."""


def informed(report: Report, registry: str = "") -> Report:
    """The report of a run with what has to be known of incidents, which counts most.

    Args:
        registry: the one that it asked; empty if it names that itself.
    """
    report = replace(report, accounted=accounted(report, registry))
    said = open_one(demo=report.demo)
    return replace(report, warnings=(said, *report.warnings)) if said else report


def alarmed(report: Report, registry: str) -> Report:
    """The report of a watch, which ends with the next step where a release looks like an attack."""
    report = replace(report, accounted=accounted(report, registry))
    known = {one.subject for one in report.accounted}
    failed = [one.within.name for one in report.findings if one.fails and one.subject not in known]
    if not failed:
        return informed(report, registry)
    said = next_step(_common(failed), report.observed or report.started, report.targets)
    return replace(report, warnings=(*report.warnings, said))


def about_incidents(report: Report) -> list[str]:
    """What a report says of incidents, in sentences."""
    return [one for one in report.warnings if COMMAND in one]


def open_one(*, demo: bool = False) -> str:
    """A sentence where an incident is open, or that is not known; else empty."""
    return _open_one(Incidents(state_folder(), demo=demo).all(), demo=demo)


def next_step(about: str, at: datetime, targets: Sequence[str] = ()) -> str:
    """What to do about a sign of an attack, in a sentence with a command.

    Args:
        about: the package, repository, organization or account; untrusted.
        targets: what the run looked at, as a command takes it.
    """
    there = Incidents(state_folder()).all()
    named = proposed(about, at, (one.name for one in there.incidents))
    said = _open_one(there)
    if said:
        return said
    opened = f"`{COMMAND} open {named}`"
    # Without a run there is nothing to freeze.
    first = "" if _has_run() else f"`{shlex.join(['hardenme', 'check', *targets])}`, then "
    return f"if no one meant this: {first}{opened}"


def first_sign(lately: Recent) -> AttackStart:
    """The first sign of an attack.

    What has no date came at some time since the window began.
    """
    events = (one for one in lately.marked if isinstance(one, Event))
    first = min(events, key=lambda one: one.at, default=None)
    return AttackStart(first.at, first.text) if first else AttackStart(lately.since)


def open_from_recent(
    about: str, lately: Recent, targets: Sequence[str], *, demo: bool
) -> AfterRecent:
    """What to do about signs of an attack that a kept run of `recent` shows.

    An incident starts from the newest check before the first of them, which shows the state before.
    Without one, it starts from the run of `recent`.

    Args:
        about: as for `next_step`.
        lately: what the run shows.
        targets: of the run.
        demo: the run is of the demo.
    """
    there = Incidents(state_folder(), demo=demo).all()
    if said := _open_one(there, demo=demo):
        return AfterRecent(said)
    named = proposed(about, lately.until, (one.name for one in there.incidents))
    known = None if demo else _from_before(targets, first_sign(lately).at)
    run = RECENT if known is None else str(known.run.number)
    words = [*COMMAND.split(), "open", named, "--from", run, *(["--demo"] * demo)]
    return AfterRecent(command=shlex.join(words))


def _from_before(targets: Sequence[str], moment: datetime) -> Kept | None:
    """The newest kept check that could sign in and was over by a moment; None for none."""
    try:
        found = before(targets, moment)
    except NoRunError:
        return None
    return None if found is None or unsigned(found.report) else found


def proposed(about: str, at: datetime, taken: Iterable[str]) -> str:
    """A name for an incident that no other has: its day, and what it is about."""
    known = {one.lower() for one in taken}
    last = about.rpartition("/")[2] or about
    words = UNFIT.sub("-", last)[:LONGEST].strip("-").lower() or "incident"
    name = f"{at:%Y-%m-%d}-{words}"
    number, found = 1, name
    while found in known:
        number += 1
        found = f"{name}-{number}"
    return found


def _open_one(there: IncidentList, *, demo: bool = False) -> str:
    more = STATUS.replace("status", "status --demo") if demo else STATUS
    if there.open:
        first = timestamp(there.open[0].opened)
        if len(there.open) == 1:
            return f"an incident is open: {more} (since {first})"
        many = len(there.open)
        # Of several, the command has to name one.
        newest = f"{more[:-1]} --name {shlex.quote(there.open[-1].name)}`"
        return f"{many} incidents are open, the first since {first}; the newest: {newest}"
    if there.unread:
        return f"whether an incident is open is not known, since not all can be read: {more}"
    return ""


def _common(packages: Iterable[str]) -> str:
    """A package, or what several have in common."""
    names = sorted(set(packages))
    if len(names) == 1:
        return names[0]
    scopes = {name.partition("/")[0] for name in names if name.startswith("@")}
    alone = len(scopes) == 1 and all(name.startswith("@") for name in names)
    return scopes.pop() if alone else MANY


def _has_run() -> bool:
    try:
        return bool(kept(runs()))
    except NoRunError:
        return False


def accounted(report: Report, registry: str = "") -> tuple[AccountedVersion, ...]:
    """The versions of a report that an incident of the same accounts accounts for.

    They failed a check of releases, are deprecated, no dist-tag leads to them, and someone attested
    them in the incident. Of several incidents the oldest counts; one that cannot be read does not.

    Args:
        registry: the one that it asked; empty if it names that itself.
    """
    marked = {one.subject for one in report.findings if one.code.startswith("REL") and one.fails}
    wanted = marked.intersection(contained(report.inventory)) if marked else set()
    incidents = Incidents(state_folder(), demo=is_demo(report)).all().incidents if wanted else ()
    if not incidents:
        return ()
    # Every check would load what reads incidents, though hardly any has one to read.
    from hardenme.cli.stored.frozen import attested_in  # noqa: PLC0415 (memory)

    found: dict[Subject, AccountedVersion] = {}
    for one in attested_in(incidents, report, registry):
        if one.subject in wanted:
            found.setdefault(one.subject, one)
    return tuple(found[subject] for subject in sorted(found))
