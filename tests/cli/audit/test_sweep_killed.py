"""A sweep that is interrupted or killed, and gone on with: nothing is asked or found twice."""

from __future__ import annotations

import json
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.http import Fault
from tests.cli.command import Command, Ran, until
from tests.posix import ON_POSIX
from tests.worlds.scaled_organization import LOGIN, Sweep, scaled_organization

pytestmark = [pytest.mark.second_tier("kills whole runs"), pytest.mark.sampled(4, among="sweeps")]
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)

REPOSITORIES = 24
Outcomes = dict[tuple[str, str], dict[str, Any]]
OF_ONE = re.compile(rf"/repos/({LOGIN}/[^/]+)/.*")
FROM_THE_START = "a run from the start"


@contextmanager
def serving() -> Iterator[tuple[GitHubServer, Sweep]]:
    now = datetime.now(UTC).replace(microsecond=0)
    sweep = scaled_organization(now, repositories=REPOSITORIES, members=12)
    with github_sandbox(sweep.world) as server:
        yield server, sweep


@pytest.fixture
def seeded() -> Iterator[tuple[GitHubServer, Sweep]]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, new_command: Callable[[Path], Command]
) -> Undisturbed:
    """A sweep of the same organization that comes to its end at once."""
    command = new_command(tmp_path_factory.mktemp("undisturbed"))
    with serving() as (server, sweep):
        ran = command(*arguments(server), HARDENME_GITHUB_TOKEN=sweep.token)
        return Undisturbed(outcomes(ran), asked(server))


def arguments(server: GitHubServer, *more: str) -> tuple[str, ...]:
    return (
        *("check", f"github:{LOGIN}", "--github-url", server.url, "--no-cache"),
        *("--depth", "standard", "--workers", "2", "--format", "json", *more),
    )


def asked(server: GitHubServer) -> Counter[str]:
    """How often something was asked of each repository by itself."""
    found = (OF_ONE.fullmatch(request.path) for request in server.requests)
    return Counter(match[1] for match in found if match)


def outcomes(ran: Ran) -> Outcomes:
    findings = json.loads(ran.out)["findings"]
    return {(item["code"], item["subject"]): item for item in findings}


@dataclass(frozen=True)
class Undisturbed:
    """What a sweep finds and asks that nothing interrupts."""

    found: Outcomes
    asked: Counter[str]


def reached(server: GitHubServer, count: int) -> bool:
    """Whether so many requests came."""
    return len(server.requests) >= count


def judged(command: Command) -> set[str]:
    """The repositories of which the journal of a run has a final result, by their names."""
    return {
        name
        for journal in command.home.rglob("*.journal")
        # The first line is the head; what follows the last line break is only being written.
        for line in journal.read_text().split("\n")[1:-1]
        for name, final in [json.loads(line.partition("\t")[0])]
        if final
    }


def halted(
    command: Command,
    server: GitHubServer,
    sweep: Sweep,
    number: signal.Signals,
    everything: Counter[str],
) -> Ran:
    """A run that gets a signal when some of the repositories are judged, and not all."""
    gate = Fault(rf"/repos/{LOGIN}/.*", stall=40.0, after=sum(everything.values()) * 3 // 4)
    server.faults.append(gate)
    ran = command.interrupted(
        number,
        lambda: len(judged(command)) > REPOSITORIES // 4,
        *arguments(server),
        HARDENME_GITHUB_TOKEN=sweep.token,
    )
    server.faults.clear()
    return ran


@ON_POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, KILL])
def test_a_sweep_is_gone_on_with_from_where_it_ended(
    command: Command,
    seeded: tuple[GitHubServer, Sweep],
    undisturbed: Undisturbed,
    number: signal.Signals,
) -> None:
    server, sweep = seeded
    token = {"HARDENME_GITHUB_TOKEN": sweep.token}
    whole, everything = undisturbed.found, undisturbed.asked
    ran = halted(command, server, sweep, number, everything)
    assert ran.code == {signal.SIGINT: 130, signal.SIGTERM: 143}.get(number, -KILL)
    before = asked(server)
    kept = judged(command)
    assert len(kept) > REPOSITORIES // 4
    assert kept < set(everything)
    server.requests.clear()

    went_on = command(*arguments(server, "--resume"), **token)
    assert went_on.code == 1
    again = asked(server)
    assert not kept & set(again), "what was judged is not asked about again"
    assert set(again) | kept == set(everything)
    assert sum(before.values()) + sum(again.values()) < sum(everything.values()) + 30
    found = outcomes(went_on)
    assert json.loads(went_on.out)["partial"] is None
    assert found.keys() == whole.keys()
    for key, item in found.items():
        if item["outcome"] != whole[key]["outcome"]:
            assert item["outcome"] == "unknown"
            assert FROM_THE_START in item["unknown"]["needed"]
            assert not key[1].startswith(f"github:repo/{LOGIN}")
    assert not list(command.home.rglob("*.journal")), "nothing is left to go on with"


def test_a_sweep_that_is_killed_again_and_again_comes_to_its_end(
    command: Command, seeded: tuple[GitHubServer, Sweep]
) -> None:
    server, sweep = seeded
    token = {"HARDENME_GITHUB_TOKEN": sweep.token}
    server.latency = 0.005
    for more in ((), ("--resume",), ("--resume",)):
        enough = len(server.requests) + 45
        process = command.start(*arguments(server, *more), **token)
        try:
            until(partial(reached, server, enough))
        finally:
            process.kill()
            process.communicate()
    sent = asked(server)
    ran = command(*arguments(server, "--resume"), **token)
    assert ran.code == 1
    assert json.loads(ran.out)["partial"] is None
    assert sum(asked(server).values()) < sum(sent.values()) + REPOSITORIES * 8
    repositories = {
        item["subject"] for item in json.loads(ran.out)["findings"] if "repo/" in item["subject"]
    }
    assert len(repositories) == sum(not r.archived for r in sweep.world.repositories)
