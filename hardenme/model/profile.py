"""Profiles: named thresholds for four ways to run a project."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.model.given import Limits
from hardenme.model.thresholds import THRESHOLDS

RELEASE_DAYS = 30
"""The age up to which releases are judged, where the setting `since` does not say."""


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


def _profile(name: str, summary: str) -> Profile:
    values = {item.attribute: item.of(name) for item in THRESHOLDS.values()}
    return Profile(name, summary, Limits(profile=name, release_days=RELEASE_DAYS, **values))


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        _profile("solo", "one person: no one else can review, so compensating controls are named"),
        _profile("team", "a few people who review each other"),
        _profile("org", "an organization"),
        _profile("strict", "a project that many depend on: two reviewers, shorter lives"),
    )
}
"""The profiles by name, from the one that asks for the least to the one that asks for the most."""


def strictest(first: str, *others: str) -> str:
    """Of several profiles, by name, the one that asks for the most."""
    return max((first, *others), key=tuple(PROFILES).index)
