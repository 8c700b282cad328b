"""From a path to its route, its subject and its answer, or to GitHub's refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from urllib.parse import unquote

from hardenme.sandbox.github.access import Caller
from hardenme.sandbox.github.calls import PermittedRequest, Route, problem
from hardenme.sandbox.github.limits import RateLimits
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, Denial
from hardenme.sandbox.github.rest import ROUTES
from hardenme.sandbox.github.world import Repository
from hardenme.sandbox.http import Reply, Request

REPOSITORY_PATH = 3
# The real link works for an hour and is a secret; this one is worth nothing.
SSO_REQUEST = "CANARYauthorization00000000000000"
TAILS = frozenset(
    {"/repos/{owner}/{repo}/contents/{path}", "/repos/{owner}/{repo}/git/matching-refs/{ref}"}
    | {"/repos/{owner}/{repo}/git/refs/{ref}"}
)
"""Patterns whose last parameter may hold slashes."""


BY_START: dict[str, tuple[Route, ...]] = {}
"""The routes that read, by their first part; empty text for a parameter."""
for _route in ROUTES:
    _first = _route.pattern.strip("/").partition("/")[0]
    _first = "" if _first.startswith("{") else _first
    BY_START[_first] = (*BY_START.get(_first, ()), _route)


@dataclass(frozen=True, slots=True)
class MatchedRoute:
    """A route and the parameters of its pattern."""

    route: Route
    names: Mapping[str, str]


def find(path: str, routes: Sequence[Route] = ROUTES) -> MatchedRoute | None:
    """The route of a path; parts are compared before they are decoded.

    A fixed part wins over a parameter, as in `/user/memberships/orgs`.
    """
    return _read(path) if routes is ROUTES else _best_match(path, routes)


@lru_cache(maxsize=4096)
def _read(path: str) -> MatchedRoute | None:
    """The one that reads; clients ask for the same paths again and again."""
    return _best_match(path, ROUTES)


def _best_match(path: str, routes: Sequence[Route]) -> MatchedRoute | None:
    parts = path.strip("/").split("/")
    candidates = (_match(route, parts) for route in _starting(routes, parts[0]))
    matches = [found for found in candidates if found is not None]
    return min(matches, key=lambda found: len(found.names), default=None)


def _starting(routes: Sequence[Route], first: str) -> Sequence[Route]:
    """The routes whose first part this may be: hardly any begins with a parameter."""
    if routes is not ROUTES:
        return routes
    return BY_START.get(first, ()) + BY_START.get("", ())


@cache
def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.strip("/").split("/"))


def _match(route: Route, parts: list[str]) -> MatchedRoute | None:
    pattern = _pieces(route.pattern)
    if route.pattern in TAILS and len(parts) >= len(pattern):
        parts = [*parts[: len(pattern) - 1], "/".join(parts[len(pattern) - 1 :])]
    if len(parts) != len(pattern):
        return None
    names = {}
    for expected, part in zip(pattern, parts, strict=True):
        if expected.startswith("{"):
            names[expected.strip("{}")] = unquote(part)
        elif expected != part:
            return None
    return None if "" in names.values() else MatchedRoute(route, names)


@dataclass(frozen=True, slots=True)
class Router:
    """Answers one REST request.

    Attributes:
        path: the request's path without the prefix of an Enterprise server.
        api: the API's base address as this client reaches it.
        web: the same for pages.
        changing: the endpoints that change something, by method.
    """

    caller: Caller
    limits: RateLimits
    request: Request
    path: str
    api: str
    web: str
    changing: Mapping[str, Sequence[Route]]

    def answer(self) -> Reply:
        """The reply, without the headers that every reply has."""
        moved = None
        reads = self.request.method in {"GET", "HEAD"}
        found = find(self._by_id(), ROUTES if reads else self.changing[self.request.method])
        if found is None:
            return problem(404, NOT_FOUND)
        call = PermittedRequest(
            world=self.caller.world,
            caller=self.caller,
            request=self.request,
            limits=self.limits,
            names=found.names,
            api=self.api,
            web=self.web,
        )
        hidden = False
        if "repo" in found.names:
            full_name = f"{found.names['owner']}/{found.names['repo']}"
            repository = self.caller.world.repository(full_name)
            moved = None if repository else self.caller.world.renamed(full_name)
            repository = repository or moved
            hidden = repository is None or not self.caller.sees(repository)
            call = replace(call, repo=repository)
        elif "org" in found.names:
            organization = self.caller.world.organization(found.names["org"])
            hidden = organization is None
            call = replace(call, org=organization)
        reply = self._reply(call, found, moved, hidden=hidden)
        return _accepting(reply, found.route, self.caller)

    def _reply(
        self, call: PermittedRequest, found: MatchedRoute, moved: Repository | None, *, hidden: bool
    ) -> Reply:
        if hidden:
            blocked = self.caller.blocked(found.names["owner"]) if "owner" in found.names else None
            return self._refusal(blocked) if blocked else problem(404, NOT_FOUND)
        if moved is not None:
            return self._redirect(moved)
        denial = call.caller.denial(found.route.permit, call.repo or call.org)
        if denial is not None:
            return self._refusal(denial)
        answer = found.route.answer(call)
        if isinstance(answer, Reply):
            return answer
        if isinstance(answer, PagedAnswer):
            data, headers = answer.page(f"{self.api}{self.path}", self.request.query)
            return Reply(200, data, headers)
        return Reply(200, answer)

    def _by_id(self) -> str:
        """The path with `/repositories/{id}` written as a name."""
        head, _, rest = self.path.strip("/").partition("/")
        number, _, tail = rest.partition("/")
        if head != "repositories" or not (number.isascii() and number.isdigit()):
            return self.path
        known = self.caller.world.repository_by_id(int(number))
        name = known.full_name if known else f"-/{number}"
        return f"/repos/{name}/{tail}".rstrip("/")

    def _redirect(self, moved: Repository) -> Reply:
        """Where a renamed repository is now: its number, which never changes."""
        tail = self.path.strip("/").split("/")[REPOSITORY_PATH:]
        url = "/".join([self.api, "repositories", str(moved.id), *tail])
        reply = problem(301, "Moved Permanently")
        reply.data = {"message": "Moved Permanently", "url": url, **reply.data}
        reply.headers["location"] = url
        return reply

    def _refusal(self, denial: Denial) -> Reply:
        reply = problem(denial.status, denial.message)
        if denial.sso:
            link = f"{self.web}/orgs/{denial.sso}/sso?authorization_request={SSO_REQUEST}"
            reply.headers["x-github-sso"] = f"required; url={link}"
        return reply


def _accepting(reply: Reply, route: Route, caller: Caller) -> Reply:
    """The header with what the endpoint accepts, for the token's own family."""
    if caller.token is None:
        return reply
    if caller.token.scoped:
        reply.headers["x-accepted-oauth-scopes"] = route.permit.accepted_scopes
    else:
        reply.headers["x-accepted-github-permissions"] = route.permit.accepted_permissions
    return reply
