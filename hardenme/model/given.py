"""What the engine itself hands to a check beside facts: the time, the limits, the rights needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Given:
    """The base of what is always known."""


@dataclass(frozen=True, slots=True)
class Now(Given):
    """The moment that ages are counted to, in UTC: the servers' clock where one was seen."""

    time: datetime

    def days_since(self, then: datetime) -> int:
        """Whole days from then to now; negative where then lies ahead."""
        return (self.time - then) // timedelta(days=1)

    def days_until(self, then: datetime) -> int:
        """Whole days from now to then; negative where then is past."""
        return (then - self.time) // timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits(Given):
    """The thresholds of a profile. Ages are in days.

    Attributes:
        profile: the name of the profile.
        approvals: approving reviews that a change needs; 0 where nobody else can review.
    """

    profile: str
    approvals: int
    key_unused_days: int = 180
    key_new_days: int = 30
    key_old_days: int = 730
    rsa_bits: int = 3072
    invitation_days: int = 7
    activity_days: int = 180
    owners_least: int = 2
    owners_most: int = 5
    domain_days: int = 60
    token_left_days: int = 90
    token_warning_days: int = 14
    grant_unused_days: int = 90
    app_suspended_days: int = 30
    secret_old_days: int = 365
    repository_quiet_days: int = 365
    repository_admins_least: int = 2
    repository_admins_most: int = 5
    npm_write_days: int = 30
    npm_read_days: int = 365
    npm_new_token_days: int = 7
    npm_write_unused_days: int = 30
    npm_read_unused_days: int = 90
    npm_active_tokens: int = 10
    npm_expired_days: int = 30
    package_writers: int = 3
    package_active_days: int = 365
    release_age_days: int = 3
    release_days: int = 30
    release_dormant_days: int = 365
    burst_packages: int = 3
    burst_versions: int = 5
    dependency_age_days: int = 7
    staged_days: int = 7
    npm_owners_least: int = 2
    npm_owners_most: int = 3
    high_impact_downloads: int = 1_000_000
    high_impact_dependents: int = 500

    @property
    def solo(self) -> bool:
        """Whether there is nobody else who could review."""
        return self.approvals == 0


@dataclass(frozen=True, slots=True)
class NeededScopes(Given):
    """The least classic scopes for all checks of the catalogue."""

    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Targets(Given):
    """What this run was asked to look at.

    Attributes:
        owners: lower-case GitHub logins whose repositories are targets as a whole.
        repositories: lower-case `owner/name` of single repositories.
    """

    owners: frozenset[str]
    repositories: frozenset[str]

    def covers(self, full_name: str) -> bool:
        """Whether a repository, named `owner/name`, is a target."""
        full_name = full_name.lower()
        return full_name.partition("/")[0] in self.owners or full_name in self.repositories
