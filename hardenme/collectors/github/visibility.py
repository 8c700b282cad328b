"""What a token sees, found out before a run: the size of things, and which permissions it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import barring, lacks_scope, scopes
from hardenme.collectors.price import Size
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.canaries import DECIDING
from hardenme.facts.github.token import CLASSIC, INSTALLATION, OAUTH
from hardenme.model.permission import (
    Permission,
    Requirement,
    Scheme,
    classic,
    expand_scopes,
)

SIZES = """query Sizes($login: String!) {
  repositoryOwner(login: $login) {
    all: repositories(ownerAffiliations: [OWNER]) { totalCount }
    active: repositories(ownerAffiliations: [OWNER], isArchived: false) { totalCount }
    public: repositories(ownerAffiliations: [OWNER], privacy: PUBLIC) { totalCount }
    open: repositories(ownerAffiliations: [OWNER], isArchived: false, privacy: PUBLIC) {
      totalCount
    }
    closed: repositories(
      ownerAffiliations: [OWNER], isArchived: false, privacy: PRIVATE, first: 1
    ) { nodes { nameWithOwner viewerCanAdminister } }
    sample: repositories(ownerAffiliations: [OWNER], isArchived: false, first: 1) {
      nodes { nameWithOwner viewerCanAdminister }
    }
    %s
  }
}
"""
PEOPLE = "... on Organization { membersWithRole { totalCount } }"
NAMES = """query Names($login: String!, $after: String) {
  repositoryOwner(login: $login) {
    repositories(first: 100, after: $after, ownerAffiliations: [OWNER]) {
      pageInfo { hasNextPage endCursor }
      nodes { nameWithOwner isArchived visibility }
    }
  }
}
"""
MOST_NAMES = 50
"""Pages of names that are compared with the patterns of a run."""
OWNER_ROLE = "organization owner"
ADMIN_ROLE = "repository admin"
APP_ROLE = "GitHub App"


@dataclass(frozen=True, slots=True)
class Sample:
    """One repository, to try a token's rights at: a private one where there is one.

    Attributes:
        name: the full name; empty if there is none.
        admin: whether the account administers it; None if that is not known.
    """

    name: str = ""
    admin: bool | None = None


PRIVATE_ALONE = frozenset({classic("repo")})
"""Takes nothing of what is public, and without it private repositories do not even show."""


@dataclass(frozen=True, slots=True)
class TokenKnowledge:
    """What is known about a token before a run.

    Attributes:
        scopes: those of a classic token, with all that they include; None for other kinds.
        refused: permissions of a fine-grained token whose canary was refused.
        owner: whether the account owns the organization; None if that is not known.
        sample: the repository that it was tried at.
    """

    kind: str
    scopes: frozenset[str] | None = None
    refused: frozenset[str] = frozenset()
    owner: bool | None = None
    sample: Sample = Sample()

    @property
    def _scheme(self) -> Scheme:
        return Scheme.FINE_GRAINED if self.scopes is None else Scheme.CLASSIC

    def needs(self, requirement: Requirement) -> str:
        """What it takes in words: of this kind of token, where such a token can hold it."""
        return str(requirement.within(self._scheme)) or str(requirement)

    def lacks(self, requirement: Requirement) -> str:
        """Why the requirement is known not to be met; empty if it may be."""
        if not requirement.alternatives:
            return ""
        own = requirement.within(self._scheme).alternatives
        if own == (PRIVATE_ALONE,):
            return ""
        if not own:
            return f"no {self.kind or 'such'} token can hold it"
        reasons = [self._missing(alternative) for alternative in own]
        return "" if "" in reasons else min(reasons, key=len)

    def _missing(self, alternative: frozenset[Permission]) -> str:
        for item in sorted(alternative):
            if item.scheme is Scheme.CLASSIC and item.name not in (self.scopes or ()):
                return f"the token has no scope {item.name}"
            if item.scheme is Scheme.FINE_GRAINED and item.name in self.refused:
                return f"{DECIDING[item.name].path} is refused"
            if item.scheme is Scheme.ROLE and (why := self._role(item.name)):
                return why
        return ""

    def _role(self, name: str) -> str:
        """Why the token does not act in a role; empty if it may."""
        if name == APP_ROLE:
            return (
                "" if self.kind in {INSTALLATION, ""} else "the token is not that of a GitHub App"
            )
        if self.kind == INSTALLATION:
            return ""
        if name == OWNER_ROLE and self.owner is False:
            return "the account does not own the organization"
        if name == ADMIN_ROLE and self.sample.admin is False:
            return f"the account does not administer {self.sample.name}"
        return ""


def size(
    github: GitHub, owner: str, *, archived: bool, keeps: Callable[[str], bool] | None = None
) -> tuple[Size | None, Sample]:
    """How much an owner has, as far as it is shown, and one of the repositories.

    None if no answer shows it.

    Args:
        github: who asks.
        keeps: whether one of that full name is; None for every one.
    """
    variables = {"login": owner}
    # A token that may not count the members is refused everything else in the query.
    found = _owner(github, SIZES % PEOPLE, variables) or _owner(github, SIZES % "", variables)
    sample = _sample(found, "closed") or _sample(found, "sample") or Sample()
    counts = {name: _total(found, name) for name in ("all", "active", "public", "open")}
    known = {name: total for name, total in counts.items() if total is not None}
    if len(known) < len(counts):
        return None, sample
    members = _total(found, "membersWithRole")
    whole = Size(
        repositories=known["all" if archived else "active"],
        listed=known["all"],
        public=known["public" if archived else "open"],
        in_use=known["active"],
        public_in_use=known["open"],
        members=max(1, members or 0),
        counted=members is not None,
    )
    if keeps is not None:
        whole = _chosen(github, owner, whole, archived=archived, keeps=keeps)
    return whole, sample


def _total(found: dict[str, Any], name: str) -> int | None:
    connection = found.get(name)
    total = connection.get("totalCount") if isinstance(connection, dict) else None
    return total if isinstance(total, int) else None


def _sample(found: dict[str, Any], name: str) -> Sample | None:
    nodes = (found.get(name) or {}).get("nodes") or [None]
    if not isinstance(nodes[0], dict) or not isinstance(nodes[0].get("nameWithOwner"), str):
        return None
    admin = nodes[0].get("viewerCanAdminister")
    return Sample(nodes[0]["nameWithOwner"], admin if isinstance(admin, bool) else None)


def _owner(github: GitHub, document: str, variables: dict[str, Any]) -> dict[str, Any]:
    try:
        data = github.graphql(document, variables).data or {}
    except NoAnswerError:
        return {}
    found = data.get("repositoryOwner")
    return found if isinstance(found, dict) else {}


def _chosen(
    github: GitHub, owner: str, whole: Size, *, archived: bool, keeps: Callable[[str], bool]
) -> Size:
    """The number of an owner's repositories that remain after selection by name."""
    kept: list[tuple[bool, bool]] = []
    after: str | None = None
    for _page in range(MOST_NAMES):
        found = _owner(github, NAMES, {"login": owner, "after": after}).get("repositories") or {}
        kept += [
            (node.get("isArchived") is True, node.get("visibility") == "PUBLIC")
            for node in found.get("nodes") or ()
            if isinstance(node, dict) and keeps(str(node.get("nameWithOwner")))
        ]
        info = found.get("pageInfo") or {}
        after = info.get("endCursor")
        if info.get("hasNextPage") is not True or not isinstance(after, str):
            break
    else:
        return whole
    in_use = [public for is_archived, public in kept if not is_archived]
    looked_at = [public for _, public in kept] if archived else in_use
    return replace(
        whole,
        repositories=len(looked_at),
        public=sum(looked_at),
        in_use=len(in_use),
        public_in_use=sum(in_use),
    )


