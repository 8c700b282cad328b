"""What the steps of a plan end of the accepted ways to release, in the order of the steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hardenme.model.acceptance import ReleaseWay
from hardenme.model.publishing import ClosingStep, PackagePaths
from hardenme.model.release_ways import after
from hardenme.model.way import Way
from hardenme.reports.fixplan.drafts import StepDraft
from hardenme.reports.plain import counted

WAIT = "wait until a release by another way was accepted"
"""What a step waits for that would leave a package without an accepted way."""


@dataclass(frozen=True, slots=True)
class EndedWays:
    """What one step ends.

    Attributes:
        names: by package, what the accepted ways are called that are not accepted afterwards.
        last: the packages of which no accepted way is left that does as much: where a workflow
            released, a workflow has to.
    """

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last: tuple[str, ...] = ()

    def title(self, title: str) -> str:
        """The title of the step, which says what it ends."""
        if self.last:
            return f"{title}, but first release {_some(self.last)} another way"
        if self.names:
            return f"{title} (ends an accepted way to release {_some(tuple(self.names))})"
        return title

    def risks(self) -> Iterator[str]:
        """One sentence a package."""
        for package, names in self.names.items():
            rest = f" {package} has no other accepted way: {WAIT}." if package in self.last else ""
            yield f"Ends an accepted way to release {package}: {' and '.join(names)}.{rest}"


def _some(packages: Sequence[str]) -> str:
    return packages[0] if len(packages) == 1 else counted(len(packages), "package")


def ended_ways(steps: Iterable[StepDraft], packages: Sequence[PackagePaths]) -> Iterator[EndedWays]:
    """What each step ends, once those before it are taken."""
    found = {one.package: one.releases for one in packages}
    for step in steps:
        closing = [*step.closing, *_of_findings(step)]
        names: dict[str, tuple[str, ...]] = {}
        last: list[str] = []
        for package in packages if closing else ():
            before = found[package.package]
            later = after(before, [one for one in closing if _concerns(one, package)])
            found[package.package] = later
            lost = _lost(before, later)
            if lost:
                names[package.package] = tuple(way.name for way in lost)
                if not _enough(later, lost):
                    last.append(package.package)
        yield EndedWays(names, tuple(last))


def _lost(before: Sequence[ReleaseWay], later: Sequence[ReleaseWay]) -> list[ReleaseWay]:
    """The ways that are accepted before, and are not afterwards."""
    both = zip(before, later, strict=False)
    return [one for one, then in both if one.accepted and not then.accepted]


def _enough(later: Sequence[ReleaseWay], lost: Sequence[ReleaseWay]) -> bool:
    """Whether what is left does as much as what is lost: a person does not replace a workflow."""
    left = [one for one in later if one.accepted]
    unattended = any(one.way is not Way.PERSON for one in lost)
    return any(one.way is not Way.PERSON for one in left) if unattended else bool(left)


def _concerns(step: ClosingStep, package: PackagePaths) -> bool:
    """Whether a step is about a package: it is one of its own, or ends something of its paths."""
    if any(step.key == own.key for own in package.steps):
        return True
    keys = {path.key for path in package.paths} | {way.key for way in package.releases}
    return not keys.isdisjoint(step.closes)


def _of_findings(step: StepDraft) -> Iterator[ClosingStep]:
    """What a step ends of which no publish path asked: tokens, publishers and secrets."""
    if not step.kind.ends:
        return
    fix = step.fixes()[0]
    for found in step.closes():
        subject = found.subject
        if subject.kind == "token":
            keys = [f"token/{subject.name}"]
        elif subject.kind == "trusted-publisher":
            keys = [f"publisher/{subject.name}", f"publisher/{subject.name.rpartition('/')[2]}"]
        else:
            keys = [f"secret/{subject.kind}/{subject.name}"]
        yield ClosingStep(keys[0], fix, tuple(keys))
