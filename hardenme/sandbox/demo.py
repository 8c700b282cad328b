"""The built-in accounts of `hardenme demo`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from hardenme.sandbox.github import scenarios as github
from hardenme.sandbox.github.scenario.intrusion import intrusion
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.transparency import trust_root


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the accounts are served, and the tokens that open them.

    Attributes:
        github_url: the address of GitHub's API in the sandbox.
        github_token: a token of the sandbox.
        npm_url: the address of the registry in the sandbox.
        npm_token: a session token of the sandbox.
        trust_root: what verifies the provenance in the sandbox, as JSON.
    """

    github_url: str
    github_token: str
    npm_url: str
    npm_token: str
    trust_root: str


@contextmanager
def broken_into(now: datetime) -> Iterator[Demo]:
    """Serve an organization into which somebody broke, and an owner's accounts."""
    found, registry = intrusion(now), npm.hardened_maintainer(now)
    with github_sandbox(found.world) as github_server, npm_sandbox(registry) as npm_server:
        yield Demo(
            github_server.url,
            found.token,
            npm_server.url,
            registry.token("hazel"),
            trust_root(),
        )


@contextmanager
def accounts(now: datetime, *, hardened: bool = False) -> Iterator[Demo]:
    """Serve a maintainer's accounts on loopback addresses for as long as the context lasts."""
    if hardened:
        world, token = github.hardened_maintainer(now), github.HARDENED_TOKEN
        registry, user = npm.hardened_maintainer(now), "hazel"
    else:
        world, token = github.weak_maintainer(now), github.WEAK_TOKEN
        registry, user = npm.weak_maintainer(now), "mallow"
    with github_sandbox(world) as github_server, npm_sandbox(registry) as npm_server:
        yield Demo(github_server.url, token, npm_server.url, registry.token(user), trust_root())
