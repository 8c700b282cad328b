"""The real npm client reads trusted publishers and the queue, and takes the commands of fixes."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from math import inf

import pytest

from hardenme.model.verdict import Failed
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm.scenarios import hardened_maintainer, weak_maintainer
from hardenme.sandbox.npm.world import World
from tests.attended import AtHand
from tests.moment import NOW
from tests.running import Stage
from tests.sandbox.test_npm_client import Client, client_of
from tests.worlds import github

pytestmark = pytest.mark.needs("npm")
__all__ = ["client_of"]

OURS = ("NPP101", "NPP102", "NPP103", "NPP104", "NPP105", "NPP112", "NPP116")
WITHOUT_DRY_RUN = ("npm trust list", "npm stage view")
REJECTS = "npm stage reject"


def window(client: Client, world: World, user: str) -> str:
    """The account's token, with npm's window for it open."""
    token = world.token(user)
    client.sandbox.desk.proven[token] = inf
    return token


def test_trust_list(client_of: Callable[[World], Client]) -> None:
    world = weak_maintainer(NOW)
    client = client_of(world)
    token = window(client, world, "mallow")
    done = client.run("trust", "list", "@acorn-labs/sieve", token=token)
    assert done.returncode == 0, done.stderr
    assert "mallow/strainer" in done.stdout
    ladle = client.json("trust", "list", "@acorn-labs/ladle", token=token)
    assert "mallow/ladle" in str(ladle)
    none = client.run("trust", "list", "@acorn-labs/grater", token=token)
    assert none.returncode == 0, none.stderr


def test_without_the_second_factor_the_client_is_refused_too(
    client_of: Callable[[World], Client],
) -> None:
    world = weak_maintainer(NOW)
    done = client_of(world).run("trust", "list", "@acorn-labs/ladle", token=world.token("mallow"))
    assert done.returncode == 1
    assert "EOTP" in done.stderr


def test_stage_list(client_of: Callable[[World], Client]) -> None:
    world = hardened_maintainer(NOW)
    listed = client_of(world).json("stage", "list", token=world.token("hazel"))
    assert "@hazel-grove/lantern" in str(listed)
    assert "2.1.0" in str(listed)


def test_the_client_takes_every_command_of_a_fix(client_of: Callable[[World], Client]) -> None:
    world = weak_maintainer(NOW)
    client = client_of(world)
    with github_sandbox(github.weak_maintainer(NOW)) as host:
        stage = Stage(host, client.sandbox, github.WEAK_TOKEN, world.token("mallow"))
        stage.person = AtHand()
        report = stage.audit(select_=OURS)
    token = window(client, world, "mallow")
    failures = [item for item in report.findings if isinstance(item.outcome, Failed)]
    assert {item.code for item in failures} == set(OURS)
    commands = {
        part
        for item in failures
        if isinstance(item.outcome, Failed)
        for part in item.outcome.fix.command.split(" && ")
    }
    kinds = set()
    # The same form once: what differs is which publisher it names.
    for command in sorted(commands):
        words = shlex.split(command)
        kind = " ".join(words[:3])
        if kind in kinds:
            continue
        kinds.add(kind)
        dry = () if kind in WITHOUT_DRY_RUN else ("--dry-run",)
        done = client.run(*words[1:], *dry, token=token)
        assert "Unknown" not in done.stderr
        if kind == REJECTS:
            # It asks nobody, and this registry only reads.
            assert "405 Method Not Allowed - DELETE" in done.stderr
            continue
        assert done.returncode == 0, f"{command}: {done.stderr}"
    assert {"npm trust github", "npm trust revoke"} <= kinds
    wrote = {r.method for r in client.sandbox.requests} - {"GET", "HEAD"}
    assert wrote <= {"DELETE"}
