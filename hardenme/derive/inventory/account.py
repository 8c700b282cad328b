"""What a GitHub account and an organization have: keys, people, apps, hooks, secrets, runners."""

from __future__ import annotations

from collections.abc import Mapping

from hardenme.derive.inventory.making import Source, named, thing
from hardenme.facts.github.account import (
    Account,
    AccountTwoFactor,
    EmailAddress,
    GpgKey,
    Membership,
    RepositoryInvitation,
    SshKey,
    SshSigningKey,
)
from hardenme.facts.github.apps import AppInstallation, SsoCredential, TokenGrant
from hardenme.facts.github.hooks import OrganizationHook
from hardenme.facts.github.organization import (
    OrganizationOwners,
    OrganizationPrivileges,
    OrganizationSecurity,
)
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)
from hardenme.facts.github.people import (
    MemberTeams,
    MemberTwoFactor,
    MemberTwoFactorMethod,
    OrganizationInvitation,
    OrganizationMember,
    OutsideCollaborators,
    OutsideTwoFactor,
)
from hardenme.facts.github.runners import (
    RunnerGroup,
    RunnerGroupRepositories,
    RunnerGroupRunners,
)
from hardenme.facts.github.token import Token, TokenScopes
from hardenme.model.fact import Fact

ACCOUNT, ORGANIZATION = "GitHub account", "organization"
MEMBER, OWNER, OUTSIDER = "member", "owner", "outside collaborator"
GROUP, TOKEN = "runner group", "GitHub token"
INVITATION = "pending invitation"

TABLE: Mapping[type[Fact], tuple[Source, ...]] = {
    Account: (thing(ACCOUNT),),
    AccountTwoFactor: (thing(ACCOUNT, two_factor="enabled"),),
    SshKey: (thing("SSH key", "algorithm", "bits", "created_at", identity="key_id"),),
    SshSigningKey: (thing("SSH signing key", "created_at", identity="key_id"),),
    GpgKey: (thing("GPG key", "key_id", "expires_at", "revoked", identity="number"),),
    EmailAddress: (thing("e-mail address", "primary", "verified", "visibility"),),
    Membership: (thing("membership", "role", "state", identity="node_id"),),
    RepositoryInvitation: (thing(INVITATION, "repository", "permissions", "created_at"),),
    Token: (thing(TOKEN, "login", "expires_at"),),
    TokenScopes: (thing(TOKEN, scopes="granted"),),
    OrganizationSecurity: (thing(ORGANIZATION, "two_factor_required"),),
    OrganizationPrivileges: (thing(ORGANIZATION, "base_permission"),),
    OrganizationMember: (thing(MEMBER, "login", "role"),),
    MemberTwoFactor: (thing(MEMBER, two_factor="enabled"),),
    MemberTwoFactorMethod: (thing(MEMBER, by_text_message="insecure"),),
    MemberTeams: (thing(MEMBER, teams="names", lists=False),),
    OrganizationOwners: (named(OWNER, "github:member", "logins"),),
    OutsideCollaborators: (named(OUTSIDER, "github:outside-collaborator", "logins"),),
    OutsideTwoFactor: (thing(OUTSIDER, two_factor="enabled", by_text_message="insecure"),),
    OrganizationInvitation: (thing(INVITATION, "role", "created_at", identity="number"),),
    AppInstallation: (
        thing(
            "app", "app", "repository_selection", "permissions", "suspended_at", identity="number"
        ),
    ),
    TokenGrant: (
        thing(
            "fine-grained token of a member",
            *("login", "repository_selection", "permissions", "granted_at", "expires_at"),
            identity="number",
        ),
    ),
    SsoCredential: (
        thing(
            "credential for single sign-on",
            *("login", "scopes", "authorized_at", "expires_at"),
            identity="number",
            type="kind",
        ),
    ),
    OrganizationHook: (
        thing("webhook", "scheme", "host", "verifies", "has_secret", identity="number"),
    ),
    OrganizationSecret: (thing("secret", "visibility", "updated_at"),),
    OrganizationDependabotSecret: (thing("Dependabot secret", "visibility", "updated_at"),),
    RunnerGroup: (
        thing(GROUP, "name", "visibility", "allows_public", "inherited", identity="number"),
    ),
    RunnerGroupRepositories: (thing(GROUP, "repositories", lists=False),),
    RunnerGroupRunners: (thing(GROUP, lists=False),),
}
