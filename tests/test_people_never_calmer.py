"""No broken answer makes `people` or `person` calmer: what is lost is named as not looked at.

Each answer is refused, hidden, cut off, of another type or without a node, one by one. Whatever is
not shown any more, down to the team, the role and the secret, is of a list that a new gap names,
and a kept run fills it in. A token loses each right, and the clock is off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
from hardenme.sandbox.github.state.staff import Team
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW, standing_at
from tests.mutations import Atom
from tests.running import QUICK, Stage, stage
from tests.test_never_calmer import WAYS, clear, fits
from tests.test_never_calmer import atoms as every_atom
from tests.worlds.intrusion import intrusion

TARGETS = ("github:cedar-labs", "npm:@acorn-labs")
SELECTED = ("GHB101", "GHB102", "GHB108", "GHB110", "GHO102", "GHO117", "GHO123", "GHO133")
PEOPLE = (("birch", "sorrel"), ("guest", ""), ("linden", "mallow"), ("fennel", ""))
PARTS = 6
"""A run of all tests breaks one of so many parts of the answers, in each way."""
COUNT = re.compile(r"\b(\d[\d,]*) (?:deploy )?\w+")
"""How many places, repositories or keys a gap is about."""
NAMED = {
    r"and so from the teams (.*?)(?=, which|, once|$)": "teams of|members of",
    r"which ends the organization roles (.*?)(?=, once|$)": "organization roles|members of",
    r"^(Remove \S+ from .*?)(?=, and so|, which|, once|$)": "members of|repositories of|outside",
    r"^(Remove \S+ as a maintainer .*)$": "maintainers of|packages of",
    r"^(\S+ is the only maintainer .*)$": "maintainers of|packages of",
    r"^(\S+ is the only owner .*)$": "members of",
    r"^Rotate the secrets .* made: (.*)$": r"secrets of \d|repositories of|who can push",
    r"^(Look at the releases of .*)$": "maintainers of|packages of|trusted publishers",
}
"""The names in a task, and the lists that each may be missing from."""
HELD = {
    "pushes": "repositories of|who can push|deploy keys|members of|organization roles",
    "past rules": "whether rules stop|repositories of|who can push",
    "key": "deploy keys|repositories of",
    "invited": "invitations",
    "secret|Dependabot secret": "secrets of|Dependabot secrets",
    "maintainer|publishes": "maintainers of|packages of",
    "organization role": "organization roles|members of the team",
    "outside": "outside collaborators|repositories of",
    "owner|sole owner|member|admin|developer": "members of|repositories of|whether .* own it",
    "": "apps|members' fine-grained tokens",
}
"""How somebody holds something, and the lists that it may be missing from."""


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
    clear(servers)
    return run(servers)


@pytest.fixture(scope="module")
def atoms(servers: Stage, whole: Report) -> list[tuple[Any, Atom]]:
    """Each request of the whole run, once for its path or query."""
    assert whole.findings
    return every_atom(servers)


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


def new_gaps(before: Iterable[str], now: Iterable[str]) -> list[str]:
    """The gaps that the whole run had not, or had of fewer places."""
    known = {COUNT.sub("#", one): _count(one) for one in before}
    return [one for one in now if _count(one) > known.get(COUNT.sub("#", one), -1)]


def _count(gap: str) -> int:
    found = COUNT.search(gap)
    return int(found[1].replace(",", "")) if found else 0


def named(gaps: Iterable[str], lists: str) -> bool:
    """Whether a gap is about one of the lists that something was lost from."""
    return any(re.match(f"everything|{lists}", one) for one in gaps)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """What a task names: each team, role, secret and place, with the lists that it comes from."""
    found = False
    for pattern, lists in NAMED.items():
        if match := re.search(pattern, text):
            found = True
            for name in re.split("[,;] ", match[1]):
                yield name, lists
    if not found:
        # What is asked of everybody rests on no answer: no gap stands in for it.
        yield text, "nothing"


def _in_part(lost: tuple[str, str, str], now: Iterable[tuple[str, str, str]]) -> bool:
    """Whether it is still there, by name or by what it may do, and states what was not shown."""
    name, way, place = lost
    same = (one for one in now if one[2] == place and "not shown" in f"{one[0]} {one[1]}")
    return any(one[0] == name or one[1] == way for one in same)


def _states(texts: Iterable[str], start: str) -> bool:
    """Whether a task that begins so states what of it was not shown."""
    return any(text.startswith(start) and "not shown" in text for text in texts)


def _seen(texts: Iterable[str]) -> set[str]:
    """Texts without the words that say that a list was not read to its end."""
    return {text.replace(" who was seen", "") for text in texts}


def demand_no_calmer(whole: Report, broken: Report) -> None:
    """Each name that is lost is of a list that a new gap names; with a kept run none is lost."""
    before, now = held(whole), held(broken)
    gaps = new_gaps(holders(whole).extent.gaps, holders(broken).extent.gaps)
    for lost in sorted(before.keys() - now.keys()):
        if _in_part(lost, now):
            continue
        lists = next(lists for way, lists in HELD.items() if re.match(way, lost[1]))
        assert named(gaps, lists), (lost, gaps)
    alone = {name for name, only in now.items() if only and not before.get(name, False)}
    assert not alone, f"a broken answer makes no one the last: {alone}"
    for login, name in PEOPLE:
        for mode in (Mode.LEAVES, Mode.STOLEN):
            wanted, gaps = listed(whole, login, name, mode)
            found, unseen = listed(broken, login, name, mode)
            shown = {one for text in found for one in parts(text)}
            more = new_gaps(gaps, unseen)
            for text in sorted(wanted - found):
                for part, lists in parts(text):
                    stated = _states(found, text.partition(part)[0])
                    known = (part, lists) in shown or stated
                    assert known or named(more, lists), (text, part, more)
            filled, _ = listed(with_earlier(broken, whole), login, name, mode)
            lost_still = [
                text
                for text in sorted(_seen(wanted) - _seen(filled))
                if not any(_states(filled, text.partition(part)[0]) for part, _ in parts(text))
            ]
            assert not lost_still, lost_still


@pytest.mark.second_tier("some 12 runs over sockets")
@pytest.mark.sampled(4 * PARTS)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("way", WAYS)
def test_no_broken_answer_makes_it_calmer(
    servers: Stage, whole: Report, atoms: list[tuple[Any, Atom]], way: str, part: int
) -> None:
    batches = [one for one in atoms if fits(way, one[1])]
    failures = []
    for server, atom in batches[part::PARTS]:

        def match(request: Any, atom: Atom = atom) -> bool:
            return Atom.of(request) == atom

        fault = server.fault(".*", edit=WAYS[way], match=match)
        try:
            broken = run(servers)
        finally:
            server.faults.remove(fault)
        try:
            demand_no_calmer(whole, broken)
        except AssertionError as error:
            error.add_note(f"{way} for {atom}")
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} answers", failures)


@pytest.mark.second_tier("several whole runs")
def test_a_weaker_token_makes_it_no_calmer(servers: Stage, whole: Report) -> None:
    found, _ = scene()
    token = found.world.token(found.token)
    scopes = token.scopes
    try:
        for scope in sorted(scopes):
            token.scopes = scopes - {scope}
            demand_no_calmer(whole, run(servers))
    finally:
        token.scopes = scopes


@pytest.mark.second_tier("a run over sockets each", one_of=2)
@pytest.mark.parametrize("off", [timedelta(days=3), timedelta(days=-3)], ids=["ahead", "behind"])
def test_a_clock_that_is_off_makes_it_no_calmer(
    servers: Stage, whole: Report, off: timedelta
) -> None:
    report = run(servers, NOW + off)
    demand_no_calmer(whole, report)
    assert [one for one in report.warnings if "clock" in one]
