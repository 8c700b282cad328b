"""Audits of npm packages in which something goes wrong, held against one in which nothing does.

Everything is in order with the account, its organization and its one package, and somebody is there
to give the second factor. Whatever is broken then, a finding stays as it was or becomes unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from hardenme.model.report import Report
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import World
from tests.attended import AtHand
from tests.factories.statements import no_tokens
from tests.running import NOW, Stage, stage
from tests.worlds import github

FAMILIES = ("NPA", "NPT", "NPP", "NPO", "PUB", "REL")
"""All that is said about npm."""
PACKAGE = "@hazel-grove/lantern"
TARGET = f"npm:{PACKAGE}"
ORGANIZATION = "npm:@hazel-grove"
PATH = "@hazel-grove%2Flantern"
"""The package as a part of a path."""
ENDPOINTS = (
    "/-/whoami",
    "/-/npm/v1/user",
    "/-/npm/v1/tokens",
    "/-/npm/v1/keys",
    f"/-/npm/v1/attestations/{PATH}@2.0.0",
    "/-/org/hazel-grove/user",
    "/-/org/hazel-grove/package",
    "/-/org/hazel-grove/team",
    "/-/team/hazel-grove/release/user",
    "/-/team/hazel-grove/release/package",
    "/-/user/hazel/package",
    f"/-/package/{PATH}/collaborators",
    f"/-/package/{PATH}/trust",
    f"/-/package/{PATH}/visibility",
    "/-/stage",
    "/-/v1/search",
    f"/{PATH}",
)
"""All that is asked of the registry for the account."""

Change = Callable[[World], None]
Edit = Callable[[Request, Reply], Reply]


def as_it_is(_world: World) -> None:
    """Change nothing."""


@contextmanager
def publisher(change: Change = as_it_is, token: str = "") -> Iterator[Stage]:
    """The hardened maintainer with one package.

    Args:
        change: done to npm's world.
        token: npm's, in place of a session's.
    """
    world = npm.hardened_maintainer(NOW)
    world.packages = [package for package in world.packages if package.name == PACKAGE]
    for organization in world.organizations:
        for granted in (organization.packages, *(team.packages for team in organization.teams)):
            for name in granted.keys() - {PACKAGE}:
                del granted[name]
    change(world)
    presented = token or world.token("hazel")
    with stage(github.hardened_maintainer(NOW), world, github.HARDENED_TOKEN, presented) as running:
        running.others = lambda: {"attested": no_tokens("hazel", running.npm.url, [PACKAGE])}
        running.person = AtHand()
        yield running
        assert running.npm.crashes == running.github.crashes == []


def audited(
    *faults: Fault, target: str = "me", change: Change = as_it_is, token: str = "", **how: Any
) -> Report:
    """The report of an audit in which these answers of the registry are broken."""
    with publisher(change, token) as running:
        running.npm.faults += faults
        return running.audit(target, select_=FAMILIES, **how)


@cache
def whole(target: str = "me") -> Report:
    """The report of an audit in which nothing goes wrong."""
    return audited(target=target)


def answer(status: int, data: Any = None, **headers: str) -> Edit:
    """An answer in the place of the true one."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request, _reply: Reply(status, data, dict(said))


def page(status: int) -> Edit:
    """A page for people in the place of the true answer."""
    body = b"<html><title>Just a moment</title></html>"
    return lambda _request, _reply: Reply(status, None, {"content-type": "text/html"}, body)
