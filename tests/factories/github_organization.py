"""Valid facts about an organization, all in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.organization import (
    ClassicTokenPolicy,
    OAuthAppPolicy,
    OrganizationImmutableReleases,
    OrganizationOwners,
    OrganizationPlan,
    OrganizationPrivileges,
    OrganizationProfile,
    OrganizationRulesetReach,
    OrganizationSecurity,
    OrganizationSight,
    SecurityDefault,
    TokenApprovalRequests,
)
from hardenme.model.subject import Subject

CEDAR = Subject("github", "org", "cedar-labs")
OF: dict[str, Any] = {"subject": CEDAR, "within": CEDAR, "label": "cedar-labs"}


def profile(**overrides: Any) -> OrganizationProfile:
    """An organization with a verified domain."""
    return OrganizationProfile(**OF | {"verified": True} | overrides)


def security(**overrides: Any) -> OrganizationSecurity:
    """An organization that demands a second factor."""
    return OrganizationSecurity(**OF | {"two_factor_required": True} | overrides)


def plan(**overrides: Any) -> OrganizationPlan:
    """An organization on Enterprise Cloud."""
    return OrganizationPlan(**OF | {"locks_actions": True} | overrides)


def privileges(**overrides: Any) -> OrganizationPrivileges:
    """Members who may do nothing by themselves."""
    given: dict[str, Any] = {
        "base_permission": "none",
        "create_public": False,
        "delete_repositories": False,
        "change_visibility": False,
        "invite_outsiders": False,
        "fork_private": False,
        "delete_issues": False,
        "deploy_keys": False,
    }
    return OrganizationPrivileges(**OF | given | overrides)


def owners(*logins: str, **overrides: Any) -> OrganizationOwners:
    """The owners of those names; two where none is given."""
    return OrganizationOwners(**OF | {"logins": logins or ("alder", "linden")} | overrides)


def classic_policy(**overrides: Any) -> ClassicTokenPolicy:
    """A classic token that was refused."""
    return ClassicTokenPolicy(**OF | {"refused": True} | overrides)


def oauth_policy(**overrides: Any) -> OAuthAppPolicy:
    """An OAuth app that was refused."""
    return OAuthAppPolicy(**OF | {"refused": True} | overrides)


def approval_requests(**overrides: Any) -> TokenApprovalRequests:
    """A token that waits."""
    return TokenApprovalRequests(**OF | {"waiting": True} | overrides)


def default(**overrides: Any) -> SecurityDefault:
    """An enforced configuration for all new repositories, with everything on."""
    given: dict[str, Any] = {
        "subject": Subject("github", "security-default", "cedar-labs/0"),
        "within": CEDAR,
        "label": "Everything on",
        "which": "all",
        "enforced": True,
        "secret_scanning": "enabled",
        "push_protection": "enabled",
    }
    return SecurityDefault(**given | overrides)


def immutable(**overrides: Any) -> OrganizationImmutableReleases:
    """Releases that stay as they are, in all repositories."""
    return OrganizationImmutableReleases(**OF | {"enforced": "all"} | overrides)


def reach(**overrides: Any) -> OrganizationRulesetReach:
    """Three default branches, all of them bound."""
    return OrganizationRulesetReach(**OF | {"branches": 3, "unbound": ()} | overrides)


def sight(**overrides: Any) -> OrganizationSight:
    """A token that shows all four repositories."""
    return OrganizationSight(**OF | {"visible": 4, "whole": True} | overrides)
