"""Who can publish, as sections: each package, and how far each credential reaches."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence

from hardenme.model.publishing import BlastRadius, PackagePaths, PublishPath, State
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.way import Way
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
    labelled,
    name,
    ours,
    sentence,
    step,
)
from hardenme.reports.plain import counted
from hardenme.reports.publishing import (
    downloads,
    headline,
    is_fine,
    named_path,
    next_release,
    next_releases,
    reaching,
    reason,
    stopping,
    summary,
    who,
    word,
)

PACKAGES = Most(10, 100)
PATHS = Most(12, 100)
REACHES = Most(15, 100)
WAYS = 8
"""Ways to release of a package that are shown."""
NAMED = 40
"""Names of those who reach the same."""
STOPPING = 200
"""Packages that are named of those that stop publishing."""
REFUSES = "npm refuses their releases from January 2027 on"
"""How a line begins about packages whose publishing by tokens ends with npm's deadline."""
TONES = {
    State.OPEN: Severity.CRITICAL,
    State.UNKNOWN: Severity.MEDIUM,
    State.CLOSED: Severity.INFO,
}


def who_can_publish(
    report: Report,
    plan: FixPlan,
    order: Callable[[Iterable[PackagePaths]], list[PackagePaths]],
    ways: int = WAYS,
) -> Iterator[Section]:
    """The packages, and how far each credential reaches; none if no package was looked at.

    Args:
        plan: what closes the paths.
        order: puts the packages in their order.
        ways: how many ways to release of a package are shown.
    """
    if report.publishing is None or not report.publishing.packages:
        return
    packages = order(report.publishing.packages)
    stop, unclear = stopping(report)
    lead: list[Words] = [(sentence(summary(packages)),)]
    if accepted := next_releases(packages):
        lead.append((sentence(accepted),))
    if stop:
        lead.append((ours(f"{REFUSES}: "), Names(stop, most=STOPPING)))
    if unclear:
        lead.append((ours(f"Whether {REFUSES} is not known: "), Names(unclear)))
    fine = [one for one in packages if is_fine(one)]
    closed = closing(plan)
    wanting = tuple(_package(plan, one, closed(one), ways) for one in packages if not is_fine(one))
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
    for one in plan.steps:
        for path in one.paths:
            found.setdefault(path, []).append(one)

    def steps(package: PackagePaths) -> list[Step]:
        words = (named_path(one, package.package) for one in package.paths)
        unique = {one.id: one for path in words for one in found.get(path, ())}
        return sorted(unique.values(), key=lambda one: one.number)

    return steps


def heading(package: PackagePaths) -> Words:
    """A package, and how much it is used."""
    return (name(package.package), ours(f" · {downloads(package.weekly)}"))


def _package(plan: FixPlan, package: PackagePaths, closed: Sequence[Step], ways: int) -> Group:
    lead: list[Words] = [(sentence(headline(package)),)]
    if closed:
        steps = "step" if len(closed) == 1 else "steps"
        first, *others = (step(one.id) for one in closed)
        listed = (part for one in others for part in (ours(", "), one))
        how = (ours(": "), code(alone(plan, closed[0])))
        lead.append((ours(f"Closed by {steps} "), first, *listed, *how))
    lead += [(sentence(next_release(way)),) for way in package.releases[:ways]]
    if (rest := len(package.releases) - ways) > 0:
        whole = shlex.join(["hardenme", "rehearse", f"npm:{package.package}", "--full"])
        lead.append((ours(f"and {counted(rest, 'more way')}: "), code(whole)))
    lead += [(ours(_before(text)), sentence(text)) for text in package.unread]
    return Group(
        heading(package),
        tuple(lead),
        tuple(map(_path, package.paths)),
        "path",
        PATHS,
    )


def _before(unread: str) -> str:
    """The prefix of the sentence about what was not read."""
    return "Needed " if unread.startswith("to know ") else "Not read: "


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
        beside=labelled("Needs", path.needed),
    )


def _reach(same: Sequence[BlastRadius]) -> Entry:
    """How far one credential or account reaches, or several that reach the same."""
    first = same[0]
    whom: Words = _whose(first.way, first.name)
    each = ""
    if len(same) > 1:
        many = counted(len(same), who(first.way, "", short=True).strip())
        whom = (ours(f"{many} ("), Names([one.name for one in same], most=NAMED), ours(")"))
        each = "each "
    # Which packages is what the reader asks next.
    packages = (ours(" ("), Names(first.packages, most=1), ours(")")) if first.packages else ()
    return Entry((*whom, ours(f": {each}{reaching(first)}"), *packages))


def _reaches(reaches: Sequence[BlastRadius]) -> Group:
    alike: dict[object, list[BlastRadius]] = {}
    for one in reaches:
        key = (one.way, one.packages, one.weekly, one.at_least)
        alike.setdefault(key, []).append(one)
    entries = tuple(map(_reach, alike.values()))
    return Group(entries=entries, thing="credential of no wider reach", most=REACHES)
