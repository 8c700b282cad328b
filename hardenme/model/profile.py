"""Profiles: named thresholds for the four ways in which projects are run."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.model.given import Limits


@dataclass(frozen=True, slots=True)
class Profile:
    """A named selection and its thresholds.

    Attributes:
        name: `solo`, `team`, `org` or `strict`.
        summary: whom it is for.
        limits: the thresholds that checks see.
    """

    name: str
    summary: str
    limits: Limits


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            "solo",
            "one person: nobody else can review, so compensating controls are named",
            Limits(profile="solo", approvals=0, owners_least=1, npm_owners_least=1),
        ),
        Profile("team", "a few people who review each other", Limits(profile="team", approvals=1)),
        Profile("org", "an organization", Limits(profile="org", approvals=1)),
        Profile(
            "strict",
            "a project that many depend on: two reviewers, shorter lives",
            Limits(
                profile="strict",
                approvals=2,
                key_unused_days=90,
                key_old_days=365,
                token_left_days=30,
                grant_unused_days=30,
                npm_write_days=7,
                npm_read_days=90,
                npm_read_unused_days=30,
                package_writers=2,
                secret_old_days=180,
                release_age_days=7,
            ),
        ),
    )
}
