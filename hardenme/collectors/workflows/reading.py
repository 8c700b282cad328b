"""From the workflow files of one repository to what each of them says."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from hardenme.collectors.workflows.injection import injections
from hardenme.collectors.workflows.jobs import Surroundings, jobs
from hardenme.collectors.workflows.source import Source, source
from hardenme.collectors.workflows.yaml import UnreadableError
from hardenme.model.unknown import Reason, Unknown

ENDINGS = (".yml", ".yaml")
"""What a workflow file's name ends with."""
MOST_JOBS = 300
"""Jobs of one file, those that it calls included."""


def parsed(texts: Mapping[str, str]) -> dict[str, Source | Unknown]:
    """Each file of a repository, parsed, or why it is not."""
    found: dict[str, Source | Unknown] = {}
    for file, text in texts.items():
        try:
            found[file] = source(file, text)
        except UnreadableError as error:
            found[file] = unreadable(str(error))
    return found


def said(
    file: Source, owner: str, files: Mapping[str, Source | Unknown]
) -> dict[str, Any] | Unknown:
    """The fields of a file's fact, or why there are none.

    Args:
        file: the file.
        owner: of the repository.
        files: all workflow files of the repository, this one among them.
    """
    others = {name: item if isinstance(item, Source) else None for name, item in files.items()}
    outside = file.outside(others)
    place = Surroundings(owner.lower(), others, file, outside)
    found = tuple(islice(jobs(place), MOST_JOBS + 1))
    if len(found) > MOST_JOBS:
        return unreadable(f"it leads to more than {MOST_JOBS} jobs")
    unread = sorted({reference for job in found for reference in job.opaque})
    return {
        "events": tuple(file.events),
        "outside": outside,
        "releases": file.releases(),
        "writes": file.writes,
        "jobs": found,
        "injections": tuple(injections(file, others)),
        "opaque": _opaque(unread) if unread else (),
    }


def unreadable(why: str) -> Unknown:
    """Stands for a file that was not understood."""
    return Unknown(Reason.MALFORMED, f"a workflow file that is understood: {why}", seen=why)


def _opaque(unread: list[str]) -> Unknown:
    named = ", ".join(unread[:3]) + (" and others" if len(unread) > 3 else "")  # noqa: PLR2004 (enough to find the rest)
    return Unknown(
        Reason.NOT_ASKED,
        f"a look at {named}, which decides here and is not read",
        seen="the workflow uses what was not read",
    )
