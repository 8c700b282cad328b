"""No odd answer makes `people` or `person` calmer: what is lost is named as not looked at.

Each answer is of another type, one by one, with a kept run and without one. A token loses each
right, and the clock is off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from hardenme.derive.handover import FACTS, PersonLeaving, handover, with_earlier
from hardenme.derive.holders import holders
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.plan import plan, with_facts
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.depth import Depth
from hardenme.model.handover import Mode
from hardenme.model.report import Report
from hardenme.sandbox.github.scenario.intrusion import intrusion
from hardenme.sandbox.github.state.staff import Team
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW, standing_at
from tests.mutations import Atom
from tests.running import QUICK, Stage, stage
from tests.test_never_calmer import WAYS

TARGETS = ("github:cedar-labs", "npm:@acorn-labs")
SELECTED = ("GHB101", "GHB102", "GHB108", "GHB110", "GHO102", "GHO117", "GHO123", "GHO133")
PEOPLE = (("birch", "sorrel"), ("guest", ""), ("linden", "mallow"), ("fennel", ""))
TOLD = pytest.mark.second_tier("some 100 runs over sockets", one_of=10)


@cache
def scene() -> tuple[Any, Any]:
    found = intrusion(NOW, repositories=3)
    organization = found.world.organizations[0]
    organization.staff.teams.append(Team(7001, "core", frozenset({"birch"})))
    for role in organization.staff.roles or ():
        if role.name == "all_repo_admin":
            role.users.add("fennel")
        if role.name == "all_repo_write":
            role.teams.add("core")
    return found, npm.weak_maintainer(NOW)


@pytest.fixture(scope="module")
def servers() -> Iterator[Stage]:
    found, registry = scene()
    with stage(found.world, registry, found.token, registry.token("mallow")) as running:
        yield running


def run(servers: Stage, at: Any = NOW) -> Report:
    made = with_facts(plan(select(SELECTED), (), Depth.STANDARD), FACTS)
    order = RunConfig(tuple(map(Target.parse, TARGETS)), made, local=False)
    servers.rest()
    with standing_at(at):
        return audit(order, servers.clients(QUICK), Silent())


@pytest.fixture(scope="module")
def whole(servers: Stage) -> Report:
    for server in servers.servers:
        server.requests.clear()
    return run(servers)


@pytest.fixture(scope="module")
def atoms(servers: Stage, whole: Report) -> list[tuple[Any, Atom]]:
    """Each request of the whole run, once for its path or query."""
    assert whole.findings
    return [
        (server, atom)
        for server in servers.servers
        for atom in dict.fromkeys(map(Atom.of, server.requests))
    ]


def held(report: Report) -> dict[tuple[str, str, str], bool]:
    """Who holds what, and whether no one else can take it away."""
    found = holders(report).holders
    ways = {
        (one.name, hold.way.partition(" in ")[0], str(hold.place)): hold.known and not hold.by
        for one in found
        for hold in one.holds
    }
    pushes = {(one.name, "pushes", name): False for one in found for name in one.repositories}
    past = {(one.name, "past rules", name): False for one in found for name in one.past_rules}
    return ways | pushes | past


def listed(report: Report, login: str, name: str, mode: Mode) -> tuple[set[str], set[str]]:
    found = handover(report, PersonLeaving(login, name, mode))
    return {task.text for task in found.tasks}, set(found.unseen)


def demand_no_calmer(whole: Report, broken: Report, kept: Report | None) -> None:
    """Whatever is lost is named by a gap that the whole run had not."""
    before, now = held(whole), held(broken)
    gaps = set(holders(broken).extent.gaps) - set(holders(whole).extent.gaps)
    assert gaps or before.keys() <= now.keys(), sorted(before.keys() - now.keys())
    alone = {name for name, only in now.items() if only and not before.get(name, False)}
    assert not alone, f"a broken answer makes no one the last: {alone}"
    for login, name in PEOPLE:
        for mode in (Mode.LEAVES, Mode.STOLEN):
            wanted, _known = listed(whole, login, name, mode)
            seen = broken if kept is None else with_earlier(broken, kept)
            found, _ = listed(seen, login, name, mode)
            _, unseen = listed(broken, login, name, mode)
            lost = {one for one in wanted if not any(_same(one, other) for other in found)}
            assert unseen - _known or not lost, (login, sorted(lost))
            if kept is not None:
                without, _ = listed(broken, login, name, mode)
                removed = {text for text in without if text.startswith(("Remove", "Revoke"))}
                assert all(any(_same(one, other) for other in found) for one in removed)


def _same(one: str, other: str) -> bool:
    """Whether two tasks are about the same: with more seen, one names more of it."""
    return (one.split(" ", 2)[:2] == other.split(" ", 2)[:2] and one[-8:] == other[-8:]) or (
        one.partition(",")[0].split(" from ")[0] == other.partition(",")[0].split(" from ")[0]
    )


@TOLD
@pytest.mark.parametrize("way", ["odd"])
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("kept", [False, True], ids=["no kept run", "kept run"])
def test_no_odd_answer_makes_it_calmer(  # noqa: PLR0917 (fixtures)
    servers: Stage,
    whole: Report,
    atoms: list[tuple[Any, Atom]],
    way: str,
    part: int,
    kept: bool,  # noqa: FBT001
) -> None:
    failures = []
    for server, atom in atoms[part::4]:
        if way == "null node" and not atom.operation:
            continue

        def match(request: Any, atom: Atom = atom) -> bool:
            return Atom.of(request) == atom

        fault = server.fault(".*", edit=WAYS[way], match=match)
        try:
            broken = run(servers)
        finally:
            server.faults.remove(fault)
        try:
            demand_no_calmer(whole, broken, whole if kept else None)
        except AssertionError as error:
            error.add_note(f"{way} for {atom}")
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} answers", failures)


@TOLD
@pytest.mark.parametrize("kept", [False, True], ids=["no kept run", "kept run"])
def test_a_weaker_token_makes_it_no_calmer(servers: Stage, whole: Report, kept: bool) -> None:  # noqa: FBT001
    found, _ = scene()
    token = found.world.token(found.token)
    scopes = token.scopes
    try:
        for scope in sorted(scopes):
            token.scopes = scopes - {scope}
            demand_no_calmer(whole, run(servers), whole if kept else None)
    finally:
        token.scopes = scopes


@TOLD
@pytest.mark.parametrize("off", [timedelta(days=3), timedelta(days=-3)], ids=["ahead", "behind"])
def test_a_clock_that_is_off_makes_it_no_calmer(
    servers: Stage, whole: Report, off: timedelta
) -> None:
    report = run(servers, NOW + off)
    demand_no_calmer(whole, report, whole)
    assert [one for one in report.warnings if "clock" in one]
