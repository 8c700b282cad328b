"""Each test belongs to one tier, and of what is sampled all turns together run everything."""

from __future__ import annotations

import ast
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from tests import tiers

TESTS = Path(__file__).parent
FILES = sorted(TESTS.rglob("*.py"))
MARKED = [
    {},
    {"sampled": pytest.mark.sampled(3)},
    {"second_tier": pytest.mark.second_tier("it takes long")},
    {"second_tier": pytest.mark.second_tier("it takes long", one_of=4)},
    {
        "second_tier": pytest.mark.second_tier("takes long", one_of=2),
        "sampled": pytest.mark.sampled(2),
    },
    {"needs": pytest.mark.needs("npm")},
    {"needs": pytest.mark.needs("bash")},
]


@dataclass(frozen=True)
class Case:
    """A case of a test, as pytest collects it."""

    nodeid: str
    marks: tuple[pytest.Mark, ...] = field(default=(), compare=False)
    fixturenames: tuple[str, ...] = ()
    of_file: tuple[pytest.Mark, ...] = field(default=(), compare=False)

    def iter_markers(self, name: str) -> Iterator[pytest.Mark]:
        return (mark for mark in self.marks if mark.name == name)

    def iter_markers_with_node(self, name: str) -> Iterator[tuple[object, pytest.Mark]]:
        yield from ((self, mark) for mark in self.iter_markers(name))
        yield from ((None, mark) for mark in self.of_file if mark.name == name)

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return next(self.iter_markers(name), None)


def run(
    cases: list[Case], tier: str | None = tiers.ALL, turn: int = 0, *, exhaustive: bool = False
) -> set[Case]:
    items = cast("list[Any]", cases)
    return set(cases) - set(tiers.left_out(items, tier, turn, exhaustive=exhaustive))


def of_all_kinds(count: int = 13) -> list[Case]:
    return [
        Case(f"test_some.py::test_{kind}[{number}]", tuple(one.mark for one in marks.values()))
        for kind, marks in enumerate(MARKED)
        for number in range(count)
    ]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "SMALL", 0)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
@pytest.mark.parametrize("size", [2, 3, 5])
def test_each_turn_runs_a_part_and_all_turns_run_everything(count: int, size: int) -> None:
    mark = pytest.mark.sampled(size).mark
    cases = [Case(f"test_some.py::test_one[{number}]", (mark,)) for number in range(count)]
    plain = Case("test_some.py::test_other")
    turns = [run([*cases, plain], turn=turn) for turn in range(size * count)]
    assert set().union(*turns) == {*cases, plain}
    for ran in turns:
        assert plain in ran
        assert 1 <= len(ran - {plain}) <= -(-count // size)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("turn", [0, 1, 7])
@pytest.mark.parametrize("exhaustive", [False, True])
def test_each_case_is_in_one_tier(turn: int, exhaustive: bool) -> None:  # noqa: FBT001 (a case)
    cases = of_all_kinds()
    first = run(cases, tiers.FIRST, turn, exhaustive=exhaustive)
    second = run(cases, tiers.SECOND, turn, exhaustive=exhaustive)
    assert first | second == run(cases, tiers.ALL, turn, exhaustive=exhaustive)
    assert not first & second
    assert exhaustive == (first | second == set(cases))


@pytest.mark.usefixtures("many")
def test_the_first_tier_takes_what_is_not_marked_and_one_case_of_so_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tiers, "CASES", 12)
    cases = of_all_kinds(12)
    assert run(cases, None) == run(cases, tiers.FIRST)
    assert run(cases, None, exhaustive=True) == set(cases)
    counts = [0] * len(MARKED)
    for case in run(cases, None):
        counts[int(case.nodeid.partition("[")[0].rpartition("_")[2])] += 1
    assert counts == [12, 4, 0, 3, 3, 0, 12]


