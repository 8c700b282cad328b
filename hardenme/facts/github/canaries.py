"""Requests that show whether a token has a permission; all of them only read.

Each is answered by 200 wherever the permission is held, and takes no other.

Source: GitHub's list of permissions of fine-grained tokens, and its description of each endpoint.
"""

from __future__ import annotations

from hardenme.facts.github import endpoints
from hardenme.facts.github.account import EmailAddress, GpgKey, SshKey, SshSigningKey
from hardenme.facts.github.actions import OrganizationActions, RepositoryActions
from hardenme.facts.github.apps import TokenGrant
from hardenme.facts.github.environments import EnvironmentSecret
from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook
from hardenme.facts.github.organization import TokenApprovalRequests
from hardenme.facts.github.organization_roles import OrganizationRole
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)
from hardenme.facts.github.repository import ActionsSecret
from hardenme.facts.github.repository_roles import CustomRepositoryRole
from hardenme.facts.github.runners import RunnerGroup
from hardenme.facts.github.variables import OrganizationVariable

DECIDING = {
    "organization_administration:read": OrganizationActions.endpoint,
    "organization_hooks:read": OrganizationHook.endpoint,
    "organization_secrets:read": OrganizationSecret.endpoint,
    "organization_self_hosted_runners:read": RunnerGroup.endpoint,
    "members:read": endpoints.INVITATIONS,
    "administration:read": RepositoryActions.endpoint,
    "secrets:read": ActionsSecret.endpoint,
    "repository_hooks:read": RepositoryHook.endpoint,
    "actions:read": endpoints.ENVIRONMENTS,
    "contents:read": endpoints.RELEASE,
}
"""Those that many checks need: tried before a sweep, to show what it will leave unknown."""
APPS_ONLY = {
    "organization_personal_access_tokens:read": TokenGrant.endpoint,
    "organization_personal_access_token_requests:read": TokenApprovalRequests.endpoint,
}
"""Answered to the token of a GitHub App's installation and to no other."""
ACCOUNT = {
    "keys:read": SshKey.endpoint,
    "gpg_keys:read": GpgKey.endpoint,
    "git_signing_ssh_public_keys:read": SshSigningKey.endpoint,
    "emails:read": EmailAddress.endpoint,
}
"""About the account that the token acts for; an installation acts for none."""
CANARIES = {
    **DECIDING,
    "organization_custom_org_roles:read": OrganizationRole.endpoint,
    "organization_custom_roles:read": CustomRepositoryRole.endpoint,
    "organization_actions_variables:read": OrganizationVariable.endpoint,
    "organization_dependabot_secrets:read": OrganizationDependabotSecret.endpoint,
    "vulnerability_alerts:read": endpoints.DEPENDABOT.asking("per_page=1"),
    "secret_scanning_alerts:read": endpoints.SCANNING.asking("per_page=1"),
    "pull_requests:read": endpoints.PULL_REQUESTS.asking("state=all&per_page=1"),
    "metadata:read": endpoints.REPOSITORY,
    "environments:read": EnvironmentSecret.endpoint,
    **APPS_ONLY,
    **ACCOUNT,
}
"""The request for each permission that hardenme may need."""
OPEN = frozenset({"actions:read", "contents:read", "metadata:read", "pull_requests:read"})
"""Everyone gets these answers for a public repository: only a private one proves something."""
