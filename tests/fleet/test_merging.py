"""Merged reports: equal to that of one run, and never better where something is missing."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.cli.fleet.merging import merged
from hardenme.engine.progress import Silent
from hardenme.engine.recorder import Ending, RunContext
from hardenme.engine.replay import replay
from hardenme.engine.results import MemoryResultStore
from hardenme.engine.settle import exit_code
from hardenme.fleet.plan import FleetPlan, UnplannedOwner
from hardenme.fleet.results import StoredResults
from hardenme.ground.exit_code import Exit
from hardenme.model.adjustment import Adjustment
from hardenme.model.finding import Finding
from hardenme.model.report import Report
from hardenme.reports.screen.targets import target_rows
from hardenme.reports.screen.verdict import Verdict
from hardenme.store.recording import Recording
from tests.cli.incident.conftest import made_token
from tests.fleet.places import Place, empty, folder, memory
from tests.fleet.reading import LOGINS, SETTINGS, ReadFleet, config_of, read_fleet, report_of
from tests.moment import NOW


@pytest.fixture(params=(folder, memory), ids=lambda one: one.__name__)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A folder, and a store as the program opens it; how others differ is not about merging."""
    with empty(request.param, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> ReadFleet:
    return read_fleet(tmp_path_factory.mktemp("fleet"))


def told(finding: Finding) -> tuple[str, ...]:
    """What a finding says, but for times."""
    outcome = finding.outcome
    text = getattr(outcome, "message", getattr(outcome, "needed", ""))
    return finding.code, str(finding.subject), finding.result, text


def login_of(finding: Finding) -> str:
    return finding.within.name.partition("/")[0]


def said(report: Report) -> Any:
    """What a report says, but for times and for how it was made."""
    findings = [told(one) for one in report.findings]
    coverage = replace(report.coverage)
    places = [(str(place.subject), len(place.items)) for place in report.inventory]
    return findings, coverage, report.targets, report.profile, places, report.not_found


def test_the_world_has_what_the_tests_need(fleet: ReadFleet) -> None:
    counts = fleet.whole.counts()
    assert counts["passed"]
    assert counts["failed"]
    assert {login_of(one) for one in fleet.whole.findings} == set(LOGINS)


@pytest.mark.parametrize("shards", [1, 2, 7])
def test_the_report_of_any_shards_in_any_order_is_that_of_one_run(
    fleet: ReadFleet, place: Place, shards: int
) -> None:
    plan = fleet.plan(shards)
    assert len(plan.shards) == shards
    numbers = [one.number for one in plan.owners]
    random.Random(shards).shuffle(numbers)  # noqa: S311 (an order, no secret)
    fleet.put(plan, place.storage, numbers)
    report = report_of(plan, place.storage)
    assert report.partial == ""
    assert said(report) == said(fleet.whole)
    assert target_rows(report) == target_rows(fleet.whole)
    assert exit_code(report) is exit_code(fleet.whole)


def test_thresholds_of_owners_count_at_merge_as_in_one_run(fleet: ReadFleet, place: Place) -> None:
    plan = fleet.plan()
    fleet.put(plan, place.storage)
    owners = {"*": {"owners-least": 1}, "grove-a*": {"owners-least": 2}}
    config = replace(config_of(), adjustments=(Adjustment("config.toml", owners=owners),))
    report = merged(
        config, plan, StoredResults(place.storage, plan.id), MemoryResultStore(), Silent()
    )
    results = {one.within.name: one.result for one in report.findings if one.code == "GHO105"}
    assert results == dict.fromkeys(LOGINS, "passed") | {"grove-ash": "failed"}
    one = Recording(fleet.folder / "whole.jsonl")
    context, ending = one.context(RunContext), one.ending(Ending)
    store = MemoryResultStore()
    again = replay(context, one.parts(), ending, config, Silent(), result_store=store)
    assert list(map(told, report.findings)) == list(map(told, again.findings))
    assert [note for note in report.warnings if "thresholds of owners" in note] == [
        "config.toml sets thresholds of owners: *: owners-least 1 (usually 2)"
    ]


Breaking = Callable[[ReadFleet, FleetPlan, Place, str], None]


def receipt_in(place: Place, number: str) -> str:
    """The name of an organization's receipt."""
    return place.find("receipt.json", f"{number}/")[0]


def facts_in(place: Place, number: str) -> str:
    """The name of an organization's facts."""
    return place.find(".gz", f"{number}/")[0]


def missing(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    """Its shard never ran."""


def without_receipt(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    place.remove(receipt_in(place, number))


def without_facts(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    place.remove(facts_in(place, number))


def cut_facts(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    name = facts_in(place, number)
    place.write(name, place.read(name)[:-200])


def other_facts(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    other = next(one.number for one in plan.owners if one.number != number)
    place.write(facts_in(place, number), gzip.compress(fleet.facts[other]))


def longer_facts(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    bomb = fleet.facts[number] + b"\n" * 50_000_000
    place.write(facts_in(place, number), gzip.compress(bomb, 1))


def not_gzip(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    place.write(facts_in(place, number), fleet.facts[number])


def damaged_receipt(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    place.write(receipt_in(place, number), b"{}")


def huge_receipt(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    place.write(receipt_in(place, number), b" " * 70_000)


def newer_receipt(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    name = receipt_in(place, number)
    told = json.loads(place.read(name)) | {"hardenme_fleet_receipt": 2}
    place.write(name, json.dumps(told).encode())


def receipt_of_another_plan(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    name = receipt_in(place, number)
    told = json.loads(place.read(name))
    told["receipt"]["plan"] = "0" * 64
    place.write(name, json.dumps(told).encode())


def receipt_of_another_owner(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    other = next(one.number for one in plan.owners if one.number != number)
    fleet.put(plan, place.storage, [number])
    place.write(receipt_in(place, number), place.read(receipt_in(place, other)))


def facts_of_another_owner(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    """With a receipt that fits them."""
    other = next(one.number for one in plan.owners if one.number != number)
    fleet.put_one(plan, place.storage, number, fleet.facts[other])


def resealed(lines: list[bytes]) -> bytes:
    """Lines of facts with a digest that fits."""
    body = b"".join(lines[:-1])
    last = json.loads(lines[-1]) | {"sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(last, separators=(",", ":")).encode() + b"\n"


def a_foreign_repository(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    """A repository of another organization among its own."""
    other = next(one.number for one in plan.owners if one.number != number)
    foreign = [
        line
        for line in fleet.facts[other].splitlines(keepends=True)
        if line[:14] == b'{"repository":'
    ]
    own = fleet.facts[number].splitlines(keepends=True)
    fleet.put_one(plan, place.storage, number, resealed([*own[:-1], foreign[0], own[-1]]))


def a_foreign_organization(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    """An answer about another organization among those about its own."""
    other = next(one.number for one in plan.owners if one.number != number)
    foreign = [
        line for line in fleet.facts[other].splitlines(keepends=True) if line[:9] == b'{"above":'
    ]
    own = fleet.facts[number].splitlines(keepends=True)
    fleet.put_one(plan, place.storage, number, resealed([own[0], foreign[0], *own[1:]]))


def another_depth(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    own = fleet.facts[number].splitlines(keepends=True)
    head = json.loads(own[0])
    head["scene"]["depth"] = 0
    first = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    fleet.put_one(plan, place.storage, number, resealed([first, *own[1:]]))


def a_token_among_the_facts(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    own = fleet.facts[number]
    assert b'"thorn"' in own
    text = own.replace(b'"thorn"', f'"{made_token("ghp_", "fleet")}"'.encode())
    fleet.put_one(plan, place.storage, number, resealed(text.splitlines(keepends=True)))


def fewer_facts_asked(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    own = fleet.facts[number].splitlines(keepends=True)
    head = json.loads(own[0])
    head["scene"]["facts"] = head["scene"]["facts"][1:]
    first = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    fleet.put_one(plan, place.storage, number, resealed([first, *own[1:]]))


def empty_receipt(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    place.write(receipt_in(place, number), b"")


def empty_facts(fleet: ReadFleet, plan: FleetPlan, place: Place, number: str) -> None:
    fleet.put(plan, place.storage, [number])
    place.write(facts_in(place, number), b"")


BREAKS: tuple[Breaking, ...] = (
    missing,
    without_receipt,
    empty_receipt,
    empty_facts,
    without_facts,
    cut_facts,
    other_facts,
    longer_facts,
    not_gzip,
    damaged_receipt,
    huge_receipt,
    newer_receipt,
    receipt_of_another_plan,
    receipt_of_another_owner,
    facts_of_another_owner,
    a_foreign_repository,
    a_foreign_organization,
    another_depth,
    fewer_facts_asked,
    a_token_among_the_facts,
)


# Each run takes one organization for each break.
@pytest.mark.sampled(14)
@pytest.mark.parametrize("position", range(len(LOGINS)))
@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: one.__name__)
def test_what_is_broken_or_missing_never_passes(
    fleet: ReadFleet, place: Place, broken: Breaking, position: int
) -> None:
    plan = fleet.plan(7)
    victim = plan.owners[position]
    fleet.put(plan, place.storage, [one.number for one in plan.owners if one != victim])
    broken(fleet, plan, place, victim.number)
    report = report_of(plan, place.storage)
    assert report.partial == "6 of 7 organizations were looked at as a whole"
    assert any(f"{victim.login} was not looked at at all:" in one for one in report.warnings)
    assert exit_code(report) in {Exit.UNKNOWN, Exit.FINDINGS}
    lost = [one for one in report.findings if login_of(one) == victim.login]
    assert lost, "it is in the report"
    assert {one.result for one in lost} <= {"unknown", "manual"}
    rows = {row.target: row for row in target_rows(report)}
    row = rows.pop(f"github:{victim.login}")
    assert (row.verdict, row.found) == (Verdict.NOT_KNOWN, "nothing is known")
    assert f"{victim.login} was not looked at at all: {row.unread}" in report.warnings
    assert not any(other.unread for other in rows.values())
    others = [told(one) for one in report.findings if login_of(one) != victim.login]
    before = [told(one) for one in fleet.whole.findings if login_of(one) != victim.login]
    assert others == before


def test_nothing_at_all_is_no_pass(fleet: ReadFleet, place: Place) -> None:
    report = report_of(fleet.plan(), place.storage)
    assert report.partial.startswith("0 of 7 ")
    assert {one.result for one in report.findings} <= {"unknown", "manual"}
    assert {login_of(one) for one in report.findings} == set(LOGINS)
    assert exit_code(report) is Exit.UNKNOWN


def test_what_could_not_be_planned_is_unknown(fleet: ReadFleet, place: Place) -> None:
    plan = fleet.plan(unplanned=(UnplannedOwner("grove-yew", "99", "an owner who lets it in"),))
    fleet.put(plan, place.storage)
    report = report_of(plan, place.storage)
    assert report.partial == "7 of 8 organizations were looked at as a whole"
    assert {one.result for one in report.findings if login_of(one) == "grove-yew"} == {"unknown"}
    assert any("an owner who lets it in" in one for one in report.warnings)


def test_a_plan_that_may_not_name_all_is_not_whole(fleet: ReadFleet, place: Place) -> None:
    plan = fleet.plan(unlisted="not every organization was listed")
    fleet.put(plan, place.storage)
    assert report_of(plan, place.storage).partial == "not every organization was listed"


def test_a_part_counts_and_the_rest_is_named(fleet: ReadFleet, place: Place) -> None:
    plan = fleet.plan()
    victim = plan.owners[0]
    fleet.put(plan, place.storage, [one.number for one in plan.owners[1:]])
    facts = fleet.facts[victim.number]
    fleet.put_one(plan, place.storage, victim.number, facts, partial="a rate limit was reached")
    report = report_of(plan, place.storage)
    assert report.partial == "6 of 7 organizations were looked at as a whole"
    assert (
        f"{victim.login} was not looked at as a whole: a rate limit was reached" in report.warnings
    )
    row = next(one for one in target_rows(report) if one.target == f"github:{victim.login}")
    assert row.verdict in {Verdict.AT_RISK, Verdict.NOT_KNOWN}
    assert row.found.startswith("not looked at as a whole, ")
    assert row.looked_at.endswith(": a rate limit was reached")
    assert [told(one) for one in report.findings] == [told(one) for one in fleet.whole.findings]
    fleet.put_one(plan, place.storage, victim.number, facts, attempt=2)
    assert report_of(plan, place.storage).partial == ""


def test_fewer_repositories_than_github_counted(fleet: ReadFleet, place: Place) -> None:
    first, *rest = fleet.owners
    more = replace(first, repositories=(first.repositories or 0) + 1)
    plan = fleet.plan(owners=(more, *rest))
    fleet.put(plan, place.storage)
    report = report_of(plan, place.storage)
    assert report.partial == "6 of 7 organizations were looked at as a whole"
    assert any(
        f"{first.login} was not looked at as a whole: 1 of 2" in one for one in report.warnings
    )


def test_repositories_count_only_where_a_check_is_about_them(
    fleet: ReadFleet, place: Place
) -> None:
    first, *rest = fleet.owners
    more = replace(first, repositories=(first.repositories or 0) + 1)
    plan = fleet.plan(owners=(more, *rest), settings=replace(SETTINGS, select=("GHO106",)))
    fleet.put(plan, place.storage)
    assert report_of(plan, place.storage).partial == ""


def test_another_version_that_read_is_named_once(fleet: ReadFleet, place: Place) -> None:
    plan = fleet.plan()
    older = plan.owners[:2]
    fleet.put(plan, place.storage, [one.number for one in plan.owners[2:]])
    for one in older:
        fleet.put_one(plan, place.storage, one.number, fleet.facts[one.number], version="0.0.9")
    told = [one for one in report_of(plan, place.storage).warnings if "0.0.9" in one]
    assert len(told) == 1
    assert told[0].startswith("2 of 7 organizations were read by hardenme 0.0.9")


@pytest.mark.parametrize(("hours", "whole"), [(23, 7), (25, 6)])
def test_what_was_read_long_before_the_rest_is_unknown(
    fleet: ReadFleet, place: Place, hours: int, whole: int
) -> None:
    plan = fleet.plan()
    first, *rest = plan.owners
    fleet.put(plan, place.storage, [one.number for one in rest])
    facts, then = fleet.facts[first.number], NOW - timedelta(hours=hours)
    fleet.put_one(plan, place.storage, first.number, facts, observed=then)
    report = report_of(plan, place.storage)
    assert bool(report.partial) == (whole < 7)
    lost = {one.result for one in report.findings if login_of(one) == first.login}
    assert (lost <= {"unknown", "manual"}) == (whole < 7)
