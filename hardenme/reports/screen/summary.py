"""A report in short: its verdict and its counts."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hardenme.model.finding import Errored
from hardenme.model.finding_summary import weight
from hardenme.model.report import Report, command_targets
from hardenme.model.severity import Severity
from hardenme.model.unknown import NO_TOKEN, Reason, Unknown
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.header import Header, header_of
from hardenme.reports.plain import counted
from hardenme.reports.screen.targets import LEVELS, TargetRow, target_rows
from hardenme.reports.screen.verdict import Verdict, sentence_of, verdict_of

UNCOUNTED = "; pushes and workflow runs were not looked at"
SHOW_SIGNS = "show signs of an attack"
LOCAL = "local"
"""The target that `recent` does not take."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A way to resolve some of what is unknown.

    Attributes:
        count: how many results.
        needed: what it takes, as a noun phrase or sentence.
        step: the step that resolves them; None if no step does.
        happened: whether `needed` says what happened, and what to do about it.
    """

    count: int
    needed: str
    step: Step | None = None
    happened: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What the screen shows in addition to the steps.

    Attributes:
        header: who, where and when.
        verdict: what it comes to.
        sentence: what that means for this account.
        severities: how many findings failed of each severity, the worst first.
        unknown: how many results are not known.
        questions: how many a person has to answer.
        others: what else was counted, in a few words each.
        causes: what resolves what is not known, the most first; they add up to `unknown`.
        rows: one for each of several targets, the worst first.
        notes: what a reader has to know of the run.
        shared: it is of an organization, whose findings several people close.
        lately: that changes of the last 48 hours look like an attack; empty if none do, or that was
            not counted.
        recent: the command that shows these.
        since: what changed since the run before; empty if that was not compared.
        looked: whether anything was looked at.
        sign_in: the command that lets most results be known, and how many wait for it; empty if
            most do not wait for a token.
    """

    header: Header
    verdict: Verdict
    sentence: str
    severities: Mapping[Severity, int]
    unknown: int
    questions: int
    others: tuple[str, ...]
    causes: tuple[Resolution, ...]
    rows: tuple[TargetRow, ...]
    notes: tuple[str, ...]
    shared: bool
    lately: str = ""
    recent: str = ""
    since: str = ""
    looked: bool = True
    sign_in: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """A line for each of several targets."""
        return tuple(row.text for row in self.rows)

    @property
    def failed(self) -> int:
        """How many findings failed."""
        return sum(self.severities.values())

    @property
    def found(self) -> str:
        """The same with how many of each severity."""
        levels = ", ".join(f"{number:,} {level}" for level, number in self.severities.items())
        found = counted(self.failed, "finding")
        return f"{found}: {levels}" if levels else found


def summary_of(report: Report, plan: FixPlan) -> Summary:
    """Sum up a report, of which the plan is made."""
    counts = report.counts()
    unknown = counts["unknown"] + counts["errored"]
    severities = Counter(weight(one) for one in report.findings if one.fails)
    levels = {level: severities[level] for level in LEVELS if severities[level]}
    verdict = verdict_of(report, levels, counts)
    lately, recent = lately_of(report)
    return Summary(
        header=header_of(report),
        verdict=verdict,
        sentence=sentence_of(report, plan, verdict, levels, counts),
        severities=levels,
        unknown=unknown,
        looked=bool(report.findings or not report.not_found),
        questions=counts["manual"],
        others=tuple(f"{counts[name]:,} {name}" for name in ("waived", "attested") if counts[name]),
        causes=_causes(report, plan),
        rows=target_rows(report),
        notes=tuple(_notes(report)),
        shared=any(one.subject.kind == "org" for one in report.findings)
        and report.targets != ("me",),
        lately=lately,
        recent=recent,
        since=report.since,
        sign_in=_sign_in(report),
    )


def _sign_in(report: Report) -> str:
    """How to sign in, where most results wait for a token."""
    waiting: Counter[str] = Counter()
    for one in report.findings:
        if isinstance(one.outcome, Unknown) and one.outcome.seen in NO_TOKEN:
            waiting[NO_TOKEN[one.outcome.seen]] += 1
    asked, number = len(report.findings), waiting.total()
    if report.demo or number * 2 <= asked:
        return ""
    provider = f" {next(iter(waiting))}" if len(waiting) == 1 else ""
    return f"hardenme auth login{provider}: {number:,} of {counted(asked, 'result')} need a token"


def lately_of(report: Report) -> tuple[str, str]:
    """What changed lately and looks like an attack, in a sentence; the command that shows it."""
    if not report.lately:
        return "", ""
    shown = () if report.demo else (one for one in report.targets if one != LOCAL)
    targets = [shlex.quote(target) for target in command_targets(shown)]
    text, left = f"The last 48 hours {SHOW_SIGNS}", UNCOUNTED
    if is_counted(report):
        look = "look" if report.lately > 1 else "looks"
        text = f"{counted(report.lately, 'change')} of the last 48 hours {look} like an attack"
        left = ""
    return f"{text}{left}", command_of(report, " ".join(["recent", *targets]))


def is_counted(report: Report) -> bool:
    """Whether `recent` counts as many changes: a check does not ask what was pushed or has run."""
    return all(place.subject.kind != "repo" for place in report.inventory)


def _causes(report: Report, plan: FixPlan) -> tuple[Resolution, ...]:
    """What resolves what is not known, the most first."""
    ended = {
        found.subject: step
        for step in plan.steps
        if step.unknown
        for action in step.actions
        for found in action.closes
        if found.is_object
    }
    steps: Counter[int] = Counter()
    needed: Counter[tuple[str, bool]] = Counter()
    for finding in report.findings:
        outcome = finding.outcome
        if isinstance(outcome, Unknown | Errored):
            if finding.subject in ended:
                steps[ended[finding.subject].number] += 1
            else:
                needed[_needed(outcome), _happened(outcome)] += 1
    by_number = {step.number: step for step in plan.steps}
    found = [Resolution(number, "", by_number[at]) for at, number in steps.items()]
    found += [
        Resolution(number, text, happened=happened) for (text, happened), number in needed.items()
    ]
    return tuple(sorted(found, key=lambda cause: (-cause.count, cause.needed)))


def _needed(outcome: Unknown | Errored) -> str:
    return ERRORED_ACTION if isinstance(outcome, Errored) else outcome.needed


def _happened(outcome: Unknown | Errored) -> bool:
    return isinstance(outcome, Unknown) and outcome.reason is Reason.UNREACHABLE


def _notes(report: Report) -> Iterator[str]:
    if report.redacted:
        yield report.redacted
    yield from report.warnings
    yield from report.coverage.notes
