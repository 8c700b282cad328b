"""Who can publish: the words and the order in which every format shows publish paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from hardenme.model.acceptance import AcceptanceState, ReleaseWay, verdict_of_package
from hardenme.model.finding import Errored
from hardenme.model.publishing import BlastRadius, PackagePaths, PublishPath, State
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed
from hardenme.model.way import Way
from hardenme.reports.plain import counted

READINESS = "PUB102"
"""The check of what still publishes when tokens that bypass 2FA no longer do."""
MILLION = 1_000_000
WORDS: dict[State, str] = {
    State.OPEN: "OPEN",
    State.UNKNOWN: "unknown",
    State.CLOSED: "closed",
}
INTENDED = "intended"
RELEASE_WORDS: dict[AcceptanceState, str] = {
    AcceptanceState.ACCEPTED: "accepted",
    AcceptanceState.REFUSED: "refused",
    AcceptanceState.UNKNOWN: "not known",
}
"""Whether npm accepts the next release."""
"""Numbers of causes that are named of what is not known."""
SHORT: dict[str, str] = {Way.PUBLISHER: "publisher"}
"""Ways whose name is too long for a column."""


def word(path: PublishPath) -> str:
    """The state of a path in one word; an intended path that is open is as it should be."""
    return INTENDED if path.intended and path.state is State.OPEN else WORDS[path.state]


def reason(path: PublishPath) -> str:
    """Why, in a sentence that also says when an intended path is not in its intended state."""
    if path.intended and path.state is not State.OPEN:
        return f"the intended path: {path.reason}"
    return path.reason


def who(way: Way, name: str, *, short: bool = False) -> str:
    """What a path starts from: its kind and its name, which may say the kind by itself."""
    kind = SHORT.get(way, way.value) if short else way.value
    return name if name.startswith(f"{way.value}s ") else f"{kind} {name}"


def named_path(path: PublishPath, package: str) -> str:
    """A path in words: from what it starts, and to which package."""
    return f"{who(path.way, path.name)} to {package}"


def headline(package: PackagePaths) -> str:
    """How many unintended paths are open."""
    intended = sum(path.intended for path in package.paths)
    others = len(package.paths) - intended
    if not package.paths:
        return "no path is known"
    if not others:
        return "only the intended path" if intended == 1 else "only intended paths"
    number, unknown = package.count(State.OPEN), package.count(State.UNKNOWN)
    if number:
        exposed = f"{number} of {counted(others, 'unintended path')} can publish"
        return f"{exposed}; {unknown} unknown" if unknown else exposed
    if unknown:
        are = "is" if unknown == 1 else "are"
        return f"no unintended path is known to be open; {unknown} {are} unknown"
    return "no unintended path is open"


def downloads(number: int | None) -> str:
    """Weekly downloads, rounded down from a million on."""
    if number is None:
        return "weekly downloads not known"
    if number < MILLION:
        return f"{number:,} weekly download{'' if number == 1 else 's'}"
    return f"{number * 10 // MILLION / 10:,.1f} M weekly downloads"


def briefly(number: int) -> str:
    """A number of downloads in a few characters."""
    return f"{number * 10 // MILLION / 10:,.1f} M" if number >= MILLION else f"{number:,}"


def reaching(reach: BlastRadius) -> str:
    """How much one credential or account can release."""
    least = "at least " if reach.at_least else ""
    return f"{least}{counted(len(reach.packages), 'package')}, {downloads(reach.weekly)}"


def is_fine(package: PackagePaths) -> bool:
    """Everything is known, and nothing but the intended path is open."""
    as_meant = all(
        path.state is (State.OPEN if path.intended else State.CLOSED) for path in package.paths
    )
    return bool(package.paths) and as_meant and not package.unread and not package.steps


def worst_first(packages: Iterable[PackagePaths]) -> list[PackagePaths]:
    """The packages with open paths first, then those with unknown ones; the most used first."""
    return sorted(packages, key=lambda one: (_rank(one), -(one.weekly or 0), one.package))


def most_used_first(packages: Iterable[PackagePaths]) -> list[PackagePaths]:
    """The packages by weekly downloads; those without a known number come last."""
    return sorted(packages, key=lambda one: (one.weekly is None, -(one.weekly or 0), one.package))


def in_order(packages: Iterable[PackagePaths]) -> list[PackagePaths]:
    """The same by name, so that the order does not move with downloads."""
    return sorted(packages, key=lambda one: (_rank(one), one.package))


def _rank(package: PackagePaths) -> int:
    if package.count(State.OPEN):
        return 0
    return 2 if is_fine(package) else 1


def summary(packages: Sequence[PackagePaths]) -> str:
    """The state of all packages, in one sentence."""
    total = len(packages)
    opened = sum(bool(one.count(State.OPEN)) for one in packages)
    fine = sum(map(is_fine, packages))
    told = [f"{opened} with paths to close" if opened else "none with a path known to be open"]
    if unclear := total - opened - fine:
        told.append(f"{unclear} not wholly known")
    if fine:
        told.append(f"{fine} as intended")
    return f"{counted(total, 'package')}: {', '.join(told)}"


def next_releases(packages: Sequence[PackagePaths]) -> str:
    """Of how many packages the next release is accepted, in one sentence; empty for none read."""
    read = [one for one in packages if one.releases]
    if not read:
        return ""
    found = Counter(verdict_of_package(one.releases) for one in read)
    found[AcceptanceState.UNKNOWN] += len(packages) - len(read)
    told = [
        f"{number} {RELEASE_WORDS[state]}" for state in RELEASE_WORDS if (number := found[state])
    ]
    return f"Next release: {', '.join(told)}"


def next_release(way: ReleaseWay) -> str:
    """Whether npm accepts the next release by a way, and what refuses it or is not known."""
    word = RELEASE_WORDS[way.verdict]
    until = f" until {way.until.date().isoformat()}" if way.accepted and way.until else ""
    why = next((f": {one.cause}" for one in way.refused), "")
    why = why or next((f": {one.needed}" for one in way.unread), "")
    return f"Next release by {way.name} is {word}{until}{why}"


def stopping(report: Report) -> tuple[list[str], list[str]]:
    """The packages that stop publishing in January 2027, and those of which it is not known."""
    stop, unclear = set(), set()
    for finding in report.findings:
        if finding.code != READINESS:
            continue
        if isinstance(finding.outcome, Failed):
            stop.add(finding.subject.name)
        elif isinstance(finding.outcome, Unknown | Errored):
            unclear.add(finding.subject.name)
    return sorted(stop), sorted(unclear)
