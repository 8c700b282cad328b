"""What a run found: one finding for each check and subject."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hardenme.model.evidence import Atom
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Attested:
    """A pass, or the answer to a question, that relies on a person's dated statement.

    Attributes:
        message: what was stated.
        by: by whom.
        until: when it stops counting.
    """

    message: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Errored:
    """The check itself broke; it counts as unknown.

    Attributes:
        error: the kind of exception.
    """

    error: str


Outcome = Passed | Failed | NotApplicable | Manual | Unknown | Attested | Errored


def question_in(outcome: Outcome) -> Manual | None:
    """The question that a person can answer: a check's own, or one that resolves an unknown."""
    if isinstance(outcome, Unknown) and outcome.question is not None:
        return Manual(*outcome.question)
    return outcome if isinstance(outcome, Manual) else None


LONGEST = 100_000
"""Characters of a subject's id that are stored; no provider has any that is nearly as long."""
WAIVED = "waived"
"""The result of a failure that someone accepts."""
NAMES: dict[type[Outcome], str] = {
    Failed: "failed",
    Passed: "passed",
    Unknown: "unknown",
    Errored: "errored",
    Manual: "manual",
    Attested: "attested",
    NotApplicable: "not_applicable",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check for one subject.

    Attributes:
        code: the check's code.
        slug: the check's slug.
        title: the problem that it names where it failed; the check's own.
        subject: what was judged.
        within: the account, organization, repository or package that the subject belongs to.
        label: the subject's own name, made visible: no control characters.
        outcome: the result.
        severity: what a failure weighs.
        sources: the answers that it relies on.
        reads: the fields that the check read, as (fact, field); what decided it.
        waiver: what accepts this failure; None if nothing does.
        lapsed: what accepted this failure until it expired; None if nothing did.

    Raises:
        ValueError: a passed or failed outcome without an answer behind it, or a waiver of something
            that did not fail.
    """

    code: str
    slug: str
    title: str
    subject: Subject
    within: Subject
    label: str
    outcome: Outcome
    severity: Severity
    sources: tuple[Atom, ...] = ()
    reads: frozenset[tuple[str, str]] = frozenset()
    waiver: Waiver | None = None
    lapsed: Waiver | None = None

    def __post_init__(self) -> None:
        if isinstance(self.outcome, Passed | Failed | NotApplicable) and not self.sources:
            raise ValueError(f"{self.code} {self.subject}: a verdict without evidence")
        if (self.waiver or self.lapsed) and not isinstance(self.outcome, Failed):
            raise ValueError(f"{self.code} {self.subject}: only what failed is waived")

    @property
    def result(self) -> str:
        """The outcome's name: `passed`, `failed`, …; `waived` for an accepted failure."""
        return WAIVED if self.waiver is not None else NAMES[type(self.outcome)]

    @property
    def fails(self) -> bool:
        """Whether it failed, and no one accepts that."""
        return isinstance(self.outcome, Failed) and self.waiver is None

    @property
    def fingerprint(self) -> str:
        """Stable over runs: made of the code and the subject alone, as a stored report has them."""
        name = f"{self.code}\n{visible(str(self.subject), longest=LONGEST)}"
        return hashlib.sha256(name.encode()).hexdigest()[:16]


Tally = Counter[tuple[str, Severity]]
"""How many findings there are of each result and severity."""


class CountedFindings(Sequence[Finding]):
    """Findings that were counted as they were found, and need not be read for that again."""

    @property
    @abstractmethod
    def tally(self) -> Tally:
        """How many there are."""


def tally(findings: Iterable[Finding]) -> Tally:
    """Count findings by their results and severities."""
    if isinstance(findings, CountedFindings):
        return findings.tally
    return Counter((one.result, one.severity) for one in findings)
