"""The npm account and the token that asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.facts.npm import endpoints
from hardenme.facts.npm.rights import SESSION_ALONE
from hardenme.facts.npm.site import NpmFact
from hardenme.ground.errors import ContentError
from hardenme.model.fact import key
from hardenme.model.permission import NOTHING

SESSION = "session"
GRANULAR = "granular"
UNLISTED = "unlisted"
"""A token that cannot read the list of tokens: a scoped granular one, or one of another kind."""

WEAK = frozenset({"off", "pending"})
"""Modes in which the account has no 2FA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmAccount(NpmFact):
    """Who the account is (subject `npm:user/LOGIN`).

    Attributes:
        name: the account's name.
    """

    requirement = NOTHING
    roots = ("npm:user",)
    endpoint = endpoints.WHOAMI

    name: str = key("username")


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmProfile(NpmFact):
    """The account's own profile (subject `npm:user/LOGIN`).

    Attributes:
        email: the address that password resets go to.
        email_verified: its owner answered.
    """

    requirement = SESSION_ALONE
    roots = ("npm:user",)
    endpoint = endpoints.PROFILE

    email: str = key("email")
    email_verified: bool = key("email_verified")


MODES = ("auth-only", "auth-and-writes")


def second_factor(profile: Mapping[str, Any]) -> str:
    """The mode of 2FA.

    Source: npm's description of the profile, in which null and false are off.

    Raises:
        KeyError: it is not there.
        ContentError: it is not understood.
    """
    said = profile["tfa"]
    if said is None or said is False:
        return "off"
    if not isinstance(said, dict) or not isinstance(said["pending"], bool):
        raise ContentError("tfa")
    if said["pending"]:
        return "pending"
    if said["mode"] not in MODES:
        raise ContentError("mode")
    return str(said["mode"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmTwoFactor(NpmFact):
    """The account's 2FA mode, as npm shows it to a session token (subject `npm:user/LOGIN`).

    Other tokens may get a false `false`, so their answer is not used.

    Attributes:
        mode: `off`, `pending`, `auth-only` or `auth-and-writes`.
    """

    requirement = SESSION_ALONE
    roots = ("npm:user",)
    endpoint = endpoints.SECOND_FACTOR

    mode: str = key("tfa", "tfa/mode", "tfa/pending", by=second_factor, beside=True)
