"""How far the findings of a step reach: downloads, packages and repositories."""

from __future__ import annotations

from hardenme.model.report import Report
from hardenme.reports.fixplan.drafts import StepDraft
from hardenme.reports.fixplan.plan import Reached


class Reaches:
    """How far subjects reach: by the packages that can be published with them."""

    def __init__(self, report: Report) -> None:
        packages = report.publishing.packages if report.publishing else ()
        self._weekly = {one.package: one.weekly or 0 for one in packages}
        self._by_path: dict[str, set[str]] = {}
        for one in packages:
            for path in one.paths:
                self._by_path.setdefault(path.key.rpartition("/")[2], set()).add(one.package)

    def of(self, step: StepDraft) -> Reached:
        """How far what a step closes reaches."""
        packages: set[str] = set()
        repositories: set[str] = set()
        for found in step.closes():
            for place in (found.subject, found.within):
                if place.kind == "repo":
                    repositories.add(place.name)
                elif place.kind == "package":
                    packages.add(place.name)
                elif place.kind == "user":
                    packages |= self._weekly.keys()
            packages |= self._by_path.get(found.subject.name, set())
        packages |= {name for one in step.actions.values() for name in one.names} & {*self._weekly}
        known = packages & self._weekly.keys()
        return Reached(sum(self._weekly[one] for one in known), len(packages), len(repositories))
