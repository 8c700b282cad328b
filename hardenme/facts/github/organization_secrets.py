"""The names of an organization's secrets, never their values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.people import OWNER
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import any_of, classic, fine_grained

ACTIONS, DEPENDABOT = "Actions", "Dependabot"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSecret(OrganizationFact):
    """A secret for Actions (subject `github:org-secret/ORG/NPM_TOKEN`).

    Attributes:
        name: as workflows name it.
        visibility: which repositories can read it: `all`, `private` or `selected`.
        created_at: when it was added.
        updated_at: when its value was last set.
    """

    requirement = any_of(
        {classic("admin:org"), OWNER},
        {fine_grained("organization_secrets:read"), OWNER},
    )
    endpoint = endpoints.ORGANIZATION_SECRETS
    noun = "Actions secret of the organization"

    name: str = key("name")
    visibility: Literal["all", "private", "selected"] = key("visibility")
    created_at: datetime = key("created_at")
    updated_at: datetime = key("updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationDependabotSecret(OrganizationSecret):
    """A secret for Dependabot's runs (subject `github:org-secret/ORG/dependabot/NPM_TOKEN`)."""

    requirement = any_of(
        {classic("admin:org"), OWNER},
        {fine_grained("organization_dependabot_secrets:read"), OWNER},
    )
    endpoint = Endpoint(
        "/orgs/{org}/dependabot/secrets",
        "org-secret",
        identity="name",
        named="{scope}/dependabot/{identity}",
        label=("name",),
        counted=True,
    )
    noun = "Dependabot secret of the organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSecret(GitHubFact):
    """A secret of an organization, for Actions or for Dependabot. Derived from other facts.

    Its subject is `github:org-secret/ORG/NPM_TOKEN`.

    Attributes:
        name: as workflows name it.
        kept_for: `Actions` or `Dependabot`.
        visibility: which repositories can read it: `all`, `private` or `selected`.
        updated_at: when its value was last set.
    """

    requirement = any_of(
        {classic("admin:org"), OWNER},
        {
            fine_grained("organization_secrets:read"),
            fine_grained("organization_dependabot_secrets:read"),
            OWNER,
        },
    )
    source = "derived from OrganizationSecret and OrganizationDependabotSecret"
    noun = "secret of the organization"

    name: str = key("name")
    kept_for: str = key()
    visibility: str = key("visibility")
    updated_at: datetime = key("updated_at")
