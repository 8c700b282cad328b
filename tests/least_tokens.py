"""Makes the token that `hardenme permissions` prints, and looks at what a run finds with it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from hardenme.engine.catalogue import select
from hardenme.engine.plan import plan
from hardenme.engine.target import Target
from hardenme.facts.github.token import INSTALLATION
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.facts.npm.rights import ORG_READ, PACKAGE_READ
from hardenme.model.depth import Depth
from hardenme.model.finding import Finding
from hardenme.model.least import PUBLIC, SELECTED, LeastToken, Permissions
from hardenme.model.unknown import Reason, Unknown
from hardenme.rights.permissions import permissions
from hardenme.sandbox.github.state.token import Token
from hardenme.sandbox.npm.scenarios import weak_maintainer
from hardenme.sandbox.npm.world import ClientToken, TokenKind, World
from tests.running import NOW, stage

PREFIXES = {
    "fine-grained": "github_pat_",
    "installation": "ghs_",
    "classic": "ghp_",
    "oauth": "gho_",
}
PROFILE = "team"
"""The same for all runs: chosen from what is seen, it would change with what is not."""
KNOWN = {"passed", "failed", "not_applicable", "attested", "manual"}

Outcomes = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Case:
    """A selection with its targets, and the sandboxes in which it is run.

    Attributes:
        github: makes the world on GitHub.
        npm: makes the world on npm.
        login: the account on GitHub that has the token.
        user: the account on npm.
        targets: what is looked at.
        select: the checks; none for all.
        depth: how deep.
    """

    github: Callable[..., Any]
    npm: Callable[..., World]
    login: str
    user: str
    targets: tuple[str, ...] = ("me",)
    select: tuple[str, ...] = ()
    depth: Depth = Depth.DEEP

    @property
    def permissions(self) -> Permissions:
        """What `hardenme permissions` says."""
        return _permissions(self.targets, self.select, self.depth)

    def printed(self, kind: str, owner: str = "") -> LeastToken:
        """The token of a kind that it prints."""
        token = self.permissions.of(kind, owner)
        assert token is not None, f"no {kind} token is printed"
        return token


@cache
def _permissions(targets: tuple[str, ...], names: tuple[str, ...], depth: Depth) -> Permissions:
    return permissions(plan(select(names), (), depth), [Target.parse(text) for text in targets])


def behind_a_door(now: datetime) -> World:
    """The world of mallow, with all packages of the organization private."""
    world = weak_maintainer(now)
    for package in world.packages:
        package.private = package.private or package.name.startswith("@acorn-labs/")
    return world


@dataclass(frozen=True, slots=True)
class Held:
    """A token on GitHub as it is put into the world.

    Attributes:
        kind: its kind.
        owner: whose data it reads.
        rights: what it holds.
        repositories: the names of those that it is given; None for all.
    """

    kind: str
    owner: str
    rights: frozenset[str]
    repositories: frozenset[str] | None = None

    @classmethod
    def of(cls, token: LeastToken) -> Held:
        """The printed token."""
        given = frozenset(name.partition("/")[2] for name in token.repositories)
        none_or_some = token.reach in {PUBLIC, SELECTED}
        return cls(token.kind, token.owner, token.names, given if none_or_some else None)

    def without(self, name: str) -> Held:
        """The token without one right."""
        return replace(self, rights=self.rights - {name})

    def made(self, login: str) -> Token:
        """The token, as somebody makes it."""
        scoped = self.kind in {"classic", "oauth"}
        pairs = dict(right.split(":") for right in self.rights) if not scoped else {}
        return Token(
            f"{PREFIXES[self.kind]}CANARYleast" + "0" * 40,
            self.kind,  # type: ignore[arg-type]  # one of the words
            None if self.kind == INSTALLATION else login,
            scopes=self.rights if scoped else frozenset(),
            permissions=pairs,
            owner=None if scoped else self.owner or login,
            repository_selection=self.repositories,
            expires_at=NOW + timedelta(days=30),
        )


@cache
def findings(
    case: Case, github: Held | None, npm: tuple[str, frozenset[str]]
) -> tuple[Finding, ...]:
    """What a run finds with these tokens.

    Args:
        case: what is looked at.
        github: the token on GitHub; None for none.
        npm: the kind and the rights of the token on npm; empty for none.
    """
    world, registry = case.github(NOW), case.npm(NOW)
    value = ""
    if github is not None:
        token = github.made(case.login)
        world.tokens.append(token)
        value = token.value
    held = _npm_token(registry, case, *npm)
    with stage(world, registry, value, held) as running:
        report = running.audit(
            *case.targets, select_=case.select, depth=case.depth, profile=PROFILE
        )
    return report.findings


def _npm_token(registry: World, case: Case, kind: str, rights: frozenset[str]) -> str:
    """The value of a token of that kind; a granular one is made as the printed command makes it."""
    if kind == SESSION:
        return registry.token(case.user)
    if kind != GRANULAR:
        return ""
    named: dict[str, list[str]] = {}
    for option, value in pairwise(shlex.split(case.printed(GRANULAR).command)):
        named.setdefault(option, []).append(value)
    own = (item.name for item in registry.organizations if case.user in item.roster)
    organizations = own if "ORG" in named.get("--orgs", ()) else named.get("--orgs", ())
    packages = (*named.get("--packages", ()), *_of_scopes(registry, named.get("--scopes", ())))
    made = ClientToken(
        "npm_CANARYleast" + "0" * 25,
        case.user,
        TokenKind.READ,
        packages=(None if "--packages-all" in named else packages)
        if PACKAGE_READ in rights
        else (),
        organizations=tuple(organizations) if ORG_READ in rights else (),
    )
    registry.credentials.append(made)
    return made.value


def _of_scopes(registry: World, scopes: Iterable[str]) -> Iterator[str]:
    """The packages that an opened scope opens."""
    for scope in scopes:
        yield from (p.name for p in registry.packages if p.name.startswith(f"@{scope}/"))


def outcomes(found: tuple[Finding, ...]) -> Outcomes:
    """The results by code and subject."""
    return {(item.code, str(item.subject)): item.result for item in found}


def refused(found: tuple[Finding, ...], reason: Reason = Reason.NOT_PERMITTED) -> set[str]:
    """The codes of checks that a token is not permitted to answer somewhere."""
    return {
        item.code
        for item in found
        if isinstance(item.outcome, Unknown) and item.outcome.reason is reason
    }


def lost(full: Outcomes, less: Outcomes) -> set[str]:
    """The codes of which something was known, and is not any more.

    Raises:
        AssertionError: something passes that did not.
    """
    gone = {key for key, result in full.items() if result in KNOWN and less.get(key) != result}
    new = {key for key, result in less.items() if result in KNOWN and full.get(key) != result}
    passed = {key for key in new if less[key] == "passed"}
    assert not passed, f"a right that is missing passes: {passed}"
    return {code for code, _ in gone | new}
