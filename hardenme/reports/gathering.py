"""What is gathered while a report's findings pass by: the first subjects of each kind, and counts.

A report may hold hundreds of thousands of findings, and they may come from a file. Each is read
once, and the memory used does not grow with their number, except for names and addresses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hardenme.model.severity import Severity
from hardenme.model.verdict import Fix
from hardenme.model.waiver import Waiver
from hardenme.reports.checklist import TEXTS, Cause, ChecklistItem, FailedSubject, Text
from hardenme.reports.waived import Covered, Lapsed

KEPT = 200
"""Subjects of an item that are kept with their texts; all others are counted.

A form that holds everything keeps all of them.
"""


@dataclass(slots=True)
class Gathering:
    """One thing to fix, while its subjects come in.

    Attributes:
        code: the check's code.
        slug: the check's slug.
        title: the problem that the check names.
        wider: the one step that closes it for all of them; None if each has its own.
        severity: the worst so far.
        cases: the first subjects.
        count: how many subjects there are.
        commands: how many of them have a command.
        pages: where they are fixed.
        kept: how many subjects are kept with their texts.
    """

    code: str
    slug: str
    title: str
    wider: Fix | None = None
    severity: Severity = Severity.INFO
    cases: list[FailedSubject] = field(default_factory=list)
    count: int = 0
    commands: int = 0
    pages: set[str] = field(default_factory=set)
    kept: int = KEPT
    _same: set[Text] = field(default_factory=lambda: set(TEXTS))
    _like: set[Text] = field(default_factory=lambda: set(TEXTS))
    _texts: dict[Text, str] = field(default_factory=dict)
    _patterns: dict[Text, str] = field(default_factory=dict)
    _lapsed: dict[Waiver, Covered] = field(default_factory=dict)

    def add(self, case: FailedSubject, severity: Severity, *, first: bool = False) -> None:
        """One more subject; `first` is whether it goes before all others."""
        self.severity = max(self.severity, severity)
        self.count += 1
        self.commands += bool(case.fix.command)
        if case.lapsed is not None:
            self._lapsed.setdefault(case.lapsed, Covered(self.kept)).add(case.name, severity)
        if case.fix.page:
            self.pages.add(case.fix.page)
        if not self.cases:
            self._texts = {name: case.text(name) for name in TEXTS}
            self._patterns = {name: case.pattern(name) for name in TEXTS}
        self._same = {name for name in self._same if case.text(name) == self._texts[name]}
        self._like = {name for name in self._like if case.pattern(name) == self._patterns[name]}
        if first:
            self.cases.insert(0, case)
        elif len(self.cases) < self.kept:
            self.cases.append(case)

    def item(self, why: str) -> ChecklistItem:
        """What was gathered."""
        return ChecklistItem(
            code=self.code,
            slug=self.slug,
            severity=self.severity,
            title=self.title,
            why=why,
            cases=tuple(self.cases),
            count=self.count,
            commanded=self.commands,
            same=frozenset(self._same),
            like=frozenset(self._like),
            wider=self.wider,
            lapsed=tuple(
                Lapsed(waiver, tuple(covered.names), covered.count)
                for waiver, covered in self._lapsed.items()
            ),
        )


@dataclass(slots=True)
class Blocked:
    """One reason for not knowing, while what it hides comes in.

    Attributes:
        reason: a name of the closed set, or that the check broke.
        needed: what it takes to know.
        action: the sentence that says what to do.
    """

    reason: str
    needed: str
    action: str
    _count: int = 0
    _worst: Severity = Severity.INFO
    _seen: set[str] = field(default_factory=set)
    _codes: dict[str, None] = field(default_factory=dict)
    _names: dict[str, None] = field(default_factory=dict)

    def add(self, code: str, name: str, severity: Severity, seen: Iterable[str]) -> None:
        """One more result that is not known."""
        self._count += 1
        self._worst = max(self._worst, severity)
        self._codes.setdefault(code)
        self._names.setdefault(name)
        # Two are enough to know that they differ.
        self._seen.update(text for text in seen if len(self._seen) < 2)  # noqa: PLR2004

    def cause(self) -> Cause:
        """What was gathered."""
        return Cause(
            reason=self.reason,
            needed=self.needed,
            action=self.action,
            seen=next(iter(self._seen)) if len(self._seen) == 1 else "",
            codes=tuple(self._codes),
            names=tuple(self._names),
            count=self._count,
            worst=self._worst,
        )
