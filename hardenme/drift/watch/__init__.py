"""What a watch, or a repeated `recent`, shows: each change once."""

from hardenme.drift.watch.cycle import CycleInput, blind_cycle, cycle, refused_cycle
from hardenme.drift.watch.once import NewChanges, new_changes
from hardenme.drift.watch.turns import Turns, begun_turns, budget, choose_turns, turns_of

__all__ = [
    "CycleInput",
    "NewChanges",
    "Turns",
    "begun_turns",
    "blind_cycle",
    "budget",
    "choose_turns",
    "cycle",
    "new_changes",
    "refused_cycle",
    "turns_of",
]
