"""GitHub on a loopback socket: `github_sandbox(world)` serves a `World`.

REST answers under `/` as api.github.com does and under `/api/v3` as an Enterprise server does;
GraphQL at `/graphql` and `/api/graphql`. Only GET and HEAD are answered for REST, and only queries
for GraphQL; in addition, an app may POST for the token of its installation. Anything else is
refused and recorded in `server.requests`, unless a test enables the endpoints that change settings.
Web pages are not served.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType

from hardenme.sandbox.github.access import Caller
from hardenme.sandbox.github.calls import Route, problem
from hardenme.sandbox.github.limits import RateLimits, Resource
from hardenme.sandbox.github.permits import UNDECODED
from hardenme.sandbox.github.rest import POSTED
from hardenme.sandbox.github.router import Router
from hardenme.sandbox.github.store import STORE, stored
from hardenme.sandbox.github.world import App, Token, World
from hardenme.sandbox.http import LoopbackServer, Reply, Request

ENTERPRISE = "/api/v3"
GRAPHQL_PATHS = frozenset({"/graphql", "/api/graphql"})
VERSIONS = ("2022-11-28", "2026-03-10")
FREE_PATHS = frozenset({"/rate_limit"})
NO_AGENT = (
    b"Request forbidden by administrative rules. "
    b"Please make sure your request has a User-Agent header.\r\n"
)
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
NOTHING: Mapping[str, Sequence[Route]] = MappingProxyType({})
VARY = "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With"


class GitHubServer(LoopbackServer):
    """The loopback server together with its state.

    Attributes:
        world: what it answers from; a test may change it between requests.
        limits: what each token has used.
    """

    def __init__(
        self,
        world: World,
        *,
        latency: float = 0.0,
        writes: Mapping[str, Sequence[Route]] = NOTHING,
        secondary: bool = False,
    ) -> None:
        super().__init__(self._handle, latency=latency)
        self.world = world
        self._changing = changing(writes)
        self.limits = RateLimits(world, secondary)
        self._numbers = itertools.count(1)

    @property
    def graphql_url(self) -> str:
        """The GraphQL endpoint's address."""
        return f"{self.url}/graphql"

    def knows(self, token: str) -> bool:
        """Whether a token is one of its world."""
        return self.world.token(token) is not None

    def _handle(self, request: Request) -> Reply:
        if request.path.startswith(STORE):
            return stored(self.world, request)
        token, refusal = self._credential(request)
        graphql = request.path in GRAPHQL_PATHS
        resource: Resource = "graphql" if graphql else "core"
        app = None if refusal else self._app(request)
        asker = token or app
        if refusal is None and self.limits.refuses(asker, resource):
            refusal = problem(403, SECONDARY)
            refusal.headers["retry-after"] = "60"
        if refusal is None:
            user = self.world.user(token.login) if token and token.login else None
            caller = Caller(self.world, token, user, app)
            reply = self._graphql(request, caller) if graphql else self._rest(request, caller)
        else:
            reply = refusal
        headers = self._standing(request, token) | self.limits.budget(asker, resource).headers(
            resource
        )
        reply.headers = headers | reply.headers
        return reply

    def _credential(self, request: Request) -> tuple[Token | None, Reply | None]:
        """The token of a request, or the refusal; a request without one has neither."""
        if not request.headers.get("user-agent"):
            agent = Reply(403, headers={"content-type": "text/html"}, body=NO_AGENT)
            return None, agent
        version = request.headers.get("x-github-api-version", VERSIONS[0])
        if version not in VERSIONS:
            return None, problem(400, f'"{version}" is not a supported version.')
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return None, None
        if looks_signed(value):
            return None, problem(401, UNDECODED) if self._app(request) is None else None
        known = self.world.token(value.strip()) if scheme.lower() in {"bearer", "token"} else None
        if known is None or known.revoked or expired(known, self.world.now):
            return None, problem(401, "Bad credentials")
        return known, None

    def _app(self, request: Request) -> App | None:
        """The app whose signed word a request bears in place of a token."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not looks_signed(value):
            return None
        # Only who asks as an app pays for loading the cryptography.
        from hardenme.sandbox.github.signed import app_of  # noqa: PLC0415

        return app_of(value, self.world.apps)

    def _rest(self, request: Request, caller: Caller) -> Reply:
        if request.method not in {"GET", "HEAD", *self._changing}:
            return problem(404, "Not Found")
        enterprise = request.path == ENTERPRISE or request.path.startswith(f"{ENTERPRISE}/")
        path = request.path.removeprefix(ENTERPRISE) if enterprise else request.path
        web = f"http://{request.headers.get('host', self.url.removeprefix('http://'))}"
        if path in FREE_PATHS:
            points = 0
        elif self.limits.budget(caller.asker).remaining == 0:
            return exhausted(caller)
        else:
            points = 1
        api = f"{web}{ENTERPRISE}" if enterprise else web
        router = Router(caller, self.limits, request, path or "/", api, web, self._changing)
        reply = router.answer()
        if reply.status == 200:  # noqa: PLR2004  # the status that has an ETag
            tagged = self._tagged(request, caller, reply)
            if tagged.status == 304 and caller.token:  # noqa: PLR2004  # free with a token
                return tagged
            reply = tagged
        self.limits.spend(caller.asker, "core", points)
        return reply

    def _graphql(self, request: Request, caller: Caller) -> Reply:
        if request.method != "POST":
            return problem(404, "Not Found")
        if caller.token is None:
            return problem(401, "This endpoint requires you to be authenticated.")
        # graphql-core takes a tenth of a second to load: only who asks for GraphQL pays.
        from hardenme.sandbox.github.graph.execute import execute  # noqa: PLC0415

        return execute(request, caller, self.limits)

    def _standing(self, request: Request, token: Token | None) -> dict[str, str]:
        """The headers that every answer has."""
        number = next(self._numbers)
        headers = {
            "date": format_datetime(self.world.now.astimezone(UTC), usegmt=True),
            "server": "github.com",
            "x-github-media-type": "github.v3; format=json",
            "x-github-request-id": f"5A4D:{number:06X}:{number * 7919:08X}",
            "x-github-api-version-selected": request.headers.get(
                "x-github-api-version", VERSIONS[0]
            ),
            "vary": VARY,
        }
        if token is None:
            return headers
        if token.scoped:
            headers["x-oauth-scopes"] = ", ".join(sorted(token.scopes))
        if token.expires_at is not None:
            headers["github-authentication-token-expiration"] = expiry_header(token.expires_at)
        return headers

    @staticmethod
    def _tagged(request: Request, caller: Caller, reply: Reply) -> Reply:
        """The reply with its ETag, or 304 where the client has it; tags differ by token."""
        body = json.dumps([reply.data, reply.headers.get("link")], sort_keys=True).encode()
        owner = (caller.token.value if caller.token else "").encode()
        accept = request.headers.get("accept", "").encode()
        digest = hashlib.sha256(b"\0".join([owner, accept, body])).hexdigest()
        tag = f'W/"{digest}"'
        known = {part.strip() for part in request.headers.get("if-none-match", "").split(",")}
        reply.headers |= {"etag": tag, "cache-control": "private, max-age=60, s-maxage=60"}
        return Reply(304, headers=reply.headers) if tag in known else reply


def github_sandbox(
    world: World,
    *,
    latency: float = 0.0,
    writes: Mapping[str, Sequence[Route]] = NOTHING,
    secondary: bool = False,
) -> GitHubServer:
    """A server for this world; use it as a context manager.

    Args:
        world: what it holds, for instance from `scenarios`.
        latency: seconds added to each answer.
        writes: the endpoints that change settings, by method; hardenme never sends such.
        secondary: whether it refuses what is beyond GitHub's limits of a minute.
    """
    return GitHubServer(world, latency=latency, writes=writes, secondary=secondary)


def changing(writes: Mapping[str, Sequence[Route]]) -> Mapping[str, Sequence[Route]]:
    """The endpoints that are asked by another method than GET, by method."""
    return {**writes, "POST": (*POSTED, *writes.get("POST", ()))}


def looks_signed(value: str) -> bool:
    """Whether a credential has the form of an app's signed word: three parts with dots between."""
    return value.count(".") == 2  # noqa: PLR2004  # three parts


def expired(token: Token, now: datetime) -> bool:
    """Whether the token's time is over."""
    return token.expires_at is not None and token.expires_at <= now


def expiry_header(time: datetime) -> str:
    """An expiry as GitHub writes it: `2026-05-16 11:52:29 UTC`, or with the user's offset."""
    zone = "%z" if time.utcoffset() else "UTC"
    return time.strftime(f"%Y-%m-%d %H:%M:%S {zone}")


def exhausted(caller: Caller) -> Reply:
    """The refusal when the hour's budget is used up."""
    who = f"user ID {caller.user.id}" if caller.user else "127.0.0.1"
    return problem(403, f"API rate limit exceeded for {who}.")
