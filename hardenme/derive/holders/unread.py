"""Which lists that somebody can stand in were not read to their end, each with what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hardenme.derive.holders.seen import SeenAccounts
from hardenme.model.report import Report

LISTS: Mapping[str, Mapping[str, str]] = {
    "github:org": {
        "member": "members",
        "outside collaborator": "outside collaborators",
        "app": "apps",
        "fine-grained token of a member": "members' fine-grained tokens",
    },
    "github:repo": {"deploy key": "deploy keys", "outside collaborator": "outside collaborators"},
    "npm:user": {"npm token": "npm tokens"},
    "npm:org": {"member": "members"},
    "npm:package": {"maintainer": "maintainers"},
}
"""The lists of who and what could do harm, by the kind of place."""
PROVIDERS = {"github": "GitHub", "npm": "npm"}
NOT_ASKED = "run with --depth deep, and name it as a target"


def unread(seen: SeenAccounts, lists: Mapping[str, Mapping[str, str]] = LISTS) -> Iterator[str]:
    """What was not read to its end, most places first."""
    gaps: dict[tuple[str, str], int] = {}
    for subject, place in seen.places.items():
        for kind, plural in lists.get(f"{subject.provider}:{subject.kind}", {}).items():
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
        where = "1 repository" if unknown == 1 else f"{unknown:,} repositories"
        yield f"who can push to {where}: a repository admin's token"


def read(report: Report) -> set[str]:
    """The providers of whom at least one thing or one list was read."""
    return {
        place.subject.provider
        for place in report.inventory
        if place.items or None in place.lists.values()
    }


def absent(report: Report) -> Iterator[str]:
    """The providers and targets of which nothing was read, or that are not there."""
    for provider, name in PROVIDERS.items():
        asked = any(one == "me" or one.startswith(f"{provider}:") for one in report.targets)
        if asked and provider not in read(report):
            yield f"everything on {name}: a token for {name} that sees it"
    for name in report.not_found:
        yield f"everything of {name}: a name that exists, and a token that sees it"
