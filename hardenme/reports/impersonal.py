"""A report without results about individuals, for places that many people read.

Code scanning and the log of a public workflow show a report to anyone who can read the repository.
They have no need to know that a member has no 2FA, or what address someone has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, overload

from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.report import Report
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Fix, Manual

PEOPLE = frozenset({"member", "outside-collaborator", "collaborator"})
"""Kinds of subject whose names end with a person's."""
INVITED = frozenset({"collaborator-invitation", "org-invitation"})
"""Kinds of subject whose labels are a person's name, where one is known."""
PERSONAL = PEOPLE | INVITED | {"email", "token-grant", "sso-credential"}
"""Kinds of subject that are a person, or something of one person's."""
PERSON = "(a person)"
"""The placeholder for a name."""
NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.~+@-]*[A-Za-z0-9_])?")
"""Words that can be a login or an email address, without the marks of the sentence behind them."""
OPTION = "--with-members"


def impersonal(report: Report) -> Report:
    """The report without findings about individuals, and with their names left out of others.

    Who can publish is left out as well, since it is a list of names. A note says how much is left
    out. Names are replaced where the report has findings about those people; the audited account,
    and what it owns, keep theirs.
    """
    names = set[str]()
    left = kept = 0
    for finding in report.findings:
        if finding.subject.kind in PERSONAL:
            left += 1
            names |= names_in(finding)
        else:
            kept += 1
    own = {identity.login.lower() for identity in report.identities}
    own |= {re.split("[:/]", target.lower())[1] for target in report.targets if ":" in target}
    notes = [*report.coverage.notes]
    if left:
        one = left == 1
        found = "1 finding about a person is" if one else f"{left} findings about people are"
        notes.append(f"{found} left out; {OPTION} puts {'it' if one else 'them'} in")
    if report.publishing is not None:
        notes.append(f"Who can publish is left out; {OPTION} puts it in")
    return replace(
        report,
        findings=Others(report.findings, frozenset(names - own), kept),
        coverage=replace(report.coverage, notes=tuple(notes)),
        publishing=None,
    )


def names_in(finding: Finding) -> set[str]:
    """What names a person in a finding about one, in lower case."""
    subject, found = finding.subject, ""
    if subject.kind in PEOPLE:
        found = subject.name.rpartition("/")[2]
    elif subject.kind in INVITED:
        found = finding.label
    elif subject.kind == "email":
        found = subject.name
    # Anything but a single word cannot be found as a word.
    return {found.lower()} if NAME.fullmatch(found) else set()


class Others(Sequence[Finding]):
    """The findings that are about no one, without the names."""

    def __init__(self, findings: Sequence[Finding], names: frozenset[str], length: int) -> None:
        self._findings = findings
        self._names = names
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Finding]:
        for finding in self._findings:
            if finding.subject.kind not in PERSONAL:
                yield self.without(finding) if self._names else finding

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return tuple(self)[index]

    def without(self, finding: Finding) -> Finding:
        """A finding without the names."""
        outcome = self._outcome(finding.outcome)
        return replace(finding, label=self.text(finding.label), outcome=outcome)

    def _outcome(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Errored):
            return outcome
        if isinstance(outcome, Unknown):
            needed, seen = self.text(outcome.needed), self.text(outcome.seen)
            asked = outcome.question
            question = None if asked is None else (self.text(asked[0]), self.text(asked[1]))
            return replace(outcome, needed=needed, seen=seen, question=question)
        if isinstance(outcome, Manual):
            return replace(
                outcome, question=self.text(outcome.question), page=self.text(outcome.page)
            )
        changes: dict[str, Any] = {"message": self.text(outcome.message)}
        if isinstance(outcome, Attested):
            changes["by"] = self.text(outcome.by)
        if (fix := getattr(outcome, "fix", None)) is not None:
            changes["fix"] = self._fix(fix)
        return replace(outcome, **changes)

    def _fix(self, fix: Fix) -> Fix:
        return Fix(
            step=self.text(fix.step),
            page=self.text(fix.page),
            command=self.text(fix.command),
            needs=self.text(fix.needs),
            undo=self.text(fix.undo),
            wider=None if fix.wider is None else self._fix(fix.wider),
        )

    def text(self, text: str) -> str:
        """A text without the names."""
        return NAME.sub(self._word, text)

    def _word(self, word: re.Match[str]) -> str:
        return PERSON if word[0].lower() in self._names else word[0]
