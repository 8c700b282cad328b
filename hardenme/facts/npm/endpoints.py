"""What of npm's API is read: each of its addresses stands here and nowhere else.

Sources: npm's description of its registry's API; for what that leaves out (who asks, the profile,
the search, the keys, the attestations), npm's client.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hardenme.model.fact import Endpoint


@dataclass(frozen=True, slots=True)
class Proof:
    """What an answer names so that a person can prove to be there.

    Attributes:
        page: the key of the page where that is done.
        done: the key of the address that tells when it is.
        given: the key, in the last answer there, of what came of it.
    """

    page: str
    done: str = "doneUrl"
    given: str = "token"


LOGIN, CHALLENGE = Proof("loginUrl"), Proof("authUrl")


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmEndpoint(Endpoint):
    """An address of a registry.

    Attributes:
        kind: of a list: the kind of subject that an object is.
        query: what is asked with it.
        command: the npm command that asks for it; npm's registry answers by it.
        at: of a list that comes in pages: the key of a page's objects.
        counted: the key of how many there are in all.
        following: the key of the next page's address; empty where pages are numbered alone.
        shows: the key of what an object shows of itself, by which it is found.
        proof: how a person proves to be there, where it takes one.
        also: what else the fact is read from.
    """

    kind: str = ""
    query: str = ""
    command: str = ""
    at: str = ""
    counted: str = ""
    following: str = ""
    shows: str = ""
    proof: Proof | None = None
    also: tuple[NpmEndpoint, ...] = ()

    @property
    def source(self) -> str:
        """In the words of the provider's documentation."""
        return ", ".join(f"GET {one.path}" for one in (self, *self.also))

    def envelope(self) -> Iterator[str]:
        """The keys of what stands around the facts, also of what else they are read from."""
        for one in (self, *self.also):
            if one.at:
                yield from (one.at, f"{one.at}/{one.identity}")
                told = (one.counted, one.following, one.shows and f"{one.at}/{one.shows}")
                yield from filter(None, told)
            if one.proof is not None:
                yield from (one.proof.page, one.proof.done, one.proof.given)


PACKUMENT = NpmEndpoint("/{package}")
WHOAMI = NpmEndpoint("/-/whoami", command="whoami")
TOKENS = NpmEndpoint(
    "/-/npm/v1/tokens",
    kind="token",
    query="page={page}&perPage=100",
    command="token",
    at="objects",
    identity="key",
    counted="total",
    following="urls/next",
    shows="token",
)
PROFILE = NpmEndpoint("/-/npm/v1/user", command="profile")
SECOND_FACTOR = replace(PROFILE, also=(TOKENS,))
STAGE = NpmEndpoint(
    "/-/stage",
    kind="staged",
    query="page={page}&perPage=100",
    command="stage",
    at="items",
    counted="total",
    also=(TOKENS,),
)
TRUST = NpmEndpoint(
    "/-/package/{package}/trust",
    kind="trusted-publisher",
    named="{scope}/{identity}",
    command="trust",
    proof=CHALLENGE,
    also=(TOKENS,),
)
COLLABORATORS = NpmEndpoint("/-/package/{package}/collaborators", command="access")
VISIBILITY = NpmEndpoint("/-/package/{package}/visibility", command="access")
STATUS = NpmEndpoint("/-/package/{package}/version/{version}/status")
ROSTER = NpmEndpoint("/-/org/{org}/user", command="org")
PACKAGES_OF_ORGANIZATION = NpmEndpoint("/-/org/{org}/package", command="access")
PACKAGES_OF_USER = NpmEndpoint("/-/user/{user}/package", command="access")
TEAMS = NpmEndpoint("/-/org/{org}/team", query="format=cli", command="team")
TEAM_MEMBERS = NpmEndpoint("/-/team/{org}/{team}/user", query="format=cli", command="team")
TEAM_PACKAGES = NpmEndpoint("/-/team/{org}/{team}/package", command="access")
SEARCH = NpmEndpoint(
    "/-/v1/search", query="text={text}&size=250&from=0", at="objects", identity="package/name"
)
KEYS = NpmEndpoint("/-/npm/v1/keys", also=(PACKUMENT,))
ATTESTATIONS = NpmEndpoint("/-/npm/v1/attestations/{package}@{version}", also=(PACKUMENT,))
