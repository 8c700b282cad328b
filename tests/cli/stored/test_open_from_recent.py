"""From which run an incident starts, as `recent` prints it under NEXT."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hardenme.cli.stored.incidents import first_sign, open_from_recent
from hardenme.cli.stored.lately import order_of
from hardenme.cli.stored.runs import runs
from hardenme.derive.recent import recent
from hardenme.model.recent import Recent
from hardenme.model.report import Report
from hardenme.model.unknown import Reason
from hardenme.reports import pieces
from tests.lately import TARGETS, WINDOW, lately
from tests.moment import NOW, standing_at
from tests.reports.sample import maintainer
from tests.reports.test_sign_in import turned_away

pytestmark = pytest.mark.sampled(4)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def found() -> Recent:
    report = lately()
    return recent(report.inventory, order_of(report, WINDOW))


def keep(at: datetime, made: Report | None = None, targets: tuple[str, ...] = TARGETS) -> int:
    """Keep a check of the same targets; returns its number."""
    report = replace(made or maintainer(), targets=targets, started=at)
    with standing_at(at):
        return runs().keep(report, pieces(report, "json")).number


def opening(*, demo: bool = False) -> str:
    return open_from_recent("cedar-labs/cone", found(), TARGETS, demo=demo).command


@pytest.mark.second_tier("takes over half a second")
def test_a_check_from_before_the_first_sign_shows_how_things_were() -> None:
    sign = first_sign(found()).at
    assert NOW - WINDOW <= sign <= NOW
    number = keep(sign - timedelta(days=2))
    keep(sign + timedelta(minutes=1))
    assert opening().endswith(f" --from {number}")


@pytest.mark.second_tier("takes long")
def test_without_such_a_check_it_starts_from_recent_itself() -> None:
    assert opening().endswith(" --from recent")
    keep(first_sign(found()).at + timedelta(minutes=1))
    assert opening().endswith(" --from recent")
    assert opening(demo=True).endswith(" --from recent --demo")


def test_a_check_that_could_not_sign_in_shows_nothing() -> None:
    before = first_sign(found()).at - timedelta(days=2)
    keep(before, turned_away(Reason.REJECTED, "github", "npm"))
    assert opening().endswith(" --from recent")


def test_a_check_of_other_targets_is_not_taken() -> None:
    keep(first_sign(found()).at - timedelta(days=2), targets=("github:other",))
    assert opening().endswith(" --from recent")
