"""What a collector costs, as far as that can be told before it asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Per(StrEnum):
    """What a collector sends a request for."""

    RUN = "once"
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
        members: of the organization; 1 for a person.
    """

    repositories: int = 0
    listed: int = 0
    public: int = 0
    members: int = 1

    def __add__(self, other: Size) -> Size:
        return Size(
            self.repositories + other.repositories,
            self.listed + other.listed,
            self.public + other.public,
            self.members + other.members,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """What a collector sends.

    Attributes:
        per: what it sends a request for.
        bucket: whose hour it counts in: `rest` or `graphql`; empty where nothing is sent.
        listed: for a listing, how many repositories a request holds; 0 for none.
        members: for a listing of members, how many a request holds; 0 for none.
        at_most: it may be spared for some, which only shows on the way.
    """

    per: Per = Per.RUN
    bucket: str = "rest"
    listed: int = 0
    members: int = 0
    at_most: bool = False

    def requests(self, size: Size) -> int:
        """How many requests that is."""
        if not self.bucket or self.per is Per.ITEM:
            return 0
        if self.listed:
            return max(1, -(-size.listed // self.listed))
        if self.members:
            return max(1, -(-size.members // self.members))
        private = size.repositories - size.public
        counts = {
            Per.REPOSITORY: size.repositories,
            Per.PUBLIC: size.public,
            Per.PRIVATE: private,
        }
        return counts.get(self.per, 1)
