"""What changed from one report to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hardenme.model.access import weight_of
from hardenme.model.finding import Finding
from hardenme.model.finding_summary import weight
from hardenme.model.inventory import InventoryItem
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed


class DriftStep(StrEnum):
    """How a finding changed; the order is that of a report."""

    NEW = "new"
    """It fails, and did not, or was not there."""
    WORSE = "worse"
    """It failed and fails, at a higher severity."""
    EXPIRED = "expired"
    """It fails again, since the waiver that accepted it has ended."""
    FIRST = "first looked at"
    """It fails, and no report before could see whether it did."""
    LOST = "no longer visible"
    """It was known and is unknown. That is never a fix."""
    BETTER = "better"
    """It failed and fails, at a lower severity."""
    WAIVED = "waived"
    """It fails, and someone accepts that from here on."""
    FIXED = "fixed"
    """It failed, and is known not to."""
    GONE = "gone"
    """It failed, and what it was about is known to be there no more."""
    SEEN = "seen again"
    """It was not visible, and is as it was when it was last known."""


class Turn(StrEnum):
    """How an item of the inventory changed."""

    APPEARED = "appeared"
    CHANGED = "changed"
    VANISHED = "vanished"
    LOST = "no longer visible"
    """Its list was read, and cannot be; or a part of its state."""
    SEEN = "seen again"


@dataclass(frozen=True, slots=True)
class Change:
    """How one finding changed.

    Attributes:
        step: how it changed.
        code: the check's code.
        subject: what is judged, by its present id.
        before: the finding as it was last known; None if there was none.
        after: the finding as it is; None if there is none.

    Raises:
        ValueError: there is neither.
    """

    step: DriftStep
    code: str
    subject: Subject
    before: Finding | None
    after: Finding | None

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError(f"{self.code} {self.subject}: a change of nothing")

    @property
    def severity(self) -> Severity:
        """What it weighs: as it is where it fails, else as it did when it was last known."""
        if self.after is not None and isinstance(self.after.outcome, Failed):
            return weight(self.after)
        finding = self.before or self.after
        return Severity.INFO if finding is None else weight(finding)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """How one item, or a whole list of items, changed.

    Attributes:
        turn: how it changed.
        kind: what it is, like `SSH key`.
        place: where it is: the account, organization, repository or package.
        before: as it was last seen; None if it was not there, or where the list is meant.
        after: as it is; None if it is not there, or where the list is meant.
        fields: the names of what changed, or is no longer visible, in its state.
        needed: what it takes to see it; empty if it is seen.
    """

    turn: Turn
    kind: str
    place: Subject
    before: InventoryItem | None = None
    after: InventoryItem | None = None
    fields: tuple[str, ...] = ()
    needed: str = ""

    @property
    def whole(self) -> bool:
        """Whether the list as a whole is meant, and no item of it."""
        return self.before is None and self.after is None

    @property
    def severity(self) -> Severity:
        """What it weighs, by what the thing gives access to."""
        return weight_of(self.turn.value, self.kind, self.after, self.fields)


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed from one report to the next.

    Attributes:
        since: when the earlier one was made; None if there is none, so that all is a baseline that
            no one has verified.
        until: when the later one was made.
        changes: of findings, the most urgent first.
        items: of the inventory, those that give access first.
        incomparable: why the two cannot be compared as a whole, such as another account; empty if
            they can.
        notes: sentences on what was not compared, such as checks that only one of them selected.
        fresh: the number of failures of checks that no earlier report selected. They are not
            changes, but no one has seen them before.
    """

    since: datetime | None
    until: datetime
    changes: Sequence[Change] = ()
    items: Sequence[ItemChange] = ()
    incomparable: str = ""
    notes: tuple[str, ...] = ()
    fresh: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not self.changes and not self.items

    @property
    def lost(self) -> bool:
        """Whether something was known and is not."""
        return self.blind or any(one.step is DriftStep.LOST for one in self.changes)

    @property
    def blind(self) -> bool:
        """Whether something of the inventory was seen and is not."""
        return any(one.turn is Turn.LOST for one in self.items)
