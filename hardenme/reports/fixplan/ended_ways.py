"""What the steps of a plan end of the accepted ways to release, in the order of the steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hardenme.model.acceptance import ReleaseWay
from hardenme.model.publishing import ClosingStep, PackagePaths
from hardenme.model.release_ways import ARCHIVED, CHANGES, after
from hardenme.model.way import Way
from hardenme.reports.fixplan.drafts import ALL, StepDraft
from hardenme.reports.plain import counted

ENDS = re.compile(r"npm (?:token|trust) revoke ")
"""How a command begins that ends a token or a trusted publisher, whatever its step is called."""
CHANGED = "workflow"
PLACES = {
    "archive": ARCHIVED,
    **dict.fromkeys(
        (
            *("rules", "actions", "actions-policy", "environment", "runner", "pin-actions"),
            *("stranger-code", "workflow-token", "release-job", "oidc"),
        ),
        CHANGED,
    ),
}
"""Kinds of steps that change what the workflows of their repositories meet, and how."""
WAIT = "wait until a release by another way was accepted"
"""What a step waits for that would leave a package without an accepted way."""


@dataclass(frozen=True, slots=True)
class EndedWays:
    """What one step ends.

    Attributes:
        names: by package, what the accepted ways are called that are not accepted afterwards.
        last: the packages of which no accepted way is left that does as much: where a workflow
            released, a workflow has to.
        again: the packages of which it changes what an accepted way meets.
    """

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last: tuple[str, ...] = ()
    again: tuple[str, ...] = ()

    def title(self, title: str) -> str:
        """The title of the step, which says what it ends."""
        if self.last:
            return f"{title}, but first release {_some(self.last)} another way"
        if self.names:
            return f"{title} (ends an accepted way to release {_some(tuple(self.names))})"
        return f"{title} (then rehearse {_some(self.again)} again)" if self.again else title

    def risks(self) -> Iterator[str]:
        """One sentence a package."""
        for package, names in self.names.items():
            rest = f" {package} has no other accepted way: {WAIT}." if package in self.last else ""
            yield f"Ends an accepted way to release {package}: {' and '.join(names)}.{rest}"
        if self.again:
            yield (
                "Changes what an accepted way to release meets: rehearse"
                f" {', '.join(self.again)} again."
            )


def _some(packages: Sequence[str]) -> str:
    return packages[0] if len(packages) == 1 else counted(len(packages), "package")


def ended_ways(steps: Iterable[StepDraft], packages: Sequence[PackagePaths]) -> Iterator[EndedWays]:
    """What each step ends, once those before it are taken.

    What a step changes counts as accepted until another step ends it, and never as what is left.
    """
    index = _Index(packages)
    found = {one.package: one.releases for one in packages}
    changed: dict[str, set[str]] = {one.package: set() for one in packages}
    for step in steps:
        names: dict[str, tuple[str, ...]] = {}
        last: list[str] = []
        again: list[str] = []
        for package, own in index.of(step).items():
            changing = [one for one in own if _kind(one) in CHANGES]
            before = found[package]
            unsure = {way.key for way in _lost(before, after(before, changing))}
            changed[package] |= unsure
            later = after(before, [one for one in own if _kind(one) not in CHANGES])
            found[package] = later
            lost = _lost(before, later)
            if lost:
                names[package] = tuple(way.name for way in lost)
                if not _enough([way for way in later if way.key not in changed[package]], lost):
                    last.append(package)
            elif unsure:
                again.append(package)
        yield EndedWays(names, tuple(last), tuple(again))


class _Index:
    """Which packages a step is about, by the keys of their steps, paths and ways."""

    def __init__(self, packages: Sequence[PackagePaths]) -> None:
        self._by_key: dict[str, dict[str, None]] = {}
        self._by_place: dict[str, list[tuple[str, str]]] = {}
        for one in packages:
            if not any(way.accepted for way in one.releases):
                continue
            named = [step.key for step in one.steps]
            named += [path.key for path in one.paths] + [way.key for way in one.releases]
            for key in named:
                self._by_key.setdefault(key, {})[one.package] = None
            for path in one.paths:
                for hop in path.hops:
                    if hop.kind == "repository":
                        for place in (hop.name, hop.name.partition("/")[0]):
                            self._by_place.setdefault(place, []).append((one.package, path.key))

    def of(self, step: StepDraft) -> dict[str, list[ClosingStep]]:
        """What a step does to each package."""
        found: dict[str, list[ClosingStep]] = {}
        for one in (*step.closing, *_of_findings(step)):
            # A key that ends in this one is the same in every package.
            keys = (one.key, *(key for key in one.closes if not key.endswith(ALL)))
            for package in {name: None for key in keys for name in self._by_key.get(key, ())}:
                found.setdefault(package, []).append(one)
        kind = PLACES.get(step.kind.key)
        if kind is not None:
            closes: dict[str, list[str]] = {}
            for package, key in self._released_at(step):
                closes.setdefault(package, []).append(key)
            for package, names in closes.items():
                own = ClosingStep(f"{kind}/{step.id}", step.fixes()[0], tuple(names))
                found.setdefault(package, []).append(own)
        return found

    def _released_at(self, step: StepDraft) -> Iterator[tuple[str, str]]:
        """The packages, and the keys of their paths, of the places that a step is about."""
        places = {one for found in step.closes() for one in (found.subject, found.within)}
        for name in sorted({one.name for one in places if one.kind in {"repo", "org"}}):
            yield from self._by_place.get(name, ())


def _kind(step: ClosingStep) -> str:
    return step.key.partition("/")[0]


def _lost(before: Sequence[ReleaseWay], later: Sequence[ReleaseWay]) -> list[ReleaseWay]:
    """The ways that are accepted before, and are not afterwards."""
    both = zip(before, later, strict=False)
    return [one for one, then in both if one.accepted and not then.accepted]


def _enough(later: Sequence[ReleaseWay], lost: Sequence[ReleaseWay]) -> bool:
    """Whether what is left does as much as what is lost: a person does not replace a workflow."""
    left = [one for one in later if one.accepted]
    unattended = any(one.way is not Way.PERSON for one in lost)
    return any(one.way is not Way.PERSON for one in left) if unattended else bool(left)


def _of_findings(step: StepDraft) -> Iterator[ClosingStep]:
    """What a step ends of which no publish path asked: tokens, publishers and secrets."""
    fixes = step.fixes()
    ends = step.kind.ends or any(ENDS.match(fix.command) for fix in fixes)
    for found in step.closes() if ends else ():
        subject = found.subject
        if subject.kind == "token":
            keys = [f"token/{subject.name}"]
        elif subject.kind == "trusted-publisher":
            keys = [f"publisher/{subject.name}", f"publisher/{subject.name.rpartition('/')[2]}"]
        else:
            keys = [f"secret/{subject.kind}/{subject.name}"]
        yield ClosingStep(keys[0], fixes[0], tuple(keys))
