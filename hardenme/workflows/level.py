"""How sure something is: at three levels, in order."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """How sure it is."""

    NO = 0
    MAYBE = 1
    YES = 2
