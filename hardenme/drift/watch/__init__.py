"""One cycle of a watch held against what the cycles before it saw."""

from hardenme.drift.watch.cycle import CycleInput, blind_cycle, cycle
from hardenme.drift.watch.turns import ABOVE, choose_turns

__all__ = ["ABOVE", "CycleInput", "blind_cycle", "choose_turns", "cycle"]
