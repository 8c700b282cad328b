"""The settings of an organization: what it requires of members, and what they can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.people import MEMBERS, MEMBERSHIP, OWNER
from hardenme.facts.github.repository import METADATA
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import (
    NOTHING,
    any_of,
    classic,
    fine_grained,
    role,
)

APP = role("GitHub App")
"""Personal tokens are not answered, whatever they may."""
OWNERS_VIEW = any_of(
    {classic("admin:org"), OWNER},
    {fine_grained("organization_administration:read"), OWNER},
)
PLAN_VIEW = any_of(
    {classic("admin:org"), OWNER},
    {fine_grained("organization_plan:read"), OWNER},
)
CONFIGURATIONS = any_of(
    {classic("read:org"), OWNER},
    {fine_grained("organization_administration:read"), OWNER},
)
"""A security manager may read these too."""
State = Literal["enabled", "disabled", "not_set"]


def enforced(told: str) -> bool:
    """Whether who administers a repository cannot change its configuration.

    Raises:
        ValueError: it is not shown.
    """
    if told not in {"enforced", "unenforced"}:
        raise ValueError("not shown")
    return told == "enforced"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationProfile(OrganizationFact):
    """What an organization shows to everyone (subject `github:org/ORG`).

    Attributes:
        verified: GitHub has verified that it owns the domains that it shows.
    """

    requirement = NOTHING
    endpoint = endpoints.ORGANIZATION

    verified: bool = key("is_verified")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSecurity(OrganizationFact):
    """What an organization requires of its members (subject `github:org/ORG`).

    Attributes:
        two_factor_required: everyone must have 2FA. Shown to owners only.
    """

    requirement = OWNERS_VIEW
    endpoint = endpoints.ORGANIZATION

    two_factor_required: bool = key("two_factor_requirement_enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPractice(GitHubFact):
    """How owners look after an organization (subject `practice:org/ORG`): no API shows it.

    Attributes:
        name: the organization's name.
    """

    source = "derived from OrganizationSecurity"
    noun = "organization whose owners can be asked"

    name: str = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPrivileges(OrganizationFact):
    """What members can do without an owner (subject `github:org/ORG`). Shown to owners only.

    Attributes:
        base_permission: what every member may do on every repository: `none`, `read`, `write` or
            `admin`.
        create_public: members create public repositories.
        delete_repositories: who administers a repository can delete or transfer it.
        change_visibility: who administers a repository can make it public, or private.
        invite_outsiders: who administers a repository can invite outside collaborators to it.
        fork_private: members fork private repositories.
        delete_issues: who administers a repository can delete issues.
        deploy_keys: repositories can have deploy keys.
    """

    requirement = OWNERS_VIEW
    endpoint = endpoints.ORGANIZATION

    base_permission: Literal["none", "read", "write", "admin"] = key(
        "default_repository_permission"
    )
    create_public: bool = key("members_can_create_public_repositories")
    delete_repositories: bool = key("members_can_delete_repositories")
    change_visibility: bool = key("members_can_change_repo_visibility")
    invite_outsiders: bool = key("members_can_invite_outside_collaborators")
    fork_private: bool = key("members_can_fork_private_repositories")
    delete_issues: bool = key("members_can_delete_issues")
    deploy_keys: bool = key("deploy_keys_enabled_for_repositories")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPlan(OrganizationFact):
    """What the organization's plan includes (subject `github:org/ORG`).

    Attributes:
        locks_actions: workflows run the commits that `actions.lock` records. It is never False:
            GitHub documents the file for Enterprise Cloud, and does not say what it does elsewhere.
        enterprise_cloud: it is Enterprise Cloud, which alone has single sign-on, IP allow lists and
            audit log streaming of organizations.
        paid: it is not GitHub Free, which has no rulesets of the organization, and none of private
            repositories. It words fixes and decides nothing.
    """

    requirement = PLAN_VIEW
    endpoint = endpoints.ORGANIZATION

    locks_actions: bool = key("plan", "name")
    enterprise_cloud: bool = key("plan", "name")
    paid: bool = key("plan", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassicTokenPolicy(OrganizationFact):
    """Whether the organization refused a classic token (subject `github:org/ORG`).

    Attributes:
        refused: it refused the token that asked because that is a classic one. False if this was
            not seen, whatever the policy is.
    """

    requirement = NOTHING
    endpoint = endpoints.ORGANIZATION

    refused: bool = key("message")


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthAppPolicy(OrganizationFact):
    """Whether the organization refused an OAuth app (subject `github:org/ORG`).

    Attributes:
        refused: it refused the app whose token asked because it restricts such apps. False if this
            was not seen, whatever the policy is.
    """

    requirement = NOTHING
    endpoint = endpoints.ORGANIZATION

    refused: bool = key("message")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenApprovalRequests(OrganizationFact):
    """Whether fine-grained tokens wait for the organization's approval (subject `github:org/ORG`).

    Shown to apps only.

    Attributes:
        waiting: at least one does.
    """

    requirement = any_of({fine_grained("organization_personal_access_token_requests:read"), APP})
    endpoint = Endpoint("/orgs/{org}/personal-access-token-requests", "token-request")

    waiting: bool = key("id")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationOwners(OrganizationFact):
    """Who owns an organization (subject `github:org/ORG`).

    Attributes:
        logins: the owners' names, sorted.
    """

    requirement = MEMBERS
    source = (
        f"{endpoints.OWNERS.source}, {endpoints.MEMBERSHIP.source},"
        f" or {endpoints.INVITATIONS.source}"
    )

    gates = MEMBERSHIP

    logins: tuple[str, ...] = key("login", "role")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityDefault(OrganizationFact):
    """A security configuration that new repositories get by default.

    Its subject is `github:security-default/ORG/ID`, by its place in the list.

    Attributes:
        which: of what visibility: `public`, `private_and_internal` or `all`.
        enforced: who administers a repository cannot change it.
        secret_scanning: `enabled`, `disabled` or `not_set`.
        push_protection: `enabled`, `disabled` or `not_set`.
    """

    requirement = CONFIGURATIONS
    endpoint = Endpoint(
        "/orgs/{org}/code-security/configurations/defaults",
        "security-default",
        label=("configuration/name",),
    )
    noun = "default security configuration"

    which: Literal["public", "private_and_internal", "all"] = key("default_for_new_repos")
    enforced: bool = key("configuration/enforcement", by=enforced)
    secret_scanning: State = key("configuration/secret_scanning")
    push_protection: State = key("configuration/secret_scanning_push_protection")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationImmutableReleases(OrganizationFact):
    """Which repositories have immutable releases (subject `github:org/ORG`).

    Attributes:
        enforced: `all`, `selected` or `none`.
    """

    requirement = OWNERS_VIEW
    endpoint = Endpoint("/orgs/{org}/settings/immutable-releases")

    enforced: Literal["all", "selected", "none"] = key("enforced_repositories")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationVisibility(OrganizationFact):
    """How many of the organization's repositories the token shows (subject `github:org/ORG`).

    A token for chosen repositories lists these without a word of the others. How many there are
    is shown to owners only.

    Attributes:
        visible: repositories that the listing counts, archived ones included.
        whole: that these are all. It is never False: where some are not shown, what holds for all
            is not known.
    """

    requirement = OWNERS_VIEW
    source = f"{endpoints.ORGANIZATION.source}, POST /graphql repositoryOwner.repositories"

    visible: int = key("totalCount")
    whole: bool = key("public_repos", "owned_private_repos")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRulesetReach(OrganizationFact):
    """Which default branches the organization's rulesets cover (subject `github:org/ORG`).

    It is seen on the repositories, since the list of an organization's rulesets is shown only to
    who may change them.

    Attributes:
        branches: how many default branches of repositories that are not archived were looked at.
        unbound: repositories whose default branch no active ruleset of the organization, or of its
            enterprise, binds. The first ones only, where there are any.
    """

    requirement = METADATA
    source = "POST /graphql organization.repositories.defaultBranchRef.rules (query RulesetReach)"

    gates = (
        *("organization/repositories/nodes/nameWithOwner", "defaultBranchRef/name", "rules/nodes"),
    )

    branches: int = key("totalCount", "defaultBranchRef", "isEmpty")
    unbound: tuple[str, ...] = key("rules", "repositoryRuleset", "source", "__typename")
