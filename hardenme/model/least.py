"""The least token: which rights a selection of checks takes, and what stays unknown with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hardenme.model.permission import expand_scopes

LEVELS = ("read", "write", "admin")
"""The levels of a permission, each including those before it."""


@cache
def covered(name: str) -> frozenset[str]:
    """A right and all that it includes: lower levels of a permission, or scopes within a scope."""
    head, colon, level = name.rpartition(":")
    if colon and level in LEVELS and head not in LEVELS:
        lower = LEVELS[: LEVELS.index(level) + 1]
        return frozenset(f"{head}:{item}" for item in lower)
    return expand_scopes({name})


def all_covered(names: Iterable[str]) -> frozenset[str]:
    """These rights and all that they include."""
    return frozenset[str]().union(*map(covered, names))


PUBLIC, SELECTED, ALL = "public", "selected", "all"
"""Which repositories a token is given: none but what is public, those that are named, or all."""


@dataclass(frozen=True, slots=True)
class Right:
    """One right of a token, and what it is for.

    Attributes:
        name: in the provider's words: `members:read`, `read:org`, `org:read`.
        place: where it holds: `account`, `repository` or `organization`; empty for a scope, which
            holds everywhere, and for npm.
        needed: the codes of the checks that cannot be answered without it.
        more: the codes of those that answer in more cases with it.
        changes: what it lets its holder change; empty if it only reads.
        linked: whether it is filled in on the page that the token's link opens.
    """

    name: str
    place: str = ""
    needed: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    changes: str = ""
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What the account behind a token must be, and the codes of the checks that take it."""

    name: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that stays unknown.

    Attributes:
        why: what it would take, in words.
        checks: the codes that it concerns.
        whole: whether these are unknown for it; if not, they are answered in fewer cases.
    """

    why: str
    checks: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastToken:
    """The least token of one kind.

    Attributes:
        provider: `github` or `npm`.
        kind: of the token, like `fine-grained`, `installation`, `classic`, `session`.
        owner: whose data it reads, where a token reads one owner's only; empty for the account's
            own, or for everyone's.
        web: the address of the host's web pages; of the registry for npm.
        targets: what it is used for, in the user's words.
        checks: the codes that ask with it.
        answered: those of them that it answers, at least in part. If it answers none it is not
            worth making, and no instructions are given.
        rights: what it must hold.
        reach: which repositories it is to be given, as `public`, `selected` or `all`; empty if a
            token of its kind is given none by name.
        repositories: their `owner/name`, where it is to be given some and not all.
        roles: what the account must be.
        gaps: what no token of this kind can read.
        refused: what takes a right that hardenme does not ask for.
        link: the prefilled page on which it is made; empty if there is none.
        page: the page on which it is made by hand.
        command: the command that makes it; empty if there is none.
        store: the command that stores it in the keyring; empty if it is not kept there.
        manifest: of a GitHub App; empty for other kinds.
    """

    provider: str
    kind: str
    owner: str = ""
    web: str
    targets: tuple[str, ...]
    checks: tuple[str, ...]
    answered: tuple[str, ...] = ()
    rights: tuple[Right, ...] = ()
    reach: str = ""
    repositories: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    gaps: tuple[Gap, ...] = ()
    refused: tuple[Gap, ...] = ()
    link: str = ""
    page: str = ""
    command: str = ""
    store: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The names of all rights."""
        return frozenset(right.name for right in self.rights)

    def lacks(self, held: Iterable[str]) -> tuple[Right, ...]:
        """The rights that a token with these does not hold."""
        have = all_covered(held)
        return tuple(right for right in self.rights if right.name not in have)

    def surplus(self, held: Iterable[str]) -> tuple[str, ...]:
        """What a token holds beyond these rights."""
        enough = all_covered(self.names)
        return tuple(sorted(name for name in set(held) if name not in enough))


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """All that a selection takes.

    Attributes:
        targets: in the user's words.
        depth: how deep a run asks.
        checks: the codes that concern the targets.
        tokens: the least token of every kind that can be used.
        free: the codes that need no token.
        public: those of them that need none because a package is public.
        person: the codes that ask a person: npm for 2FA, or a question of hardenme's.
        unconcerned: the codes that were selected and that these targets give nothing to judge.
        left_out: how many selected checks do not run, by why.
    """

    targets: tuple[str, ...]
    depth: str
    checks: tuple[str, ...]
    tokens: tuple[LeastToken, ...]
    free: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    person: tuple[Gap, ...] = ()
    unconcerned: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    def of(self, kind: str, owner: str = "") -> LeastToken | None:
        """The token of one kind; of one owner where such tokens have a single owner."""
        for token in self.tokens:
            if token.kind == kind and token.owner.lower() == owner.lower():
                return token
        return None
