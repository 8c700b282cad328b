"""The steps that close publish paths, as steps of the plan, with the findings that they close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hardenme.model.finding import Finding
from hardenme.model.publishing import PackagePaths, Publishing, Step
from hardenme.model.verdict import Fix
from hardenme.reports.batch import Stage, Task, tasks_of
from hardenme.reports.checklist import ANY
from hardenme.reports.fixplan.drafts import DeedDraft, Key, Shape, StepDraft, key_of
from hardenme.reports.fixplan.order import Weighed, in_order
from hardenme.reports.publishing import in_order as packages_in_order
from hardenme.reports.publishing import who

TRUST = "npm trust "
ENDED = {"token": "token", "trusted-publisher": "publisher"}
"""By the kind of a subject on npm: how the key of a step begins that ends it."""


class Paths:
    """The steps of all packages, each once.

    Attributes:
        deeds: in an order that is safe for each package.
    """

    def __init__(self, publishing: Publishing | None) -> None:
        packages = packages_in_order(publishing.packages) if publishing else []
        self._tasks = tasks_of(packages)
        self.deeds = [_deed(task) for task in self._tasks]
        self._by_key: dict[str, DeedDraft] = {}
        self._by_way: dict[Key, DeedDraft] = {}
        self._last: dict[str, tuple[Fix, DeedDraft]] = {}
        self._chains: dict[str, list[int]] = {package.package: [] for package in packages}
        for number, (task, deed) in enumerate(zip(self._tasks, self.deeds, strict=True)):
            self._by_key.setdefault(task.step.key, deed)
            self._by_way.setdefault(key_of(task.step.fix), deed)
            for package in task.packages:
                self._chains[package.package].append(number)
        for package in packages:
            if chain := self._chains[package.package]:
                first = package.steps[0].fix
                self._last[package.package] = first, self.deeds[chain[-1]]

    def closing(self, finding: Finding, fix: Fix) -> DeedDraft | None:
        """The step that closes a finding; None where that is not one of these.

        A package's own finding is closed where the last of its steps is taken, what is said of a
        token or a trusted publisher where that ends, and else what the same command fixes.
        """
        subject = finding.subject
        if subject.provider != "npm":
            return None
        start = ENDED.get(subject.kind)
        if start is not None and f"{start}/{subject.name}" in self._by_key:
            return self._by_key[f"{start}/{subject.name}"]
        if subject.kind == "package" and subject.name in self._last:
            first, last = self._last[subject.name]
            if fix.step.startswith(first.step) and fix.command == first.command:
                return last
        return self._by_way.get(key_of(fix))

    def steps(self) -> tuple[list[StepDraft], list[tuple[int, int]]]:
        """The steps, those for several packages as one, and which comes before which.

        Where that would contradict a package's own order, each stands by itself.
        """
        groups: dict[tuple[Stage, Shape], int] = {}
        numbers = [
            groups.setdefault((task.stage, deed.shape), len(groups))
            for task, deed in zip(self._tasks, self.deeds, strict=True)
        ]
        pairs = self._pairs(numbers)
        if not _holds(len(groups), pairs):
            numbers = list(range(len(self._tasks)))
            pairs = self._pairs(numbers)
        steps: dict[int, StepDraft] = {}
        for number, task, deed in zip(numbers, self._tasks, self.deeds, strict=True):
            step = steps.setdefault(number, StepDraft(deed.shape, stage=task.stage))
            step.deeds.append(deed)
            step.releases |= task.stage is Stage.SET_UP and deed.fix.command.startswith(TRUST)
        return [steps[number] for number in sorted(steps)], pairs

    def _pairs(self, numbers: Sequence[int]) -> list[tuple[int, int]]:
        found = (
            (numbers[before], numbers[after])
            for chain in self._chains.values()
            for before, after in pairwise(chain)
        )
        return [pair for pair in dict.fromkeys(found) if pair[0] != pair[1]]


def _holds(count: int, pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether an order can keep all the pairs."""
    alike = [Weighed((), ("", ""), "")] * count
    place = {number: at for at, number in enumerate(in_order(alike, pairs))}
    return all(place[before] < place[after] for before, after in pairs)


def _deed(task: Task) -> DeedDraft:
    step = task.step
    names = [package.package for package in task.packages]
    own = tuple(sorted({*names, *_names(step, task.packages)}, key=lambda one: (-len(one), one)))
    page = step.fix.page
    for name in own:
        page = page.replace(f"/{name}", f"/{ANY}")
    shape = Shape.of(step.fix, own, page, apart="publishing")
    paths = tuple(dict.fromkeys(_paths(step, task.packages)))
    return DeedDraft(step.fix, shape, own, names=dict.fromkeys(names), paths=paths)


def _names(step: Step, packages: Sequence[PackagePaths]) -> Iterator[str]:
    closes = set(step.closes)
    for package in packages:
        yield from (path.name for path in package.paths if path.name and path.key in closes)


def _paths(step: Step, packages: Sequence[PackagePaths]) -> Iterator[str]:
    closes = set(step.closes)
    for package in packages:
        for path in package.paths:
            if path.key in closes:
                yield f"{who(path.way, path.name)} to {package.package}"
