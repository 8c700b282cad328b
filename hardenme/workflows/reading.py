"""From the workflow files of one repository to what each of them does."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from hardenme.facts.github.workflow import BY_ANYONE, Job
from hardenme.ground.errors import ContentError
from hardenme.model.unknown import Reason, Unknown
from hardenme.workflows.actions import CompositeAction
from hardenme.workflows.context_values import ContextValues
from hardenme.workflows.flow import FileFlow
from hardenme.workflows.injection import injections
from hardenme.workflows.jobs import Surroundings, jobs
from hardenme.workflows.level import Level
from hardenme.workflows.places import of_keys
from hardenme.workflows.release_jobs import (
    makers,
    release_jobs,
    triggers,
    unfollowed,
)
from hardenme.workflows.source import WorkflowSource, source
from hardenme.workflows.starts import starts, ways
from hardenme.workflows.steps import Files

ENDINGS = (".yml", ".yaml")
"""What a workflow file's name ends with."""
MOST_JOBS = 300
"""Jobs of one file, those that it calls included."""


def parsed(texts: Mapping[str, str]) -> dict[str, WorkflowSource | Unknown]:
    """Each file of a repository, parsed, or why it is not."""
    found: dict[str, WorkflowSource | Unknown] = {}
    for file, text in texts.items():
        try:
            found[file] = source(file, text)
        except ContentError as error:
            found[file] = unreadable(str(error))
    return found


def workflow_facts(
    file: WorkflowSource,
    owner: str,
    files: Mapping[str, WorkflowSource | Unknown],
    actions: Mapping[str, CompositeAction] | None = None,
) -> dict[str, Any] | Unknown:
    """The fields of a file's fact, or why there are none.

    Args:
        owner: of the repository.
        files: all workflow files of the repository, this one among them.
        actions: the repository's own actions that were read, by folder.
    """
    others = {
        name: item if isinstance(item, WorkflowSource) else None for name, item in files.items()
    }
    outside = dict.fromkeys(file.outside(others, owner), Level.YES)
    flow = FileFlow(file, Files(others, actions or {}))
    try:
        values = {start: ContextValues(flow, start) for start in outside}
        place = Surroundings(owner.lower(), flow, outside, values)
        found = tuple(islice(jobs(place), MOST_JOBS + 1))
        if len(found) > MOST_JOBS:
            return unreadable(f"it leads to more than {MOST_JOBS} jobs")
        foreign = injections(flow)
    except (ContentError, RecursionError) as error:
        return unreadable(str(error) if isinstance(error, ContentError) else "it is too deep")
    unread = sorted({reference for job in found for reference in job.opaque})
    doubts = sorted({doubt for job in found for doubt in job.doubts})
    caches = sorted({action for job in found for action in job.may_restore})
    unsure = sorted({f"{job.name} ({event})" for job in found for event in job.unsure})
    reached = BY_ANYONE & file.events.keys() - {"pull_request"}
    insiders = file.events.keys() - {"pull_request"}
    unfollowed = foreign.doubts if reached else foreign.anyhow if insiders else []
    return {
        "events": tuple(file.events),
        "outside": tuple(dict.fromkeys(start.event for start in outside)),
        "releases": file.releases(),
        "starts": _starts(flow, found, others),
        "writes": file.writes,
        "places": (*of_keys(file.lines), *foreign.places.values()),
        "jobs": found,
        "injections": tuple(dict.fromkeys(foreign.certain)),
        "opaque": _opaque(unread) if unread else (),
        "unfollowed_code": _unfollowed(doubts) if doubts else (),
        "unfollowed_guards": _unfollowed_guards(unsure) if unsure else (),
        "unfollowed_text": _unfollowed(unfollowed) if unfollowed else (),
        "unfollowed_caches": _unfollowed_caches(caches) if caches else (),
    }


def release_fields(
    file: WorkflowSource,
    files: Mapping[str, WorkflowSource | Unknown],
    actions: Mapping[str, CompositeAction] | None = None,
) -> dict[str, Any] | Unknown:
    """How a file releases, field by field, or why that is not understood."""
    others = {
        name: item if isinstance(item, WorkflowSource) else None for name, item in files.items()
    }
    known = Files(others, actions or {})
    try:
        jobs_ = release_jobs(file, known)
        if len(jobs_) > MOST_JOBS:
            return unreadable(f"it leads to more than {MOST_JOBS} jobs")
        return {
            "triggers": triggers(file),
            "jobs": jobs_,
            "makers": tuple(makers(file, known)),
            "unfollowed": unfollowed(file, known),
        }
    except (ContentError, RecursionError) as error:
        return unreadable(str(error) if isinstance(error, ContentError) else "it is too deep")


def _starts(
    flow: FileFlow, found: tuple[Job, ...], others: Mapping[str, WorkflowSource | None]
) -> Any:
    """By the push of which branches it publishes; not known if its filters are not."""
    try:
        by = ways(flow.source, others)
    except ContentError as error:
        return unreadable(str(error))
    return tuple(dict.fromkeys(starts(flow, found, by)))


def unreadable(why: str) -> Unknown:
    """The result for a file that was not understood."""
    return Unknown(Reason.MALFORMED, f"a workflow file that hardenme can read: {why}", seen=why)


def _opaque(unread: list[str]) -> Unknown:
    return Unknown(
        Reason.NOT_ASKED,
        f"a look at {_few(unread)}, which was not read and decides this",
        seen="the workflow uses something that was not read",
    )


def _unfollowed(places: list[str]) -> Unknown:
    return Unknown(
        Reason.NOT_ASKED,
        f"a look at what {_few(places)} does with text or code from outside",
        seen="the workflow passes it on in a way that was not followed",
    )


def _unfollowed_guards(places: list[str]) -> Unknown:
    return Unknown(
        Reason.NOT_ASKED,
        f"a look at what keeps people without write access from starting {_few(places)}",
        seen="a condition depends on what was not followed",
    )


def _unfollowed_caches(actions: list[str]) -> Unknown:
    return Unknown(
        Reason.NOT_ASKED,
        f"a look at whether {_few(actions)} restores a cache, or `cache-mode: none`",
        seen="it is not known whether an action restores a cache",
    )


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")  # noqa: PLR2004 (enough to find the rest)
