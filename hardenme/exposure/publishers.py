"""The npm packages that trust a workflow, of what an earlier check saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hardenme.exposure.reach import OIDC
from hardenme.model.exposure import Exposure, ExposureRow, RepositoryExposure
from hardenme.model.inventory import Place
from hardenme.model.text import visible

KIND = "trusted publisher"
NOT_KNOWN = (
    "which other npm packages trust it is not known: `hardenme check npm:PACKAGE --interactive`"
)


def has_identity(found: Exposure) -> bool:
    """Whether a job of any run could have taken a token of its own identity."""
    return any(OIDC in row.reach for one in found.repositories for row in one.rows)


def with_publishers(found: Exposure, places: Sequence[Place]) -> Exposure:
    """The runs with the packages that each could publish by the identity of its workflow.

    Args:
        places: what an earlier check saw of packages.
    """
    repositories = (
        replace(one, rows=tuple(_row(one, row, places) for row in one.rows))
        for one in found.repositories
    )
    return replace(found, repositories=tuple(repositories))


def _row(one: RepositoryExposure, row: ExposureRow, places: Iterable[Place]) -> ExposureRow:
    if OIDC not in row.reach:
        return row
    packages = dict.fromkeys(_trusting(places, one.name, row.attempt.file.rpartition("/")[2]))
    named = (f"publishing {visible(name)}: npm trusts this workflow" for name in packages)
    place = row.reach.index(OIDC) + 1
    after = (NOT_KNOWN, *row.reach[place:])
    return replace(row, reach=(*named, *row.reach[:place], *after))


def _trusting(places: Iterable[Place], repository: str, workflow: str) -> Iterator[str]:
    """The packages that trust a workflow; one of which the file is not known may trust it."""
    for place in places:
        for item in place.items:
            if item.kind != KIND or place.subject.provider != "npm":
                continue
            same = str(item.state.get("repository", "")).lower() == repository.lower()
            if same and item.state.get("workflow") in {workflow, "", None}:
                yield place.subject.name
