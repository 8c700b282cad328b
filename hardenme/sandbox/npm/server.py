"""The loopback npm registry: routes a request to the function that answers it.

It is read-only but for web login and logout: every other write is answered with 405, unless a test
gives the endpoints that take them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import format_datetime
from types import MappingProxyType

from hardenme.sandbox.http import LoopbackServer, Reply, Request
from hardenme.sandbox.npm import access, account, attestations, packages, publishing
from hardenme.sandbox.npm.signing import Signer
from hardenme.sandbox.npm.visit import EXPIRED_NOTICE, Desk, RefusedVisit, View, Visit, not_found
from hardenme.sandbox.npm.world import World

ROUTES: dict[str, View] = {
    **account.ROUTES,
    **access.ROUTES,
    **publishing.ROUTES,
    **attestations.ROUTES,
    **packages.ROUTES,
}
NOTHING: Mapping[str, View] = MappingProxyType({})
Patterns = list[tuple[tuple[str, ...], str, View]]


class NpmSandbox(LoopbackServer):
    """A running npm sandbox.

    Attributes:
        world: its state; a change takes effect with the next request.
        desk: its other state: its signing key, open web logins and challenges.
    """

    def __init__(
        self, world: World, *, latency: float = 0.0, writes: Mapping[str, View] = NOTHING
    ) -> None:
        super().__init__(self._answer, latency=latency)
        self._patterns = _patterns({**ROUTES, **writes})
        self.world = world
        self.desk = Desk(world, Signer(), self.url)

    def knows(self, token: str) -> bool:
        """Whether a token is one of its world."""
        return self.world.credential(token) is not None

    def _answer(self, request: Request) -> Reply:
        try:
            reply = self._route(request)
        except RefusedVisit as refusal:
            reply = refusal.reply
        # The registry's clock is the world's: ages relative to the answer's date are correct.
        date = format_datetime(self.world.now.astimezone(UTC), usegmt=True)
        reply.headers = {"date": date, "cache-control": "private, no-cache"} | reply.headers
        return reply

    def _route(self, request: Request) -> Reply:
        parts = _whole_names(request.segments)
        method = "GET" if request.method == "HEAD" else request.method
        known = False
        for pattern, route, view in self._patterns:
            args = _match(pattern, parts)
            if args is None:
                continue
            known = True
            if not route.startswith(f"{method} "):
                continue
            visit = Visit(self.desk, request, args)
            stale = "authorization" in request.headers and visit.presented() is None
            reply = view(visit)
            if stale:
                # npm answers public requests with a bad token all the same, and says so.
                reply.headers.setdefault("npm-notice", EXPIRED_NOTICE)
            return reply
        if known or method != "GET":
            return Reply(405, {"error": "Method Not Allowed", "message": "Method Not Allowed"})
        return not_found()


def npm_sandbox(
    world: World, latency: float = 0.0, *, writes: Mapping[str, View] = NOTHING
) -> NpmSandbox:
    """A loopback npm registry with this state; use it as a context manager.

    Args:
        world: the state; it may be changed while the server runs.
        latency: seconds added to each answer.
        writes: the routes that change packages and tokens; hardenme never sends such.
    """
    return NpmSandbox(world, latency=latency, writes=writes)


def _patterns(routes: Mapping[str, View]) -> Patterns:
    return [(tuple(way.partition(" /")[2].split("/")), way, view) for way, view in routes.items()]


def _whole_names(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A path's parts with a scoped name in one part, however the client sent it."""
    whole: list[str] = []
    for part in parts:
        if whole and whole[-1].startswith("@") and "/" not in whole[-1]:
            whole[-1] += f"/{part}"
        else:
            whole.append(part)
    return tuple(whole)


def _match(pattern: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, str] | None:
    """The named parts of a path that fits a pattern; None for one that does not.

    A name never matches `-`, which npm keeps for its own paths.
    """
    if len(pattern) != len(parts):
        return None
    args: dict[str, str] = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            if part in {"", "-"}:
                return None
            args[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return args
