"""What a GitHub account and an organization have: keys, people, apps, hooks, secrets, runners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hardenme.derive.inventory.items import (
    ItemSource,
    inside,
    item,
    known,
    named,
    pairs,
    some,
    thing,
    values,
)
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
from hardenme.facts.github.deliveries import HookDelivery, OrganizationDelivery
from hardenme.facts.github.hooks import OrganizationHook
from hardenme.facts.github.organization import OrganizationOwners, OrganizationVisibility
from hardenme.facts.github.organization_roles import (
    OrganizationRole,
    OrganizationRoleTeams,
    OrganizationRoleUsers,
    gives,
)
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)
from hardenme.facts.github.people import (
    MemberRepository,
    MemberTeams,
    MemberTwoFactor,
    MemberTwoFactorMethod,
    OrganizationInvitation,
    OrganizationMember,
    OutsideCollaborators,
    OutsideTwoFactor,
)
from hardenme.facts.github.runners import (
    OrganizationRunner,
    RunnerGroup,
    RunnerGroupRepositories,
    RunnerGroupRunners,
)
from hardenme.facts.github.teams import TeamAccess
from hardenme.facts.github.token import Token, TokenScopes
from hardenme.facts.github.variables import OrganizationVariable
from hardenme.model.fact import Fact
from hardenme.model.inventory import (
    ALL_REPOSITORIES,
    DELIVERY,
    OF_MEMBER,
    ROLE,
    ROLE_TEAM,
    ROLE_USER,
    InventoryItem,
)
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown

ACCOUNT = "GitHub account"
MEMBER, OWNER, OUTSIDER = "member", "owner", "outside collaborator"
GROUP, TOKEN = "runner group", "GitHub token"
RUNNER, TEAM = "self-hosted runner", "team"
INVITATION, EMAIL = "pending invitation", "email address"
HOOK = ("scheme", "host", "verifies", "has_secret", "active", "events", "created_at", "updated_at")
"""The state of a webhook, anyone who owns it."""


def delivery(fact: HookDelivery) -> Iterator[InventoryItem]:
    """A delivery of a webhook, by the time at which it was sent."""
    state = values(fact, "event", "action", "redelivery", "failing", "elsewhere")
    sent = {"at": known(fact, "delivered_at")}
    yield item(DELIVERY, fact.subject, fact.label, known(fact, "number"), state | sent)


def _gpg_key(fact: GpgKey) -> Iterator[InventoryItem]:
    parts = known(fact, "subkeys")
    subkeys = parts if isinstance(parts, Unknown) else [part.key_id for part in parts]
    state = {**values(fact, "key_id", "created_at", "expires_at", "revoked"), "subkeys": subkeys}
    yield item("GPG key", fact.subject, fact.label, known(fact, "number"), state)


def _outsiders(fact: OutsideCollaborators) -> Iterator[InventoryItem]:
    for login, number in pairs(known(fact, "logins"), known(fact, "accounts")):
        subject = inside(fact, "github:outside-collaborator", login)
        yield item(OUTSIDER, subject, login, number, {"login": login})


def _role(fact: OrganizationRole) -> Iterator[InventoryItem]:
    """An organization role, with the most that it gives on all repositories."""
    state = {**values(fact, "name", "permissions"), "gives": gives(fact)}
    yield item(ROLE, fact.subject, fact.label, known(fact, "number"), state)


def _role_users(fact: OrganizationRoleUsers) -> Iterator[InventoryItem]:
    """Each person with a role, found again by the role's number and the login."""
    number = fact.subject.name.rpartition("/")[2]
    by_team = set(some(known(fact, "by_team")))
    for login in (*some(known(fact, "direct")), *sorted(by_team)):
        subject = inside(fact, "github:organization-role-user", login)
        state = {"login": login, "role": fact.label, "number": number, "by_team": login in by_team}
        yield item(ROLE_USER, subject, login, f"{number} {login}", state)


def _role_teams(fact: OrganizationRoleTeams) -> Iterator[InventoryItem]:
    """Each team with a role, found again by the role's number and the team's name."""
    number = fact.subject.name.rpartition("/")[2]
    above = some(known(fact, "above"))
    for slug in some(known(fact, "slugs")):
        subject = inside(fact, "github:organization-role-team", slug)
        state = {"team": slug, "role": fact.label, "number": number, "above": slug in above}
        yield item(ROLE_TEAM, subject, slug, f"{number} {slug}", state)


