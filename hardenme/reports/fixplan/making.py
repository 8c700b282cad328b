"""From a report to its fix plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hardenme.model.finding import Finding
from hardenme.model.publishing import Publishing
from hardenme.model.report import CheckText, Report
from hardenme.model.severity import Severity
from hardenme.model.statement import attest_command, lasting
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.checklist import Cause
from hardenme.reports.fixplan.changes import RISKS, Change, change_of, gravest
from hardenme.reports.fixplan.drafts import DeedDraft, Key, Shape, StepDraft, calls_of, key_of
from hardenme.reports.fixplan.order import Weighed, in_order
from hardenme.reports.fixplan.plan import Deed, Plan, Question, Step, Verify
from hardenme.reports.fixplan.precedence import LAST, edges
from hardenme.reports.fixplan.publishing import Paths
from hardenme.reports.grouping import checklist_of, name_of
from hardenme.reports.plain import flowing

ANSWERED = 20
"""Subjects that one command records the answer of."""
PATHS = "PUB101"
"""The check whether a package's paths are closed."""
DEMO = "demo"
"""Where a credential of the demo comes from."""
OF_DEMO = (
    "it is of the demo, whose accounts are invented: run none of the commands, which would go to"
    " whoever has these names"
)
LEVELS = sorted(Severity, reverse=True)
"""The worst first."""


def plan_of(report: Report, verify: Verify, needs: str = "") -> Plan:
    """The plan that closes what failed in a report.

    Args:
        report: the report; its findings are looked at two or three times.
        verify: makes the commands that check again.
        needs: only the steps that take a right with these words in it; empty for all.
    """
    found = _Findings(report)
    drafts, pairs = found.steps()
    hidden = bool(report.redacted)
    steps = _numbered(drafts, pairs, report, found.codes, None if hidden else verify)
    if hidden:
        steps = [_without_commands(step) for step in steps]
    wanted = [step for step in steps if needs.casefold() in step.fix.needs.casefold()]
    return Plan(
        version=report.version,
        started=report.started,
        targets=report.targets,
        hosts=tuple(dict.fromkeys(identity.host for identity in report.identities)),
        partial=report.partial,
        steps=tuple(wanted),
        failed=found.failed,
        needs=needs,
        others=len(steps) - len(wanted),
        causes=_causes(report),
        questions=tuple(replace(one, command="") if hidden else one for one in found.questions()),
        waived=found.waived,
        hidden=hidden,
        warnings=tuple(_warnings(report)),
    )


def _warnings(report: Report) -> Iterable[str]:
    """What a reader has to know; a plan of the demo is there to be looked at."""
    if any(identity.source == DEMO for identity in report.identities):
        yield OF_DEMO
    yield from report.warnings


def _causes(report: Report) -> tuple[Cause, ...]:
    return checklist_of(report).causes


def _meant(report: Report) -> Publishing | None:
    """Who can publish, without the packages whose open paths somebody accepts."""
    if report.publishing is None:
        return None
    accepted = {
        finding.subject.name
        for finding in report.findings
        if finding.code == PATHS and finding.waiver is not None
    }
    packages = report.publishing.packages
    kept = tuple(package for package in packages if package.package not in accepted)
    return replace(report.publishing, packages=kept)


class _Findings:
    """What a report's findings ask for, put together in one pass."""

    def __init__(self, report: Report) -> None:
        self.failed = self.waived = 0
        self.codes: list[list[str]] = []
        self._paths = Paths(_meant(report))
        self._wide: dict[Key, tuple[Fix, list[tuple[Finding, Fix]]]] = {}
        self._own: dict[Key, DeedDraft] = {}
        self._late: list[tuple[Finding, Fix]] = []
        self._asked: dict[tuple[str, str], list[Finding]] = {}
        for finding in report.findings:
            self._take(finding)

    def _take(self, finding: Finding) -> None:
        outcome = finding.outcome
        if finding.waiver is not None:
            self.waived += 1
        elif isinstance(outcome, Failed):
            self.failed += 1
            self._fail(finding, outcome.fix)
        elif isinstance(outcome, Manual):
            self._asked.setdefault((finding.code, outcome.question), []).append(finding)

    def _fail(self, finding: Finding, fix: Fix) -> None:
        deed = self._paths.closing(finding, fix)
        if deed is not None:
            deed.take(finding)
        elif fix.wider is not None:
            self._wide.setdefault(key_of(fix.wider), (fix.wider, []))[1].append((finding, fix))
        else:
            # Whether a wider step closes it as well is known at the end.
            self._late.append((finding, fix))

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
        joined: dict[Key, list[tuple[Finding, Fix]]] = {}
        for finding, fix in self._late:
            if key_of(fix) in self._wide:
                joined.setdefault(key_of(fix), []).append((finding, fix))
            else:
                self._by_itself(finding, fix)
        steps, known = self._paths.steps()
        for key, (wider, each) in self._wide.items():
            together = [*joined.get(key, ()), *each]
            if len(together) == 1:
                self._by_itself(*each[0])
            else:
                steps.append(_wide_step(wider, together))
        groups: dict[Shape, StepDraft] = {}
        for deed in self._own.values():
            groups.setdefault(deed.shape, StepDraft(deed.shape)).deeds.append(deed)
        steps += groups.values()
        self.codes = [_codes(step) for step in steps]
        return steps, list(edges(self.codes, known))

    def _by_itself(self, finding: Finding, fix: Fix) -> None:
        key = key_of(fix)
        if key not in self._own:
            self._own[key] = DeedDraft.of(finding, fix)
        self._own[key].take(finding, fix)


