"""What an organization decides for its repositories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from typing import Literal

Feature = Literal["enabled", "disabled", "not_set"]


@dataclass(slots=True)
class SecurityConfiguration:
    """A security configuration.

    Attributes:
        default_for: the new repositories that get it; None for those to which it is applied.
        enforced: whether who administers a repository must leave it as it is.
    """

    id: int
    name: str
    created_at: datetime
    default_for: Literal["public", "private_and_internal", "all"] | None = None
    enforced: bool = False
    secret_scanning: Feature = "not_set"  # noqa: S105 (a switch)
    push_protection: Feature = "not_set"


@dataclass(slots=True)
class Policies:
    """The policies of one organization.

    Attributes:
        immutable_releases: the repositories whose releases cannot be changed.
    """

    configurations: list[SecurityConfiguration] = field(default_factory=list)
    immutable_releases: Literal["all", "none", "selected"] = "none"
