"""The run that an incident froze: whose it is, and which versions the incident accounts for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.cli.stored.runbooks import hosts_of, runbook_of
from hardenme.cli.stored.runs import is_demo
from hardenme.derive.incident import LedgerRun, attested_versions
from hardenme.derive.recent import RecentQuery, recent
from hardenme.derive.recent.found import time_of
from hardenme.drift import compare
from hardenme.ground.errors import ContentError, StoredError, UsageError
from hardenme.model.accounted import AccountedVersion
from hardenme.model.accounts import accounts_of, contradict
from hardenme.model.depth import Depth
from hardenme.model.inventory import REPOSITORY
from hardenme.model.recent import Recent
from hardenme.model.report import Report
from hardenme.reports.reading import load
from hardenme.store.incidents import REPORT, Incident


def frozen_report(incident: Incident) -> Report:
    """The run that an incident froze.

    Raises:
        UsageError: it cannot be read.
        StoredError: it was changed since.
    """
    try:
        with incident.frozen(REPORT) as file:
            return load(file)
    except ContentError as error:
        raise UsageError(f"{incident.folder / REPORT} cannot be read: {error}") from None


def created(report: Report) -> dict[str, datetime]:
    """When each repository of a run was created, by its name, as far as that was read."""
    items = (one for place in report.inventory for one in place.items if one.kind == REPOSITORY)
    at = {one.subject.name: time_of(one.state, "created_at") for one in items}
    return {name: when for name, when in at.items() if when is not None}


def same_accounts(frozen: Report, report: Report) -> bool:
    """Whether two runs asked the same hosts for the same accounts, as far as both asked."""
    if is_demo(frozen):
        # The demo's servers have other ports each time.
        return True
    one, other = _hosts(frozen), _hosts(report)
    hosts = all(one[provider] == other[provider] for provider in one.keys() & other.keys())
    mine, theirs = accounts_of(frozen.identities), accounts_of(report.identities)
    return hosts and not contradict(mine, theirs)


def changed_since(frozen: Report, report: Report) -> Recent:
    """What a later run shows that is new since the frozen one, as `recent` would."""
    # What only this run was asked for is not news.
    drift = compare(frozen, replace(report, targets=frozen.targets))
    until = report.observed or report.started
    asked = RecentQuery(
        until=until,
        window=max(until - frozen.started, timedelta()),
        depth=Depth.DEEP,
        activity=False,
        hosts=hosts_of(report),
        earlier=tuple(frozen.inventory),
        earlier_at=frozen.started,
        proven=True,
        changes=None if drift.incomparable else drift.items,
        findings=report.findings,
        absent=report.absent,
        responders=tuple(one.login for one in report.identities),
    )
    return recent(tuple(report.inventory), asked)


def newer_than(frozen: Report, start: datetime) -> Recent:
    """What the frozen run itself shows that is newer than the start of the attack."""
    until = frozen.observed or frozen.started
    asked = RecentQuery(
        until=until,
        window=until - start,
        depth=Depth.DEEP,
        activity=False,
        hosts=hosts_of(frozen),
        findings=frozen.findings,
        absent=frozen.absent,
        responders=tuple(one.login for one in frozen.identities),
    )
    return recent(tuple(frozen.inventory), asked)


def _hosts(report: Report) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in report.identities:
        found.setdefault(one.provider, set()).add(one.host)
    return found


def attested_in(
    incidents: Iterable[Incident], report: Report, registry: str
) -> Iterator[AccountedVersion]:
    """The versions that someone attested in incidents of the accounts of a run.

    An incident that cannot be read accounts for none.

    Args:
        incidents: the oldest first.
        registry: the one that it asked; empty if the report names that itself.
    """
    registry = registry or hosts_of(report).registry
    for incident in incidents:
        yield from _attested(incident, report, registry)


def _attested(incident: Incident, report: Report, registry: str) -> tuple[AccountedVersion, ...]:
    try:
        frozen = frozen_report(incident)
    except (StoredError, UsageError):
        return ()
    if is_demo(frozen) is not is_demo(report) or not same_accounts(frozen, report):
        return ()
    if not is_demo(report) and hosts_of(frozen).registry != registry:
        return ()
    run = LedgerRun(frozen, runbook_of(frozen))
    return tuple(attested_versions(incident.name, run, incident.events))
