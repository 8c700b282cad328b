"""From a report to its fix plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from hardenme.model.access_change import own_last
from hardenme.model.accounted import AccountedVersion, contained
from hardenme.model.finding import Errored, Finding
from hardenme.model.finding_summary import weight
from hardenme.model.publishing import Publishing, State
from hardenme.model.report import Report, WholeRun
from hardenme.model.statement import attest_command, lasting
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.checklist import Checklist
from hardenme.reports.fixplan.drafts import ALL, StepDraft
from hardenme.reports.fixplan.kinds import (
    ACCOUNTED,
    OWN_ACCESS,
    PUBLISHER,
    PUBLISHING,
    REMOVING,
    TOKEN,
    UNFAMILIAR,
    kind_of,
)
from hardenme.reports.fixplan.numbering import numbered
from hardenme.reports.fixplan.parts import steps_of_part
from hardenme.reports.fixplan.plan import FixPlan, Question, Step, Verify
from hardenme.reports.fixplan.precedence import TRANSFERRING, edges, taking
from hardenme.reports.fixplan.publishing import PATHS, Paths, keeps
from hardenme.reports.fixplan.rulesets import organization_of, without_rulesets
from hardenme.reports.fixplan.sole_pusher import CODE_OWNERS, fitted, names_owners, sole_pushers
from hardenme.reports.fixplan.staying import ALONE, leavers, with_leavers
from hardenme.reports.fixplan.step_kind import StepKind
from hardenme.reports.fixplan.step_notes import with_step_notes
from hardenme.reports.fixplan.suspects import owned, suspects, with_notes
from hardenme.reports.fixplan.titles import MOVES
from hardenme.reports.fixplan.unfamiliar import logs_of, looked_into, unfamiliar
from hardenme.reports.fixplan.words import OF_DEMO
from hardenme.reports.grouping import checklist_of, name_of

ANSWERED = 20
"""Subjects that one command records the answer of."""
RELEASE = "release"
NAMES_REPOSITORY = "NPP115"
"""The check whether a package names its own repository, which npm holds a release against."""
OWN_ROLE = "own-owner-role"
ENVIRONMENT = "environment"
ADMINS = "GHR112"
"""The check who administers a repository; a transfer of one is a step about that."""
REPOSITORY = "repository"
"""The field of a package's finding that names its repository."""
TRUSTING = ("writers", "second-owner")
"""Kinds of change for which people are asked, who may be those of an attack."""
ENDING = (TOKEN, PUBLISHER)
"""Kinds of change by which an object is gone at once."""
NEEDS = "write access to the package and 2FA"
STEP = (
    "Unpublish it where npm allows that, or report it to npm as malware on its page: lock files"
    " still install a version that is deprecated."
)


def plan_of(
    report: Report,
    verify: Verify | None = None,
    needs: str = "",
    checklist: Checklist | None = None,
) -> FixPlan:
    """The plan that closes what failed in a report.

    Args:
        report: the report; its findings are looked at two or three times.
        verify: makes the commands that check again; None for a plan without them.
        needs: only the steps that take a right with these words in it; empty for all.
        checklist: of the report, where someone has made it already.
    """
    found = _Findings(report)
    hidden = bool(report.redacted)
    # Of the demo no answer is kept.
    unanswered = hidden or report.demo
    steps = _steps(report, found, None if hidden else verify)
    wanted = [step for step in steps if needs.casefold() in step.needs.casefold()]
    return FixPlan(
        version=report.version,
        started=report.started,
        targets=report.targets,
        hosts=tuple(dict.fromkeys(identity.host for identity in report.identities)),
        partial=report.partial,
        steps=tuple(wanted),
        failed=found.failed,
        needs=needs,
        others=len(steps) - len(wanted),
        causes=(checklist_of(report) if checklist is None else checklist).causes,
        questions=tuple(
            replace(one, command="") if unanswered else one for one in found.questions()
        ),
        waived=found.waived,
        hidden=hidden,
        warnings=tuple(_warnings(report)),
        demo=report.demo,
        part=report.whole is not None,
        kept=report.kept and (report.whole is None or report.whole.kept),
        file=report.file,
    )


