"""Compensating controls where one maintainer works alone and no second person can approve."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compensation:
    """The controls that take the place of one that needs someone else.

    Attributes:
        check: the code of the check that asks for someone else.
        becomes: the outcome of its failure in the profile `solo`.
        controls: the compensating controls, as the end of a sentence.
        checks: the codes of the checks that look for it.
    """

    check: str
    becomes: str
    controls: str
    checks: tuple[str, ...]


_TABLE = (
    Compensation(
        "GHB103",
        "info",
        "required status checks, signed commits, protected release tags, and an environment for"
        " publishing that waits for you",
        ("GHB107", "GHB111", "GHB115", "GHR118"),
    ),
    Compensation(
        "GHB104",
        "not applicable",
        "what stands in for GHB103, since there is no approval to dismiss",
        ("GHB103",),
    ),
    Compensation(
        "GHB105",
        "not applicable",
        "what stands in for GHB103, since it would stop every merge",
        ("GHB103",),
    ),
    Compensation(
        "GHB106",
        "not applicable",
        "what stands in for GHB103, since the only owner is the author",
        ("GHB103",),
    ),
    Compensation(
        "GHR112",
        "info, where one person administers it",
        "2FA without text messages, a second passkey or key kept elsewhere, and recovery codes on"
        " paper",
        ("GHA101", "GHA102"),
    ),
    Compensation(
        "GHR121",
        "not applicable",
        "selected actions, pinned to commits, and a workflow token that only reads",
        ("GHW101", "GHW201", "GHW103"),
    ),
    Compensation(
        "PUB103",
        "info",
        "a trusted publisher that only stages, so each release waits for your approval with 2FA,"
        " and no token that can publish",
        ("NPP101", "NPP102", "NPT103"),
    ),
)
COMPENSATIONS: dict[str, Compensation] = {item.check: item for item in _TABLE}
"""By the code of the check that asks for someone else."""


def until_then(check: str) -> str:
    """The end of a step that needs a second person: which controls apply until there is one."""
    return f"; until there is one, rely on {COMPENSATIONS[check].controls}"
