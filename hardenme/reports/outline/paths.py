"""Who can publish, as sections: each package, and how far each credential reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hardenme.model.publishing import BlastRadius, PackagePaths, PublishPath, State, Way
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.words import alone
from hardenme.reports.outline.parts import (
    Entry,
    Group,
    Most,
    Names,
    Section,
    Span,
    Words,
    code,
    name,
    ours,
    sentence,
    told,
)
from hardenme.reports.publishing import (
    downloads,
    headline,
    in_order,
    is_fine,
    named_path,
    reaching,
    reason,
    stopping,
    summary,
    who,
    word,
    worst_first,
)

PACKAGES = Most(10, 100)
PATHS = Most(12, 100)
REACHES = Most(15, 100)
STOPPING = 200
"""Packages that are named of those that stop publishing."""
TONES = {
    State.OPEN: Severity.CRITICAL,
    State.UNKNOWN: Severity.MEDIUM,
    State.CLOSED: Severity.INFO,
}


def who_can_publish(report: Report, plan: FixPlan, *, stable: bool) -> Iterator[Section]:
    """The packages with open paths first; none where no package was looked at.

    Args:
        report: of a run.
        plan: what closes the paths.
        stable: the order moves with what was found alone, and not with downloads.
    """
    if report.publishing is None or not report.publishing.packages:
        return
    packages = (in_order if stable else worst_first)(report.publishing.packages)
    stop, unclear = stopping(report)
    lead: list[Words] = [(sentence(summary(packages)),)]
    if stop:
        lead.append((ours("Stop publishing in January 2027: "), Names(stop, most=STOPPING)))
    if unclear:
        lead.append((ours("Not known of January 2027: "), Names(unclear)))
    fine = [one for one in packages if is_fine(one)]
    closed = closing(plan)
    wanting = tuple(
        _package(plan, one, closed(one)) for one in packages[: len(packages) - len(fine)]
    )
    tail: tuple[Words, ...] = ()
    if fine:
        number = f"{len(fine)} {'package' if len(fine) == 1 else 'packages'}"
        names = Names([one.package for one in fine])
        tail = ((ours(f"No path but the intended one is open ({number}): "), names),)
    yield Section("Who can publish", tuple(lead), wanting, "package", PACKAGES, tail)
    if reaches := report.publishing.reaches:
        yield Section("How far each reaches", groups=(_reaches(reaches),))


def closing(plan: FixPlan) -> Callable[[PackagePaths], list[Step]]:
    """Finds the steps of a plan that close a package's paths, in their order."""
    found: dict[str, list[Step]] = {}
    for step in plan.steps:
        for path in step.paths:
            found.setdefault(path, []).append(step)

    def steps(package: PackagePaths) -> list[Step]:
        words = (named_path(one, package.package) for one in package.paths)
        unique = {step.id: step for one in words for step in found.get(one, ())}
        return sorted(unique.values(), key=lambda step: step.number)

    return steps


def _package(plan: FixPlan, package: PackagePaths, closed: Sequence[Step]) -> Group:
    lead: list[Words] = [(sentence(headline(package)),)]
    if closed:
        steps = "step" if len(closed) == 1 else "steps"
        names = ", ".join(map(plan.name, closed))
        lead.append((ours(f"Closed by {steps} {names}: "), code(alone(plan, closed[0]))))
    lead += [(ours("Not read: "), sentence(text)) for text in package.unread]
    return Group(
        (name(package.package), ours(f" · {downloads(package.weekly)}")),
        tuple(lead),
        tuple(map(_path, package.paths)),
        "path",
        PATHS,
    )


def _whose(way: Way, whom: str) -> tuple[Span, ...]:
    """The kind and the name of what a path starts from."""
    kind = who(way, "", short=True)
    return (name(whom),) if who(way, whom, short=True) == whom else (ours(kind), name(whom))


def _path(path: PublishPath) -> Entry:
    intended = path.intended and path.state is State.OPEN
    return Entry(
        (*_whose(path.way, path.name), ours(": "), sentence(reason(path))),
        mark=word(path),
        tone=Severity.LOW if intended else TONES[path.state],
        beside=told("Needs", path.needed),
    )


def _reaches(reaches: Sequence[BlastRadius]) -> Group:
    entries = tuple(
        Entry(
            (
                *_whose(one.way, one.name),
                ours(f": {reaching(one)}"),
                # The package is named where there is one: it is what the reader asks next.
                *((ours(" ("), name(one.packages[0]), ours(")")) if len(one.packages) == 1 else ()),
            )
        )
        for one in reaches
    )
    return Group(entries=entries, thing="credential of no wider reach", most=REACHES)
