"""What an answer shows of a ruleset beside its rules: its name, its age, and who may pass by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.model.known import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetSeen(Known):
    """A ruleset, as the lists of a repository show it. Each field can be unknown by itself.

    Attributes:
        number: GitHub's number of it.
        name: what it is called.
        above: it is the organization's or its enterprise's, and the same for many repositories.
        updated_at: when it was last changed.
    """

    number: int
    name: str
    above: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesetPassing(Known):
    """Who may pass by a ruleset.

    Attributes:
        number: GitHub's number of it.
        above: as in `RulesetSeen`.
        actors: who may, each like `Team 12, always`; GitHub shows them to who may change it.
    """

    number: int
    above: bool
    actors: tuple[str, ...]
