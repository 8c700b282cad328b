"""The kinds of token: which alternatives of a requirement each can meet by reading alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from hardenme.facts.github.new_token import GH_SCOPES
from hardenme.facts.github.organization import APP
from hardenme.facts.github.permissions import place_of
from hardenme.facts.github.token import CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.facts.npm.rights import ONE_TIME_PASSWORD, SESSION_TOKEN
from hardenme.model.fact import Fact
from hardenme.model.least import LEVELS, all_covered
from hardenme.model.permission import Permission, Requirement, Scheme
from hardenme.rights.least import Costing, Rights, count_cost, permissions_cost, scopes_cost
from hardenme.rights.needs import Kinds, Needs

READ = LEVELS[0]


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """A kind of token.

    Attributes:
        kind: by the word that the facts use.
        provider: `github` or `npm`.
        scheme: in which its rights are spelled.
        cost: what they weigh.
        of_one_owner: whether a token of it reads one owner's data, and no one else's.
        can_hold: whether it can hold a right, whatever the level.
        reads: whether holding a right lets it read alone, as far as the kind knows such rights.
    """

    kind: str
    provider: str
    scheme: Scheme
    cost: Costing
    of_one_owner: bool = False
    can_hold: Callable[[str], bool] = lambda _: True
    reads: Callable[[str], bool] = lambda _: True

    def options(self, requirement: Requirement) -> tuple[Rights, ...]:
        """The alternatives that it can meet, as the rights that they take of it."""
        return _by_reading(self, requirement)[0]

    def refused(self, requirement: Requirement) -> tuple[Rights, ...]:
        """The alternatives that it could meet, and for which hardenme does not ask."""
        return _by_reading(self, requirement)[1]

    def roles(self, requirement: Requirement, held: Rights) -> frozenset[str]:
        """What the account must be so that these rights meet a requirement."""
        if self.kind == INSTALLATION:
            return frozenset()
        have = all_covered(held)
        found = [roles for rights, roles in _open(self, requirement) if have >= rights]
        return min(found, key=lambda roles: (len(roles), sorted(roles)), default=frozenset())


@cache
def _open(holder: TokenHolder, requirement: Requirement) -> tuple[tuple[Rights, Rights], ...]:
    """The alternatives that are spelled for a kind of token: their rights, and their roles."""
    found = []
    for alternative in requirement.within(holder.scheme).alternatives:
        roles = frozenset(item.name for item in alternative if item.scheme is Scheme.ROLE)
        rights = frozenset(_rights(alternative))
        if APP.name in roles and holder.kind != INSTALLATION:
            continue
        if all(map(holder.can_hold, rights)):
            found.append((rights, roles - {APP.name}))
    return tuple(found)


@cache
def _by_reading(
    holder: TokenHolder, requirement: Requirement
) -> tuple[tuple[Rights, ...], tuple[Rights, ...]]:
    """The rights of the alternatives that only read, and of those that do more."""
    every = [rights for rights, _ in _open(holder, requirement)]
    reading = tuple(rights for rights in every if all(map(holder.reads, rights)))
    return reading, tuple(rights for rights in every if rights not in reading)


def _rights(alternative: frozenset[Permission]) -> Iterator[str]:
    """The rights of a token; a role and a proof that a person gives are none."""
    for item in alternative:
        if item.scheme is not Scheme.ROLE and item.name != ONE_TIME_PASSWORD:
            yield item.name


def _beside_ghs_own(scopes: Rights) -> tuple[int, ...]:
    """What scopes weigh for a token of gh, to which what it holds in any case adds nothing."""
    return scopes_cost(scopes | GH_SCOPES)


def _reads(right: str) -> bool:
    return right.endswith(f":{READ}")


HOLDERS: dict[str, TokenHolder] = {
    holder.kind: holder
    for holder in (
        TokenHolder(
            FINE_GRAINED,
            "github",
            Scheme.FINE_GRAINED,
            permissions_cost,
            of_one_owner=True,
            reads=_reads,
        ),
        TokenHolder(
            INSTALLATION,
            "github",
            Scheme.FINE_GRAINED,
            permissions_cost,
            of_one_owner=True,
            can_hold=lambda right: place_of(right) != "account",
            reads=_reads,
        ),
        TokenHolder(CLASSIC, "github", Scheme.CLASSIC, scopes_cost),
        TokenHolder(OAUTH, "github", Scheme.CLASSIC, _beside_ghs_own),
        TokenHolder(
            SESSION, "npm", Scheme.NPM, count_cost, can_hold=lambda right: right == SESSION_TOKEN
        ),
        TokenHolder(
            GRANULAR,
            "npm",
            Scheme.NPM,
            count_cost,
            can_hold=lambda right: right != SESSION_TOKEN,
            reads=_reads,
        ),
    )
}
"""Every kind, by its word. An app's installation has no account of its own. Some classic scopes
have no read-only form: they are requested, and the report says what they can change."""


class HolderVisibility:
    """What tokens of one kind can read at all, whatever they hold.

    Args:
        asked: the facts that are asked for with such a token.
    """

    def __init__(self, holder: TokenHolder, asked: Kinds) -> None:
        self._holder = holder
        self._asked = asked
        self._hidden = frozenset(k for k in asked if self.unreadable(k) or self.refused(k))

    def unreadable(self, kind: type[Fact]) -> str:
        """Why no such token reads a fact, in words; empty if one does, or would by writing."""
        needed = kind.requirement
        if needed.alternatives and not (
            self._holder.options(needed) or self._holder.refused(needed)
        ):
            return self._elsewhere(needed)
        return self._above(kind, self.unreadable)

    def refused(self, kind: type[Fact]) -> str:
        """The right to change things that guards a fact; empty for none."""
        needed = kind.requirement
        if needed.alternatives and not self._holder.options(needed):
            return ", or ".join(_joined(rights) for rights in self._holder.refused(needed))
        return self._above(kind, self.refused)

    def hides(self, needs: Needs) -> bool:
        """Whether a check cannot be answered with such a token at all."""
        return not self._hidden.isdisjoint(needs.must)

    def readable(self, needs: Needs) -> Needs:
        """The needs without what cannot be read."""
        return Needs(needs.check, needs.must, needs.may - self._hidden)

    def _above(self, kind: type[Fact], why: Callable[[type[Fact]], str]) -> str:
        """Why what lists a fact's subjects cannot be read: then no one knows of what to ask."""
        above = kind.listed_by
        return why(above) if above is not None and above in self._asked else ""

    def _elsewhere(self, requirement: Requirement) -> str:
        """Which other kind reads it."""
        app, session = HOLDERS[INSTALLATION], HOLDERS[SESSION]
        if self._holder.provider == app.provider and (rights := app.options(requirement)):
            return f"only a GitHub App can read it, with {_joined(rights[0])}"
        if self._holder.kind == GRANULAR and session.options(requirement):
            proof = any(item.name == ONE_TIME_PASSWORD for item in _all(requirement))
            more = ", with a one-time password" if proof else ""
            return f"npm promises it only to a session token{more}"
        return f"it takes {requirement}"


def _all(requirement: Requirement) -> frozenset[Permission]:
    return frozenset[Permission]().union(*requirement.alternatives)


def _joined(rights: Rights) -> str:
    return " and ".join(sorted(rights))
