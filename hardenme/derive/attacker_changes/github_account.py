"""What an attacker can change in a GitHub account."""

from __future__ import annotations

from hardenme.derive.attacker_changes.change import (
    ACCOUNT,
    AUDIT_LOG,
    ITS_OWN_WRITE,
    NO_API,
    NOT_READ,
    AttackerChange,
    setting,
    things,
    unread,
)
from hardenme.derive.inventory.account import ACCOUNT as ITEM
from hardenme.derive.inventory.account import EMAIL, INVITATION
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
from hardenme.facts.github.repository import Repository

KEYS, LOG = "account-keys", "account-security-log"
CREATED = "created_at"
CHANGES: tuple[AttackerChange, ...] = (
    things("ssh-key", ACCOUNT, "SSH key", "SSH keys", SshKey, made=CREATED, page=KEYS),
    things(
        *("ssh-signing-key", ACCOUNT, "SSH signing key", "SSH signing keys", SshSigningKey),
        made=CREATED,
        page=KEYS,
    ),
    things("gpg-key", ACCOUNT, "GPG key", "GPG keys", GpgKey, made=CREATED, page=KEYS),
    things(
        *("email-address", ACCOUNT, EMAIL, "email addresses", EmailAddress),
        fields=("primary", "verified"),
        page="account-emails",
    ),
    things(
        *("membership", ACCOUNT, "membership", "memberships", Membership),
        fields=("role", "state"),
        page="account-organizations",
    ),
    things(
        *("account-invitation", ACCOUNT, INVITATION, "invitations to you", RepositoryInvitation),
        made=CREATED,
        why="one that was accepted is no longer listed",
        page="account-organizations",
    ),
    things(
        *("own-repository", ACCOUNT, "repository", "repositories", Repository),
        made=CREATED,
        fields=("visibility", "archived", "default_branch", "name"),
        why="a repository that was deleted and one that is hidden from the token look alike",
        page="account-repositories",
    ),
    setting(
        *("account-two-factor", ACCOUNT, ITEM, "2FA of the account", Account, AccountTwoFactor),
        fields=("two_factor",),
        weaker={"two_factor": (True, False)},
        page="account-security",
    ),
    unread(
        *("two-factor-method", ACCOUNT, "2FA methods, passkeys and recovery codes", NO_API),
        page="account-security",
        no_api=True,
    ),
    unread(*("password", ACCOUNT, "password changes and sign-ins", NO_API), page=LOG, no_api=True),
    unread("session", ACCOUNT, "signed-in sessions", NO_API, page="account-sessions", no_api=True),
    unread(
        *("own-fine-grained-token", ACCOUNT, "your own fine-grained tokens", NO_API),
        page="account-fine-grained-tokens",
        no_api=True,
    ),
    unread(
        *("own-classic-token", ACCOUNT, "your own classic tokens", NO_API),
        page="account-classic-tokens",
        no_api=True,
    ),
    unread(
        *("oauth-grant", ACCOUNT, "authorized OAuth apps", NO_API),
        page="account-oauth-grants",
        no_api=True,
    ),
    unread(
        *("app-grant", ACCOUNT, "authorized and installed GitHub Apps of the account", NO_API),
        page="account-app-grants",
        no_api=True,
    ),
    unread(
        *("owned-app-key", ACCOUNT, "private keys and secrets of apps that you own", NO_API),
        page="account-owned-apps",
        no_api=True,
    ),
    unread(
        *("successor", ACCOUNT, "the account's successor", NO_API),
        page="account-settings",
        no_api=True,
    ),
    unread(
        *("account-codespaces-secret", ACCOUNT, "your Codespaces secrets", ITS_OWN_WRITE),
        source="GET /user/codespaces/secrets",
        permission="codespaces_user_secrets:write (fine-grained token)",
        page="account-codespaces",
    ),
    unread(
        *("gist", ACCOUNT, "gists", NOT_READ),
        source="GET /gists",
        permission="the scope gist (classic token)",
    ),
    unread(
        *("account-log", ACCOUNT, "what the security log shows", AUDIT_LOG),
        source="the page Settings → Security log",
        page=LOG,
        no_api=True,
    ),
)
"""Every kind of change in an account; the order is that of the page."""
