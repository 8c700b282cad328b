"""Steps while the findings that they close come in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hardenme.model.finding import Finding
from hardenme.model.glance import weight
from hardenme.model.subject import Subject
from hardenme.model.verdict import Fix
from hardenme.reports.calls import Call, plain_calls
from hardenme.reports.checklist import ANY
from hardenme.reports.fixplan.changes import change_of
from hardenme.reports.fixplan.plan import Closed, Deed
from hardenme.reports.grouping import name_of, own_names, page_pattern

Key = tuple[str, ...]
"""Two fixes that share it are one deed: the same command, or the same step on the same page."""


ENDS = "npm trust revoke "
"""How a command begins that ends a trusted publisher; some set up another one behind that."""
AGAIN = " && "


def key_of(fix: Fix) -> Key:
    """By what a fix is the same as another one.

    What ends the same trusted publisher is one deed: it can be ended once.
    """
    if fix.command.startswith(ENDS):
        return "ends", fix.command.partition(AGAIN)[0]
    return ("command", fix.command) if fix.command else ("page", fix.page, fix.step)


def _sets_up_again(fix: Fix) -> bool:
    return fix.command.startswith(ENDS) and AGAIN in fix.command


def closed(finding: Finding) -> Closed:
    """What a plan keeps of a finding."""
    subject, within = finding.subject, finding.within
    return Closed(finding.code, weight(finding), subject, within, name_of(finding))


def _worst_first(found: Closed) -> tuple[int, str, Subject]:
    return -found.severity, found.code, found.subject


@dataclass(frozen=True, slots=True)
class Shape:
    """What the steps for alike subjects have in common: texts without the subjects' own names.

    Attributes:
        page: the page.
        step: what to do.
        needs: what the person who fixes must hold.
        undo: how to take it back.
        apart: keeps steps apart that are to stand by themselves.
    """

    page: str
    step: str
    needs: str
    undo: str
    apart: str = ""

    @classmethod
    def of(cls, fix: Fix, own: Iterable[str], page: str, apart: str = "") -> Shape:
        """The shape of a fix for a subject with these own names."""
        step, needs, undo = fix.step, fix.needs, fix.undo
        for name in own:
            step, needs, undo = (text.replace(name, ANY) for text in (step, needs, undo))
        return cls(page, step, needs, undo, apart)


@dataclass(slots=True)
class DeedDraft:
    """A deed while it gathers what it closes.

    Attributes:
        fix: what to do, by the finding that tells best.
        shape: what it has in common with others.
        own: what names its subject.
        closes: the findings.
        names: whom or what it is for.
        paths: the publish paths that it closes.
        rank: how the finding stands that tells best: by whether it ends there, then the worst.
    """

    fix: Fix
    shape: Shape
    own: tuple[str, ...]
    closes: list[Closed] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    rank: tuple[bool, int, str] | None = None

    @classmethod
    def of(cls, finding: Finding, fix: Fix) -> DeedDraft:
        """A deed for a finding, which does not close anything yet."""
        own = own_names(finding)
        return cls(fix, Shape.of(fix, own, page_pattern(fix.page, finding)), own)

    def take(self, finding: Finding, fix: Fix | None = None) -> None:
        """One more finding that it closes; the fix of the worst one tells best."""
        found = closed(finding)
        self.closes.append(found)
        self.names.setdefault(found.name)
        # What is to go for one reason is not set up again for another.
        rank = fix is not None and _sets_up_again(fix), -found.severity, found.code
        if self.rank is not None and self.rank <= rank:
            return
        if fix is not None and self.rank is not None:
            told = DeedDraft.of(finding, fix)
            self.fix, self.shape, self.own = told.fix, told.shape, told.own
        self.rank = rank

    @property
    def above(self) -> bool:
        """Whether it is for an organization, and not for what belongs to it."""
        return any(found.subject.kind == "org" for found in self.closes)

    def deed(self) -> Deed:
        """What was gathered."""
        return Deed(
            fix=self.fix,
            closes=tuple(sorted(self.closes, key=_worst_first)),
            calls=calls_of(self.fix),
            names=tuple(self.names),
            paths=self.paths,
            own=self.own,
        )


def calls_of(fix: Fix) -> tuple[Call, ...]:
    """The calls of a fix, where each of them is one that a script may run."""
    calls = plain_calls(fix.command) if fix.command else ()
    return calls if all(change_of(call) is not None for call in calls) else ()


@dataclass(slots=True)
class StepDraft:
    """A step while it gathers its deeds.

    Attributes:
        shape: what its deeds have in common.
        wider: the one step at the organization that closes the same.
        deeds: by key, in the order in which they came.
        stage: where it stands among the steps that close publish paths; None elsewhere.
        releases: it sets up a new way to publish.
    """

    shape: Shape
    wider: Fix | None = None
    deeds: list[DeedDraft] = field(default_factory=list)
    stage: int | None = None
    releases: bool = False

    @property
    def fix(self) -> Fix:
        """What to do."""
        return self.wider or self.deeds[0].fix

    def sorted_deeds(self) -> list[DeedDraft]:
        """The deeds by whom or what they are for; what is for the organization itself is first."""
        return sorted(
            self.deeds, key=lambda deed: (not deed.above, list(deed.names), deed.fix.step)
        )

    def closes(self) -> Iterable[Closed]:
        """The findings of all its deeds."""
        return (found for deed in self.deeds for found in deed.closes)
