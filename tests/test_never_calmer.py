"""No broken answer makes `recent` calmer: what is lost is named, and so is where it was.

Each answer that a run over an organization after an attack rests on is broken, one by one: refused,
hidden, cut off, a node of a batch null, a page lost. Whatever the whole run showed, the broken one
shows too, or it names the place, or the container of the place, as not looked at. It holds with a
kept run from before the window and without one, with a weaker token, and with a clock that is off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hardenme.cli.recent.handler import RecentHandler
from hardenme.cli.stored.runs import runs
from hardenme.derive.attacker_changes import BY_KIND
from hardenme.derive.recent import FACTS
from hardenme.derive.recent.unseen import EARLIER as EARLIER_RUN
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.plan import plan, with_facts
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground.places import NOWHERE
from hardenme.model.depth import Depth
from hardenme.model.recent import Event, Recent, Undated
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.reports import pieces
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW, standing_at
from tests.mutations import Atom, lost_page
from tests.running import QUICK, Stage, stage
from tests.worlds.intrusion import intrusion

WINDOW = timedelta(hours=48)
EARLIER = timedelta(days=5)
TARGETS = ("me", "github:cedar-labs")
REPOSITORIES = 3
PARTS = 10
"""A run of all tests breaks one of so many parts of the answers, in each way and at each depth."""
Edit = Callable[[Request, Reply], Reply]


def run(servers: Stage, depth: Depth, at: Any = NOW) -> Report:
    made = with_facts(plan(select(("REL101",)), (), depth), FACTS)
    order = RunConfig(tuple(map(Target.parse, TARGETS)), made, local=False, window=WINDOW)
    servers.rest()
    with standing_at(at):
        return audit(order, servers.clients(QUICK), Silent())


def told(servers: Stage, report: Report, depth: Depth, before: Path | None) -> Recent:
    """What `recent` tells of a run, beside the kept runs of a state folder; None for no folder."""
    config: Any = SimpleNamespace(selection=SimpleNamespace(depth=depth), targets=())
    nothing: Any = None
    telling = RecentHandler(nothing, config, nothing, WINDOW, "48h")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(before or NOWHERE))
        return telling._recent(report, (servers.github.url, servers.npm.url))


@cache
def scene() -> tuple[Any, Any]:
    found = intrusion(NOW, repositories=REPOSITORIES)
    return found, npm.weak_maintainer(NOW)


@pytest.fixture(scope="module")
def servers() -> Iterator[Stage]:
    found, registry = scene()
    with stage(found.world, registry, found.token, registry.token("mallow")) as running:
        yield running


@pytest.fixture(scope="module")
def before(servers: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder that keeps a run of five days ago, and no other."""
    found, registry = scene()
    found.world.now = registry.now = NOW - EARLIER
    try:
        report = run(servers, Depth.DEEP, NOW - EARLIER)
    finally:
        found.world.now = registry.now = NOW
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch, standing_at(NOW - EARLIER):
        patch.setenv("XDG_STATE_HOME", str(folder))
        runs().keep(report, pieces(report, "json"))
    return folder


def _named(one: Recent) -> set[tuple[Subject, str]]:
    """What was not read, with its place; what only has no earlier run is left out."""
    gaps = (gap for gap in one.unseen if gap.why != EARLIER_RUN)
    return {(place, gap.source) for gap in gaps for place in gap.places}


def _owner(place: Subject) -> str:
    name = place.name.rpartition(":")[2] if place.kind == "target" else place.name
    return name.partition("/")[0].lower()


def _what(place: Subject, kind: str) -> set[str]:
    """What the table calls what is in a place."""
    name = f"{place.provider}:{place.kind}", "member" if kind == "owner" else kind
    return {one.what for one in BY_KIND.get(name, ())}


def _held(place: Subject, kind: str, whole: Recent, broken: Recent) -> bool:
    """Whether a run names what it lost, or the container of the place that it lost."""
    named = _named(broken)
    if any((place, what) in named for what in _what(place, kind)):
        return True
    lost = {one for one, _ in named - _named(whole)}
    if any(not gap.places for gap in broken.unseen):
        return True
    # An account whose name is not known is `me`.
    own = {one for one in lost if one.name == "me" and one.provider == place.provider}
    above = {_owner(one) for one in lost if one.kind in {"org", "user", "target"}}
    packages = place.kind == "package" and any(one.provider == "npm" for one in lost)
    return place in lost or bool(own) or _owner(place) in above or packages


def _shown(one: Recent) -> dict[tuple[Any, ...], Event | Undated]:
    shown: dict[tuple[Any, ...], Event | Undated] = {}
    for event in one.events:
        shown[event.kind, event.place, str(event.subject)] = event
    for each in one.undated:
        shown[each.kind, each.place, each.change] = each
    return shown


def demand_no_calmer(whole: Recent, broken: Recent) -> None:
    """Whatever is not shown any more is named, in its place or in what holds its place."""
    now = _shown(broken)
    for name, each in _shown(whole).items():
        if name not in now:
            assert _held(each.place, each.kind, whole, broken), name
        elif each.marks or each.confirm:
            again = now[name]
            calm = not (again.marks or again.confirm)
            assert not calm or _held(each.place, each.kind, whole, broken), name
    gone = {place for place, _ in _named(whole)} - {place for place, _ in _named(broken)}
    for place in gone:
        assert _held(place, "", whole, broken), place


