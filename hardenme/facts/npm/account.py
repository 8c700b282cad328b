"""The npm account and the token that asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.npm.rights import SESSION_ALONE
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import key
from hardenme.model.permission import NOTHING, Requirement

SESSION = "session"
GRANULAR = "granular"
UNLISTED = "unlisted"
"""A token that cannot read the list of tokens: a scoped granular one, or one of another kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmAccount(NpmFact):
    """Who the account is (subject `npm:user/NAME`).

    Attributes:
        name: the account's name.
    """

    requirement: ClassVar[Requirement] = NOTHING
    roots: ClassVar[tuple[str, ...]] = ("npm:user",)
    source: ClassVar[str] = "GET /-/whoami"

    name: str = key("username")


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmProfile(NpmFact):
    """The account's own profile.

    Attributes:
        email: the address that password resets go to.
        email_verified: its owner answered.
    """

    requirement: ClassVar[Requirement] = SESSION_ALONE
    roots: ClassVar[tuple[str, ...]] = ("npm:user",)
    source: ClassVar[str] = "GET /-/npm/v1/user"

    email: str = key("email")
    email_verified: bool = key("email_verified")


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTwoFactor(NpmFact):
    """The account's second factor, as a session token sees it.

    Other tokens may be told a false `false`, so their answer is not taken.

    Attributes:
        mode: `off`, `pending`, `auth-only` or `auth-and-writes`.
    """

    requirement: ClassVar[Requirement] = SESSION_ALONE
    roots: ClassVar[tuple[str, ...]] = ("npm:user",)
    source: ClassVar[str] = "GET /-/npm/v1/user"

    mode: str = key("tfa", "mode", "pending")
