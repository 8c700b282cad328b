"""What a run leaves out is counted, and an archived repository that changed is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hardenme.cli.recent.handler import RecentHandler, _left_out
from hardenme.derive.recent import FACTS
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.plan import plan, with_facts
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.depth import Depth
from hardenme.model.inventory import ARCHIVED
from hardenme.model.recent import Recent
from hardenme.model.report import Report
from hardenme.reports.recent import RecentView, render
from hardenme.reports.style import Style
from hardenme.sandbox.github.world import DeployKey, Repository
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW, standing_at
from tests.running import QUICK, Stage, stage
from tests.worlds.intrusion import KEY, intrusion

pytestmark = pytest.mark.second_tier("a run over sockets each", one_of=10)
WINDOW = timedelta(hours=48)
INSIDE, OUTSIDE = (timedelta(minutes=1), timedelta(hours=47)), (timedelta(hours=49),)
INTRUSION = intrusion(NOW, repositories=3)
QUIET: Repository = INTRUSION.world.repositories[1]


@pytest.fixture(scope="module")
def servers() -> Iterator[Stage]:
    registry = npm.weak_maintainer(NOW)
    with stage(INTRUSION.world, registry, INTRUSION.token) as running:
        yield running


def look(servers: Stage, depth: Depth, chosen: RepositoryFilter) -> tuple[Report, Recent]:
    made = with_facts(plan(select(("REL101",)), (), depth), FACTS)
    targets = (Target.parse("github:cedar-labs"),)
    config = RunConfig(targets, made, local=False, window=WINDOW, chosen=chosen)
    servers.rest()
    with standing_at(NOW):
        report = audit(config, servers.clients(QUICK), Silent())
    given: Any = SimpleNamespace(selection=SimpleNamespace(depth=depth), targets=())
    nothing: Any = None
    telling = RecentHandler(nothing, given, nothing, WINDOW, "48h", invented=True)
    return report, telling._recent(report, (servers.github.url, servers.npm.url))


@pytest.fixture
def quiet() -> Iterator[Repository]:
    """A repository that is archived, and that nobody touched for long."""
    before = QUIET.archived, QUIET.pushed_at, list(QUIET.deploy_keys)
    QUIET.archived, QUIET.pushed_at = True, NOW - timedelta(days=400)
    QUIET.deploy_keys.clear()
    yield QUIET
    QUIET.archived, QUIET.pushed_at = before[:2]
    QUIET.deploy_keys[:] = before[2]


def named(found: Recent) -> set[str]:
    return {one.text for one in found.events if one.kind == ARCHIVED}


@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("depth", [Depth.FAST, Depth.STANDARD], ids=str)
@pytest.mark.parametrize("age", [*INSIDE, *OUTSIDE])
@pytest.mark.parametrize("what", ["pushed", "key"])
def test_an_archived_repository_that_changed_in_the_window_is_to_be_confirmed(
    servers: Stage, quiet: Repository, what: str, age: timedelta, depth: Depth
) -> None:
    if what == "pushed":
        quiet.pushed_at = NOW - age
    else:
        quiet.deploy_keys.append(DeployKey(91_001, "later", KEY, NOW - age))
    _, found = look(servers, depth, RepositoryFilter())
    assert len(named(found)) == (age in INSIDE)
    for one in found.events:
        if one.kind == ARCHIVED:
            assert one.confirm
            assert not one.undo, "an archived repository takes no change"
    assert not [one for one in found.unseen if quiet.full_name in {x.name for x in one.places}]


@pytest.mark.parametrize("excluded", [(), ("bark",), ("bark", "cone")])
def test_what_is_left_out_is_counted_where_the_scope_is(
    servers: Stage, quiet: Repository, excluded: tuple[str, ...]
) -> None:
    report, found = look(servers, Depth.FAST, RepositoryFilter(exclude=excluded))
    number = 1 + len(excluded)
    words = _left_out(report)
    assert words == f"{number} {'repository' if number == 1 else 'repositories'} left out"
    shown = RecentView(found, ("github:cedar-labs",), ("github.com",), "1", "last 2 days")
    with_words = replace(shown, left_out=words)
    first, _, _ = render(with_words, "screen", Style(100)).partition("\n")
    assert f"github:cedar-labs · {words}" in first
    assert "left out" not in render(shown, "screen", Style(100)).partition("\n")[0]
    assert not named(found)
    gone = {f"cedar-labs/{name}" for name in excluded} | {quiet.full_name}
    assert gone.isdisjoint(one.place.name for one in (*found.events, *found.undated))
    _, whole = look(servers, Depth.FAST, RepositoryFilter(archived=True))
    assert quiet.full_name in {x.name for one in whole.unseen for x in one.places}
