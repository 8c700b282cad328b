"""Of what is sampled, each turn runs a part, and all turns together run everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from tests import conftest


@dataclass(frozen=True)
class Case:
    """A case of a test, as pytest collects it."""

    nodeid: str
    size: int

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        assert name == "sampled"
        return pytest.mark.sampled(self.size).mark if self.size else None


def run(cases: list[Case], turn: int) -> set[Case]:
    items = cast("list[Any]", cases)
    return set(cases) - set(conftest._left_out(items, turn))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
@pytest.mark.parametrize("size", [2, 3, 5])
def test_each_turn_runs_a_part_and_all_turns_run_everything(
    monkeypatch: pytest.MonkeyPatch, count: int, size: int
) -> None:
    monkeypatch.setattr(conftest, "SMALL", 0)
    cases = [Case(f"test_some.py::test_one[{number}]", size) for number in range(count)]
    plain = Case("test_some.py::test_other", 0)
    turns = [run([*cases, plain], turn) for turn in range(size * count)]
    assert set().union(*turns) == {*cases, plain}
    for ran in turns:
        assert plain in ran
        assert 1 <= len(ran - {plain}) <= -(-count // size)


def test_who_picks_few_tests_is_given_all_of_them() -> None:
    cases = [Case(f"test_some.py::test_one[{number}]", 5) for number in range(20)]
    assert run(cases, 3) == set(cases)
