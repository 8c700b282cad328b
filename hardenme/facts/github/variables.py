"""The names of an organization's variables, never their values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.facts.github.people import OWNER
from hardenme.facts.github.site import OrganizationFact
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import any_of, classic, fine_grained


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationVariable(OrganizationFact):
    """A variable for Actions (subject `github:org-variable/ORG/REGISTRY_URL`).

    Attributes:
        name: as workflows name it.
        visibility: which repositories can read it: `all`, `private` or `selected`.
        created_at: when it was added.
        updated_at: when its value was last set.
    """

    requirement = any_of(
        {classic("admin:org"), OWNER},
        {fine_grained("organization_actions_variables:read"), OWNER},
    )
    endpoint = Endpoint(
        "/orgs/{org}/actions/variables",
        "org-variable",
        identity="name",
        named="{scope}/{identity}",
        label=("name",),
        counted=True,
    )
    noun = "variable of the organization"

    name: str = key("name")
    visibility: Literal["all", "private", "selected"] = key("visibility")
    created_at: datetime = key("created_at")
    updated_at: datetime = key("updated_at")
