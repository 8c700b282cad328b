"""A fix plan: the steps that close a report's findings, in the order in which to take them.

Texts in it are as the report has them; anyone who prints them makes them fit for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Fix
from hardenme.reports.calls import ProgramCall
from hardenme.reports.checklist import Cause
from hardenme.reports.fixplan.changes import StepEffect
from hardenme.reports.fixplan.kinds import UNFAMILIAR
from hardenme.reports.fixplan.step_kind import When

PLACES = frozenset({"org", "repo", "package", "user"})
"""Kinds of subjects that no step removes: what is not known about them stays so."""


@dataclass(frozen=True, slots=True)
class Closed:
    """One finding that an action closes.

    Attributes:
        code: the check's code.
        severity: what it weighs.
        subject: what was judged.
        within: what that belongs to.
        name: the subject, in words.
        until: until when it still fails once the action is taken, in words; empty if the action
            closes it.
    """

    code: str
    severity: Severity
    subject: Subject
    within: Subject
    name: str
    until: str = ""

    @property
    def is_object(self) -> bool:
        """Whether the subject is a thing that a step can remove, such as a token or a key."""
        return self.subject.kind not in PLACES


@dataclass(frozen=True, slots=True)
class Action:
    """One page to visit or one command to run.

    Attributes:
        closes: the findings that it closes; none for what only prepares another one.
        calls: its command as plain calls; empty if a person has to look.
        names: whom or what it is for, in words.
        paths: the publish paths that it closes, in words.
        unsure: those of them that are not known to be open, and perhaps others.
        own: what names this subject and no other; texts that differ by it alone are alike.
    """

    fix: Fix
    closes: tuple[Closed, ...]
    calls: tuple[ProgramCall, ...]
    names: tuple[str, ...]
    paths: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """How far what a step closes reaches.

    Attributes:
        weekly: downloads a week of the packages, as far as they are known.
        packages: how many packages.
        repositories: how many repositories.
    """

    weekly: int = 0
    packages: int = 0
    repositories: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of change by one person or one named group.

    Attributes:
        id: six characters, made from the change and its object: the same in every run.
        number: its place in the whole plan, from 1.
        title: what to do, beginning with a verb.
        section: when it is taken.
        who: who takes it, in a word or two; empty if its needs say it.
        actions: the pages and commands; at least one. The texts of the first one describe all.
        apart: what does the same for each repository by itself; empty where `actions` do.
        reach: how far it reaches.
        codes: the checks whose findings it closes, the worst first.
        counts: how many findings it is about, of each severity, the worst first.
        stays: how many of them still fail once it is taken, by until when.
        unknown: how many results that are not known are gone with its object.
        effects: what holds once it is done, by check.
        change: what its commands do; None if no command is recognized.
        risks: what to know before, in sentences.
        after: the numbers of the steps that come before it.
        waits: the ids of the same.
        verify: the commands that show that it worked.
        releases: it sets up a new way to publish: a release has to go through before others end.
        held_for: the packages of which it ends the last accepted way to release: a release by
            another way has to be accepted before it is taken.
        confidence: how often ordinary releases show its signs, in a sentence; empty if that is not
            counted.
        ordered: its actions are taken in their order.
        kind: the key of its kind of change.
        commits: it commits a file.
    """

    id: str
    number: int
    title: str
    section: When
    who: str
    actions: tuple[Action, ...]
    apart: tuple[Action, ...]
    reach: Reached
    codes: tuple[str, ...]
    counts: Mapping[Severity, int]
    unknown: int
    effects: Mapping[str, str]
    change: StepEffect | None
    risks: tuple[str, ...]
    after: tuple[int, ...] = ()
    verify: tuple[str, ...] = ()
    releases: bool = False
    held_for: tuple[str, ...] = ()
    confidence: str = ""
    stays: Mapping[str, int] = field(default_factory=dict[str, int])
    waits: tuple[str, ...] = ()
    ordered: bool = False
    kind: str = ""
    commits: bool = False

    @property
    def is_sign(self) -> bool:
        """Whether it is about signs of an attack; access that is only new is looked at as well."""
        return self.section is When.LOOK and self.kind != UNFAMILIAR.key

    @property
    def runnable(self) -> tuple[Action, ...]:
        """The actions that a script may run: what is done once for all is not done for each."""
        return tuple(one for one in self.actions if one.calls)

    @property
    def needs(self) -> str:
        """What the person must hold, by the first action."""
        return self.actions[0].fix.needs

    @property
    def undo(self) -> str:
        """How to take it back, by the first action."""
        return self.actions[0].fix.undo

    @property
    def worst(self) -> Severity | None:
        """What the worst finding weighs that it closes; None if it closes none."""
        return next(iter(self.counts), None)

    @property
    def left(self) -> int:
        """How many findings still fail once it is taken."""
        return sum(self.stays.values())

    @property
    def closes(self) -> int:
        """How many findings a later run shows closed."""
        return sum(self.counts.values()) - self.left

    @property
    def names(self) -> tuple[str, ...]:
        """Whom or what it is for, in words, each once."""
        return tuple(dict.fromkeys(name for one in self.actions for name in one.names))

    @property
    def paths(self) -> tuple[str, ...]:
        """The publish paths that it closes, in words, each once."""
        return tuple(dict.fromkeys(path for one in self.actions for path in one.paths))

    @property
    def unsure(self) -> frozenset[str]:
        """Those of the publish paths that are not known to be open."""
        return frozenset(self.paths) & {path for one in self.actions for path in one.unsure}


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can answer, and the command that records the answer.

    Attributes:
        code: the check that asks.
        page: the page with the answer for the first subject; those of the others are similar.
        names: of whom or what it is asked, in words.
        command: records the answer for the first of them; empty if none can be recorded.
    """

    code: str
    text: str
    page: str
    names: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class FixPlan:
    """The plan of a report.

    Attributes:
        version: the version of hardenme that made the report.
        started: when the report was made.
        targets: what was looked at.
        hosts: who was asked.
        partial: why the report is incomplete; empty if it is.
        steps: what to do, in order.
        failed: how many findings there are to close.
        needs: only these rights were wanted; empty for all.
        others: how many steps were left out, since they need other rights.
        causes: what is not known, and what it takes.
        questions: what a person has to answer.
        waived: how many findings are accepted, and so not in the plan.
        hidden: names in the report are not the real ones, so that no command can be given.
        warnings: what a reader of the report has to know, such as that it was judged from a file.
        demo: its accounts are those of the demo.
        part: it is of a part of a run.
        kept: the reader has the run, and `hardenme fix` with it.
        file: the file of the report, as a shell takes it; empty for a kept run.
    """

    version: str
    started: datetime
    targets: tuple[str, ...]
    hosts: tuple[str, ...]
    partial: str
    steps: tuple[Step, ...]
    failed: int
    needs: str = ""
    others: int = 0
    causes: tuple[Cause, ...] = ()
    questions: tuple[Question, ...] = ()
    waived: int = 0
    hidden: bool = False
    warnings: tuple[str, ...] = ()
    demo: bool = False
    part: bool = False
    kept: bool = True
    file: str = ""

    @property
    def numbered(self) -> bool:
        """Whether it has all steps of a run: elsewhere a number would be taken for another one."""
        return not (self.part or self.others)

    def name(self, step: Step) -> str:
        """The label of a step where this plan is shown: its number, or its id."""
        return str(step.number) if self.numbered else step.id

    def rights(self) -> dict[str, tuple[int, int]]:
        """For each right: how many steps need it, and how many findings they close; most first."""
        found: dict[str, tuple[int, int]] = {}
        for step in self.steps:
            steps, closes = found.get(step.needs, (0, 0))
            found[step.needs] = (steps + 1, closes + step.closes)
        return dict(sorted(found.items(), key=lambda item: (-item[1][1], -item[1][0], item[0])))


Verify = Callable[[Sequence[str], Sequence[tuple[Subject, Subject]]], tuple[str, ...]]
"""Makes the commands that check again, of codes and of (subject, within)."""