def _refused(_request: Request, reply: Reply) -> Reply:
    return replace(reply, status=403, data={"message": "Resource not accessible"}, headers={})


def _hidden(_request: Request, reply: Reply) -> Reply:
    return replace(reply, status=404, data={"message": "Not Found"}, headers={})


def _broken(_request: Request, reply: Reply) -> Reply:
    return replace(reply, status=500, data={"message": "Server Error"}, headers={})


def _odd(_request: Request, reply: Reply) -> Reply:
    return replace(reply, data={} if isinstance(reply.data, list) else [], headers={})


def _null_node(_request: Request, reply: Reply) -> Reply:
    """The last of each list of nodes is null, as GitHub answers what it could not load."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: [*map(walk, one[:-1]), None] if name == "nodes" and one else walk(one)
                for name, one in value.items()
            }
        return [walk(one) for one in value] if isinstance(value, list) else value

    return replace(reply, data=walk(reply.data))


def _cut(request: Request, reply: Reply) -> Reply:
    """The last of a list, and of those that an object holds, is lost, as with a last page."""
    if request.method == "POST":
        return reply
    data = json.loads(reply.encoded() or b"null")
    if isinstance(data, dict) and "total_count" in data:
        data = {name: one[:-1] if isinstance(one, list) else one for name, one in data.items()}
    elif isinstance(data, list):
        data = data[:-1]
    else:
        return reply
    return lost_page(request, replace(reply, data=data))


WAYS: dict[str, Edit] = {
    "403": _refused,
    "404": _hidden,
    "500": _broken,
    "odd": _odd,
    "null node": _null_node,
    "cut": _cut,
}


def atoms(servers: Stage) -> list[tuple[Any, Atom]]:
    """Each request since the last `clear`, once for its path or query, like by like.

    What one piece of code reads is in as many parts of the list as there can be.
    """
    found = {
        (server.url, atom): (server, atom)
        for server in servers.servers
        for atom in map(Atom.of, server.requests)
    }
    assert len(found) > 20
    return sorted(found.values(), key=lambda one: (one[1].shape, one[1].path, one[1].operation))


def clear(servers: Stage) -> None:
    """Forget the requests."""
    for server in servers.servers:
        server.requests.clear()


def fits(way: str, atom: Atom) -> bool:
    """Whether a way breaks such an answer: pages are REST's, and nodes are GraphQL's."""
    return way not in {"null node", "cut"} or bool(atom.operation) == (way == "null node")


def _breaks(atom: Atom, edit: Edit) -> dict[str, Any]:
    def match(request: Request) -> bool:
        return Atom.of(request) == atom

    return {"edit": edit, "match": match}


@pytest.mark.second_tier("some 20 runs over sockets")
@pytest.mark.sampled(8 * PARTS)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("depth", [Depth.FAST, Depth.DEEP], ids=str)
def test_no_broken_answer_makes_it_calmer(
    servers: Stage, before: Path, depth: Depth, way: str, part: int
) -> None:
    clear(servers)
    report = run(servers, depth)
    wholes = [(told(servers, report, depth, earlier), earlier) for earlier in (before, None)]
    for whole, earlier in wholes:
        assert whole.marked
        assert whole.to_confirm
        assert whole.proven is (earlier is not None)
    batches = [one for one in atoms(servers) if fits(way, one[1])]
    failures = []
    for server, atom in batches[part::PARTS]:
        fault = server.fault(".*", **_breaks(atom, WAYS[way]))
        try:
            broken = run(servers, depth)
        finally:
            server.faults.remove(fault)
        for whole, earlier in wholes:
            try:
                demand_no_calmer(whole, told(servers, broken, depth, earlier))
            except AssertionError as error:
                kept = "no kept run" if earlier is None else "a kept run"
                error.add_note(f"{way} for {atom}, with {kept}")
                failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} answers", failures)


@pytest.mark.second_tier("several whole runs")
def test_a_weaker_token_makes_it_no_calmer(servers: Stage, before: Path) -> None:
    found, _ = scene()
    token = found.world.token(found.token)
    held = token.scopes
    whole = told(servers, run(servers, Depth.STANDARD), Depth.STANDARD, before)
    try:
        for scope in sorted(held):
            token.scopes = held - {scope}
            weaker = told(servers, run(servers, Depth.STANDARD), Depth.STANDARD, before)
            demand_no_calmer(whole, weaker)
    finally:
        token.scopes = held


@pytest.mark.second_tier("a run over sockets each", one_of=2)
@pytest.mark.parametrize("off", [timedelta(days=3), timedelta(days=-3)], ids=["ahead", "behind"])
def test_a_clock_that_is_off_makes_it_no_calmer(
    servers: Stage, before: Path, off: timedelta
) -> None:
    whole = told(servers, run(servers, Depth.STANDARD), Depth.STANDARD, before)
    report = run(servers, Depth.STANDARD, NOW + off)
    broken = told(servers, report, Depth.STANDARD, before)
    kinds = {name[:3] for name in _shown(whole)}
    assert kinds <= {name[:3] for name in _shown(broken)}
    assert broken.unseen[0].source == "the age of everything"
    assert not broken.proven


def test_the_ways_change_what_they_break() -> None:
    reply = Reply(200, {"total_count": 2, "nodes": [{"id": 1}, {"id": 2}]})
    request: Any = SimpleNamespace(method="GET", path="/x")
    for name, edit in WAYS.items():
        assert json.dumps(edit(request, reply).data) != json.dumps(reply.data), name
