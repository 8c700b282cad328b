"""What an attacker can change in a GitHub account."""

from __future__ import annotations

from hardenme.derive.attacker_changes.change import (
    ACCOUNT,
    AttackerChange,
    setting,
    things,
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

KEYS = "account-keys"
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
)
"""Every kind of change in an account; the order is that of the page."""
