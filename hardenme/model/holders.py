"""Who could do harm, what each reaches, and who can take that away: before it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hardenme.model.completeness import Completeness
from hardenme.model.subject import Subject


class HolderKind(StrEnum):
    """What can do harm."""

    PERSON = "person"
    APP = "app"
    KEY = "deploy key"
    TOKEN = "token"  # noqa: S105 (a word)
    PUBLISHER = "trusted publisher"
    SECRET = "secret"  # noqa: S105 (a word)
    INVITATION = "pending invitation"


@dataclass(frozen=True, slots=True)
class Hold:
    """One right of a holder.

    Attributes:
        place: the organization, the repository or the package.
        way: how, like `owner` or `can push`.
        by: who can take it away, sorted, the holder left out; none if no one else can.
        known: it is known who can.
        command: the command that takes it away; empty if a page does.
        page: the page that does; empty if there is none.
    """

    place: Subject
    way: str
    by: tuple[str, ...]
    known: bool = True
    command: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """A person on one provider, or a person on both where evidence links them; an app; a key.

    Attributes:
        kind: what it is.
        name: its own name: a login, an app's or a key's.
        provider: `github` or `npm`.
        holds: each way that it has in, the farthest-reaching first.
        repositories: those that it can push to.
        past_rules: those of them in which no rule of the default branch stops it.
        packages: those that it can publish, with their downloads of a week as far as known.
        two_factor: its 2FA as far as it is visible; empty if it is not.
        same: the login of the same person on the other provider; empty if nothing links them.
        evidence: what links them.
        own: it is the account that asks.
        powers: what else it can do, each as a phrase like `changes workflows`.
    """

    kind: HolderKind
    name: str
    provider: str
    holds: tuple[Hold, ...]
    repositories: tuple[str, ...] = ()
    past_rules: tuple[str, ...] = ()
    packages: tuple[tuple[str, int | None], ...] = ()
    two_factor: str = ""
    same: str = ""
    evidence: str = ""
    own: bool = False
    powers: tuple[str, ...] = ()

    @property
    def weekly(self) -> int:
        """Downloads of a week of what it can publish, as far as they are known."""
        return sum(count or 0 for _, count in self.packages)

    @property
    def alone(self) -> tuple[Hold, ...]:
        """What no one else can take away."""
        return tuple(hold for hold in self.holds if hold.known and not hold.by)

    @property
    def removers(self) -> tuple[str, ...]:
        """Everyone who can take something away."""
        return tuple(sorted({name for hold in self.holds for name in hold.by}))


@dataclass(frozen=True, slots=True)
class Holders:
    """All of them.

    Attributes:
        holders: who reaches farthest first.
        you: the login of the account that asks, by provider.
        extent: what may be missing from them.
    """

    holders: Sequence[Holder]
    you: Mapping[str, str]
    extent: Completeness = Completeness()

    @property
    def gaps(self) -> tuple[str, ...]:
        """Sentences on what is not shown."""
        return self.extent.gaps
