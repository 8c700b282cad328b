"""The merged report of 64 organizations in 1, 2, 7 or 64 shards, read in any order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hardenme.engine.settle import exit_code
from hardenme.fleet.storage import FolderStorage
from tests.fleet.reading import ReadFleet, read_fleet, report_of
from tests.fleet.test_merging import said

pytestmark = pytest.mark.second_tier("reads 64 organizations twice")
LOGINS = tuple(f"grove-{number:02}" for number in range(64))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> ReadFleet:
    return read_fleet(tmp_path_factory.mktemp("many"), LOGINS)


def test_the_report_of_any_shards_in_any_order_is_that_of_one_run(
    fleet: ReadFleet, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """As many shards in a run; the next turn has another order."""
    order = random.Random(int(pytestconfig.getoption("--turn")))  # noqa: S311 (no secret)
    for shards in (1, 2, 7, 64):
        plan = fleet.plan(shards)
        assert len(plan.shards) == shards
        numbers = [one.number for one in plan.owners]
        order.shuffle(numbers)
        place = FolderStorage(tmp_path / str(shards))
        fleet.put(plan, place, numbers)
        report = report_of(plan, place)
        assert report.partial == ""
        assert said(report) == said(fleet.whole)
        assert exit_code(report) is exit_code(fleet.whole)