_OF_WHOLE: WeakKeyDictionary[WholeRun, tuple[Step, ...]] = WeakKeyDictionary()
"""The steps of runs, of which one part after the other is made."""


def steps_of_run(whole: WholeRun) -> tuple[Step, ...]:
    """The steps of a whole run, made once for all of its parts."""
    if whole not in _OF_WHOLE:
        _OF_WHOLE[whole] = plan_of(whole.report).steps
    return _OF_WHOLE[whole]


def _steps(report: Report, found: _Findings, verify: Verify | None) -> Sequence[Step]:
    """All steps; those of a part are the steps of its run, so that each has one name."""
    if report.whole is not None:
        return steps_of_part(steps_of_run(report.whole), report)
    steps = numbered(*found.steps(), report, verify)
    steps = with_notes(steps, suspects(report, steps), owned(report), report)
    steps = with_step_notes(steps, report)
    return [_without_commands(step) for step in steps] if report.redacted else steps


def _warnings(report: Report) -> Iterable[str]:
    """What a reader has to know; a plan of the demo is there to be looked at."""
    if report.demo:
        yield OF_DEMO
    yield from report.warnings


def _meant(report: Report) -> Publishing | None:
    """Who can publish, without the packages whose open paths someone accepts."""
    if report.publishing is None:
        return None
    accepted = {
        finding.subject.name
        for finding in report.findings
        if finding.code == PATHS and finding.waiver is not None
    }
    failed = {one.subject.name for one in report.findings if one.fails}
    packages = report.publishing.packages
    # Where none of its paths is known to be open and nothing failed, there is nothing to close.
    kept = tuple(
        one
        for one in packages
        if one.package not in accepted
        and (one.count(State.OPEN) or one.package in failed or not one.paths)
    )
    return replace(report.publishing, packages=kept)


