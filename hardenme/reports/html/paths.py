"""Who can publish: each package with its drawing, its paths and the steps that close them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hardenme.model.publishing import PackagePaths, PublishPath, Reach, Step
from hardenme.model.report import Report
from hardenme.reports.html.cards import more
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.graph import graph, legend
from hardenme.reports.html.people import opened
from hardenme.reports.html.words import (
    command,
    counted,
    folded,
    named,
    names,
    page,
    prose,
    said,
    section,
    terms,
)
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
    who,
    word,
)

PACKAGES = 200
"""Packages that are told in full before the rest is counted."""
OPENED = 3
"""Packages that are open from the start."""
PATHS = 100
"""Paths of a package before the rest is counted."""
FINE = 500
"""Names of packages in a sentence before the rest is counted."""
REACHES = 100
"""Credentials before the rest is counted."""


def who_can_publish(report: Report) -> Iterator[Element]:
    """A section of the packages, and one of how far each credential reaches."""
    if report.publishing is None or not report.publishing.packages:
        return
    packages = in_order(report.publishing.packages)
    shared = sharing(packages)
    stop, unclear = stopping(report)
    fine = [one for one in packages if is_fine(one)]
    wanting = packages[: len(packages) - len(fine)]
    left = len(wanting) - PACKAGES
    yield section(
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
        *(_package(one, number, shared) for number, one in enumerate(wanting[:PACKAGES])),
        more(left, "package") if left > 0 else None,
        *_fine(fine),
    )
    if report.publishing.reaches:
        yield _reaches(report.publishing.reaches)


def _names(packages: Sequence[str]) -> list[Child]:
    return list(names(packages, most=FINE))


def _fine(packages: Sequence[PackagePaths]) -> Iterator[Element]:
    if packages:
        listed = _names([one.package for one in packages])
        yield element("h3", f"No path but the intended one is open ({len(packages):,})")
        yield element("p", *listed)


def _package(package: PackagePaths, number: int, shared: Mapping[str, int]) -> Element:
    left = len(package.paths) - PATHS
    told = f"{downloads(package.weekly)}, {headline(package)}"
    details = folded(
        (
            element("b", named(package.package), class_="who"),
            " ",
            element("span", told, class_="aside"),
        ),
        graph(package, f"package-{number}"),
        element("ul", *(_path(path) for path in package.paths[:PATHS]), class_="paths"),
        more(left, "path") if left > 0 else None,
        *_steps(package.steps, shared),
        *(element("p", element("b", "Not read: "), *prose(one)) for one in package.unread),
        class_="package-paths",
    )
    return opened(details) if number < OPENED else details


def _path(path: PublishPath) -> Element:
    state = word(path).lower()
    needed = element("span", " To know: ", *prose(path.needed), class_="aside")
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


def _steps(steps: Sequence[Step], shared: Mapping[str, int]) -> Iterator[Element]:
    if not steps:
        return
    yield element("h3", f"{counted(len(steps), 'step')} to close them, in the order that is safe")
    yield element("ol", *(_step(step, shared[step.key]) for step in steps), class_="steps")


def _step(step: Step, packages: int) -> Element:
    fix = step.fix
    needs = (
        f"{fix.needs}; npm asks for the second factor" if step.presence and fix.needs else fix.needs
    )
    return element(
        "li",
        element("p", *prose(title(step, packages))),
        command(fix.command) if fix.command else None,
        element("p", page(fix.page)) if fix.page else None,
        terms((("Needs", list(prose(needs))), ("Undo", list(prose(fix.undo))))),
    )


def _reaches(reaches: Sequence[Reach]) -> Element:
    left = len(reaches) - REACHES
    return section(
        "reaches",
        "How far each reaches",
        element(
            "p", "What one credential or account can release, the widest first.", class_="intro"
        ),
        element("ul", *(_reach(one) for one in reaches[:REACHES]), class_="reaches"),
        more(left, "credential") if left > 0 else None,
    )


def _reach(one: Reach) -> Element:
    return element(
        "li",
        element("b", said(who(one.way, one.name))),
        f" {reaching(one)}",
        folded(["which"], element("p", *_names(one.packages))),
    )
