"""What a presented token holds, as far as its provider lets anyone know, and what it should hold.

Nothing that was not proved is called held, and nothing that was not refused is called missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hardenme.model.permission import Permission, Scheme, classic, expand_scopes
from hardenme.model.unknown import Unknown

LEVELS = ("read", "write", "admin")
PROVIDERS = {"github": "GitHub", "npm": "npm"}
"""Whose tokens there are, and what each is called."""
ALWAYS = "metadata:read"
"""What every fine-grained token holds; it cannot be taken away."""


class PermissionStatus(StrEnum):
    """What is known about one permission."""

    HELD = "held"
    """An answer came that only its holder is given."""
    REFUSED = "refused"
    """It was refused, and named as what is missing."""
    UNTOLD = "not told"
    """Neither."""


@dataclass(frozen=True, slots=True)
class ObservedPermission:
    """One permission, and what is known about it.

    Attributes:
        permission: in the provider's words.
        standing: whether it is held.
        why: the answer that shows it, or why no answer does. It holds no secret.
    """

    permission: Permission
    standing: PermissionStatus
    why: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A read that is answered only to a token that may write.

    Attributes:
        endpoint: in the words of the provider's documentation.
        proves: the permission that the answer proves.
    """

    endpoint: str
    proves: Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token holds.

    Attributes:
        provider: `github` or `npm`.
        kind: the kind of token, in the words of the facts.
        identity: for whom it acts; None for no one, as the token of an installation.
        expires_at: its end; None if it has none.
        scopes: of a classic GitHub token or an OAuth app's, as listed; None for other kinds.
        permissions: what is known about individual permissions; empty where scopes show it.
        writes: what was answered that GitHub shows only to a token that can write.
        whole: there is nothing else that it holds.
        tried_at: the owner and the repository that its permissions were tried at.
        requests: how many requests it took to find out.
        refused: why the token is of no use, or why nothing is known; None if it was accepted.
    """

    provider: str
    kind: str | Unknown
    identity: str | Unknown | None
    expires_at: datetime | Unknown | None
    scopes: frozenset[str] | None = None
    permissions: tuple[ObservedPermission, ...] = ()
    writes: tuple[Witness, ...] = ()
    whole: bool = False
    tried_at: tuple[str, ...] = ()
    requests: int = 0
    refused: Unknown | None = None

    @property
    def held(self) -> frozenset[Permission]:
        """All that is proved to be held: scopes with what they include, and rights that write."""
        scopes = {classic(name) for name in expand_scopes(self.scopes or ())}
        told = {
            item.permission for item in self.permissions if item.standing is PermissionStatus.HELD
        }
        return frozenset(scopes | told | {witness.proves for witness in self.writes})

    def standing(self, permission: Permission) -> ObservedPermission:
        """What is known about one permission."""
        if any(_covers(held, permission) for held in self.held):
            why = next(
                (item.why for item in self.permissions if _covers(item.permission, permission)),
                "" if permission.scheme is Scheme.CLASSIC else "a right to write includes it",
            )
            return ObservedPermission(
                permission, PermissionStatus.HELD, why or "the token lists its scopes"
            )
        own = next((item for item in self.permissions if item.permission == permission), None)
        if own is not None:
            return own
        if self.refused is not None:
            return ObservedPermission(
                permission, PermissionStatus.UNTOLD, self.refused.seen or self.refused.needed
            )
        if permission.scheme is Scheme.ROLE:
            return ObservedPermission(
                permission, PermissionStatus.UNTOLD, "a role is the account's, not the token's"
            )
        if permission.scheme is Scheme.CLASSIC and self.scopes is not None:
            return ObservedPermission(
                permission, PermissionStatus.REFUSED, "the token's scopes do not include it"
            )
        if isinstance(self.kind, Unknown):
            return ObservedPermission(
                permission, PermissionStatus.UNTOLD, "the kind of the token is not shown"
            )
        if permission.scheme is not self.scheme:
            return ObservedPermission(
                permission, PermissionStatus.UNTOLD, "a token of this kind has no such permission"
            )
        if self.whole:
            return ObservedPermission(
                permission, PermissionStatus.REFUSED, "it is not among what the token holds"
            )
        return ObservedPermission(permission, PermissionStatus.UNTOLD, "no answer shows it")

    @property
    def scheme(self) -> Scheme:
        """In which system of rights the token is spelled."""
        if self.provider == "npm":
            return Scheme.NPM
        return Scheme.FINE_GRAINED if self.scopes is None else Scheme.CLASSIC


@dataclass(frozen=True, slots=True)
class Surplus:
    """The rights of a token beyond the needed ones.

    Attributes:
        held: proved to be held, and not needed; scopes as the token lists them.
        writes: proved to write what hardenme never writes.
        untold: what cannot be known, as a sentence; empty where everything is.
    """

    held: tuple[Permission, ...]
    writes: tuple[Witness, ...]
    untold: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The needed rights that a token lacks.

    Attributes:
        missing: proved not to be held.
        untold: permissions that may or may not be held, each with the reason why that is not known.
    """

    missing: tuple[Permission, ...]
    untold: tuple[ObservedPermission, ...]


def surplus(grant: Grant, needed: Iterable[Permission]) -> Surplus:
    """What the token holds and nothing needs."""
    wanted = frozenset(needed)
    enough = {classic(name) for name in expand_scopes(_names(wanted))} | wanted
    held = (
        {classic(name) for name in grant.scopes or ()} if grant.scopes is not None else grant.held
    )
    beyond = {item for item in held if item not in enough and item.name != ALWAYS}
    # The right to read, which a proved right to write includes, needs no line of its own.
    beyond = {item for item in beyond if not any(_above(other, item) for other in beyond)}
    untold = "" if grant.whole else f"{PROVIDERS[grant.provider]} does not show what else it holds"
    return Surplus(tuple(sorted(beyond)), grant.writes, untold)


def shortfall(grant: Grant, needed: Iterable[Permission]) -> Shortfall:
    """What is needed and the token lacks, or may lack."""
    told = [grant.standing(item) for item in sorted(frozenset(needed))]
    return Shortfall(
        tuple(item.permission for item in told if item.standing is PermissionStatus.REFUSED),
        tuple(item for item in told if item.standing is PermissionStatus.UNTOLD),
    )


def includes(held: str, wanted: str) -> bool:
    """Whether a permission, like `members:write`, is another one or more than it."""
    name, _, level = held.rpartition(":")
    other, _, least = wanted.rpartition(":")
    known = level in LEVELS and least in LEVELS
    return held == wanted or (
        name == other and known and LEVELS.index(level) >= LEVELS.index(least)
    )


def _covers(held: Permission, wanted: Permission) -> bool:
    if held.scheme is not wanted.scheme:
        return False
    graded = held.scheme in {Scheme.FINE_GRAINED, Scheme.NPM}
    return includes(held.name, wanted.name) if graded else held == wanted


def _above(held: Permission, other: Permission) -> bool:
    return held != other and held.scheme is not Scheme.CLASSIC and _covers(held, other)


def _names(permissions: Iterable[Permission]) -> Iterable[str]:
    return (item.name for item in permissions if item.scheme is Scheme.CLASSIC)