@pytest.mark.usefixtures("many")
def test_who_asks_for_fewer_cases_is_given_so_many() -> None:
    cases = cast("list[Any]", [Case(f"tests/test_a.py::test_one[{number}]") for number in range(9)])
    left = set(tiers.left_out(cases, tiers.FIRST, 0, exhaustive=False, cases=3))
    assert len(set(cases) - left) == 3


def test_who_picks_few_tests_is_given_all_of_them() -> None:
    cases = of_all_kinds()
    assert run(cases, None, 3) == set(cases)
    assert run(cases, tiers.FIRST, 3) < set(cases)


@pytest.mark.parametrize("name", sorted(tiers.FIXTURES))
def test_what_asks_for_a_program_by_a_fixture_is_in_the_second_tier(name: str) -> None:
    case = Case("test_some.py::test_one", fixturenames=("tmp_path", name))
    assert run([case], tiers.FIRST) == set()


@pytest.mark.usefixtures("many")
def test_what_starts_the_command_is_in_the_second_tier_unless_its_mark_says_why_not() -> None:
    started = Case("a/test_one.py::test_it", fixturenames=("new_command",))
    each = Case(
        "a/test_one.py::test_each",
        (pytest.mark.first_tier("each command once").mark,),
        ("new_command",),
    )
    assert run([started, each], tiers.FIRST) == {each}
    assert run([started, each], tiers.SECOND) == {started}


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("turn", [0, 1, 7])
def test_of_a_file_that_is_sampled_each_turn_takes_some(turn: int) -> None:
    of_file = (pytest.mark.sampled(3).mark,)
    own = (pytest.mark.sampled(5).mark,)
    cases = [Case(f"test_a.py::test_{n}", of_file=of_file) for n in range(12)]
    marked = [Case(f"test_a.py::test_it[{n}]", own, of_file=of_file) for n in range(10)]
    taken = run([*cases, *marked], turn=turn)
    assert (len(taken & {*cases}), len(taken & {*marked})) == (4, 2)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("turn", [0, 1, 7])
def test_of_files_that_share_a_group_each_turn_takes_some(turn: int) -> None:
    mark = (pytest.mark.sampled(3, among="stories").mark,)
    cases = [Case(f"test_{n}.py::test_it", mark) for n in range(12)]
    assert len(run(cases, turn=turn)) == 4


@pytest.mark.usefixtures("many")
def test_of_a_file_that_is_marked_the_first_tier_takes_some() -> None:
    mark = pytest.mark.second_tier("takes long", one_of=4).mark
    cases = [Case(f"test_a.py::test_{n}", of_file=(mark,)) for n in range(12)]
    assert len(run(cases, tiers.FIRST)) == 3


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("count", [10, 11, 21, 30, 407])
def test_of_many_cases_the_first_tier_takes_ten_to_twenty(count: int) -> None:
    cases = [Case(f"tests/test_a.py::test_one[{number}]") for number in range(count)]
    first = run(cases, tiers.FIRST)
    assert tiers.CASES // 2 <= len(first) <= tiers.CASES
    others = run(cases, tiers.SECOND)
    assert others <= set(cases) - first
    assert len(others) <= -(-len(set(cases) - first) // tiers.OTHERS)
    turns = [run(cases, turn=turn) for turn in range(count)]
    assert set().union(*turns) == set(cases)
    assert run(cases, tiers.SECOND, exhaustive=True) == set(cases) - first


@pytest.mark.usefixtures("many")
def test_of_the_examples_of_checks_the_first_tier_takes_all() -> None:
    cases = [Case(f"tests/checks/test_a.py::test_one[{number}]") for number in range(60)]
    assert run(cases, tiers.FIRST) == set(cases)


@pytest.mark.usefixtures("many")
def test_of_what_is_said_to_be_in_the_first_tier_all_is() -> None:
    mark = (pytest.mark.first_tier("each command once").mark,)
    cases = [Case(f"tests/test_a.py::test_one[{number}]", mark) for number in range(60)]
    assert run(cases, tiers.FIRST) == set(cases)


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def marks(file: Path) -> Iterator[ast.Call | ast.Attribute]:
    """Where a file names one of the marks of this module, called or not."""
    tree = tree_of(file)
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"first_tier", "second_tier", "needs"}
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "mark"
        ):
            yield calls.get(id(node), node)


