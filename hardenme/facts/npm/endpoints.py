"""The endpoints of npm's API that are read: each address is in this module and nowhere else.

Sources: npm's description of its registry's API; for what that leaves out (who asks, the profile,
the search, the keys, the attestations), npm's client.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from hardenme.model.fact import Endpoint


@dataclass(frozen=True, slots=True)
class Proof:
    """What an answer names so that a person can prove to be there.

    Attributes:
        page: the key of the page where that is done.
        done: the key of the address to ask whether it is done.
        given: the key of the result in the last answer there.
    """

    page: str
    done: str = "doneUrl"
    given: str = "token"


LOGIN, CHALLENGE = Proof("loginUrl"), Proof("authUrl")


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmEndpoint(Endpoint):
    """An address of a registry.

    Attributes:
        query: the parameters of the query, in addition to those in the path.
        command: the npm command that asks for it; npm's registry answers by it.
        of_names: the answer is a list of names.
        objects: the key of a list within the answer.
        total: the key of how many objects there are on all pages; empty if there is one page.
        following: the key of the next page's address; empty where pages are numbered alone.
        shows: the key that identifies an object.
        proof: how a person proves to be there, where it takes one.
        also: what else the fact is read from.
    """

    query: str = ""
    command: str = ""
    of_names: bool = False
    objects: str = ""
    total: str = ""
    following: str = ""
    shows: str = ""
    proof: Proof | None = None
    also: tuple[NpmEndpoint, ...] = ()

    @property
    def source(self) -> str:
        """In the words of the provider's documentation."""
        return ", ".join(f"GET {one.path}" for one in (self, *self.also))

    @property
    def gates(self) -> tuple[str, ...]:
        """Keys of the answers that hold no field, and by which they count."""
        numbered = () if self.following else (self.total,)
        shown = (f"{one.objects}/{one.shows}" for one in self.also if one.shows)
        return tuple(
            filter(None, (self.objects, *numbered, *shown, *(one.objects for one in self.also)))
        )

    @property
    def counting(self) -> tuple[str, ...]:
        """Keys of a page, at least one of which is there and shows whether it is the last."""
        told = (name for one in (self, *self.also) for name in (one.total, one.following))
        return tuple(filter(None, told))

    @property
    def optional(self) -> tuple[str, ...]:
        """All further keys, which not every answer has, or which identify its objects."""
        proofs = [one.proof for one in (self, *self.also) if one.proof]
        named = (name for one in proofs for name in (one.page, one.done, one.given))
        return (*self.counting, *named, *(one.identity for one in self.also))

    def at(self, scope: str = "", **names: object) -> str:
        """The path itself, encoded, with what is asked there."""
        told = {
            name: escaped(str(value)) if name == "package" else quote(str(value), safe="")
            for name, value in {"org": scope, **names}.items()
        }
        path = self.path.format(**told)
        mark = "&" if "?" in self.path else "?"
        return f"{path}{mark}{self.query.format(**told)}" if self.query else path


def escaped(package: str) -> str:
    """A package's name as a path: `@scope%2fname`."""
    return quote(package, safe="@").replace("%2F", "%2f")


PACKUMENT = NpmEndpoint("/{package}", identity="name")
WHOAMI = NpmEndpoint("/-/whoami", command="whoami")
TOKENS = NpmEndpoint(
    "/-/npm/v1/tokens",
    kind="token",
    identity="key",
    query="page={page}&perPage=100",
    command="token",
    objects="objects",
    total="total",
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
    objects="items",
    total="total",
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
USER = NpmEndpoint("/-/user/org.couchdb.user:{user}")
TEAMS = NpmEndpoint("/-/org/{org}/team", query="format=cli", command="team", of_names=True)
TEAM_MEMBERS = replace(TEAMS, path="/-/team/{org}/{team}/user")
TEAM_PACKAGES = NpmEndpoint("/-/team/{org}/{team}/package", command="access")
SEARCH = NpmEndpoint("/-/v1/search?text={text}", query="size=250&from=0", objects="objects")
KEYS = NpmEndpoint("/-/npm/v1/keys", also=(PACKUMENT,))
ATTESTATIONS = NpmEndpoint("/-/npm/v1/attestations/{package}@{version}", also=(PACKUMENT,))
