"""Applies waivers: a failure that is accepted is waived, and each waiver's use is kept.

Only failures are ever waived. Unknowns, errors and questions for a person stay what they are, so
that a waiver cannot hide that something was not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from hardenme.engine.catalogue import find
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check
from hardenme.model.finding import Attested, Finding
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme.model.waiver import ANY, Waiver, Waivers, fits, plain_id, shown_id

DECIDED = Passed | Failed | NotApplicable | Attested
"""Outcomes that show whether a failure exists."""


def unknown(waivers: Iterable[Waiver]) -> tuple[str, ...]:
    """A sentence for each waiver that names no check of the catalogue."""
    found = []
    for waiver in waivers:
        try:
            find(waiver.check)
        except UsageError as error:
            place = f"{waiver.origin}: " if waiver.origin else ""
            found.append(f"{place}a waiver cannot be used: {error}")
    return tuple(found)


@dataclass(slots=True)
class _Entry:
    """A waiver during a run.

    Attributes:
        waiver: what was written down.
        pattern: the subjects that it covers, as a plain pattern.
        used: whether it accepts a failure.
        covered: whether something that it covers was looked at.
        open: whether something that it covers could not be decided.
    """

    waiver: Waiver
    pattern: str
    used: bool = False
    covered: bool = False
    open: bool = False


@dataclass(slots=True)
class _OfCheck:
    """The waivers of one check, and its findings.

    Attributes:
        all: in the order in which they were given.
        exact: those of one subject, by its plain id.
        patterns: those with a pattern.
        kinds: the kinds of subject that the check was asked of, like `github`, `repo`.
        undecided: whether anything of it could not be decided.
    """

    all: list[_Entry] = field(default_factory=list)
    exact: dict[str, list[_Entry]] = field(default_factory=dict)
    patterns: list[_Entry] = field(default_factory=list)
    kinds: set[tuple[str, str]] = field(default_factory=set)
    undecided: bool = False

    def add(self, waiver: Waiver) -> None:
        """One more waiver."""
        entry = _Entry(waiver, plain_id(waiver.subject))
        self.all.append(entry)
        if ANY in entry.pattern:
            self.patterns.append(entry)
        else:
            self.exact.setdefault(entry.pattern, []).append(entry)

    def covering(self, subject: Subject) -> list[_Entry]:
        """Those that are about a subject."""
        name = shown_id(subject)
        wide = (entry for entry in self.patterns if fits(name, entry.pattern))
        return [*self.exact.get(name, ()), *wide]


class Waiving:
    """The waivers of a run, by check, so that a finding is compared with its own alone."""

    def __init__(self, waivers: Iterable[Waiver] = ()) -> None:
        self._checks: dict[str, _OfCheck] = {}
        for waiver in waivers:
            self._checks.setdefault(_code(waiver), _OfCheck()).add(waiver)

    def settled(self, finding: Finding, now: datetime) -> Finding:
        """The finding, waived where it failed and a waiver that is in force covers it.

        Of several the one that expires last counts. If all have expired, the last one to do so is
        reported with the finding, which fails.

        Args:
            finding: with any outcome.
            now: in UTC, by the clock that the run goes by.
        """
        own = self._checks.get(finding.code)
        if own is None:
            return finding
        decided = isinstance(finding.outcome, DECIDED)
        own.undecided |= not decided
        own.kinds.add((finding.subject.provider, finding.subject.kind))
        covering = own.covering(finding.subject)
        for entry in covering:
            entry.covered = True
            entry.open |= not decided
        if not covering or not isinstance(finding.outcome, Failed):
            return finding
        today = now.date()
        force = [entry for entry in covering if not entry.waiver.expired(today)]
        for entry in force:
            entry.used = True
        last = max((entry.waiver for entry in force or covering), key=lambda one: one.until)
        return replace(finding, waiver=last) if force else replace(finding, lapsed=last)

    def ledger(
        self,
        checks: Iterable[Check],
        now: datetime,
        *,
        proposed: Iterable[Waiver] = (),
        roots: Collection[Subject] = (),
        whole: bool = False,
    ) -> Waivers:
        """The waivers that accept nothing, by reason, once all findings have been read.

        Args:
            checks: those that the run selected; others are not reported.
            now: in UTC.
            proposed: what a file in the working directory asks for.
            roots: what the run looked at, each with everything in it.
            whole: whether it was looked at to its end, and nothing of it was left out.
        """
        today = now.date()
        unused: list[Waiver] = []
        expired: list[Waiver] = []
        for check in checks:
            own = self._checks.get(check.code, _OfCheck())
            for entry in own.all:
                if entry.waiver.expired(today):
                    expired.append(entry.waiver)
                elif not entry.used and _looked_at(entry, own, roots if whole else ()):
                    unused.append(entry.waiver)
        return Waivers(tuple(unused), tuple(expired), tuple(self._not_granted(proposed, today)))

    def _not_granted(self, proposed: Iterable[Waiver], today: date) -> Iterator[Waiver]:
        """What is asked for and not yet accepted by a waiver in force, each once."""
        granted = {
            (code, entry.pattern)
            for code, own in self._checks.items()
            for entry in own.all
            if not entry.waiver.expired(today)
        }
        for waiver in proposed:
            key = (_code(waiver), plain_id(waiver.subject))
            if key not in granted:
                granted.add(key)
                yield waiver


def _code(waiver: Waiver) -> str:
    """The code of its check; its own word for one that is not in the catalogue."""
    try:
        return find(waiver.check).code
    except UsageError:
        return waiver.check


def _looked_at(entry: _Entry, own: _OfCheck, roots: Collection[Subject]) -> bool:
    """Whether it is known that nothing fails which a waiver covers.

    A named subject has to have been looked at and decided. What a pattern covers, or a subject that
    was not met, has to be where everything was looked at and decided. Otherwise another run may
    need it.

    Args:
        entry: the waiver, which accepts nothing.
        own: the findings of its check.
        roots: of what all was looked at.
    """
    if entry.covered and ANY not in entry.pattern:
        return not entry.open
    meant = Subject.parse(entry.pattern)
    if own.undecided or (meant.provider, meant.kind) not in own.kinds:
        return False
    return any(_lies_in(meant, root) for root in roots)


def _lies_in(meant: Subject, root: Subject) -> bool:
    """Whether all that an id or a pattern names would lie in this root, by their names.

    The contents of a person's account on GitHub do not count: a token may see only some of them,
    and nothing shows that.
    """
    owner, slash, _ = meant.name.partition("/")
    if meant.provider != root.provider or ANY in owner or not slash:
        return False
    name = Subject.parse(plain_id(str(root))).name
    if root.kind == "user":
        return root.provider == "npm" and owner == f"@{name}"
    if root.kind == "org":
        return owner.removeprefix("@") == name
    return meant.name.startswith(f"{name}/")
