"""Valid facts about an organization, all in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.access_policies import OrganizationIpAllowList, OrganizationSignOn
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
    OrganizationVisibility,
    SecurityDefault,
    TokenApprovalRequests,
)
from hardenme.model.subject import Subject
from tests.factories.given import made

CEDAR = Subject("github", "org", "cedar-labs")
OF: dict[str, Any] = {"subject": CEDAR, "within": CEDAR, "label": "cedar-labs"}


profile = made(OrganizationProfile, OF, verified=True)
"""An organization with a verified domain."""
security = made(OrganizationSecurity, OF, two_factor_required=True)
"""An organization that demands a second factor."""
plan = made(OrganizationPlan, OF, locks_actions=True, enterprise_cloud=True, paid=True)
"""An organization on Enterprise Cloud."""
privileges = made(
    OrganizationPrivileges,
    OF,
    base_permission="none",
    create_public=False,
    delete_repositories=False,
    change_visibility=False,
    invite_outsiders=False,
    fork_private=False,
    delete_issues=False,
    deploy_keys=False,
)
"""Members who may do nothing by themselves."""


def owners(*logins: str, **overrides: Any) -> OrganizationOwners:
    """The owners of those names; two where none is given."""
    return OrganizationOwners(**OF | {"logins": logins or ("alder", "linden")} | overrides)


classic_policy = made(ClassicTokenPolicy, OF, refused=True)
"""A classic token that was refused."""
oauth_policy = made(OAuthAppPolicy, OF, refused=True)
"""An OAuth app that was refused."""
approval_requests = made(TokenApprovalRequests, OF, waiting=True)
"""A token that waits."""
default = made(
    SecurityDefault,
    subject=Subject("github", "security-default", "cedar-labs/0"),
    within=CEDAR,
    label="Everything on",
    which="all",
    enforced=True,
    secret_scanning="enabled",
    push_protection="enabled",
)
"""An enforced configuration for all new repositories, with everything on."""
immutable = made(OrganizationImmutableReleases, OF, enforced="all")
"""Releases that stay as they are, in all repositories."""
reach = made(OrganizationRulesetReach, OF, branches=3, unbound=())
"""Three default branches, all of them bound."""
sight = made(OrganizationVisibility, OF, visible=4, whole=True)
"""A token that shows all four repositories."""
sign_on = made(OrganizationSignOn, OF, provider=True)
"""An organization with an identity provider."""
addresses = made(OrganizationIpAllowList, OF, enabled=True, from_apps=False, open_to=())
"""An IP allow list that leaves out addresses."""