def size_of_one(github: GitHub, repository: str) -> tuple[Size | None, Sample]:
    """The size of a single repository, and itself; None if it is not shown."""
    try:
        response = github.get(endpoints.REPOSITORY.at(repository))
        data = response.json() if response.ok else {}
    except NoAnswerError:
        data = {}
    told = data if isinstance(data, dict) else {}
    private = told.get("private")
    public = int(private is False)
    used = int(told.get("archived") is not True)
    rights = told.get("permissions")
    admin = rights.get("admin") if isinstance(rights, dict) else None
    sample = Sample(repository, admin if isinstance(admin, bool) else None)
    one = Size(1, 1, public, used, public * used, members=0)
    return one if isinstance(private, bool) else None, sample


def token_knowledge(github: GitHub, organization: str, sample: Sample) -> TokenKnowledge:
    """What a token can see of an organization and of one of its repositories.

    A classic token shows its scopes. Of the others each permission has a canary: a request that is
    answered wherever it is held.

    Args:
        github: the token's client.
        organization: its login; empty if a person is looked at.
    """
    owner = owns(github, organization) if organization else None
    if github.kind in {CLASSIC, OAUTH}:
        try:
            header = github.get(endpoints.ACCOUNT.at()).headers.get("x-oauth-scopes", "")
        except NoAnswerError:
            return TokenKnowledge(github.kind, owner=owner, sample=sample)
        return TokenKnowledge(
            github.kind, expand_scopes(scopes(header)), owner=owner, sample=sample
        )
    refused = frozenset(_refused(github, organization, sample.name))
    return TokenKnowledge(github.kind, None, refused, owner, sample)


def owns(github: GitHub, organization: str) -> bool | None:
    """Whether the token's account owns an organization; None if that is not known."""
    try:
        response = github.get(endpoints.MEMBERSHIP.at(organization))
        data = response.json() if response.ok else {}
    except NoAnswerError:
        return None
    role = data.get("role") if isinstance(data, dict) else None
    return None if not isinstance(role, str) else role == "admin"


def _refused(github: GitHub, organization: str, repository: str) -> Iterator[str]:
    for permission, endpoint in DECIDING.items():
        scope = organization if "{org}" in endpoint.path else repository
        if not scope:
            continue
        response = _canary(github, endpoint.at(scope), counted=endpoint.counted)
        if response is None or barring(response) is not None:
            continue
        if response.status in {403, 404} or lacks_scope(response, github.kind):
            yield permission


def _canary(github: GitHub, path: str, *, counted: bool) -> Response | None:
    """An answer to a canary; None if none came."""
    if counted:
        return next(iter(github.pages(path, counted=counted).responses), None)
    try:
        return github.get(path, store=False)
    except NoAnswerError:
        return None