def _wide_step(wider: Fix, together: Sequence[tuple[Finding, Fix]]) -> StepDraft:
    """The one step for all, and the way for each by itself."""
    deeds: dict[Key, DeedDraft] = {}
    for finding, fix in together:
        key = key_of(fix)
        if key not in deeds:
            deeds[key] = DeedDraft.of(finding, fix)
        deeds[key].take(finding, fix)
    shape = Shape(wider.page, wider.step, wider.needs, wider.undo)
    return StepDraft(shape, wider=wider, deeds=list(deeds.values()))


def _codes(step: StepDraft) -> list[str]:
    """The checks whose findings it closes, the worst first."""
    worst: dict[str, Severity] = {}
    for found in step.closes():
        worst[found.code] = max(found.severity, worst.get(found.code, Severity.INFO))
    return sorted(worst, key=lambda code: (-worst[code], code))


def _counts(step: StepDraft) -> dict[Severity, int]:
    counted = Counter(found.severity for found in step.closes())
    return {level: counted[level] for level in LEVELS if counted[level]}


def _numbered(
    drafts: Sequence[StepDraft],
    pairs: Sequence[tuple[int, int]],
    report: Report,
    codes: Sequence[Sequence[str]],
    verify: Verify | None,
) -> list[Step]:
    """The steps in their order, each with what it says."""
    weights = [_counts(step) for step in drafts]
    weighed = [
        Weighed(
            tuple(counts.get(level, 0) for level in LEVELS),
            (step.shape.page, step.shape.needs),
            f"{names[0] if names else ''} {step.fix.step}",
            last=not LAST.isdisjoint(names),
        )
        for step, counts, names in zip(drafts, weights, codes, strict=True)
    ]
    order = in_order(weighed, pairs)
    numbers = {draft: place for place, draft in enumerate(order, start=1)}
    before: dict[int, list[int]] = {}
    for first, then in pairs:
        before.setdefault(then, []).append(numbers[first])
    return [
        _step(
            drafts[at],
            number=number,
            codes=tuple(codes[at]),
            counts=weights[at],
            checks=report.checks,
            after=tuple(sorted(one for one in before.get(at, ()) if one < number)),
            verify=verify,
        )
        for number, at in enumerate(order, start=1)
    ]


def _step(  # noqa: PLR0913 (what a step is made of)
    draft: StepDraft,
    *,
    number: int,
    codes: tuple[str, ...],
    counts: dict[Severity, int],
    checks: Mapping[str, CheckText],
    after: tuple[int, ...],
    verify: Verify | None,
) -> Step:
    texts = {code: checks[code] for code in codes if code in checks}
    deeds = tuple(deed.deed() for deed in draft.sorted_deeds())
    change = _change(draft.wider, deeds)
    risks = [RISKS[change]] if change is not None else []
    risks += [flowing(text.fix) for text in texts.values() if text.fix]
    pages = {draft.wider.page} if draft.wider else {deed.fix.page for deed in deeds}
    return Step(
        number=number,
        deeds=deeds,
        wider=draft.wider,
        pages=tuple(sorted(pages - {""})),
        codes=codes,
        counts=counts,
        effects={code: texts[code].summary if code in texts else "" for code in codes},
        change=change,
        risks=tuple(dict.fromkeys(risks)),
        after=after,
        verify=_verified(draft, codes, verify) if verify is not None else (),
        releases=draft.releases,
    )


def _verified(draft: StepDraft, codes: Sequence[str], verify: Verify) -> tuple[str, ...]:
    """The commands that check again; of what closes paths alone, whether these are closed."""
    places = dict.fromkeys((found.subject, found.within) for found in draft.closes())
    if not places:
        names = sorted({name for deed in draft.deeds for name in deed.names})
        packages = (Subject("npm", "package", name) for name in names)
        codes, places = (PATHS,), dict.fromkeys((one, one) for one in packages)
    return verify(codes, tuple(places))


def _change(wider: Fix | None, deeds: Iterable[Deed]) -> Change | None:
    """What the commands do, the gravest first; None where there are none that a script may run."""
    calls = calls_of(wider) if wider is not None and wider.command else ()
    if not calls:
        calls = tuple(call for deed in deeds for call in deed.calls)
    return gravest(change for call in calls if (change := change_of(call)) is not None)


def _without_commands(step: Step) -> Step:
    """The same without what would name somebody else."""
    return replace(
        step,
        wider=None if step.wider is None else _bare(step.wider),
        deeds=tuple(replace(deed, fix=_bare(deed.fix), calls=()) for deed in step.deeds),
        verify=(),
    )


def _bare(fix: Fix) -> Fix:
    """A fix whose command is left out; one without a page tells so where it stood."""
    return replace(fix, command="", page=fix.page or "the command is left out")
