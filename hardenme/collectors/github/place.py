"""Where a token's permissions can be tried: a private repository where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github import endpoints
from hardenme.facts.github.token import INSTALLATION

CLOSED = endpoints.PRIVATE.asking("per_page=100").at()
OWNED = endpoints.OWNED.asking("per_page=1").at()
REACHED = endpoints.INSTALLED.asking("per_page=100").at()
OF_OWNER = """query Place($login: String!) {
  repositoryOwner(login: $login) {
    __typename
    closed: repositories(
      ownerAffiliations: [OWNER], isArchived: false, privacy: PRIVATE, first: 1
    ) { nodes { nameWithOwner } }
    sample: repositories(ownerAffiliations: [OWNER], isArchived: false, first: 1) {
      nodes { nameWithOwner }
    }
  }
}
"""
ORGANIZATION = "Organization"


@dataclass(frozen=True, slots=True)
class TrialPlace:
    """Where permissions are tried.

    Attributes:
        organization: its login; empty for none.
        repository: its full name; empty for none.
        private: whether the repository is private, so that not everyone can see it.
        item: the repository as GET /repos/{owner}/{repo} gave it; None if it was not shown.
    """

    organization: str = ""
    repository: str = ""
    private: bool = False
    item: Item | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The organization and the repository, as far as there are any."""
        return tuple(name for name in (self.organization, self.repository) if name)


def place(github: GitHub, login: str, owner: str = "", repository: str = "") -> TrialPlace:
    """Find it; this takes three requests at most.

    Args:
        github: the token's client.
        login: of the account that it acts for; empty for none.
        owner: whose things are looked at; empty for what the token reaches.
        repository: the one to take; empty to choose one.
    """
    organization = ""
    if owner and not repository:
        organization, repository = _of_owner(github, owner)
    name = repository or ("" if owner else _reached(github, login))
    item = _object(github, endpoints.REPOSITORY.at(name)) if name else None
    if item is not None and item.item("owner").data.get("type") == ORGANIZATION:
        organization = name.partition("/")[0]
    private = item is not None and item.data.get("private") is True
    return TrialPlace(organization, name, private, item)


def _of_owner(github: GitHub, owner: str) -> tuple[str, str]:
    """The login where it is an organization's, and a repository; empty if not known."""
    try:
        data = github.graphql(OF_OWNER, {"login": owner}).data or {}
    except NoAnswerError:
        return "", ""
    found = data.get("repositoryOwner")
    if not isinstance(found, dict):
        return "", ""
    organization = owner if found.get("__typename") == ORGANIZATION else ""
    for part in ("closed", "sample"):
        connection = found.get(part)
        nodes = connection.get("nodes") if isinstance(connection, dict) else None
        for node in nodes if isinstance(nodes, list) else ():
            name = node.get("nameWithOwner") if isinstance(node, dict) else None
            if isinstance(name, str):
                return organization, name
    return organization, ""


def _reached(github: GitHub, login: str) -> str:
    """A repository that the token reaches: one of the account's own, and private, if it can be."""
    if github.kind == INSTALLATION:
        found = [*_listed(github, REACHED)]
        closed = [raw for raw in found if raw.get("private") is True]
        return next((raw["full_name"] for raw in closed + found), "")
    closed = [*_listed(github, CLOSED)]
    own = [raw for raw in closed if raw["full_name"].partition("/")[0].lower() == login.lower()]
    run = [raw for raw in closed if Item(raw, CLOSED).item("permissions").data.get("admin") is True]
    first = next((raw["full_name"] for raw in own + run + closed), "")
    return first or next((raw["full_name"] for raw in _listed(github, OWNED)), "")


def _listed(github: GitHub, path: str) -> Iterator[dict[str, Any]]:
    """The repositories of a first page, as far as they have a name."""
    try:
        response = github.get(path)
        data = response.json() if response.ok else []
    except NoAnswerError:
        return
    found = data.get("repositories") if isinstance(data, dict) else data
    for raw in found if isinstance(found, list) else ():
        if isinstance(raw, dict) and isinstance(raw.get("full_name"), str):
            yield raw


def _object(github: GitHub, path: str) -> Item | None:
    try:
        response = github.get(path)
        data = response.json() if response.ok else None
    except NoAnswerError:
        return None
    return Item(data, f"GET {path}") if isinstance(data, dict) and data else None
