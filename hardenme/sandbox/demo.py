"""The built-in accounts of `hardenme demo`, the same for each command that has a demo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hardenme.sandbox.github import scenarios as github
from hardenme.sandbox.github.scenario.stolen_session import break_in
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.github.world import World
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.transparency import trust_root
from hardenme.sandbox.npm.world import TokenKind
from hardenme.sandbox.npm.world import World as Registry

WEEK = timedelta(days=7)
OWN: tuple[str, ...] = ("me",)
HARDENED: tuple[str, ...] = (
    "npm:@hazel-grove",
    "github:hazel/almanac",
    "github:hazel/compass",
    "github:hazel/lantern",
)
"""Packages and repositories only. A token that sees who may bypass a ruleset can change it, so the
results about the token itself are never clean."""
HARDENED_LOGIN = "hazel"
DEPENDABOT = b"""\
version: 2
updates:
  - package-ecosystem: npm
    directory: /
    schedule:
      interval: weekly
    cooldown:
      default-days: 14
"""


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the accounts are served, and the tokens that open them.

    Attributes:
        github_url: the address of GitHub's API in the sandbox.
        github_token: a token of the sandbox.
        npm_url: the address of the registry in the sandbox.
        npm_token: a session token of the sandbox.
        trust_root: what verifies the provenance in the sandbox, as JSON.
        targets: what is looked at.
    """

    github_url: str
    github_token: str
    npm_url: str
    npm_token: str
    trust_root: str
    targets: tuple[str, ...]


def dated(created: Mapping[str, datetime], now: datetime, *, hardened: bool) -> datetime | None:
    """From when the accounts of an earlier run were dated.

    Args:
        created: when each repository was created, by its name, as that run shows it.
        now: the clock.
        hardened: as for `accounts`.

    Returns:
        The moment, or None if none of these accounts' repositories is among them.
    """
    world = _hardened(now) if hardened else github.weak_maintainer(now)
    ages = {one.full_name: now - one.created_at for one in world.repositories}
    return next((at + ages[name] for name, at in created.items() if name in ages), None)


@contextmanager
def accounts(
    now: datetime,
    *,
    hardened: bool = False,
    earlier: bool = False,
    since: datetime | None = None,
) -> Iterator[Demo]:
    """Serve a maintainer's accounts on loopback addresses for as long as the context lasts.

    Args:
        now: the clock.
        hardened: of someone else, who did what can be done.
        earlier: as they were a week ago, before anyone broke in.
        since: from when every date of the accounts is reckoned; None for now.
    """
    since = since or now
    if hardened:
        world, token, targets = _hardened(since), github.HARDENED_CLASSIC, HARDENED
        registry, user = npm.hardened_maintainer(since), HARDENED_LOGIN
    else:
        world, token, targets = github.weak_maintainer(since), github.WEAK_TOKEN, OWN
        registry, user = npm.weak_maintainer(since), "mallow"
        if earlier:
            registry.staged = [one for one in registry.staged if one.created_at < since - WEEK]
        else:
            break_in(world, since)
    world.now = registry.now = now
    # A session ends within hours: later ones are of someone who signed in again.
    for one in registry.credentials:
        if one.kind is TokenKind.SESSION and one.expires_at is not None:
            one.expires_at += now - since
    with _served(world, registry) as (github_url, npm_url):
        yield Demo(github_url, token, npm_url, registry.token(user), trust_root(), targets)


@contextmanager
def _served(world: World, registry: Registry) -> Iterator[tuple[str, str]]:
    with github_sandbox(world) as github_server, npm_sandbox(registry) as npm_server:
        yield github_server.url, npm_server.url


def _hardened(now: datetime) -> World:
    """The world of hazel, in whose repositories a deep run finds nothing either."""
    world = github.hardened_maintainer(now)
    for one in world.repositories:
        one.code_scanning = "configured"
        one.actions = replace(one.actions, approval_policy="all_external_contributors")
        one.files[".github/dependabot.yml"] = DEPENDABOT
    return world
