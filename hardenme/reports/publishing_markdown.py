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
        yield from ("", f"Stop publishing in January 2027: {inert.names(stop, most=len(stop))}")
    if unclear:
        yield from ("", f"Not known of January 2027: {inert.names(unclear)}")
    fine = [one for one in packages if is_fine(one)]
    for package in packages[: len(packages) - len(fine)]:
        yield from _package(inert, package, shared)
    if fine:
        yield from ("", "### No path but the intended one is open", "")
        yield from (f"- {inert.name(one.package)}: {downloads(one.weekly)}" for one in fine)
    yield from _reaches(inert, report.publishing.reaches)


def _package(inert: Inert, package: PackagePaths, shared: dict[str, int]) -> Iterator[str]:
    told = f"{downloads(package.weekly)}, {headline(package)}"
    yield from ("", f"### {inert.name(package.package)}", "", f"{told[:1].upper()}{told[1:]}.")
    if package.paths:
        yield ""
        for path in package.paths:
            yield from _path(inert, path)
    if package.steps:
        yield from ("", "Steps, in this order:", "")
        for step in package.steps:
            yield from _step(inert, step, shared[step.key])
    if package.unread:
        yield from ("", "Not read:", "")
        yield from (f"- {inert.sentence(text)}" for text in package.unread)


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
    for one in reaches:
        named = f" ({inert.name(one.packages[0])})" if len(one.packages) == 1 else ""
        yield f"- {one.way} {inert.name(one.name)}: {reaching(one)}{named}"
