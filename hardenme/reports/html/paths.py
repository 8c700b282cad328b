"""Who can publish: each package with its drawing and its paths, the most used package first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.model.publishing import BlastRadius, PackagePaths, PublishPath
from hardenme.model.report import Report
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.graph import graph, legend
from hardenme.reports.html.steps import step_link
from hardenme.reports.html.words import (
    aside,
    folded,
    more,
    named,
    names,
    prose,
    said,
    section,
    shortly,
    terms,
)
from hardenme.reports.outline.paths import closing
from hardenme.reports.publishing import (
    downloads,
    headline,
    is_fine,
    most_used_first,
    reaching,
    reason,
    stopping,
    summary,
    who,
    word,
)

OPEN = 10
"""Packages before the others are folded."""
PACKAGES = 200
"""Packages that are told in full before the rest is counted."""
PATHS = 100
"""Paths of a package before the rest is counted."""
FINE = 500
"""Names of packages in a sentence before the rest is counted."""
REACHES = 100
"""Credentials before the rest is counted."""


def who_can_publish(report: Report, plan: FixPlan) -> Element | None:
    """The packages, and how far each credential reaches."""
    if report.publishing is None or not report.publishing.packages:
        return None
    packages = most_used_first(report.publishing.packages)
    closed = closing(plan)
    stop, unclear = stopping(report)
    fine = [one for one in packages if is_fine(one)]
    wanting = [one for one in packages if not is_fine(one)]
    left = len(wanting) - PACKAGES
    shown = [
        _package(one, place, [step_link(plan, step.id) for step in closed(one)])
        for place, one in enumerate(wanting[:PACKAGES])
    ]
    return section(
        "publishing",
        "Who can publish",
        element("p", said(summary(packages)), class_="intro"),
        terms(
            (
                ("Stop publishing in January 2027", _names(stop)),
                ("Not known of January 2027", _names(unclear)),
            ),
            "terms long",
        ),
        legend() if wanting else None,
        *shortly(shown, OPEN, "package"),
        more(left, "package") if left > 0 else None,
        *_fine(fine),
        _reaches(report.publishing.reaches) if report.publishing.reaches else None,
    )


def _names(packages: Sequence[str]) -> list[Child]:
    return list(names(packages, most=FINE))


def _fine(packages: Sequence[PackagePaths]) -> Iterator[Element]:
    if packages:
        listed = _names([one.package for one in packages])
        yield element("h3", f"No path but the intended one is open ({len(packages):,})")
        yield element("p", *listed)


def _package(package: PackagePaths, number: int, steps: Sequence[Element]) -> Element:
    left = len(package.paths) - PATHS
    told = f"{downloads(package.weekly)}, {headline(package)}"
    return folded(
        (element("b", named(package.package)), " ", aside(told)),
        element("p", *_closed(steps)) if steps else None,
        graph(package, f"package-{number}"),
        element("ul", *(_path(path) for path in package.paths[:PATHS]), class_="paths"),
        more(left, "path") if left > 0 else None,
        *(element("p", element("b", "Not read: "), *prose(one)) for one in package.unread),
        class_="package-paths",
    )


def _closed(steps: Sequence[Element]) -> Iterator[Child]:
    """The steps of the plan that close its paths."""
    yield "Closed by "
    for place, step in enumerate(steps):
        if place:
            yield ", "
        yield step


def _path(path: PublishPath) -> Element:
    state = word(path).lower()
    needed = aside(" To know: ", *prose(path.needed))
    return element(
        "li",
        element("span", state, class_=f"state {state}"),
        element(
            "span",
            element("b", said(who(path.way, path.name))),
            " ",
            *prose(reason(path)),
            needed if path.needed else None,
        ),
    )


def _reaches(reaches: Sequence[BlastRadius]) -> Element:
    left = len(reaches) - REACHES
    return folded(
        (
            element("b", "How far each reaches"),
            " ",
            aside(f"what one of {len(reaches):,} credentials and accounts can release"),
        ),
        element("ul", *(_reach(one) for one in reaches[:REACHES]), class_="reaches"),
        more(left, "credential") if left > 0 else None,
        class_="package-paths",
    )


def _reach(one: BlastRadius) -> Element:
    return element(
        "li",
        element("b", said(who(one.way, one.name))),
        f" {reaching(one)}",
        aside(": ", ", ".join(map(named, one.packages[:FINE]))),
    )
