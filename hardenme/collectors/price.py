"""The cost of a collector, as far as it can be known before it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.subject import Subject


class Per(StrEnum):
    """What a collector sends a request for."""

    RUN = "once"
    LISTED = "each page of repositories"
    MEMBERS = "each page of members"
    REPOSITORY = "each repository"
    PUBLIC = "each public repository"
    PRIVATE = "each private repository"
    ITEM = "each thing that is found"
    """Its number is not known before."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to look at.

    Attributes:
        repositories: those that are looked at, archived ones left out unless they are asked for.
        listed: all, as the listing pages through them.
        public: of those that are looked at.
        in_use: of those that are looked at, the ones that are not archived.
        public_in_use: of these, the public ones.
        members: of the organization; 1 for a person, and where they are not counted.
        counted: an answer shows how many members there are, where there can be several.
    """

    repositories: int = 0
    listed: int = 0
    public: int = 0
    in_use: int = 0
    public_in_use: int = 0
    members: int = 1
    counted: bool = True

    def __add__(self, other: Size) -> Size:
        return Size(
            self.repositories + other.repositories,
            self.listed + other.listed,
            self.public + other.public,
            self.in_use + other.in_use,
            self.public_in_use + other.public_in_use,
            self.members + other.members,
            self.counted and other.counted,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """One kind of request that a collector sends.

    Attributes:
        per: what it sends a request for.
        bucket: whose hour it counts in: `rest` or `graphql`.
        page: how many of these one request holds.
        at_most: some may be spared, which only shows on the way.
        at_least: those that are sent all the same, where `at_most` is set.
        up_to: there are never more than so many; 0 for no such bound.
        looks_back: how many of its pages, all but the last at most, are asked for a second time.
        in_use: archived repositories are spared.
        owners: `org`, `user` or `repo`: for which targets it is sent; empty for all.
        kinds: the kinds of token that send it; empty for all.
        depth: the depth from which it is sent.
        wanted: it is sent where one of these facts is asked for; empty for always.
        once: names a request that others send too, `{owner}` standing for the target's name: the
            first one sends it for all.
        spared: whether an owner settles the matter, so that nothing is sent; it may ask.
        counted: how many things there are, if a request has to be made to know.
        what: what is asked, where that is not the collector's name.
        endpoint: the address, where that is not the fact's.
    """

    per: Per = Per.RUN
    bucket: str = "rest"
    page: int = 1
    at_most: bool = False
    at_least: int = 0
    up_to: int = 0
    looks_back: int = 0
    in_use: bool = False
    owners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    depth: Depth = Depth.FAST
    wanted: tuple[type[Fact], ...] = ()
    once: str = ""
    spared: Callable[[Any, Subject], bool] | None = None
    counted: Callable[[Any, Subject], int] | None = None
    what: str = ""
    endpoint: str = ""

    def most(self, size: Size) -> int:
        """How many requests that is at most."""
        if self.per is Per.ITEM:
            return 0
        number = -(-self._things(size) // self.page)
        if self.per in {Per.LISTED, Per.MEMBERS}:
            number = max(1, number)
        if self.up_to:
            number = min(number, self.up_to)
        return number + min(self.looks_back, max(0, number - 1))

    def least(self, size: Size) -> int:
        """How many it is at least."""
        most = self.most(size)
        return min(self.at_least, most) if self.at_most else most

    def _things(self, size: Size) -> int:
        public = size.public_in_use if self.in_use else size.public
        repositories = size.in_use if self.in_use else size.repositories
        counts = {
            Per.LISTED: size.in_use if self.in_use else size.listed,
            Per.MEMBERS: size.members,
            Per.REPOSITORY: repositories,
            Per.PUBLIC: public,
            Per.PRIVATE: repositories - public,
        }
        return counts.get(self.per, 1)
