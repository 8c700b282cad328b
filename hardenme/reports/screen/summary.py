"""A report in short: its verdict, and what is counted beside it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hardenme.model.finding import Errored, Finding
from hardenme.model.glance import weight
from hardenme.model.grant import PROVIDERS
from hardenme.model.pages import GITHUB_API
from hardenme.model.report import DEMO, NOT_FOUND, Identity, Report
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.grouping import ERRORED_ACTION
from hardenme.reports.plain import counted
from hardenme.reports.screen.verdict import Verdict, sentence_of, verdict_of

LEVELS = sorted(Severity, reverse=True)
ME = "me"
"""The target that everything belongs to that belongs to no other."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolves some of what is not known.

    Attributes:
        count: how many results.
        needed: what it takes, as a noun phrase or sentence.
        step: the step with which they are gone; None where that is no step.
        happened: whether `needed` says what happened, and what to do about it.
    """

    count: int
    needed: str
    step: Step | None = None
    happened: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What the screen says beside the steps.

    Attributes:
        head: whose it is, and where.
        scope: what was looked at, in a few words each.
        when: when, to the minute, in UTC.
        verdict: what it comes to.
        sentence: what that means for this account.
        severities: how many findings failed of each severity, the worst first.
        unknown: how many results are not known.
        questions: how many a person has to answer.
        others: what else was counted, in a few words each.
        causes: what resolves what is not known, the most first; they add up to `unknown`.
        targets: a line for each of several targets, the worst first.
        notes: what a reader has to know of the run.
        shared: it is of an organization, whose findings several people close.
        lately: that changes of the last week look like an attack, and the command that shows them;
            empty where none do, or that was not counted.
    """

    head: str
    scope: tuple[str, ...]
    when: str
    verdict: Verdict
    sentence: str
    severities: Mapping[Severity, int]
    unknown: int
    questions: int
    others: tuple[str, ...]
    causes: tuple[Resolution, ...]
    targets: tuple[str, ...]
    notes: tuple[str, ...]
    shared: bool
    lately: str = ""

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
    return Summary(
        head=_head(report),
        scope=_scope(report),
        when=f"{report.started:%d %b %Y, %H:%M} UTC".lstrip("0"),
        verdict=verdict,
        sentence=sentence_of(report, plan, verdict, levels, counts),
        severities=levels,
        unknown=unknown,
        questions=counts["manual"],
        others=tuple(f"{counts[name]:,} {name}" for name in ("waived", "attested") if counts[name]),
        causes=_causes(report, plan),
        targets=_targets(report),
        notes=tuple(_notes(report)),
        shared=any(one.subject.kind == "org" for one in report.findings)
        and report.targets != ("me",),
        lately=_lately(report),
    )


def _lately(report: Report) -> str:
    """A pointer to `hardenme recent`; the demo's accounts are others there."""
    if not report.lately or report.demo:
        return ""
    look = "look" if report.lately > 1 else "looks"
    targets = [shlex.quote(target) for target in report.targets if target not in {"me", "local"}]
    shown = " ".join(["hardenme recent", *targets, "--since 7d"])
    return f"{counted(report.lately, 'change')} of the last 7 days {look} like an attack: {shown}"


def _head(report: Report) -> str:
    """Whose accounts, and where."""
    hosts: dict[str, list[str]] = {}
    for identity in report.identities:
        place = _host(identity)
        places = hosts.setdefault(identity.login, [])
        if place not in places:
            places.append(place)
    if report.targets and report.targets != ("me",):
        where = list(dict.fromkeys(place for places in hosts.values() for place in places))
        return (
            f"{_listed(report.targets)} on {' and '.join(where)}"
            if where
            else _listed(report.targets)
        )
    named = {login: places for login, places in hosts.items() if login}
    told = [f"{login} on {' and '.join(places)}" for login, places in named.items()]
    return ", ".join(told) or "this machine"


def _host(identity: Identity) -> str:
    """Where somebody has an account, as people call it."""
    # The addresses of the demo are nobody's.
    if identity.provider == "npm" or identity.host == GITHUB_API or identity.source == DEMO:
        return PROVIDERS[identity.provider]
    return identity.host.partition("://")[2] or identity.host


def _listed(names: Sequence[str]) -> str:
    """The target, without the provider that the hosts name; of several, how many."""
    return names[0].partition(":")[2] or names[0] if len(names) == 1 else f"{len(names):,} targets"


def _scope(report: Report) -> tuple[str, ...]:
    repositories = {one.within.name for one in report.findings if one.within.kind == "repo"}
    members = {one.subject for one in report.findings if one.subject.kind == "member"}
    packages = report.publishing.packages if report.publishing else ()
    parts = []
    for number, one, many in (
        (len(repositories), "repository", "repositories"),
        (len(members), "member", "members"),
        (len(packages), "package", "packages"),
    ):
        if number:
            parts.append(f"{number:,} {one if number == 1 else many}")
    told = [", ".join(parts)] if parts else []
    return (*told, f"profile {report.profile}", counted(report.coverage.checks, "check"))


def _causes(report: Report, plan: FixPlan) -> tuple[Resolution, ...]:
    """What resolves what is not known, the most first."""
    ended = {
        found.subject: step
        for step in plan.steps
        if step.unknown
        for action in step.actions
        for found in action.closes
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


def _targets(report: Report) -> tuple[str, ...]:
    """A line for each of several targets, the worst first."""
    if len(report.targets) < 2:  # noqa: PLR2004 (several)
        return ()
    rows = []
    others = [target for target in report.targets if target != ME]
    for target in report.targets:
        mine = [
            one
            for one in report.findings
            if (
                _is_of(one, target)
                if target != ME
                else not any(_is_of(one, other) for other in others)
            )
        ]
        levels = Counter(weight(one) for one in mine if one.fails)
        unknown = sum(isinstance(one.outcome, Unknown | Errored) for one in mine)
        told = ", ".join(f"{levels[level]:,} {level}" for level in LEVELS if levels[level])
        if target in report.not_found:
            told = NOT_FOUND
        rank = tuple(-levels[level] for level in LEVELS)
        rows.append((rank, f"{target}: {told or 'no findings'} · {unknown:,} unknown"))
    return tuple(text for _, text in sorted(rows))


def _is_of(finding: Finding, target: str) -> bool:
    """Whether a finding belongs to a target."""
    provider, _, name = target.lower().partition(":")
    places = (finding.subject, finding.within)
    if not name:
        return any(place.provider == provider for place in places)
    for place in places:
        own = place.name.lower()
        if place.provider == provider and (own == name or own.startswith((f"{name}/", f"{name}@"))):
            return True
    return False


def _notes(report: Report) -> Iterator[str]:
    if report.redacted:
        yield report.redacted
    yield from report.warnings
    yield from report.coverage.notes
