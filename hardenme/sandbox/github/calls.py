"""A REST request on its way: what a route's function gets, and how it is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hardenme.sandbox.github.access import Caller
from hardenme.sandbox.github.limits import RateLimits
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import Permit
from hardenme.sandbox.github.world import Organization, Repository, User, World
from hardenme.sandbox.http import Reply, Request

DOCS = "https://docs.github.com/rest"
Answer = PagedAnswer | Reply | dict[str, Any]


@dataclass(frozen=True, slots=True)
class PermittedRequest:
    """One request with its subject found and its permission granted.

    Attributes:
        names: the pattern's parameters, percent-decoded.
        api: the API's base address as this client reaches it, without a trailing slash.
        web: the same for the (not served) web pages.
        repo: the repository that the path names.
        org: the organization that the path names.
    """

    world: World
    caller: Caller
    request: Request
    limits: RateLimits
    names: Mapping[str, str]
    api: str
    web: str
    repo: Repository | None = None
    org: Organization | None = None

    @property
    def repository(self) -> Repository:
        """The path's repository; a route without one has no business here."""
        if self.repo is None:
            raise LookupError("the route names no repository")
        return self.repo

    @property
    def organization(self) -> Organization:
        """The path's organization; a route without one has no business here."""
        if self.org is None:
            raise LookupError("the route names no organization")
        return self.org

    @property
    def me(self) -> User:
        """The user whose token it is."""
        if self.caller.user is None:
            raise LookupError("the route needs a user")
        return self.caller.user

    def option(self, name: str, default: str) -> str:
        """A query parameter."""
        return self.request.query.get(name, default)


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint; the pattern is written as in GitHub's own description."""

    pattern: str
    answer: Callable[[PermittedRequest], Answer]
    permit: Permit = Permit()  # frozen, so it may be shared


def moment(time: datetime) -> str:
    """A time as GitHub writes it: UTC, in whole seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def problem(status: int, message: str, **headers: str) -> Reply:
    """GitHub's basic error."""
    data = {"message": message, "documentation_url": DOCS, "status": str(status)}
    return Reply(status, data, {name.replace("_", "-"): text for name, text in headers.items()})


def invalid(message: str) -> Reply:
    """GitHub's validation error."""
    return Reply(422, {"message": message, "documentation_url": DOCS, "errors": []})
