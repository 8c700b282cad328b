"""Who asks: the same world, asked by an account or a token that may do less."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.state.token import SCOPE_CHILDREN, Token
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
    """

    kind: str
    name: str
    fields: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @contextmanager
    def asking(self, at: Stage) -> Iterator[None]:
        """Have this one ask for as long as the context lasts."""
        token = asking(at)
        before = {name: getattr(token, name) for name in self.fields}
        self._put(token, self.fields)
        try:
            yield
        finally:
            self._put(token, before)

    @staticmethod
    def _put(token: Token | None, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            setattr(token, name, value)


def asking(at: Stage) -> Token | None:
    """The token that asks GitHub; None where there is none."""
    assert isinstance(at.github, GitHubServer)
    return at.github.world.token(at.github_token)


def askers(at: Stage) -> Iterator[Asker]:
    """Everybody who may do less than the token at hand."""
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
        assert isinstance(at.github, GitHubServer)
        for organization in at.github.world.organizations:
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
