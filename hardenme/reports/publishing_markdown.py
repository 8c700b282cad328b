"""Who can publish, as sections of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from hardenme.model.publishing import PackagePaths, PublishPath, Reach, Step
from hardenme.model.report import Report
from hardenme.reports.publishing import (
    downloads,
    headline,
    in_order,
    is_fine,
    reaching,
    reason,
    sharing,
    stopping,
    summary,
    title,
    word,
)

CLOSED = 20
"""Packages that stand in one sentence before the rest is counted."""


PACKAGES = 100
"""Packages before the rest is counted."""
PARTS = 100
"""Paths, steps or unread parts of a package before the rest is counted."""
STOPPING = 200
"""Packages that are named of those that stop publishing."""


class Inert(Protocol):
    """What makes texts inert for Markdown."""

    def sentence(self, text: str) -> str:
        """A sentence."""

    def name(self, text: str) -> str:
        """A name or an id."""

    def command(self, text: str) -> str:
        """A command."""

    def page(self, address: str) -> str:
        """An address."""

    def names(self, names: Sequence[str], others: int = 0, most: int = CLOSED) -> str:
        """The first of the names, and how many more there are."""


def who_can_publish(inert: Inert, report: Report) -> Iterator[str]:
    """All packages, in an order that moves with what was found alone."""
    if report.publishing is None or not report.publishing.packages:
        return
    packages = in_order(report.publishing.packages)
    shared = sharing(packages)
    yield from ("", "## Who can publish", "", inert.sentence(summary(packages)))
    stop, unclear = stopping(report)
    if stop:
        yield from ("", f"Stop publishing in January 2027: {inert.names(stop, most=STOPPING)}")
    if unclear:
        yield from ("", f"Not known of January 2027: {inert.names(unclear)}")
    fine = [one for one in packages if is_fine(one)]
    wanting = packages[: len(packages) - len(fine)]
    for package in wanting[:PACKAGES]:
        yield from _package(inert, package, shared)
    if len(wanting) > PACKAGES:
        yield from ("", *_more(len(wanting) - PACKAGES, "package"))
    if fine:
        yield from ("", "### No path but the intended one is open", "")
        told = [f"- {inert.name(one.package)}: {downloads(one.weekly)}" for one in fine[:PACKAGES]]
        yield from (*told, *_more(len(fine) - PACKAGES, "package", mark="- "))
    yield from _reaches(inert, report.publishing.reaches)


def _package(inert: Inert, package: PackagePaths, shared: dict[str, int]) -> Iterator[str]:
    told = f"{downloads(package.weekly)}, {headline(package)}"
    yield from ("", f"### {inert.name(package.package)}", "", f"{told[:1].upper()}{told[1:]}.")
    if package.paths:
        yield ""
        for path in package.paths[:PARTS]:
            yield from _path(inert, path)
        yield from _more(len(package.paths) - PARTS, "path", mark="- ")
    if package.steps:
        yield from ("", "Steps, in this order:", "")
        for step in package.steps[:PARTS]:
            yield from _step(inert, step, shared[step.key])
        yield from _more(len(package.steps) - PARTS, "step", mark="- ")
    if package.unread:
        yield from ("", "Not read:", "")
        yield from (f"- {inert.sentence(text)}" for text in package.unread[:PARTS])
        yield from _more(len(package.unread) - PARTS, "part", mark="- ")


def _more(number: int, thing: str, *, mark: str = "") -> Iterator[str]:
    """How many are left out, where some are."""
    if number > 0:
        yield f"{mark}and {number} more {thing}{'s' if number > 1 else ''}: `--format json` has all"


def _path(inert: Inert, path: PublishPath) -> Iterator[str]:
    yield (f"- **{word(path)}** {path.way} {inert.name(path.name)}: {inert.sentence(reason(path))}")
    if path.needed:
        yield f"  - To know: {inert.sentence(path.needed)}"


def _step(inert: Inert, step: Step, packages: int) -> Iterator[str]:
    yield f"- [ ] {inert.sentence(title(step, packages))}"
    fix = step.fix
    if fix.command:
        yield f"  - Command: {inert.command(fix.command)}"
    if fix.page:
        yield f"  - Page: {inert.page(fix.page)}"
    if fix.needs:
        yield f"  - Needs: {inert.sentence(fix.needs)}"
    if fix.undo:
        yield f"  - Undo: {inert.sentence(fix.undo)}"


def _reaches(inert: Inert, reaches: Sequence[Reach]) -> Iterator[str]:
    if not reaches:
        return
    yield from ("", "### How far each reaches", "")
    for one in reaches[:PACKAGES]:
        named = f" ({inert.name(one.packages[0])})" if len(one.packages) == 1 else ""
        yield f"- {one.way} {inert.name(one.name)}: {reaching(one)}{named}"
    yield from _more(len(reaches) - PACKAGES, "credential", mark="- ")
