"""What a forecast knows of each target: how much there is, and what its token sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.visibility import (
    Sample,
    TokenKnowledge,
    size,
    size_of_one,
    token_knowledge,
)
from hardenme.collectors.price import Size
from hardenme.engine.clients import Clients
from hardenme.engine.identity import ABSENT, github_owner_kind, github_who
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import ROOTS, Target
from hardenme.model.subject import Subject
from hardenme.rights.holdings import Holdings, npm_holdings

NOBODY = Size(members=0)
EITHER = ("github:org", "github:user")
"""Used for a login whose kind is not known."""


@dataclass(frozen=True, slots=True)
class AskedOf:
    """One target.

    Attributes:
        target: as the user named it.
        roots: the kinds of subject that it leads to.
        kind: `user`, `org` or `repo` on GitHub; empty elsewhere.
        name: of the owner or the repository on GitHub.
        size: how much there is; None if no answer shows it.
        client: who is asked on GitHub; None if no one can be.
        token_knowledge: what the client's token sees; None if that is not looked at.
        npm: what the registry's token holds; None if npm is not asked.
        aside: it is the organization of a repository that is a target, and asked for that alone.
    """

    target: Target
    roots: tuple[str, ...]
    kind: str = ""
    name: str = ""
    size: Size | None = NOBODY
    client: GitHub | None = None
    token_knowledge: TokenKnowledge | None = None
    npm: Holdings | None = None
    aside: bool = False

    @property
    def owner(self) -> Subject:
        """The target as a subject."""
        return Subject("github", self.kind, self.name)

    @property
    def on_github(self) -> bool:
        """Whether it has repositories that can be asked about."""
        return self.client is not None and bool(self.kind)


def asked_of(config: RunConfig, clients: Clients) -> Iterator[AskedOf]:
    """Look at every target of a run: a few requests each."""
    held = npm_holdings(clients.npm) if "npm" in config.selection.providers() else None
    told: list[AskedOf] = []
    for target in config.targets:
        found = _look(target, config, clients)
        told.append(found if target.provider not in {"", "npm"} else replace(found, npm=held))
    yield from told
    if config.selection.of_repositories() & config.selection.facts:
        yield from _aside(told)


def _aside(told: Iterable[AskedOf]) -> Iterator[AskedOf]:
    """The organizations of repositories that are named alone."""
    done = {found.name.lower() for found in told if found.kind in {"user", "org"}}
    for found in told:
        owner = found.name.partition("/")[0]
        client = found.client
        if found.kind != "repo" or client is None or owner.lower() in done:
            continue
        done.add(owner.lower())
        if github_owner_kind(client, owner) == "org":
            counted, _sample = size(client, owner, archived=False, keeps=None)
            alone = None if counted is None else replace(NOBODY, members=counted.members)
            roots = ("github:org",)
            yield AskedOf(found.target, roots, "org", owner, alone, client, aside=True)


def _look(target: Target, config: RunConfig, clients: Clients) -> AskedOf:
    if target.kind == "me":
        return _account(target, config, clients)
    roots = ROOTS.get(target.kind, EITHER)
    if target.provider != "github":
        return AskedOf(target, roots)
    owner = target.name.partition("/")[0]
    client = clients.of_owner(owner)
    if target.kind == "github-repo":
        if client is None:
            return AskedOf(target, roots, "repo", target.name, None)
        one, sample = size_of_one(client, target.name)
        seen = token_knowledge(client, "", sample)
        return AskedOf(target, roots, "repo", target.name, one, client, seen)
    kind = github_owner_kind(client, owner)
    if kind == ABSENT:
        return AskedOf(target, (), size=None)
    roots = (f"github:{kind}",) if kind else EITHER
    if client is None:
        return AskedOf(target, roots, kind or "org", owner, None)
    counted, sample = _size(client, owner, config)
    seen = token_knowledge(client, owner if kind == "org" else "", sample)
    return AskedOf(target, roots, kind or "org", owner, counted, client, seen)


def _account(target: Target, config: RunConfig, clients: Clients) -> AskedOf:
    roots = ROOTS["me"] if config.local else ROOTS["me"][:-1]
    client, who = clients.github, github_who(clients.github)
    if client is None or not who.login:
        return AskedOf(target, roots, size=None)
    counted, sample = _size(client, who.login, config)
    seen = token_knowledge(client, "", sample)
    return AskedOf(target, roots, "user", who.login, counted, client, seen)


def _size(client: GitHub, owner: str, config: RunConfig) -> tuple[Size | None, Sample]:
    chosen = config.chosen
    keeps = chosen.names if chosen.include or chosen.exclude else None
    return size(client, owner, archived=chosen.archived, keeps=keeps)
