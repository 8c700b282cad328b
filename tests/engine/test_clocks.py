"""A server's clock and this machine's: what is near is believed, what is far is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest
import time_machine

from hardenme.engine.catalogue import catalogue
from hardenme.model.given import Now
from hardenme.model.report import Report
from hardenme.sandbox.http import Fault, Reply, Request
from tests.failing import weak
from tests.moment import NOW
from tests.passing import classic
from tests.running import Stage

pytestmark = pytest.mark.second_tier("whole runs of the engine", one_of=8)

AGED = tuple(
    check.code for check in catalogue() if any(item.kind is Now for item in check.parameters)
)
"""Every check that counts an age."""
FAR = (-400, -2, 2, 4000)
Scenario = Callable[[], AbstractContextManager[Stage]]
SCENES: tuple[Scenario, ...] = (weak, classic)


def far(scenario: Scenario, place: int, *, exhaustive: bool) -> tuple[int, ...]:
    """How many days; without --exhaustive each of the scenarios is tried with a part of them."""
    return FAR if exhaustive else FAR[(SCENES.index(scenario) + place) % 2 :: 2]


def dated(days: float) -> Callable[[Request, Reply], Reply]:
    """Answers of a server whose clock is that many days ahead."""
    date = format_datetime(NOW + timedelta(days=days), usegmt=True)

    def edit(_: Request, reply: Reply) -> Reply:
        reply.headers["date"] = date
        return reply

    return edit


def results(report: Report) -> dict[tuple[str, str], str]:
    return {(one.code, str(one.subject)): one.result for one in report.findings}


@contextmanager
def off_by(running: Stage, days: float, *servers: str) -> Iterator[None]:
    """The clocks of some servers are off."""
    for name in servers:
        getattr(running, name).faults[:] = [Fault(".*", edit=dated(days))]
    yield
    for server in running.servers:
        server.faults.clear()


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.sampled(4)
@pytest.mark.parametrize("scenario", SCENES)
@pytest.mark.parametrize(("liar", "other"), [("npm", "github"), ("github", "npm")])
def test_a_clock_that_is_far_decides_nothing(
    scenario: Scenario,
    liar: str,
    other: str,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    with scenario() as running:
        before = running.audit(select_=AGED)
        assert before.warnings == ()
        for days in far(scenario, int(liar == "npm"), exhaustive=exhaustive):
            with off_by(running, days, liar):
                after = running.audit(select_=AGED)
            assert results(after) == results(before), f"{other} confirms this machine's"
            (said,) = after.warnings
            assert said.startswith(
                f"{getattr(running, liar).url} says it is {NOW + timedelta(days=days):%Y-%m-%d}"
            )
            assert said.endswith("2026-11-24 12:00 UTC. Ages count by this machine's clock.")


@pytest.mark.sampled(2, among="clocks")
@pytest.mark.second_tier("takes long")
@pytest.mark.parametrize("scenario", SCENES)
def test_where_no_server_confirms_this_machine_s_clock_no_age_is_known(
    scenario: Scenario,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    """Either clock may be the wrong one."""
    with scenario() as running:
        fine = results(running.audit(select_=AGED))
        for days in far(scenario, 0, exhaustive=exhaustive):
            with off_by(running, days, "github", "npm"):
                one = running.audit(select_=AGED)
            other = running.audit(select_=AGED, at=NOW - timedelta(days=days))
            for report in (one, other):
                found = results(report)
                assert len(found) > len(AGED) // 2
                assert set(found.values()) <= {"unknown", "not_applicable"}
                lists = {key for key, result in found.items() if result == "not_applicable"}
                assert all(fine.get(key) == "not_applicable" for key in lists), "an empty list"
                assert len(report.warnings) == 2
                assert all("No age is counted" in text for text in report.warnings)


def test_a_clock_that_is_near_counts() -> None:
    with weak() as running:
        for days in (-0.9, 0.9):
            with off_by(running, days, "github", "npm"):
                report = running.audit(select_=("GHA103",))
            assert report.warnings == ()
            seen = {atom.observed_at for one in report.findings for atom in one.sources}
            assert seen == {NOW + timedelta(days=days)}


@pytest.mark.sampled(2, among="clocks")
def test_no_verdict_of_a_world_depends_on_the_day() -> None:
    with classic() as running:
        before = running.audit(select_=AGED)
        for days in (-30, 1500):
            with time_machine.travel(NOW + timedelta(days=days), tick=True):
                assert results(running.audit(select_=AGED)) == results(before), days
