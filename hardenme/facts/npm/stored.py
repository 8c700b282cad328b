"""Tokens of the npm account that lie in a settings file of this workstation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.facts.local.npmrc import NpmrcSecrets
from hardenme.facts.npm import endpoints
from hardenme.facts.npm.rights import SESSION_ALONE
from hardenme.facts.npm.site import NpmFact
from hardenme.facts.npm.token import PERMISSIONS, end, was_revoked, writes_something
from hardenme.model.fact import given, key


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken(NpmFact):
    """A token in a settings file, found in the account's list (subject `local:npmrc-token/PATH:N`).

    N is the line. It is found by the ends that the registry shows; the value is neither kept nor
    sent anywhere for it.

    Attributes:
        line: its line, counted from 1.
        path: the file, as `~/…`.
        level: the file's, as in `NpmrcFile`.
        setting: the key, as npm's command line takes it; empty if it cannot take it.
        session: it is the session of `npm login`, which the list does not name.
        token_key: the id by which it is revoked; empty for a session.
        writes: it may change packages, organizations or teams.
        bypass: it publishes without 2FA.
        expires_at: None for never, and for a session.
        revoked: it was withdrawn.
    """

    requirement = SESSION_ALONE
    endpoint = endpoints.TOKENS
    noun = "npm token in a file"
    listed_by = NpmrcSecrets

    line: int = given("NpmrcSecrets")
    path: str = given("NpmrcSecrets")
    level: str = given("NpmrcSecrets")
    setting: str = given("NpmrcSecrets")
    session: bool = key("token", hand=True)
    token_key: str = key("key")
    writes: bool = key(*PERMISSIONS, by=writes_something, beside=True, optional=("readonly",))
    bypass: bool = key("bypass_2fa")
    expires_at: datetime | None = key("expiry", "expires", nullable=True, by=end, beside=True)
    revoked: bool = key("revoked", nullable=True, by=was_revoked, beside=True)
