"""What an attacker can change in a GitHub account."""

from __future__ import annotations

from functools import partial

from hardenme.derive.attacker_changes.change import (
    ACCOUNT,
    ON_OFF,
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
_things = partial(things, ACCOUNT)
_setting = partial(setting, ACCOUNT)
CHANGES: tuple[AttackerChange, ...] = (
    _things("ssh-key", KEYS, "SSH key", "SSH keys", SshKey, made=CREATED),
    _things(
        "ssh-signing-key", KEYS, "SSH signing key", "SSH signing keys", SshSigningKey, made=CREATED
    ),
    _things("gpg-key", KEYS, "GPG key", "GPG keys", GpgKey, made=CREATED),
    _things(
        *("email-address", "account-emails", EMAIL, "email addresses", EmailAddress),
        fields=("primary", "verified"),
    ),
    _things(
        *("membership", "account-organizations", "membership", "memberships", Membership),
        fields=("role", "state"),
    ),
    _things(
        *("account-invitation", "account-organizations", INVITATION, "invitations to you"),
        RepositoryInvitation,
        made=CREATED,
        why="one that was accepted is no longer listed",
    ),
    _things(
        *("own-repository", "account-repositories", "repository", "repositories", Repository),
        made=CREATED,
        fields=("visibility", "archived", "default_branch", "name"),
        why="a repository that was deleted and one that is hidden from the token look alike",
    ),
    _setting(
        *("account-two-factor", "account-security", ITEM, "2FA of the account", Account),
        AccountTwoFactor,
        fields={"two_factor": ON_OFF},
    ),
)
"""Every kind of change in an account; the order is that of the page."""
