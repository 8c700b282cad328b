"""A repository, its keys, secrets and security settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, given, graphql, key
from hardenme.model.permission import any_of, classic, fine_grained, role

ADMINISTRATION = any_of(
    {classic("repo"), role("repository admin")},
    {fine_grained("administration:read"), role("repository admin")},
)
VISIBILITIES = {"PUBLIC": "public", "PRIVATE": "private", "INTERNAL": "internal"}
Status = Literal["enabled", "disabled"]
METADATA = any_of(classic("repo"), fine_grained("metadata:read"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository(GitHubFact):
    """A repository (subject `github:repo/OWNER/REPO`).

    Attributes:
        node_id: its id in GraphQL, which stays when it is renamed.
        full_name: `owner/name`.
        visibility: `public`, `private` or `internal`.
        archived: no one can push to it.
        fork: it was forked from another.
        template: others are made from it.
        in_organization: an organization owns it, not a person.
        default_branch: None if it is empty.
        viewer_is_admin: the account may administer it.
        created_at: when it was made.
        pushed_at: the last push; None for never.
    """

    requirement = METADATA
    source = "POST /graphql repository"
    roots = ("github:org", "github:repo", "github:user")
    noun = "repository"
    gates = ("repositoryOwner/repositories",)

    node_id: str = key("id")
    full_name: str = key("nameWithOwner")
    visibility: str = key("visibility", by=VISIBILITIES.__getitem__)
    archived: bool = key("isArchived")
    fork: bool = key("isFork")
    template: bool = key("isTemplate")
    in_organization: bool = key("isInOrganization")
    default_branch: str | None = key("defaultBranchRef", "isEmpty")
    viewer_is_admin: bool = key("viewerCanAdminister")
    created_at: datetime = key("createdAt")
    pushed_at: datetime | None = key("pushedAt", nullable=True)

    @property
    def organization(self) -> str:
        """The login of the organization that is known to own it; empty for none."""
        known = {"in_organization", "full_name"}.isdisjoint(self.unknown_fields())
        return self.full_name.partition("/")[0] if known and self.in_organization else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryFact(GitHubFact):
    """The base of facts that each repository is asked for, or that are made of such.

    Their subject is `github:repo/OWNER/REPO`.
    """

    listed_by = Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositorySecurityPolicy(RepositoryFact):
    """Whether the repository has a security policy.

    Attributes:
        enabled: a security policy is shown, its own or the owner's.
    """

    requirement = METADATA
    source = "POST /graphql repository.isSecurityPolicyEnabled"

    enabled: bool = key("isSecurityPolicyEnabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryVulnerabilityAlerts(RepositoryFact):
    """Whether Dependabot alerts are on.

    Attributes:
        enabled: they are.
    """

    requirement = any_of(
        *ADMINISTRATION.alternatives,
        {fine_grained("vulnerability_alerts:read"), role("repository admin")},
    )
    judged_by_role = True
    source = "POST /graphql repository.hasVulnerabilityAlertsEnabled"

    gates = ("viewerCanAdminister",)

    enabled: bool = key("hasVulnerabilityAlertsEnabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositorySecuritySettings(RepositoryFact):
    """The `security_and_analysis` block, which only administrators see.

    Of an organization's repositories one list shows it; others are asked one at a time, by a run
    that goes so deep.

    Attributes:
        secret_scanning: `enabled` or `disabled`.
        push_protection: `enabled` or `disabled`.
    """

    requirement = ADMINISTRATION
    source = f"{endpoints.REPOSITORY.source}, {endpoints.REPOSITORIES.source}"

    gates = ("full_name",)

    secret_scanning: Status = key("security_and_analysis/secret_scanning/status")
    push_protection: Status = key("security_and_analysis/secret_scanning_push_protection/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPrivateReporting(RepositoryFact):
    """Whether anyone can report a vulnerability in private.

    Attributes:
        enabled: they can.
        applicable: the repository is public, so that the setting exists.
    """

    requirement = METADATA
    endpoint = Endpoint("/repos/{owner}/{repo}/private-vulnerability-reporting")
    depth = Depth.STANDARD

    enabled: bool = key("enabled")
    applicable: bool = given("the repository's visibility")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployKey(RepositoryFact):
    """A key of one repository (subject `github:deploy-key/OWNER/REPO/ID`).

    Attributes:
        key_id: GitHub's number for it; None if it comes from a batch, which leaves it out.
        read_only: it cannot push.
        created_at: when it was added.
        last_used: None for never.
        added_by: the login of who added it; None if GitHub does not show it.
    """

    requirement = ADMINISTRATION
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/keys", "deploy-key", named="{scope}/{identity}", label=("title",)
    )
    noun = "deploy key"
    gates = (*("viewerCanAdminister", "deployKeys/nodes", "deployKeys/totalCount"),)

    key_id: int | None = key("id", nullable=True)
    read_only: bool = key("read_only", graph=graphql("readOnly"))
    created_at: datetime = key("created_at", graph=graphql("createdAt"))
    last_used: datetime | None = key("last_used", nullable=True)
    added_by: str | None = key("added_by", nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsSecret(RepositoryFact):
    """The name of a secret, never its value (subject `github:secret/OWNER/REPO/NPM_TOKEN`).

    Attributes:
        name: as workflows name it.
        created_at: when it was added.
        updated_at: when its value was last set.
    """

    requirement = any_of(classic("repo"), fine_grained("secrets:read"))
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/actions/secrets",
        "secret",
        identity="name",
        named="{scope}/{identity}",
        label=("name",),
        counted=True,
    )
    depth = Depth.STANDARD
    noun = "Actions secret"

    name: str = key("name")
    created_at: datetime = key("created_at")
    updated_at: datetime = key("updated_at")
