"""The teams of an organization: who maintains them, and which repositories they reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.facts.github.people import MEMBERS_AS_OWNER
from hardenme.facts.github.site import OrganizationFact
from hardenme.model.fact import key
from hardenme.model.values import number, objects, text

MOST = 100
"""Maintainers and repositories of a team that one answer names."""


def _maintainers(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The logins, where as many came as there are.

    Raises:
        KeyError: a key is not there.
        TypeError: it holds something else.
        ValueError: some did not come.
    """
    found = tuple(sorted(text(one["login"]) for one in objects(told["nodes"])))
    return _all(found, told)


def _repositories(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The repositories with their permissions; raises as `_maintainers` does."""
    edges = objects(told["edges"])
    rows = ((objects([one["node"]])[0]["nameWithOwner"], one["permission"]) for one in edges)
    return _all(tuple(sorted(f"{text(name)} {text(right)}" for name, right in rows)), told)


def _all(found: tuple[str, ...], told: Mapping[str, Any]) -> tuple[str, ...]:
    if len(found) != number(told["totalCount"]):
        raise ValueError("a count of something else")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAccess(OrganizationFact):
    """A team (subject `github:team/ORG/SLUG`).

    Attributes:
        number: GitHub's number for it.
        maintainers: the logins of those who can add people to it.
        repositories: each as `owner/name permission`, like `acme/web WRITE`.
    """

    requirement = MEMBERS_AS_OWNER
    source = "POST /graphql organization.teams.repositories"
    noun = "team"

    gates = ("organization/login", "role", "state", "organization/teams/nodes/slug")

    number: int = key("databaseId")
    maintainers: tuple[str, ...] = key(
        "members/totalCount", "members/nodes/*/login", by=_maintainers, beside=True
    )
    repositories: tuple[str, ...] = key(
        "repositories/totalCount",
        "repositories/edges/*/permission",
        "repositories/edges/*/node/nameWithOwner",
        by=_repositories,
        beside=True,
    )
