"""What a fact of npm requires is what its endpoint is opened by, in the sandbox, over a socket.

npm says with no header what an endpoint accepts. So each endpoint that a fact names is asked with
nothing, with a granular token that may read packages, with one that may read an organization, and
with a session; of a package that is private.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import sources
from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.rights import OF_ORGANIZATIONS, OF_PACKAGES, PRESENCE, SESSION_ALONE
from hardenme.model.fact import Fact
from hardenme.model.permission import NOTHING, Requirement
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import ClientToken, TokenKind
from tests.least_tokens import behind_a_door
from tests.running import NOW
from tests.sandbox.npm_reader import Reader

FACTS = sorted(
    {kind for check in catalogue() for kind in sources(check.facts) if kind.asked_at == "npm"},
    key=lambda kind: kind.__name__,
)
NAMES = {
    "org": "acorn-labs",
    "team": "developers",
    "user": "mallow",
    "package": "@acorn-labs%2fladle",
    "version": "1.4.0",
    "text": "maintainer:mallow",
}
NOBODY, PACKAGES, ORGANIZATION, SESSION = "nobody", "packages", "organization", "session"
OPENED: dict[Requirement, set[str]] = {
    SESSION_ALONE: {SESSION},
    OF_ORGANIZATIONS: {ORGANIZATION, SESSION},
    OF_PACKAGES: {PACKAGES, SESSION},
    PRESENCE: set(),
}
"""By whom each requirement is met without a second factor."""
PUBLIC = {"WeeklyDownloads": "the search is open to all, and lists what is public alone"}
NARROWER = {
    "NpmProfile": "a granular token may be shown one that says that there is no second factor",
}
"""Facts that require more than what opens their endpoint, with why."""


@cache
def opened() -> dict[str, set[str]]:
    """Who is answered by each endpoint."""
    world = behind_a_door(NOW)
    value = "npm_CANARYaccepted" + "0" * 20
    world.credentials += [
        ClientToken(value + "p", "mallow", TokenKind.READ),
        ClientToken(
            value + "o", "mallow", TokenKind.READ, packages=(), organizations=("acorn-labs",)
        ),
    ]
    presented = {
        NOBODY: "",
        PACKAGES: value + "p",
        ORGANIZATION: value + "o",
        SESSION: world.token("mallow"),
    }
    with npm_sandbox(world) as server:
        read = Reader(server)
        return {
            path: {
                who
                for who, token in presented.items()
                if read(path.format(**NAMES), token).status == 200
            }
            for path in {path for kind in FACTS for path in endpoints(kind)}
        }


def endpoints(kind: type[Fact]) -> list[str]:
    return re.findall(r"GET (/[^\s,]*)", kind.source)


def test_every_fact_names_an_endpoint() -> None:
    assert len(FACTS) > 15
    assert all(endpoints(kind) for kind in FACTS)
    assert PUBLIC.keys() | NARROWER.keys() <= {kind.__name__ for kind in FACTS}


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_a_requirement_is_what_opens_its_endpoints(kind: type[Fact]) -> None:
    found = set.intersection(*(opened()[path] for path in endpoints(kind)))
    if kind.__name__ in PUBLIC:
        assert kind.requirement == NOTHING
        assert found == {NOBODY, PACKAGES, ORGANIZATION, SESSION}
    elif kind is NpmAccount:
        assert found == {PACKAGES, ORGANIZATION, SESSION}, "any token that is valid"
    elif kind.__name__ in NARROWER:
        assert kind.requirement == SESSION_ALONE
        assert SESSION in found
        assert len(found) > 1, "no reason to require more"
    else:
        # What is free is so of a public package: this one is private.
        assert found == OPENED[OF_PACKAGES if kind.requirement == NOTHING else kind.requirement]