class _Findings:
    """What a report's findings ask for, put together in one pass."""

    def __init__(self, report: Report) -> None:
        self.failed = self.waived = 0
        self._paths = Paths(_meant(report))
        self._open: list[tuple[Finding, Fix]] = []
        self._gone: dict[Subject, tuple[Finding, StepKind, Fix]] = {}
        self._replaced: dict[Subject, Fix] = {}
        self._unknown: Counter[Subject] = Counter()
        self._asked: dict[tuple[str, str], list[Finding]] = {}
        self._accounted = accounted(report)
        self._unfamiliar = unfamiliar(report)
        alone = {name.lower(): login for name, login in sole_pushers(report).items()}
        logs = logs_of(report)
        for finding in report.findings:
            if finding.fails:
                fitting = fitted(finding, alone) if alone else finding
                finding = looked_into(fitting, report.started, logs)  # noqa: PLW2901 (its own fix)
            self._take(finding)

    def _take(self, finding: Finding) -> None:
        outcome = finding.outcome
        if finding.waiver is not None:
            self.waived += 1
        elif isinstance(outcome, Failed):
            self.failed += 1
            if not self._paths.take(finding, outcome.fix):
                self._open.append((finding, outcome.fix))
                self._end(finding, outcome.fix)
        elif isinstance(outcome, Manual):
            self._asked.setdefault((finding.code, outcome.question), []).append(finding)
        elif isinstance(outcome, Unknown | Errored):
            self._unknown[finding.subject] += 1

    def _end(self, finding: Finding, fix: Fix) -> None:
        """Keep by which change an object goes, in the words of the worst finding that asks it.

        Of a publisher for the wrong repository, keep what takes its place.
        """
        kind, known = _own_kind(finding, fix), self._gone.get(finding.subject)
        if kind is PUBLISHING and kind_of(finding.code) is not PUBLISHING:
            self._replaced.setdefault(finding.subject, fix)
        if kind.ends and (known is None or weight(finding) > weight(known[0])):
            self._gone[finding.subject] = finding, kind, fix

    def questions(self) -> Iterable[Question]:
        """What a person has to answer, each question once."""
        for (code, text), findings in sorted(self._asked.items()):
            subjects = [finding.subject for finding in findings if lasting(finding.subject)]
            yield Question(
                code=code,
                text=text,
                page=next(one.outcome.page for one in findings if isinstance(one.outcome, Manual)),
                names=tuple(map(name_of, findings)),
                command=attest_command(code, *subjects[:ANSWERED]) if subjects else "",
            )

    def steps(self) -> tuple[list[StepDraft], list[tuple[int, int]]]:
        """All steps, and which comes before which."""
        steps, known = self._paths.steps()
        found: dict[tuple[str, str], StepDraft] = {(one.kind.key, one.scope): one for one in steps}
        wide = self._wide()
        for finding, own in self._open:
            kind = self._kind(finding, own)
            scope = _scope(kind, finding, own)
            if kind is ACCOUNTED:
                scope = self._accounted[finding.subject].by
            fix = self._fix(kind, finding, own)
            above = fix.wider or (fix if finding.subject.kind == "org" else None)
            for_all = above is not None and (kind.key, scope) in wide
            if for_all:
                # A step of its own, so that the others keep their name when it comes.
                scope = f"{scope}{ALL}"
            key = (kind.key, scope)
            if key not in found:
                found[key] = StepDraft(kind, scope)
            once = for_all and above is not None
            found[key].take(finding, above if once and above is not None else fix, for_all=once)
            if for_all:
                found[key].take_apart(finding, fix)
        steps = list(found.values())
        leaving = leavers(fix for step in steps for fix in step.fixes())
        for step in steps:
            for action in step.actions.values():
                action.closes[:] = (with_leavers(one, leaving) for one in action.closes)
            if step.kind.ends:
                gone = {one.subject for one in step.closes() if one.is_object}
                step.unknown = sum(self._unknown[subject] for subject in gone)
        known = [*known, *_before_publishers(steps)]
        taken = taking([step.fixes() for step in steps])
        codes, places = [_waiting(step) for step in steps], [*map(_places, steps)]
        return steps, list(edges(codes, known, taken, places))

    def _kind(self, finding: Finding, fix: Fix) -> StepKind:
        """The kind of change that closes a finding; what is removed is not repaired first."""
        if finding.subject in self._unfamiliar:
            return UNFAMILIAR
        own = _own_kind(finding, fix)
        if own_last(fix) and own.key != OWN_ROLE:
            return OWN_ACCESS
        if own.key == RELEASE and finding.subject in self._accounted:
            return ACCOUNTED
        ending = self._gone.get(finding.subject)
        # What can be done today does not wait for an end that needs preparation.
        return ending[1] if ending and own.section >= ending[1].section else own

    def _fix(self, kind: StepKind, finding: Finding, own: Fix) -> Fix:
        """The change by which a finding is closed; nothing is repaired that goes."""
        if kind is ACCOUNTED:
            # The way back was taken.
            return removal(own)
        if kind.ends:
            return self._gone[finding.subject][2]
        return self._replaced.get(finding.subject, own) if kind is PUBLISHING else own

    def _wide(self) -> set[tuple[str, str]]:
        """The kinds and organizations for which one change closes what several findings say."""
        found: Counter[tuple[str, str]] = Counter()
        offered: set[tuple[str, str]] = set()
        free = without_rulesets(self._open)
        for finding, fix in self._open:
            kind = self._kind(finding, fix)
            if kind.single:
                continue
            key = (kind.key, _scope(kind, finding, fix))
            if fix.wider is not None and organization_of(fix.wider) not in free:
                offered.add(key)
            if fix.wider is not None or finding.subject.kind == "org":
                found[key] += 1
        return {key for key in offered if found[key] > 1}


