"""What has to be read of a person, and which lists of it are not whole."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.derive.holders.seen import Seen
from hardenme.derive.recent import FACTS as DATED
from hardenme.facts.github.changes import (
    EnvironmentAge,
    RepositoryChange,
    ScheduledRuns,
    WorkflowFileChange,
    WorkflowRun,
)
from hardenme.facts.github.collaborators import RepositoryAdministrators
from hardenme.facts.github.files import RepositoryCodeOwners
from hardenme.model.inventory import APPROVERS, CODE_OWNERS, SCHEDULED

OF_EVERY_DAY = frozenset({RepositoryChange, WorkflowFileChange, WorkflowRun})
FACTS = (DATED - OF_EVERY_DAY) | {
    *(RepositoryAdministrators, RepositoryCodeOwners, EnvironmentAge, ScheduledRuns),
}
"""The facts that tell what a person holds."""
LISTS = {
    "github:org": {
        "member": "members",
        "pending invitation": "invitations",
        "fine-grained token of a member": "their fine-grained tokens",
        "credential for single sign-on": "their credentials for single sign-on",
        "secret": "secrets",
    },
    "github:repo": {
        "deploy key": "deploy keys",
        "pending invitation": "invitations",
        "secret": "secrets",
        "secret of an environment": "secrets of environments",
        APPROVERS: "reviewers of environments",
        CODE_OWNERS: "code owners",
        SCHEDULED: "scheduled workflows",
    },
    "npm:package": {"maintainer": "maintainers", "trusted publisher": "trusted publishers"},
    "npm:org": {"member": "members"},
}
"""The lists that a person can stand in, by the kind of place."""
NOT_ASKED = "run with --depth deep, and name it as a target"


def unseen(seen: Seen) -> Iterator[str]:
    """What was not read to its end, each with what it takes."""
    gaps: dict[tuple[str, str], int] = {}
    for subject, place in seen.places.items():
        for kind, plural in LISTS.get(f"{subject.provider}:{subject.kind}", {}).items():
            why = place.lists.get(kind, place)
            if why is None:
                continue
            needed = NOT_ASKED if why is place else getattr(why, "needed", "")
            gaps[plural, needed] = gaps.get((plural, needed), 0) + 1
    for (plural, needed), count in sorted(gaps.items(), key=lambda one: (-one[1], one[0])):
        where = "1 place" if count == 1 else f"{count:,} places"
        yield f"{plural} of {where}: {needed}"
    unknown = sum(found is None for found in seen.access.values())
    if unknown:
        yield f"who can push to {unknown:,} repositories: a repository admin's token"
