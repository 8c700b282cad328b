"""The whole of a run's results: what every output format is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hardenme.model.accounted import AccountedVersion
from hardenme.model.finding import NAMES, WAIVED, Finding, tally
from hardenme.model.holders import Holders
from hardenme.model.inventory import Place
from hardenme.model.last_known import LastKnown
from hardenme.model.publishing import Publishing
from hardenme.model.severity import Severity
from hardenme.model.standard import Standard
from hardenme.model.trend_point import TrendPoint
from hardenme.model.unknown import Reason
from hardenme.model.waiver import Waivers

SCHEMA_VERSION = "1.0"
DEMO = "demo"
"""Where a credential of the demo comes from."""
SELECTION = "This is a selection"
"""How a note begins by which a part of a report says what it is."""
LEFT_OUT = "left out as archived or by name"
"""The note in the coverage about repositories that the user left out."""
ADDS_ARCHIVED = ": --archived adds archived ones"
"""How that note ends where the command takes the option."""
ME = "me"
"""The target that is taken where none is named: one's own accounts."""
NOT_FOUND = "not found, or not visible to this token"
"""The message about a target that does not exist."""
NOT_PUBLIC = "not found, or private: no token was given that could see it"
"""The same where no token of the provider was used."""
ABSENT = (NOT_FOUND, NOT_PUBLIC)
A_NAME = "a name that exists, and a token that sees it"
"""What it takes to look at a target that was not found."""
A_PUBLIC_NAME = "a name that exists, or a token if it is private"
"""The same where no token of the provider was used."""


def absence(target: str, identities: Iterable[Identity]) -> str:
    """The reason why a target may not have been found.

    Args:
        target: as the user names it.
        identities: those of the run.
    """
    return NOT_FOUND if _signed_in(target, identities) else NOT_PUBLIC


def takes(target: str, identities: Iterable[Identity]) -> str:
    """What it takes to look at a target that was not found; the arguments are of `absence`."""
    return A_NAME if _signed_in(target, identities) else A_PUBLIC_NAME


def _signed_in(target: str, identities: Iterable[Identity]) -> bool:
    provider = target.partition(":")[0]
    return any(one.provider == provider and one.source for one in identities)


def command_targets(targets: Iterable[str]) -> tuple[str, ...]:
    """The targets as a command names them: it needs none where it takes one's own accounts alone.

    Next to others these are a target like them: without it the command would show less.
    """
    found = tuple(targets)
    return () if {*found} <= {ME} else found


