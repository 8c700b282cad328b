"""What `hardenme schedule print` prints for a fleet of organizations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hardenme import __version__
from hardenme.cli.options.fleet_plan import demand_organizations
from hardenme.engine.target import Target
from hardenme.fleet.plan import plan_at, written
from hardenme.ground.errors import UsageError
from hardenme.reports.schedule import FleetRun, Moment, ScheduledRun, fleet_workflow, kubernetes
from hardenme.reports.schedule.kubernetes import LARGEST


def indexed_jobs(path: str) -> str:
    """Jobs of Kubernetes for the plan in a file.

    Raises:
        StoredError: the plan cannot be read.
        UsageError: it is too large, or reads nothing.
    """
    plan = plan_at(Path(path))
    text = written(plan)
    if len(text) > LARGEST:
        raise UsageError(
            f"a plan of more than {LARGEST} characters does not fit into Kubernetes; make several"
            " plans, of fewer organizations each"
        )
    if not plan.shards:
        raise UsageError("no organization of this plan can be read, so no job is needed")
    return kubernetes(FleetRun(text, plan.id, len(plan.owners), len(plan.shards), __version__))


def matrix(targets: Sequence[str], *, daily: bool) -> str:
    """A workflow that reads organizations in many jobs.

    Args:
        targets: organizations; none for all that have the app.
        daily: once a day, and not once a week.

    Raises:
        UsageError: a target is not an organization.
    """
    found = [Target.parse(text) for text in targets]
    demand_organizations(found)
    words = tuple(dict.fromkeys(one.text for one in found))
    moment = Moment.of(" ".join(sorted(words)), "day" if daily else "week")
    job = ScheduledRun("", words, moment, __version__, "", github=True, npm=False)
    return fleet_workflow(job)
