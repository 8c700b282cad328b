"""How deep a run asks: batches, settings that take one request a repository, and the rest."""

from __future__ import annotations

from enum import IntEnum

from hardenme.model.unknown import Reason, Unknown


class Depth(IntEnum):
    """How much a run asks about each repository. Answers to batch queries are used at every depth.

    `FAST` asks by batch queries: the settings of accounts and organizations, and batches of
    repositories. `STANDARD` adds the settings of a repository that no batch query returns and that
    change often. `DEEP` adds everything else that takes one request a repository.
    """

    FAST = 1
    STANDARD = 2
    DEEP = 3

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Depth:
        """Read a name.

        Raises:
            ValueError: it is none.
        """
        for depth in cls:
            if str(depth) == text.lower():
                return depth
        raise ValueError(f"{text!r} is not a depth; it is one of: {', '.join(map(str, cls))}")


BEYOND = {depth: Unknown(Reason.NOT_ASKED, f"run with --depth {depth}") for depth in Depth}
"""What only a deeper run asks, by the depth that asks it."""

DEEPER = "not read at this depth; --depth deep reads more"
"""How the note of a report ends that counts them."""


def is_beyond(unknown: Unknown) -> bool:
    """Whether something is not known because the run does not go that deep."""
    return unknown in BEYOND.values()
