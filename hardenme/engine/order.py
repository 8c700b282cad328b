"""What a user asks of a run, and who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hardenme.collectors.attested import Statements
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.plan import Selection
from hardenme.engine.results import Drawer, MemoryDrawer
from hardenme.engine.target import Target
from hardenme.model.adjustment import Adjustment
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asks of a run.

    Attributes:
        targets: what to look at.
        plan: what to check.
        profile: by name; empty to choose from what is seen.
        fail_on: the severity from which a failure counts.
        allowed_unknown: what may stay unknown.
        chosen: which repositories of a listing are looked at.
        workers: how many requests run at once.
        expected_login: the account that the GitHub token must be of; empty for any.
        local: whether `me` takes in this machine.
        warnings: sentences on what the run trusts, which a reader of the report has to know.
        notes: the same, on what files say of how it is judged.
        drawer: keeps the findings about repositories.
        accounts: whether it is asked whose the tokens are; without it, that is asked of npm alone,
            and only where the account's own packages are looked at.
        release_days: the age up to which releases are judged; None for what the profile says.
        window: how far back it is asked what was done in repositories; None for not at all.
        waivers: failures that the user accepts.
        proposed: what a file in the working directory asks the user to accept: shown, not applied.
        adjustments: the severities and thresholds that files set, the most trusted first.
    """

    targets: tuple[Target, ...]
    plan: Selection
    profile: str = ""
    fail_on: Severity = Severity.HIGH
    allowed_unknown: tuple[str, ...] = ()
    chosen: RepositoryFilter = field(default_factory=RepositoryFilter)
    workers: int = 4
    expected_login: str = ""
    local: bool = True
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    drawer: Drawer = field(default_factory=MemoryDrawer)
    accounts: bool = True
    release_days: int | None = None
    window: timedelta | None = None
    waivers: tuple[Waiver, ...] = ()
    proposed: tuple[Waiver, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(slots=True)
class Clients:
    """Who is asked, and by which credential.

    Attributes:
        github: None without a token.
        github_by_owner: for owners that have a token of their own, by their lower-case login.
        npm: always there: what is public needs no token.
        others: the clients for `mail` and `local`, and the statements on record for `attested`.
        refused: why a provider cannot be asked.
        sources: where each provider's credential was found.
    """

    github: GitHub | None
    npm: Npm
    others: Mapping[str, Any] = field(default_factory=dict)
    refused: dict[str, Unknown] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    github_by_owner: Mapping[str, GitHub] = field(default_factory=dict)

    def lane(self, provider: str, subject: Subject) -> str:
        """By which name a client is asked about a subject: `github/OWNER`, or the provider's."""
        owner = subject.name.partition("/")[0].lower()
        of_owner = provider == subject.provider == "github" and subject.kind != "token"
        own = of_owner and owner in self.github_by_owner
        return f"github/{owner}" if own else provider

    def lanes(self) -> dict[str, Any]:
        """Every client by its lane; where no statements were handed in, there are none."""
        own = {f"github/{owner}": client for owner, client in self.github_by_owner.items()}
        named = {"github": self.github, "npm": self.npm, "attested": Statements()}
        return {**named, **self.others, **own}

    def of_owner(self, owner: str) -> GitHub | None:
        """Who is asked about an owner's things."""
        return self.github_by_owner.get(owner.lower(), self.github)