@pytest.mark.second_tier("reads every test file")
def test_each_mark_says_why() -> None:
    found = [(file, mark) for file in FILES if file != Path(__file__) for mark in marks(file)]
    assert len(found) > len(tiers.PROGRAMS)
    for file, mark in found:
        assert isinstance(mark, ast.Call), f"{file}: a mark without a reason"
        values = [one.value for one in mark.args if isinstance(one, ast.Constant)]
        assert values, f"{file}:{mark.lineno} says no reason"
        assert isinstance(mark.func, ast.Attribute)
        if mark.func.attr == "needs":
            assert set(values) <= tiers.PROGRAMS.keys(), f"{file}:{mark.lineno}"
        else:
            assert len(values) == 1
            assert len(str(values[0]).split()) > 1, f"{file}:{mark.lineno}"


@pytest.mark.second_tier("reads every test file")
def test_each_test_is_in_a_file_that_is_collected() -> None:
    for file in FILES:
        tree = tree_of(file)
        tests = [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        collected = file.name.startswith("test_")
        allowed = {"test_each"} if file.name == "each.py" else set()
        assert collected == bool(set(tests) - allowed), f"{file} is never collected, or empty"


def put(folder: Path, name: str) -> None:
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("program", sorted(tiers.PROGRAMS))
def test_what_needs_a_program_that_is_not_there_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    case = cast("Any", Case("test_some.py::test_one", (pytest.mark.needs(program).mark,)))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tiers.missing(case) == [program]
    put(tmp_path, tiers.PROGRAMS[program][-1])
    assert tiers.missing(case) == []


@pytest.mark.skipif(os.name != "posix", reason="the program is a script for sh")
def test_a_program_that_is_started_is_noted_unless_the_test_wrote_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(tmp_path, "npm")
    put(tmp_path, "git")
    subprocess.run([tmp_path / "npm"], check=True)  # noqa: S603 (an empty script)
    assert tiers.STARTED == []
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
        for name in ("npm", "git"):
            subprocess.run([name], env={"PATH": str(tmp_path)}, check=True)  # noqa: S603 (empty)
    assert tiers.STARTED == ["npm"]
    tiers.STARTED.clear()


def names_in(node: ast.AST) -> set[str]:
    """The last part of each name, and each name, that something mentions."""
    return {
        item.attr if isinstance(item, ast.Attribute) else item.id
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute | ast.Name)
    }


def is_marked(test: ast.FunctionDef, of_file: set[str]) -> bool:
    """Whether a test is in the second tier, by a mark or by a fixture."""
    mentioned = {name for mark in test.decorator_list for name in names_in(mark)} | of_file
    fixtures = {one.arg for one in test.args.args} & tiers.FIXTURES
    return bool(fixtures or mentioned & {"second_tier", "needs"})


@pytest.mark.second_tier("reads every test file")
def test_a_test_of_the_first_tier_measures_no_duration() -> None:
    """A clock that goes on while others work: time of the processor alone may be measured."""
    measuring, first = 0, []
    for file in FILES:
        tree = tree_of(file)
        of_file = {
            name
            for node in tree.body
            if isinstance(node, ast.Assign) and "pytestmark" in names_in(node)
            for name in names_in(node.value)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test_")):
                continue
            called = {
                name
                for item in ast.walk(node)
                if isinstance(item, ast.Call)
                for name in names_in(item.func)
            }
            if called & {"monotonic", "perf_counter"}:
                measuring += 1
                if not is_marked(node, of_file):
                    first.append(f"{file.relative_to(TESTS)}: {node.name}")
    assert measuring > 0
    assert first == []
