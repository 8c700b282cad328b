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
class ExecutionPolicy:
    """An Actions policy, as GitHub writes it.

    Attributes:
        conditions: for which repositories and workflows it is.
        actors: who may start workflows; None for no such rule.
        events: by which events; None for no such rule.
    """

    id: int
    name: str
    created_at: datetime
    enforcement: Literal["active", "evaluate", "disabled"] = "active"
    conditions: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: {"repository_name": {"include": ["~ALL"], "exclude": []}}
    )
    actors: list[dict[str, int | str]] | None = None
    events: list[str] | None = None


@dataclass(frozen=True, slots=True)
class AllowedAddresses:
    """An entry of an IP allow list: an address, or a range in CIDR notation."""

    id: int
    value: str
    active: bool = True


@dataclass(slots=True)
class Policies:
    """The policies of one organization.

    Attributes:
        immutable_releases: the repositories whose releases cannot be changed.
        immutable_subject: identity tokens name a repository by a number, if the repository has no
            value of its own. None if the answer does not show it.
        sign_on: there is a SAML identity provider.
        allow_list: the IP allow list is on.
        addresses_of_apps: the addresses of installed apps are added to it.
        addresses: the list's entries.
        subject_claims: of what their subject is made where a repository takes the organization's.
    """

    configurations: list[SecurityConfiguration] = field(default_factory=list)
    immutable_releases: Literal["all", "none", "selected"] = "none"
    immutable_subject: bool | None = False
    subject_claims: list[str] = field(default_factory=lambda: ["repo", "context"])
    sign_on: bool = False
    allow_list: bool = False
    addresses_of_apps: bool = False
    addresses: list[AllowedAddresses] = field(default_factory=list)
    execution: list[ExecutionPolicy] = field(default_factory=list)
