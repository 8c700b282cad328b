"""The steps that close publish paths, as steps of the plan, with the findings that they close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hardenme.model.commands import AFTER_RELEASE
from hardenme.model.finding import Finding
from hardenme.model.publishing import ClosingStep, PackagePaths, Publishing, State
from hardenme.model.verdict import Fix
from hardenme.reports.batch import BatchStage, BatchTask, tasks_of
from hardenme.reports.fixplan.drafts import ActionDraft, Key, StepDraft, key_of
from hardenme.reports.fixplan.kinds import AT_ONCE, CLOSE, PUBLISHER, PUBLISHING, SET_UP, TOKEN
from hardenme.reports.fixplan.staying import REPLACED
from hardenme.reports.publishing import in_order as packages_in_order
from hardenme.reports.publishing import named_path

TRUST = "trust/"
"""How the key of a step begins that sets up a trusted publisher."""
KEEPS = ("npm trust github ", "npm pkg set ")
"""How the command of a fix begins that leaves a publisher in place."""
PATHS = "PUB101"
"""The check whether any way is left to publish a package."""
WHOLE = frozenset({PATHS, "PUB102"})
"""Checks of a package that pass when all is done that its steps ask for."""
PAGES = "the pages for it are done"
THERE = "its workflow and environment exist"
ANSWERED = "NPP106 is answered"
"""What commands do not do of it."""
ACCESS = "access/"
"""How the key of a step begins after which a person records that a package takes no tokens."""
ENDED = {"token": "token", "trusted-publisher": "publisher"}
"""By the kind of a subject on npm: how the key of a step begins that ends it."""
ENDING = {"token": TOKEN, "publisher": PUBLISHER}


def keeps(fix: Fix) -> bool:
    """Whether a trusted publisher stays until another one has released."""
    return fix.command.startswith(KEEPS) or AFTER_RELEASE in fix.step


class Paths:
    """The steps of all packages, each once, in an order that is safe for each package."""

    def __init__(self, publishing: Publishing | None) -> None:
        packages = packages_in_order(publishing.packages) if publishing else []
        self._tasks = tasks_of(packages)
        self._drafts = [_draft(task) for task in self._tasks]
        self._at_once: set[int] = set()
        self._by_key: dict[str, int] = {}
        self._by_way: dict[Key, int] = {}
        self._last: dict[str, int] = {}
        self._set_up: dict[str, int] = {}
        self._of: dict[str, list[ClosingStep]] = {}
        for number, task in enumerate(self._tasks):
            self._by_key.setdefault(task.step.key, number)
            self._by_way.setdefault(key_of(task.step.fix), number)
            if task.stage is BatchStage.SET_UP and task.step.key.startswith(TRUST):
                self._set_up |= {package.package: number for package in task.packages}
            self._last |= {package.package: number for package in task.packages}
            for package in task.packages:
                self._of.setdefault(package.package, []).append(task.step)

    def take(self, finding: Finding, fix: Fix) -> bool:
        """Have a finding closed by one of these steps; whether one does.

        A package's own finding is closed by the last of its steps. A finding about a token or a
        trusted publisher is closed where that is removed, and any other by the same command.
        """
        number = self._closing(finding, fix)
        if number is None:
            return False
        self._drafts[number].take(finding, left=self._left(finding))
        at_once = finding.code in AT_ONCE and not keeps(fix)
        if at_once and self._ending(number):
            self._at_once.add(number)
        return True

    def _left(self, finding: Finding) -> str:
        """Until when a package's own finding fails although all commands for it were run."""
        if finding.code not in WHOLE:
            return ""
        steps = self._of.get(finding.subject.name, [])
        reasons = {
            PAGES: any(not one.fix.command for one in steps),
            THERE: any(one.key.startswith(TRUST) for one in steps),
            ANSWERED: finding.code == PATHS and any(one.key.startswith(ACCESS) for one in steps),
        }
        found = [text for text, counts in reasons.items() if counts]
        return f"until {' and '.join(found)}" if found else ""

    def _closing(self, finding: Finding, fix: Fix) -> int | None:
        subject = finding.subject
        if subject.provider != "npm":
            return None
        start = ENDED.get(subject.kind)
        if start is not None and f"{start}/{subject.name}" in self._by_key:
            return self._by_key[f"{start}/{subject.name}"]
        if finding.code == PATHS and subject.name in self._last:
            return self._last[subject.name]
        own = self._by_way.get(key_of(fix))
        if own is None and subject.kind == "package" and finding.code in PUBLISHING.codes:
            # It holds from the first release on that comes by the way that is set up.
            return self._set_up.get(subject.name)
        return own

    def _ending(self, number: int) -> str:
        """The kind of credential that a step removes, `token` or `publisher`; empty for none."""
        kind = self._tasks[number].step.key.partition("/")[0]
        return kind if kind in ENDING else ""

    def steps(self) -> tuple[list[StepDraft], list[tuple[int, int]]]:
        """The steps, and which comes before which.

        What nothing uses, or others can take over, ends by itself and at once. All else is set up
        in one step, and closed in the next.
        """
        found: list[StepDraft] = []
        setting = StepDraft(SET_UP, "", ordered=True)
        closing = StepDraft(CLOSE, "", ordered=True)
        for number, (task, draft) in enumerate(zip(self._tasks, self._drafts, strict=True)):
            if number in self._at_once:
                kind, name = self._ending(number), task.step.key.partition("/")[2]
                # Here nothing takes its place: what it is about is gone.
                draft.closes[:] = [
                    replace(one, until="") if one.until == REPLACED else one for one in draft.closes
                ]
                alone = StepDraft(ENDING[kind], name, {("task",): draft}, closing=[task.step])
                found.append(alone)
                continue
            step = setting if task.stage is BatchStage.SET_UP else closing
            step.actions["task", str(number)] = draft
            step.closing.append(task.step)
            step.packages |= {package.package: None for package in task.packages}
            sets_up = task.stage is BatchStage.SET_UP and task.step.key.startswith(TRUST)
            step.releases |= sets_up
        both = [step for step in (setting, closing) if step.actions]
        if both:
            self._leave_to(list(both[-1].actions.values())[-1])
        pairs = [(len(found), len(found) + 1)] if len(both) > 1 else []
        return [*found, *both], pairs

    def _leave_to(self, last: ActionDraft) -> None:
        """Have no step that ends by itself close what holds only when every way is closed.

        The last other step of the same package closes it, and where it has none the last of all.
        """
        later = {
            package.package: draft
            for number, (task, draft) in enumerate(zip(self._tasks, self._drafts, strict=True))
            if number not in self._at_once
            for package in task.packages
        }
        for number in self._at_once:
            draft = self._drafts[number]
            for one in draft.closes:
                if one.code == PATHS:
                    later.get(one.subject.name, last).closes.append(one)
            draft.closes[:] = [one for one in draft.closes if one.code != PATHS]


def _draft(task: BatchTask) -> ActionDraft:
    step = task.step
    names = [package.package for package in task.packages]
    own = tuple(sorted({*names, *_names(step, task.packages)}, key=lambda one: (-len(one), one)))
    found = dict(_paths(step, task.packages))
    unsure = tuple(path for path, state in found.items() if state is State.UNKNOWN)
    names_of = dict.fromkeys(names)
    return ActionDraft(
        {step.fix: None}, own, PUBLISHING, names=names_of, paths=tuple(found), unsure=unsure
    )


def _names(step: ClosingStep, packages: Sequence[PackagePaths]) -> Iterator[str]:
    closes = set(step.closes)
    for package in packages:
        yield from (path.name for path in package.paths if path.name and path.key in closes)


def _paths(step: ClosingStep, packages: Sequence[PackagePaths]) -> Iterator[tuple[str, State]]:
    closes = set(step.closes)
    for package in packages:
        for path in package.paths:
            if path.key in closes:
                yield named_path(path, package.package), path.state
