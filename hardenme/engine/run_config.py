"""The request of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.plan import Selection
from hardenme.engine.target import Target
from hardenme.engine.turn import CycleTurn
from hardenme.model.adjustment import Adjustment
from hardenme.model.report import UnreadTarget
from hardenme.model.severity import Severity
from hardenme.model.waiver import Waiver


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What the user asks of a run, made once from the options."""

    targets: tuple[Target, ...]
    """What is looked at."""
    selection: Selection
    """What is checked."""
    scope: str = ""
    """The selecting options as text; it stays the same when hardenme learns more checks."""
    profile: str = ""
    """By name; empty to choose from what is seen."""
    fail_on: Severity = Severity.HIGH
    """The severity from which a failure counts."""
    allowed_unknown: tuple[str, ...] = ()
    """Codes, slugs, families and reasons that may stay unknown."""
    chosen: RepositoryFilter = field(default_factory=RepositoryFilter)
    """Which repositories of a listing are looked at."""
    workers: int = 4
    """How many requests run at once."""
    expected_login: str = ""
    """The account that the GitHub token must be of; empty for any."""
    local: bool = True
    """Whether `me` takes in this machine."""
    accounts: bool = True
    """Whether the tokens' accounts are asked for.

    Without it, only npm's is, where the account's own packages are looked at.
    """
    release_days: int | None = None
    """The age up to which releases are judged; None for what the profile sets."""
    window: timedelta | None = None
    """How far back activity in repositories is read; None for not at all."""
    turn: CycleTurn | None = None
    """A watch's share of what is read a repository at a time; None to read it of all."""
    unlisted: str = ""
    """Why there may be more targets than these, in a clause; empty if these are all."""
    unread: tuple[UnreadTarget, ...] | None = None
    """The targets that were not looked at as a whole, where anyone who asks knows it already."""
    warnings: tuple[str, ...] = ()
    """Sentences on what the run trusts, for a reader of the report."""
    notes: tuple[str, ...] = ()
    """Sentences on what settings files change in how it is judged."""
    waivers: tuple[Waiver, ...] = ()
    """Failures that the user accepts."""
    proposed: tuple[Waiver, ...] = ()
    """What a file in the working directory asks the user to accept: shown, not applied."""
    adjustments: tuple[Adjustment, ...] = ()
    """The severities and thresholds that files set, the most trusted first."""

    @property
    def owners(self) -> tuple[str, ...]:
        """The GitHub owners that targets name, in lower case, each once."""
        kinds = {"github-owner", "github-repo"}
        named = (target.name for target in self.targets if target.kind in kinds)
        return tuple(dict.fromkeys(name.partition("/")[0].lower() for name in named))
