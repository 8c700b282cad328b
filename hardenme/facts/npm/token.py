"""The npm account's listed tokens.

A function takes an entry of the list. It raises KeyError for what is not there, ValueError and
TypeError for what is not understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hardenme.facts.npm import endpoints
from hardenme.facts.npm.account import GRANULAR, SESSION, NpmAccount
from hardenme.facts.npm.addresses import readable
from hardenme.facts.npm.rights import SESSION_ALONE
from hardenme.facts.npm.site import NpmFact
from hardenme.ground.errors import ContentError
from hardenme.model.fact import key
from hardenme.model.values import at, listed, moment, text

Token = Mapping[str, Any]
BYPASS_PUBLISHING_ENDS = datetime(2027, 1, 1, tzinfo=UTC)
"""When tokens that bypass 2FA are to stop publishing.

npm names the month as its target and no day, so the first is counted to. Source: GitHub's
changelog of 2026-07-08 on install-time security and the end of bypass tokens.
"""


ALL = "*"
"""The name of every package, or of every scope."""
RIGHTS = (("package", "read"), ("package", "write"), ("org", "read"), ("org", "write"))
PERMISSIONS = ("permissions", "permissions/name", "permissions/action")
SCOPES = ("scopes", "scopes/type", "scopes/name")
OF_GRANULAR = ("permissions", "scopes", "expiry", "expires", "bypass_2fa")
"""Keys that granular tokens have."""
READ_ONLY = "granular, read-only"
READ_WRITE = "granular, read-write"
STAGE_ONLY = "granular, stage-only"
BYPASS = "granular, bypasses 2FA"
PRESENTED_KINDS = (SESSION, READ_ONLY, READ_WRITE, STAGE_ONLY, BYPASS, GRANULAR)
"""The kinds of token that may be presented; the last where its rights are not shown."""


def rights(token: Token) -> frozenset[tuple[str, str]]:
    """The pairs of name and action; without the list, `readonly: true` proves that none writes."""
    if "permissions" not in token and token.get("readonly") is True:
        return frozenset()
    pairs = frozenset((one["name"], one["action"]) for one in listed(token["permissions"]))
    if not pairs <= {*RIGHTS}:
        raise ValueError("a right that is not known")
    return pairs


def writes(name: str) -> Callable[[Token], bool]:
    """Whether a token may change packages, or organizations."""
    return lambda token: (name, "write") in rights(token)


def writes_something(token: Token) -> bool:
    """Whether a token may change packages, organizations or teams."""
    return any(action == "write" for _, action in rights(token))


def is_classic(token: Token) -> bool:
    """Whether an entry has nothing of what each granular token has."""
    if not any(name in token for name in OF_GRANULAR):
        return True
    listed(token["permissions"])
    return False


def named(token: Token, *kinds: str) -> frozenset[str]:
    """The names of some kinds among the scopes of a token."""
    pairs = [(one["type"], text(one["name"])) for one in listed(token["scopes"])]
    for kind, name in pairs:
        # A pattern may well hold every package.
        if kind not in {"package", "org", "scope"} or ("*" in name and name != ALL):
            raise ValueError("a scope that is not known")
    return frozenset(name for kind, name in pairs if kind in kinds)


def all_packages(token: Token) -> bool:
    """Take a star, a whole scope, or no package at all for all packages.

    How the registry writes "all packages" is not documented.
    """
    packages = named(token, "package")
    return ALL in packages or not packages or bool(named(token, "scope"))


def unlimited(token: Token) -> bool:
    """Whether a token names neither a package nor a scope."""
    found = named(token, "package", "scope")
    return ALL in found or not found


def policy(token: Token) -> str:
    """How it publishes. Only newer answers say it, so that none counts as free to publish."""
    said = token.get("publish_policy")
    return "unstated" if said is None else text(said)


def end(token: Token) -> datetime | None:
    """When a token ends: registries write it under one of two names."""
    name = _spelled(token, "expiry", "expires")
    return None if token[name] is None else at(name, moment, token[name])


def ranges(token: Token) -> tuple[str, ...]:
    """The address ranges that a token is bound to, under one of two names."""
    name = _spelled(token, "cidr", "cidr_whitelist")
    said = [] if token[name] is None else listed(token[name])
    if not all(isinstance(part, str) and readable(part) for part in said):
        raise ContentError(name)
    return tuple(said)


def _spelled(token: Token, name: str, other: str) -> str:
    return other if other in token and name not in token else name


def was_revoked(token: Token) -> bool:
    """Whether it was withdrawn: a time, or yes and no."""
    said = token["revoked"]
    return said if isinstance(said, bool) else said is not None and bool(moment(said))


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmToken(NpmFact):
    """A token of the account (subject `npm:token/ID`); never its value.

    Attributes:
        token_key: the id by which it is revoked.
        name: what its owner called it; None if it has no name.
        shown: the ends of the value that the registry shows.
        presented: it is, by these ends, the token that hardenme was given.
        classic: it has the format of the classic tokens that npm withdrew.
        package_write: it may publish or change packages.
        publish_policy: `stage_only` where what it publishes waits for a person's approval;
            `unstated` where the list does not say, which counts as free to publish.
        organization_write: it may change organizations and teams.
        bypass: it publishes without 2FA.
        all_packages: it writes to every package, or to a whole scope.
        unlimited: it names neither a package nor a scope, so that it writes all that the account
            may write.
        packages: the packages that it names.
        scopes: the scopes and organizations that it names.
        created_at: when it was made.
        expires_at: None for never.
        last_used: None for never.
        cidr: the address ranges that it is bound to; empty for anywhere.
        revoked: it was withdrawn.
    """

    requirement = SESSION_ALONE
    endpoint = endpoints.TOKENS
    noun = "listed token"
    roots = ("npm:user",)
    listed_by = NpmAccount
    everywhere = True

    token_key: str = key("key")
    name: str | None = key("name", nullable=True)
    shown: str = key("token")
    presented: bool = key("token", hand=True)
    classic: bool = key("permissions", by=is_classic, beside=True)
    package_write: bool = key(
        *PERMISSIONS, by=writes("package"), beside=True, optional=("readonly",)
    )
    publish_policy: str = key("publish_policy", nullable=True, by=policy, beside=True)
    organization_write: bool = key(
        *PERMISSIONS, by=writes("org"), beside=True, optional=("readonly",)
    )
    bypass: bool = key("bypass_2fa")
    all_packages: bool = key(*SCOPES, by=all_packages, beside=True)
    unlimited: bool = key(*SCOPES, by=unlimited, beside=True)
    packages: frozenset[str] = key(
        *SCOPES, by=lambda token: named(token, "package") - {ALL}, beside=True
    )
    scopes: frozenset[str] = key(
        *SCOPES, by=lambda token: named(token, "scope", "org"), beside=True
    )
    created_at: datetime = key("created")
    expires_at: datetime | None = key("expiry", "expires", nullable=True, by=end, beside=True)
    last_used: datetime | None = key("accessed", nullable=True)
    cidr: tuple[str, ...] = key("cidr", "cidr_whitelist", nullable=True, by=ranges, beside=True)
    revoked: bool = key("revoked", nullable=True, by=was_revoked, beside=True)

    @property
    def writes(self) -> bool:
        """It may change packages, organizations or teams."""
        return self.package_write or self.organization_write

    @property
    def stage_only(self) -> bool:
        """What it publishes waits for a person's approval."""
        return self.publish_policy == "stage_only"
