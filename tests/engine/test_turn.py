"""What a cycle of a watch asks: some facts of everything, the others of what has its turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hardenme.derive.attacker_changes import EACH_CYCLE, Watch
from hardenme.derive.recent import FACTS
from hardenme.derive.recent.unseen import Measure, readable
from hardenme.engine.audit import audit
from hardenme.engine.plan import Selection, with_facts
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.engine.turn import ABOVE, CycleTurn
from hardenme.model.depth import Depth
from hardenme.model.report import Report
from hardenme.sandbox.npm import scenarios as npm
from tests.moment import NOW, standing_at
from tests.running import QUICK, Stage, stage
from tests.worlds.intrusion import TOKEN, ordinary

ONE = "cedar-labs/cone"
GIVEN_TO_APPS = "token-grant"
"""What an installed GitHub App alone reads."""


@pytest.fixture(scope="module")
def servers() -> Iterator[Stage]:
    with stage(ordinary(NOW, repositories=3), npm.weak_maintainer(NOW), TOKEN) as running:
        yield running


def run(servers: Stage, turn: CycleTurn | None) -> Report:
    selection = with_facts(Selection((), frozenset(), depth=Depth.DEEP), FACTS)
    targets = (Target.parse("github:cedar-labs"),)
    config = RunConfig(targets, selection, local=False, window=timedelta(hours=1), turn=turn)
    servers.rest()
    with standing_at(NOW):
        return audit(config, servers.clients(QUICK), Silent())


def read(report: Report, watch: Watch) -> set[tuple[str, str]]:
    """What was readable, of what a cycle reads as that."""
    found = readable(report.inventory, Measure(Depth.DEEP))
    return {
        (place.name, change.name)
        for place, change, why in found
        if why is None and change.watch is watch
    }


def test_every_cycle_reads_what_the_table_says_that_it_reads(servers: Stage) -> None:
    """In turn or not, and of everything."""
    report = run(servers, CycleTurn(EACH_CYCLE))
    missing = {
        (place.name, change.name)
        for place, change, why in readable(report.inventory, Measure(Depth.DEEP))
        if why is not None and change.watch is Watch.CYCLE and change.name != GIVEN_TO_APPS
    }
    assert missing == set()
    places = {place.subject.name for place in report.inventory if place.subject.kind == "repo"}
    assert places == {"cedar-labs/bark", "cedar-labs/cone", "cedar-labs/resin"}


@pytest.mark.second_tier("takes over half a second")
def test_what_takes_a_request_a_repository_is_read_of_those_that_have_their_turn(
    servers: Stage,
) -> None:
    none, one = (
        run(servers, CycleTurn(EACH_CYCLE)),
        run(servers, CycleTurn(EACH_CYCLE, (ONE,))),
    )
    whole = run(servers, None)
    assert read(one, Watch.CYCLE) == read(whole, Watch.CYCLE) == read(none, Watch.CYCLE)
    more = read(one, Watch.ROTATION) - read(none, Watch.ROTATION)
    assert {place for place, _ in more} == {ONE}
    assert {name for place, name in read(whole, Watch.ROTATION) if place == ONE} == {
        name for place, name in read(one, Watch.ROTATION) if place == ONE
    }
    assert {("repo-webhook"), ("repo-secret"), ("repo-runner")} <= {name for _, name in more}


def test_what_is_above_the_repositories_has_turns_too(servers: Stage) -> None:
    without, having = (
        run(servers, CycleTurn(EACH_CYCLE)),
        run(servers, CycleTurn(EACH_CYCLE, (ABOVE,))),
    )
    more = read(having, Watch.ROTATION) - read(without, Watch.ROTATION)
    assert ("cedar-labs", "organization-role-user") in more
    assert {place for place, _ in more} == {"cedar-labs"}


@pytest.mark.second_tier("takes over half a second")
def test_a_turn_costs_less_than_a_run_over_everything(servers: Stage) -> None:
    sent = [
        sum(run(servers, turn).traffic.requests.values())
        for turn in (CycleTurn(EACH_CYCLE), CycleTurn(EACH_CYCLE, (ONE,)), None)
    ]
    assert sent[0] < sent[1] < sent[2]