def _before_publishers(steps: Sequence[StepDraft]) -> Iterable[tuple[int, int]]:
    """What comes before a package is released by its new publisher, as pairs of steps.

    What looks like an attack is settled, and the environment that the publisher names is guarded.
    """
    for then, setting in enumerate(steps):
        if setting.kind.key in TRUSTING:
            names = {found.within.name for found in setting.closes()}
            yield from _settled(steps, names, then)
        if not setting.releases:
            continue
        for first, step in enumerate(steps):
            names = {found.within.name for found in step.closes() if found.code == NAMES_REPOSITORY}
            if names & {*setting.packages}:
                yield first, then
        places = "\n".join(one.key.lower() for one in setting.closing)
        for first, step in enumerate(steps):
            names = {found.within.name for found in step.closes()}
            guards = step.kind.key == ENVIRONMENT and any(
                f"/{name.lower()}/" in places for name in names
            )
            if guards:
                yield first, then
        yield from _settled(steps, {*setting.packages}, then)


def _settled(
    steps: Sequence[StepDraft], packages: Collection[str], then: int
) -> Iterable[tuple[int, int]]:
    """The steps about signs of an attack on some packages, each before another step."""
    for first, step in enumerate(steps):
        if step.kind.key == RELEASE and {found.within.name for found in step.closes()} & {
            *packages
        }:
            yield first, then


def _own_kind(finding: Finding, fix: Fix) -> StepKind:
    """The kind of change that a finding asks for; one that is replaced is not removed first."""
    own = kind_of(finding.code)
    if names_owners(finding):
        return kind_of(CODE_OWNERS)
    if fix.step.startswith(TRANSFERRING):
        return kind_of(ADMINS)
    return PUBLISHING if own in REMOVING and keeps(fix) else own


def _places(step: StepDraft) -> frozenset[str]:
    """The repositories on GitHub that a step is about, in lower case; the owner for all of them."""
    wide = step.scope.endswith(ALL)
    return frozenset(
        one.within.name.partition("/")[0].lower() if wide else one.within.name.lower()
        for one in step.closes()
        if one.within.provider == "github" and one.within.kind in {"org", "repo"}
    )


def _waiting(step: StepDraft) -> list[str]:
    """The checks by which a step waits for others, or others for it.

    What goes at once waits for nothing; nothing waits for what comes after all others. No review
    is required where no second person can approve.
    """
    apart = step.kind in ENDING or any(map(own_last, step.fixes()))
    asked = {one.code for one in step.closes() if one.until != ALONE}
    return [] if apart else [code for code in step.codes() if code in asked]


def _scope(kind: StepKind, finding: Finding, fix: Fix) -> str:
    """Whose change it is: an object's, where each is a step of its own, or an owner's."""
    if kind.key == RELEASE:
        # What points latest back is one step, whichever of a package's releases asks for it.
        moved = MOVES.match(fix.command)
        return moved[0] if moved else finding.subject.name
    if kind.single:
        return finding.subject.name
    place = finding.within.name if finding.within.provider == "github" else ""
    if fix.step.startswith(TRANSFERRING) and isinstance(finding.outcome, Failed):
        place = place or str(finding.outcome.seen.get(REPOSITORY, ""))
    return place.partition("/")[0]


def _without_commands(step: Step) -> Step:
    """The same without what would name someone else."""
    return replace(
        step,
        actions=tuple(replace(one, fix=_bare(one.fix), calls=()) for one in step.actions),
        apart=tuple(replace(one, fix=_bare(one.fix), calls=()) for one in step.apart),
        verify=(),
    )


def _bare(fix: Fix) -> Fix:
    """A fix without its command; one without a page says where the command was."""
    return replace(fix, command="", page=fix.page or "the command is left out")


def accounted(report: Report) -> dict[Subject, AccountedVersion]:
    """What an incident accounts for, as long as it is deprecated and no tag leads to it."""
    if not report.accounted:
        return {}
    quiet = frozenset(contained(report.inventory))
    return {one.subject: one for one in report.accounted if one.subject in quiet}


def removal(fix: Fix) -> Fix:
    """What is left to do about such a version: tag and deprecation are done."""
    return replace(fix, step=STEP, command="", needs=NEEDS, undo="")
