"""The runbook of a run that was kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from hardenme import __version__
from hardenme.cli.stored.runs import is_demo, whose
from hardenme.derive.recent import newcomers
from hardenme.derive.recent.wording import Hosts
from hardenme.derive.runbook import runbook
from hardenme.engine.catalogue import catalogue
from hardenme.facts.npm.release import Observed
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, web_url
from hardenme.model.recent import Recent
from hardenme.model.report import Report
from hardenme.model.runbook import Runbook
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.suspects import owned, suspects
from hardenme.reports.header import header_of
from hardenme.reports.runbook import RunbookShown

INVENTED = "The accounts of the demo are invented: run none of the commands of npm and gh below."


def not_called(report: Report, lately: Recent) -> frozenset[str]:
    """Who is not called for help: who came lately, and others whom a sign of an attack names.

    Args:
        report: the run's.
        lately: what changed in the days before.
    """
    came = newcomers(lately)
    settled = owned(report) | {one.lower() for one in came}
    return frozenset({*came, *(suspects(report, plan_of(report).steps).keys() - settled)})


def runbook_of(report: Report, suspicious: Iterable[str] = (), *, vouches: bool = True) -> Runbook:
    """What to do, in order, by what a run saw.

    Args:
        report: the run's.
        suspicious: who is not called for help.
        vouches: the run is from before the first sign of the attack.
    """
    return runbook(report, hosts_of(report), _release_checks(), suspicious, vouches=vouches)


def shown(report: Report, found: Runbook) -> RunbookShown:
    """A run's runbook, with whose it is and why it is incomplete."""
    told = whose(report), __version__, header_of(report), _warning(report)
    return RunbookShown(found, *told, demo=is_demo(report))


def hosts_of(report: Report) -> Hosts:
    """Whom the run asked; the demo's accounts are of no real host."""
    if is_demo(report):
        return Hosts()
    asked = {one.provider: one.host for one in report.identities}
    return Hosts(web_url(asked.get("github", GITHUB_WEB)), asked.get("npm", REGISTRY))


def cut(report: Report) -> str:
    """Why the run did not go to its end; empty if it did."""
    return report.partial or ("" if report.halted is None else WHAT_TO_DO[report.halted])


@cache
def _release_checks() -> frozenset[str]:
    return frozenset(one.code for one in catalogue() if issubclass(one.subject_fact, Observed))


def _warning(report: Report) -> str:
    why = cut(report)
    parts = [
        INVENTED if is_demo(report) else "",
        f"The run did not go to its end: {why}" if why else "",
    ]
    return " ".join(filter(None, parts))
