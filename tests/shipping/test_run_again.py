"""`.ci/tests` runs what failed once more by itself, and names what passes only then."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shipping.workflows import ROOT, ran

CONFTEST = """
def pytest_addoption(parser):
    parser.addoption("--tier")
"""
BY_CHANCE = """
import pathlib
import pytest

def test_sound(): pass

@pytest.mark.parametrize("text", ["a b", "c]d::e"])
def test_by_chance(text, request):
    ran = pathlib.Path(__file__).with_name(f"ran {ord(text[0])}")
    try:
        assert ran.exists()
    finally:
        ran.touch()
"""
ALWAYS = "\ndef test_always(): assert False\n"
SKIPPED = """
def test_skipped_later():
    ran = pathlib.Path(__file__).with_name("later")
    if ran.exists():
        pytest.skip("not on PATH")
    ran.touch()
    assert False
"""
MANY = "import pytest\n\n@pytest.mark.parametrize('n', range(21))\ndef test_many(n): assert False\n"
FIXTURE = """
@pytest.fixture
def closing():
    yield
    ran = pathlib.Path(__file__).with_name("closed")
    existed = ran.exists()
    ran.touch()
    assert existed

def test_closing(closing): pass
"""
Run = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a suite of one file: the exit code, what was printed, and what passed only later."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "tests", tmp_path / ".ci")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name, command in (("pytest", f"{sys.executable} -m pytest"), ("python", sys.executable)):
        (tmp_path / ".venv" / "bin" / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (tmp_path / ".venv" / "bin" / name).chmod(0o755)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -q\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)

    def started(suite: str, *arguments: str) -> tuple[int, str, list[str]]:
        (tmp_path / "test_suite.py").write_text(suite)
        again = tmp_path / "again"
        done = ran(
            "bash", ".ci/tests", again, *arguments, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}
        )
        return done.returncode, done.stdout + done.stderr, again.read_text().splitlines()

    return started


@pytest.mark.second_tier("starts pytest several times")
def test_what_passes_runs_once(run: Run) -> None:
    code, printed, again = run("def test_sound(): pass\n")
    assert (code, again) == (0, [])
    assert printed.count("passed") == 1


@pytest.mark.sampled(3)
@pytest.mark.second_tier("starts pytest several times")
@pytest.mark.parametrize(
    ("suite", "code", "named"),
    [
        (BY_CHANCE, 0, ["test_by_chance[a b]", "test_by_chance[c]d::e]"]),
        (
            BY_CHANCE + FIXTURE,
            0,
            [*("test_by_chance[a b]", "test_by_chance[c]d::e]"), "test_closing"],
        ),
        (BY_CHANCE + ALWAYS, 1, []),
        (BY_CHANCE + SKIPPED, 1, []),
        (MANY, 1, []),
        ("this is no Python", None, []),
        ("", 5, []),
    ],
)
def test_what_fails_by_chance_is_named_and_what_fails_is_not_hidden(
    run: Run, suite: str, code: int | None, named: list[str]
) -> None:
    found, printed, again = run(suite)
    assert found == code if code is not None else found not in {0, 5}, printed
    assert again == [f"test_suite.py::{name}" for name in named]
    ran_again = "once more by itself" in printed
    assert ran_again == (BY_CHANCE in suite)


@pytest.mark.second_tier("starts pytest several times")
def test_the_arguments_are_passed_on(run: Run) -> None:
    assert run(BY_CHANCE, "-k", "sound")[0] == 0
    code, printed, _ = run("def test_sound(): pass\n", "--tier", "second", "--junit-xml=x.xml")
    assert code == 0, printed


def test_everything_runs_each_tier_so_and_names_what_needed_it() -> None:
    text = (ROOT / ".ci" / "run").read_text()
    for part in ("first", "second", "another-day"):
        assert text.count(f'.ci/tests "$work/{part}-again"') == 1
    last = text.splitlines()[-1]
    assert last == """cat "$work"/*-again | sed 's/^/passed only when run again: /'"""
