"""The checklist: what a person has to do, by the page where it is clicked, and what is not known.

Texts in it are as the providers sent them; anyone who prints them makes them fit for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.model.finding import Finding
from hardenme.model.severity import Severity
from hardenme.model.verdict import Fix
from hardenme.model.waiver import Waiver
from hardenme.reports.members import Member
from hardenme.reports.waived import Accepted, Lapsed

ANY = "*"
"""The placeholder for a subject's own name where texts are compared."""
ERRORED = "ERRORED"
"""Used like a reason for not knowing where the check itself failed."""

Part = Literal["step", "command", "needs", "undo"]
"""A part of a fix."""
Text = Literal["message", "step", "command", "needs", "undo"]
"""What a case says."""
TEXTS: tuple[Text, ...] = ("message", "step", "command", "needs", "undo")


@dataclass(frozen=True, slots=True)
class FailedSubject:
    """One subject for which a check failed.

    Attributes:
        name: the subject, in words.
        message: what was found.
        fix: how to close it.
        own: what names this subject and no other; texts that differ by it alone are alike.
        lapsed: what accepted it until a day that is past; None if nothing did.
    """

    name: str
    message: str
    fix: Fix
    own: tuple[str, ...]
    finding: Finding
    lapsed: Waiver | None = None

    def text(self, name: Text) -> str:
        """What was found, or a part of the fix."""
        return self.message if name == "message" else str(getattr(self.fix, name))

    def pattern(self, name: Text) -> str:
        """The same without this subject's own names."""
        text = self.text(name)
        for own in self.own:
            text = text.replace(own, ANY)
        return text


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to fix, for one subject or for many.

    Attributes:
        code: the check's code.
        slug: the check's slug.
        severity: what it weighs.
        title: the problem.
        why: why it matters, in one sentence.
        cases: the first subjects; at least one.
        count: how many subjects there are.
        commanded: how many of them have a command.
        like: the texts that differ by the subjects' names alone, if at all.
        wider: the one step that closes it for all of them; None if each has its own.
        lapsed: the waiver of it that has expired.
    """

    code: str
    slug: str
    severity: Severity
    title: str
    why: str
    cases: tuple[FailedSubject, ...]
    count: int
    commanded: int
    same: frozenset[Text]
    like: frozenset[Text]
    wider: Fix | None = None
    lapsed: tuple[Lapsed, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The first subjects, in words."""
        return tuple(case.name for case in self.cases)

    @property
    def closes(self) -> int:
        """How many subjects one step closes it for."""
        return 1 if self.wider is None else self.count

    @property
    def others(self) -> int:
        """How many subjects there are beyond the first ones."""
        return self.count - len(self.cases)

    @property
    def message(self) -> str | None:
        """What all cases say was found; None if they differ."""
        return self.cases[0].message if "message" in self.same else None

    def shared(self, part: Part) -> str | None:
        """What all cases say for a part of the fix; None if they differ."""
        return self.cases[0].text(part) if part in self.same else None

    def alike(self, part: Part) -> bool:
        """Whether the cases differ in that part by their subjects' names alone, if at all."""
        return part in self.like

    def commands(self) -> tuple[str, ...]:
        """The commands of the first subjects, each once."""
        return tuple(dict.fromkeys(line for case in self.cases for line in case.fix.commands))

    def further_commands(self) -> int:
        """How many commands there are beyond these."""
        if "command" in self.same:
            return 0
        return self.commanded - sum(bool(case.fix.command) for case in self.cases)


@dataclass(frozen=True, slots=True)
class FixPlace:
    """Where things are fixed.

    Attributes:
        pages: one address, or several that differ by the subject alone; empty if only a command
            fixes it.
        items: what is fixed there, the worst first.
    """

    pages: tuple[str, ...]
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class ChecklistQuestion:
    """What only a person can answer.

    Attributes:
        page: the page that has the answer.
        codes: the checks that ask.
        names: the subjects that it is asked of.
    """

    text: str
    page: str
    codes: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason for which something is not known.

    Attributes:
        reason: a name of the closed set, or what `ERRORED` says.
        needed: what it takes to know.
        action: the sentence that says what to do.
        seen: what was answered, where all answers were alike.
        codes: the checks that it blocks.
        names: the subjects that it hides.
        count: the number of findings it covers.
        worst: the worst severity among them.
    """

    reason: str
    needed: str
    action: str
    seen: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    count: int
    worst: Severity


@dataclass(frozen=True, slots=True)
class AttestedFinding:
    """A finding that depends on a person's statement.

    Attributes:
        code: the check's code.
        name: the subject, in words.
        message: what was stated.
        by: by whom.
        until: when it stops counting.
    """

    code: str
    name: str
    message: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a person has to do, and what is not known.

    Attributes:
        severities: how many failed findings there are of each severity, the worst first.
        places: what to fix, the worst first.
        questions: what to confirm by hand.
        causes: what could not be checked, by cause.
        statements: results that depend on a person's statement.
        members: the people of organizations, the worst first.
        accepted: what failed and is waived, the worst first; it counts in nothing else.
    """

    severities: Mapping[Severity, int]
    places: tuple[FixPlace, ...]
    questions: tuple[ChecklistQuestion, ...]
    causes: tuple[Cause, ...]
    statements: tuple[AttestedFinding, ...]
    members: tuple[Member, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    @property
    def items(self) -> list[ChecklistItem]:
        """What to fix, the worst first whatever the page."""
        items = [item for place in self.places for item in place.items]
        return sorted(items, key=lambda item: (-item.severity, -item.closes))

    @property
    def failed(self) -> int:
        """How many findings failed."""
        return sum(self.severities.values())

    @property
    def waived(self) -> int:
        """How many findings are waived."""
        return sum(one.count for one in self.accepted)
