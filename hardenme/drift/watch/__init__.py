"""What a watch, or a repeated `recent`, shows: each change once."""

from hardenme.drift.watch.cycle import CycleInput, blind_cycle, cycle
from hardenme.drift.watch.once import NewChanges, new_changes
from hardenme.drift.watch.turns import ABOVE, choose_turns, pushes_read

__all__ = [
    "ABOVE",
    "CycleInput",
    "NewChanges",
    "blind_cycle",
    "choose_turns",
    "cycle",
    "new_changes",
    "pushes_read",
]
