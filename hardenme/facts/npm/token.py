"""The npm account's listed tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from hardenme.facts.npm.account import GRANULAR, SESSION, NpmAccount
from hardenme.facts.npm.rights import SESSION_ALONE
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement

BYPASS_PUBLISHING_ENDS = datetime(2027, 1, 1, tzinfo=UTC)
"""When tokens that bypass the second factor are to stop publishing.

npm names the month as its target and no day, so the first is counted to. Source: GitHub's
changelog of 2026-07-08 on install-time security and the end of bypass tokens.
"""


READ_ONLY = "granular, read-only"
READ_WRITE = "granular, read-write"
STAGE_ONLY = "granular, stage-only"
BYPASS = "granular, bypasses the second factor"
PRESENTED_KINDS = (SESSION, READ_ONLY, READ_WRITE, STAGE_ONLY, BYPASS, GRANULAR)
"""The kinds of token that may be presented; the last where its rights are not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmToken(NpmFact):
    """A token of the account (subject `npm:token/KEY`); never its value.

    Attributes:
        token_key: the id by which it is revoked.
        name: what its owner called it; None where it has no name.
        shown: the ends of the value that the registry shows.
        presented: it is, by these ends, the token that hardenme was given.
        classic: it has the shape of the classic tokens that npm withdrew.
        package_write: it may publish or change packages.
        publish_policy: `stage_only` where what it publishes waits for a person's approval;
            `unstated` where the list does not say, which counts as free to publish.
        organization_write: it may change organizations and teams.
        bypass: it publishes without a second factor.
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

    requirement: ClassVar[Requirement] = SESSION_ALONE
    source: ClassVar[str] = "GET /-/npm/v1/tokens"
    noun: ClassVar[str] = "listed token"
    listed_by: ClassVar[type[Fact] | None] = NpmAccount
    everywhere: ClassVar[bool] = True

    token_key: str = key("key")
    name: str | None = key("name", nullable=True)
    shown: str = key("token")
    presented: bool = key("token")
    classic: bool = key()
    package_write: bool = key("permissions", "action")
    publish_policy: str = key("publish_policy", nullable=True)
    organization_write: bool = key("permissions", "action")
    bypass: bool = key("bypass_2fa")
    all_packages: bool = key("scopes", "type")
    unlimited: bool = key("scopes", "type")
    packages: frozenset[str] = key("scopes", "type")
    scopes: frozenset[str] = key("scopes", "type")
    created_at: datetime = key("created")
    expires_at: datetime | None = key("expiry", "expires", nullable=True)
    last_used: datetime | None = key("accessed", nullable=True)
    cidr: tuple[str, ...] = key("cidr", "cidr_whitelist", nullable=True)
    revoked: bool = key("revoked", nullable=True)

    @property
    def writes(self) -> bool:
        """It may change packages, organizations or teams."""
        return self.package_write or self.organization_write

    @property
    def stage_only(self) -> bool:
        """What it publishes waits for a person's approval."""
        return self.publish_policy == "stage_only"