@dataclass(frozen=True, slots=True)
class CheckText:
    """What is the same for all findings of a check.

    Attributes:
        code: the check's code.
        slug: its slug.
        title: the problem where it fails.
        severity: what a failure weighs where the finding does not say otherwise.
        summary: what holds where it passes.
        why: why it matters.
        fix: what to know before fixing.
        limits: what it does not see.
        controls: the controls of published standards that it supports, by their own numbers.
    """

    code: str
    slug: str
    title: str
    severity: Severity
    summary: str
    why: str
    fix: str
    limits: str
    controls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was asked is known.

    Attributes:
        known: findings whose outcome the facts decided.
        asked: findings for which facts were asked.
        checks: how many checks were selected.
        not_selected: checks left out, by why.
        notes: sentences on what this run could not see as a whole.
    """

    known: int
    asked: int
    checks: int
    not_selected: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the run cost.

    Attributes:
        requests: requests sent, by host.
        spared: requests that the server answered with "not modified".
        seconds: wall time.
    """

    requests: Mapping[str, int]
    spared: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Identity:
    """For whom a provider answered, and by which credential; never the credential.

    Attributes:
        provider: `github` or `npm`.
        host: the address that was asked.
        login: the account; empty if no credential was used.
        kind: the kind of credential, like `fine-grained`.
        source: where the credential was found, like `HARDENME_GITHUB_TOKEN`.
    """

    provider: str
    host: str
    login: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class UnreadTarget:
    """A target that was not looked at as a whole.

    Attributes:
        target: as the user named it.
        why: the reason, in a clause.
    """

    target: str
    why: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class WholeRun:
    """The run that a report is a part of; parts of one run share it.

    Attributes:
        report: all of it.
        kept: the reader has it; not anyone who is sent a part of it.
    """

    report: Report
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """The results of one run.

    Attributes:
        version: the version of hardenme.
        started: when, in UTC.
        targets: as the user named them.
        profile: the name of the profile in force.
        profile_chosen: whether hardenme chose it from what it saw.
        identities: for whom the providers answered.
        findings: in a stable order: subjects above repositories first, then repository by
            repository, each sorted by code and subject.
        checks: the texts of the selected checks, by code.
        coverage: how much is known.
        traffic: what the run cost.
        fail_on: the severity from which a failure counts.
        allowed_unknown: what the user accepted as unknown.
        partial: why the run did not go to its end; empty if it did.
        halted: why a provider was asked nothing more during the run: a rate limit, or a credential
            that was no longer accepted. None if everything was asked.
        unread: the targets that were not looked at as a whole. None if a run that ended early does
            not show which these are: then none counts as looked at.
        warnings: sentences that a reader has to know.
        publishing: who can publish the packages that were looked at; None if none was asked for.
        waivers: those that accept nothing: unused, expired or proposed.
        standards: what published standards ask for, and which checks answer it.
        redacted: what was replaced for sharing and what is still in it, in one sentence for the
            head; empty if nothing was replaced.
        inventory: what was seen, place by place, sorted by the place.
        accounted: versions that an incident of the same accounts accounts for.
        carried: what earlier runs with the same targets knew, and this one could not read.
        not_found: targets that there are not, or that the token does not see. A stored report
            names them in its warnings.
        observed: when the newest answer came, by the servers' clocks; None in a stored report.
        lately: how many changes of the last 48 hours look like an attack, as `recent` counts; 0 if
            that was not counted.
        since: what changed since the run before, in words; empty if that was not compared.
        holders: who reaches what; None if that was not gathered. It is not stored.
        trend: the kept runs before it of the same selection, in numbers, the oldest first. It is
            not stored.
        whole: the run that it is a part of; None if it is all of one. It is not stored.
        file: the file that it was read from, as a shell takes it; empty for a kept run.
        kept: `hardenme show` has it, or its file. It is not stored.
    """

    version: str
    started: datetime
    targets: tuple[str, ...]
    profile: str
    profile_chosen: bool
    identities: tuple[Identity, ...]
    findings: Sequence[Finding]
    checks: Mapping[str, CheckText]
    coverage: Coverage
    traffic: Traffic
    fail_on: Severity
    allowed_unknown: tuple[str, ...] = ()
    partial: str = ""
    halted: Reason | None = None
    unread: tuple[UnreadTarget, ...] | None = None
    warnings: tuple[str, ...] = ()
    publishing: Publishing | None = None
    waivers: Waivers = Waivers()
    standards: tuple[Standard, ...] = ()
    redacted: str = ""
    inventory: Sequence[Place] = ()
    accounted: tuple[AccountedVersion, ...] = ()
    carried: LastKnown = LastKnown()
    not_found: tuple[str, ...] = ()
    observed: datetime | None = None
    lately: int = 0
    since: str = field(default="", compare=False)
    holders: Holders | None = field(default=None, compare=False, repr=False)
    trend: tuple[TrendPoint, ...] = field(default=(), compare=False, repr=False)
    whole: WholeRun | None = field(default=None, compare=False, repr=False)
    file: str = field(default="", compare=False)
    kept: bool = field(default=True, compare=False, repr=False)

    @property
    def absent(self) -> dict[str, str]:
        """The targets that were not found, each with what it takes to look at it."""
        return {one: takes(one, self.identities) for one in self.not_found}

    @property
    def demo(self) -> bool:
        """Whether its accounts are those of the demo, which are invented."""
        return any(identity.source == DEMO for identity in self.identities)

    def counts(self) -> dict[str, int]:
        """How many findings there are of each result: in the order of `NAMES`, then waived."""
        counted = Counter[str]()
        for (result, _), number in tally(self.findings).items():
            counted[result] += number
        return {name: counted[name] for name in (*NAMES.values(), WAIVED)}


def absences(report: Report) -> str:
    """The targets that were not found, those of the same reason together."""
    names: dict[str, list[str]] = {}
    for name in report.not_found:
        names.setdefault(absence(name, report.identities), []).append(name)
    return "; ".join(f"{', '.join(some)}: {why}" for why, some in names.items())
