"""The fix plan as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.codec.shape import OrNull, Paragraphs, ParagraphsOrNull
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.reports.checklist import Cause
from hardenme.reports.fixplan.changes import StepEffect
from hardenme.reports.fixplan.plan import Action, FixPlan, Question, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.printed import PrintedDocument, as_lines
from hardenme.reports.style import Style

SectionWord = Literal["look", "today", "next"]
SECTIONS: Mapping[When, SectionWord] = {
    When.LOOK: "look",
    When.TODAY: "today",
    When.NEXT: "next",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReport:
    """The report that a plan was made from.

    Attributes:
        started: when its run began.
        targets: as the user named them.
        hosts: whom it asked.
    """

    started: datetime
    targets: tuple[str, ...]
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRight:
    """A right that steps take.

    Attributes:
        needs: the right, in words.
        steps: how many take it.
        closes: how many findings these close.
    """

    needs: str
    steps: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReach:
    """What a step's findings reach.

    Attributes:
        weekly_downloads: of its packages.
        packages: how many.
        repositories: how many.
    """

    weekly_downloads: int
    packages: int
    repositories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedClosing:
    """A finding that an action closes.

    Attributes:
        code: the check's code.
        severity: what it weighs.
        subject: what fails, by its id.
        until: until when it still fails once the action is taken; null if that closes it.
    """

    code: str
    severity: Severity
    subject: Subject
    until: OrNull


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAction:
    """A page or a command.

    Attributes:
        names: what it changes.
        step: what to do.
        page: where it is done; null if there is none.
        command: what does it; null if none does.
        needs: what it takes to be allowed to.
        undo: how to undo it.
        runnable: a script may run it: it is nothing but plain calls of gh and npm, with nothing to
            fill in.
        closes: the findings that it closes.
    """

    names: tuple[str, ...]
    step: Paragraphs
    page: OrNull
    command: ParagraphsOrNull
    needs: Paragraphs
    undo: Paragraphs
    runnable: bool
    closes: tuple[PrintedClosing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStep:
    """One kind of change by one person or one named group.

    Attributes:
        id: made from the change and its object: the same in every run.
        number: its place in the whole plan.
        title: what to do, beginning with a verb.
        section: signs of an attack; what needs no preparation; what needs a review, a test release,
            or another step first.
        who: who takes it; null if its needs say it.
        needs: what it takes to be allowed to.
        undo: how to undo it.
        reach: what its findings reach.
        runnable: a script may run some of its actions.
        change: what its command does; null if the command is not recognized.
        codes: the checks whose findings it closes, the worst first.
        closes: how many findings it closes.
        severities: how many of each severity.
        unknown: results that are not known and are gone with its object.
        paths: the publish paths that it closes.
        effect: what holds afterwards, by check.
        risk: what can go wrong.
        after: the steps that come before it.
        release_first: a release has to go through by it before what comes after it is done.
        held_for: the packages that have to be released another way before it is done.
        confidence: how often ordinary releases show its signs; null if that is not counted.
        verify: the commands that show that it worked.
        actions: the pages and commands, in order.
        apart: the same for each repository by itself, where the actions are for all of an
            organization.
    """

    id: str
    number: int
    title: str
    section: SectionWord
    who: OrNull
    needs: Paragraphs
    undo: Paragraphs
    reach: PrintedReach
    runnable: bool
    change: StepEffect | None
    codes: tuple[str, ...]
    closes: int
    severities: Mapping[Severity, int]
    unknown: int
    paths: tuple[str, ...]
    effect: Mapping[str, str]
    risk: tuple[str, ...]
    after: tuple[int, ...]
    release_first: bool
    held_for: tuple[str, ...]
    confidence: OrNull
    verify: tuple[str, ...]
    actions: tuple[PrintedAction, ...]
    apart: tuple[PrintedAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCause:
    """Unknown results, grouped by what resolves them: they remain open.

    Attributes:
        reason: why.
        needed: what it takes to know them.
        action: the one thing to do.
        count: how many.
        codes: of which checks.
    """

    reason: str
    needed: str
    action: str
    count: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPlanQuestion:
    """What a person has to answer.

    Attributes:
        code: the check's code.
        question: what has to hold.
        page: the page that has the answer.
        names: of what it is asked.
        command: the command that records the answer; null if none does.
    """

    code: str
    question: str
    page: str
    names: tuple[str, ...]
    command: OrNull


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument(PrintedDocument):
    """The steps that fix what a run found, in the order in which to take them.

    Attributes:
        version: the version of hardenme that made the report.
        report: the report that the plan is of.
        partial: why the report is incomplete; null if it is.
        warnings: sentences that a reader of the report has to know.
        pseudonyms: names in the report are not the real ones: no command is given.
        failed: findings to close, anyone who can.
        waived: findings that are accepted, and not in the plan.
        needs: only steps that take a right with these words; null for all.
        left_out: steps that take other rights.
        rights: for each right its steps, and the findings that they close.
        steps: in order.
        unknown: what is not known, by cause.
        questions: what a person has to answer.
    """

    version: str
    report: PrintedReport
    partial: OrNull
    warnings: tuple[str, ...]
    pseudonyms: bool
    failed: int
    waived: int
    needs: OrNull
    left_out: int
    rights: tuple[PrintedRight, ...]
    steps: tuple[PrintedStep, ...]
    unknown: tuple[PrintedCause, ...]
    questions: tuple[PrintedPlanQuestion, ...]


def render(plan: FixPlan, style: Style) -> str:  # noqa: ARG001  (every form takes a style)
    """The plan as JSON, one step a line."""
    return as_lines(
        PlanDocument(
            version=plan.version,
            report=PrintedReport(
                started=plan.started, targets=tuple(plan.targets), hosts=tuple(plan.hosts)
            ),
            partial=plan.partial,
            warnings=tuple(plan.warnings),
            pseudonyms=plan.hidden,
            failed=plan.failed,
            waived=plan.waived,
            needs=plan.needs,
            left_out=plan.others,
            rights=tuple(
                PrintedRight(needs=needs, steps=steps, closes=closes)
                for needs, (steps, closes) in plan.rights().items()
            ),
            steps=tuple(map(_step, plan.steps)),
            unknown=tuple(map(_cause, plan.causes)),
            questions=tuple(map(_question, plan.questions)),
        )
    )


def _step(step: Step) -> PrintedStep:
    reach = step.reach
    return PrintedStep(
        id=step.id,
        number=step.number,
        title=step.title,
        section=SECTIONS[step.section],
        who=step.who,
        needs=step.needs,
        undo=step.undo,
        reach=PrintedReach(
            weekly_downloads=reach.weekly,
            packages=reach.packages,
            repositories=reach.repositories,
        ),
        runnable=bool(step.runnable),
        change=step.change,
        codes=tuple(step.codes),
        closes=step.closes,
        severities=step.counts,
        unknown=step.unknown,
        paths=tuple(step.paths),
        effect=step.effects,
        risk=tuple(step.risks),
        after=tuple(step.after),
        release_first=step.releases,
        held_for=step.held_for,
        confidence=step.confidence,
        verify=tuple(step.verify),
        actions=tuple(map(_action, step.actions)),
        apart=tuple(map(_action, step.apart)),
    )


def _action(action: Action) -> PrintedAction:
    fix = action.fix
    return PrintedAction(
        names=tuple(action.names),
        step=fix.step,
        page=fix.page,
        command=fix.command,
        needs=fix.needs,
        undo=fix.undo,
        runnable=bool(action.calls),
        closes=tuple(
            PrintedClosing(
                code=one.code, severity=one.severity, subject=one.subject, until=one.until
            )
            for one in action.closes
        ),
    )


def _cause(cause: Cause) -> PrintedCause:
    return PrintedCause(
        reason=cause.reason,
        needed=cause.needed,
        action=cause.action,
        count=cause.count,
        codes=tuple(cause.codes),
    )


def _question(question: Question) -> PrintedPlanQuestion:
    return PrintedPlanQuestion(
        code=question.code,
        question=question.text,
        page=question.page,
        names=tuple(question.names),
        command=question.command,
    )