def _runners(fact: RunnerGroupRunners) -> Iterator[InventoryItem]:
    """Whether there are any: machines that are made for one job come and go."""
    count = known(fact, "count")
    has = count if isinstance(count, Unknown) else count > 0
    yield item(GROUP, fact.subject, fact.label, None, {"has_runners": has})


def _runner(fact: OrganizationRunner) -> Iterator[InventoryItem]:
    """A runner by its name; those for one job come and go, and are one."""
    if known(fact, "one_job") is True:
        subject = Subject("github", "runner", f"{fact.within.name}/one-job")
        yield item(RUNNER, subject, "for one job", "for one job")
        return
    yield item(RUNNER, fact.subject, fact.label, known(fact, "number"), values(fact, "name"))


TABLE: Mapping[type[Fact], tuple[ItemSource, ...]] = {
    Account: (thing(ACCOUNT),),
    AccountTwoFactor: (thing(ACCOUNT, two_factor="enabled"),),
    SshKey: (thing("SSH key", "algorithm", "bits", "created_at", identity="key_id"),),
    SshSigningKey: (thing("SSH signing key", "created_at", identity="key_id"),),
    GpgKey: (ItemSource("GPG key", _gpg_key),),
    EmailAddress: (thing(EMAIL, "primary", "verified", "visibility"),),
    Membership: (thing("membership", "role", "state", identity="node_id"),),
    RepositoryInvitation: (thing(INVITATION, "repository", "permissions", "created_at"),),
    Token: (thing(TOKEN, "login", "expires_at"),),
    TokenScopes: (thing(TOKEN, scopes="granted"),),
    OrganizationMember: (thing(MEMBER, "login", "role", identity="account"),),
    MemberTwoFactor: (thing(MEMBER, identity="account", two_factor="enabled"),),
    MemberTwoFactorMethod: (thing(MEMBER, identity="account", by_text_message="insecure"),),
    MemberRepository: (thing(OF_MEMBER, "login", "created_at", "visibility", identity="number"),),
    TeamAccess: (thing(TEAM, "maintainers", "repositories", identity="number"),),
    MemberTeams: (thing(MEMBER, teams="names", lists=False),),
    OrganizationOwners: (named(OWNER, "github:member", "logins"),),
    OutsideCollaborators: (ItemSource(OUTSIDER, _outsiders, needs=("logins",)),),
    OutsideTwoFactor: (
        thing(OUTSIDER, identity="account", two_factor="enabled", by_text_message="insecure"),
    ),
    OrganizationInvitation: (thing(INVITATION, "role", "created_at", identity="number"),),
    AppInstallation: (
        thing(
            "app",
            *("app", "repository_selection", "permissions", "suspended_at"),
            *("created_at", "updated_at"),
            identity="number",
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
    # It names none by itself: whether the list of repositories is all of them.
    OrganizationVisibility: (ItemSource(ALL_REPOSITORIES, lambda _fact: (), needs=("whole",)),),
    OrganizationRole: (ItemSource(ROLE, _role),),
    OrganizationRoleUsers: (ItemSource(ROLE_USER, _role_users, needs=("direct", "by_team")),),
    OrganizationRoleTeams: (ItemSource(ROLE_TEAM, _role_teams, needs=("slugs", "above")),),
    OrganizationHook: (thing("webhook", *HOOK, identity="number"),),
    OrganizationDelivery: (ItemSource(DELIVERY, delivery),),
    OrganizationSecret: (thing("secret", "visibility", "created_at", "updated_at"),),
    OrganizationDependabotSecret: (
        thing("Dependabot secret", "visibility", "created_at", "updated_at"),
    ),
    OrganizationVariable: (thing("variable", "visibility", "created_at", "updated_at"),),
    OrganizationRunner: (ItemSource(RUNNER, _runner),),
    RunnerGroup: (
        thing(GROUP, "name", "visibility", "allows_public", "inherited", identity="number"),
    ),
    RunnerGroupRepositories: (thing(GROUP, "repositories", lists=False),),
    RunnerGroupRunners: (ItemSource(GROUP, _runners, lists=False),),
}
