"""Inputs of a check that the engine supplies: the time, the limits, the rights needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hardenme.model.subject import Subject


@dataclass(frozen=True, slots=True)
class Given:
    """The base of what is always known."""


@dataclass(frozen=True, slots=True)
class Now(Given):
    """The moment that ages are counted to, in UTC: the servers' clock where one was seen."""

    time: datetime

    def days_since(self, then: datetime) -> int:
        """Whole days from a time to now; negative if it is in the future."""
        return (self.time - then) // timedelta(days=1)

    def days_until(self, then: datetime) -> int:
        """Whole days from now to then; negative where then is past."""
        return (then - self.time) // timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits(Given):
    """The thresholds of a run. Ages are in days.

    `hardenme.model.thresholds` documents what each limits and where its value comes from.

    Attributes:
        profile: the name of the profile.
        approvals: approving reviews that a change needs; 0 if no one else can review.
        release_days: the age up to which releases are judged.
    """

    profile: str
    approvals: int
    key_unused_days: int
    key_new_days: int
    key_old_days: int
    rsa_bits: int
    invitation_days: int
    activity_days: int
    owners_least: int
    owners_most: int
    domain_days: int
    token_left_days: int
    token_warning_days: int
    grant_unused_days: int
    app_suspended_days: int
    secret_old_days: int
    repository_quiet_days: int
    repository_admins_least: int
    repository_admins_most: int
    npm_write_days: int
    npm_read_days: int
    npm_new_token_days: int
    npm_write_unused_days: int
    npm_read_unused_days: int
    npm_active_tokens: int
    npm_expired_days: int
    package_writers: int
    package_active_days: int
    release_age_days: int
    release_days: int
    release_dormant_days: int
    burst_packages: int
    burst_versions: int
    dependency_age_days: int
    staged_days: int
    npm_owners_least: int
    npm_owners_most: int
    high_impact_downloads: int
    high_impact_dependents: int

    @property
    def solo(self) -> bool:
        """Whether there is no one else who could review."""
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


@dataclass(frozen=True, slots=True)
class SafeVersions(Given):
    """Which version a dist-tag can be moved to, by `hardenme.derive.safe_version`.

    Attributes:
        find: takes a package, a tag and the tagged version. It returns the version to move the tag
            to; empty if none is known to be safe.
        passed_over: takes the same. It returns which newer versions are not it, and why; empty for
            none.
    """

    find: Callable[[Subject, str, str], str]
    passed_over: Callable[[Subject, str, str], str] = lambda _package, _tag, _version: ""
