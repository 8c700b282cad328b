"""Who asks: the same world, asked by an account or a token that may do less."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.state.token import SCOPE_CHILDREN
from hardenme.sandbox.github.world import Token, World
from tests.running import Stage

ROLES = ("maintain", "write", "triage", "read")
PLACES = ("member", "none")


@dataclass(frozen=True, slots=True)
class Asker:
    """How the token or its account differs.

    Attributes:
        kind: in what: `role`, `membership`, `scope`, `permission`, `sign-on` or `repositories`.
        name: which of these.
        fields: the token's fields, as they are then.
        silent: whether GitHub cuts lists for it without a word, where nothing says what it does.
    """

    kind: str
    name: str
    fields: dict[str, Any]
    silent: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}{', in silence' * self.silent}"

    @contextmanager
    def asking(self, at: Stage) -> Iterator[None]:
        """Have this one ask for as long as the context lasts."""
        token, world = asking(at), world_of(at)
        before = {name: getattr(token, name) for name in self.fields}
        world.silent = self.silent
        self._put(token, self.fields)
        try:
            yield
        finally:
            self._put(token, before)
            world.silent = False

    @staticmethod
    def _put(token: Token | None, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            setattr(token, name, value)


def world_of(at: Stage) -> World:
    """What GitHub's side of a stage is."""
    assert isinstance(at.github, GitHubServer)
    return at.github.world


def asking(at: Stage) -> Token | None:
    """The token that asks GitHub; None where there is none."""
    return world_of(at).token(at.github_token)


def askers(at: Stage) -> Iterator[Asker]:
    """Everybody who may do less than the token at hand, and is told so or not."""
    for asker in _askers(at):
        yield asker
        yield replace(asker, silent=True)


def _askers(at: Stage) -> Iterator[Asker]:
    token = asking(at)
    if token is None:
        return
    if token.kind != "installation":
        for role in ROLES:
            yield Asker("role", role, {"role_limit": role})
        for place in PLACES:
            yield Asker("membership", place, {"membership_limit": place})
    yield from _of_scopes(token.scopes)
    for name in sorted(token.permissions):
        left = {one: level for one, level in token.permissions.items() if one != name}
        yield Asker("permission", f"no {name}", {"permissions": left})
    if token.scoped:
        for organization in world_of(at).organizations:
            blocked = token.sso_blocked | {organization.login}
            yield Asker("sign-on", organization.login, {"sso_blocked": blocked})
    else:
        yield Asker("repositories", "none", {"repository_selection": frozenset()})


def _of_scopes(scopes: frozenset[str]) -> Iterator[Asker]:
    """Without each scope, and with what it includes in its place."""
    for name in sorted(scopes):
        yield Asker("scope", f"no {name}", {"scopes": scopes - {name}})
        if name in SCOPE_CHILDREN:
            parts = scopes - {name} | frozenset(SCOPE_CHILDREN[name])
            yield Asker("scope", f"parts of {name}", {"scopes": parts})
