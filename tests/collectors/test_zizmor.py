"""zizmor over workflow files: what it finds counts only if it is known to have looked."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from hardenme.collectors import zizmor
from hardenme.collectors.zizmor import Analyser, Findings, TimeLimits, installed
from hardenme.facts.github.workflow import ScanFinding
from hardenme.model.unknown import Reason, Unknown
from tests.analysed import REFUSED, STARTED, once
from tests.moment import MOVER

pytestmark = pytest.mark.second_tier("zizmor is started for each", one_of=3)

CLEAN = """\
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
"""
LOOSE = CLEAN.replace("run: npm test", "uses: sprout-tools/build@v1")
SPARED = CLEAN.replace("run: npm test", "uses: sprout-tools/build@v1 # zizmor: ignore")
INJECTED = """\
on: [pull_request_target, issues]
permissions: {{}}
jobs:
  one:
    strategy: {{matrix: {{os: "${{{{ fromJSON(github.event.issue.body) }}}}"}}}}
    runs-on: ubuntu-latest
    steps:
      - run: echo {0}
"""
NO_WORKFLOW = "title: something else\n"
UNPINNED = ScanFinding("unpinned-uses", "High", "High", 7)

Make = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _started_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Analyser, "_ask", STARTED)


@pytest.fixture
def program(tmp_path: Path) -> Make:
    """Makes a program that stands in for zizmor."""

    def make(body: str) -> Path:
        path = tmp_path / "program"
        head = (
            f"#!{sys.executable}\nimport json, os, pathlib, sys, time\nplace = {str(tmp_path)!r}\n"
        )
        path.write_text(head + dedent(body))
        path.chmod(0o700)
        return path

    return make


def why(result: Findings | Unknown) -> str:
    assert isinstance(result, Unknown)
    assert result.reason is Reason.MALFORMED
    return result.seen


def test_it_is_the_installed_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "zizmor"
    other.write_text("#!/bin/sh\necho '[]'\n")
    other.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    installed.cache_clear()
    found = installed()
    assert found is not None
    assert found.parent == Path(sys.executable).parent
    assert Analyser().scan([LOOSE]) == [(UNPINNED,)]


def test_one_that_was_installed_without_a_list_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        files = None

    monkeypatch.setattr(zizmor, "distribution", lambda _name: Bare())
    found = installed.__wrapped__()
    assert found is not None
    assert found.parent == Path(sys.executable).parent

    def absent(_name: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(zizmor, "distribution", absent)
    assert installed.__wrapped__() is None


def test_each_file_has_its_own_findings() -> None:
    analyser = Analyser()
    assert analyser.scan([CLEAN, LOOSE, CLEAN]) == [(), (UNPINNED,), ()]
    assert analyser.runs == 1, "one process for all"


@pytest.mark.second_tier("takes long in all", one_of=5)
@pytest.mark.parametrize("other", ["github.head_ref", "github.event.issue.title", "matrix.os"])
@pytest.mark.parametrize("form", ["{0} {1}", "{1} {0}", "{0}{1}"])
def test_a_harmless_expression_hides_no_other_on_its_line(form: str, other: str) -> None:
    script = form.format("${{ github.sha }}", f"${{{{ {other} }}}}")
    (found,) = Analyser().scan([INJECTED.format(script)])
    assert not isinstance(found, Unknown)
    assert "template-injection" in {one.rule for one in found}
    (alone,) = Analyser().scan([INJECTED.format("${{ github.sha }} ${{ github.sha }}")])
    assert alone == ()


def test_nothing_is_started_for_nothing() -> None:
    analyser = Analyser()
    assert analyser.scan([]) == []
    assert analyser.runs == 0


def test_a_comment_spares_nothing() -> None:
    assert Analyser().scan([SPARED]) == [(UNPINNED,)]


def test_a_broken_file_hides_no_other() -> None:
    files = [CLEAN, LOOSE, NO_WORKFLOW, CLEAN, "on: [push\n", LOOSE]
    results = Analyser().scan(files)
    assert [results[0], results[1], results[3], results[5]] == [(), (UNPINNED,), (), (UNPINNED,)]
    assert why(results[2]) == why(results[4]) == "zizmor does not accept it as a workflow"


def test_many_files_take_several_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zizmor, "MOST_FILES", 2)
    analyser = Analyser()
    assert analyser.scan([CLEAN, LOOSE, LOOSE, CLEAN, LOOSE]) == [
        (),
        (UNPINNED,),
        (UNPINNED,),
        (),
        (UNPINNED,),
    ]
    assert analyser.runs == 3


def test_a_configuration_of_the_user_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = "rules:\n  unpinned-uses:\n    disable: true\n"
    (tmp_path / "zizmor.yml").write_text(silent)
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "zizmor.yml").write_text(silent)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ZIZMOR_CONFIG", str(tmp_path / "zizmor.yml"))
    assert Analyser().scan([LOOSE]) == [(UNPINNED,)]


def test_without_it_nothing_is_known() -> None:
    (result,) = Analyser(program=None).scan([CLEAN])
    assert isinstance(result, Unknown)
    assert result.reason is Reason.NOT_ASKED
    assert "reinstall hardenme" in result.needed


def test_one_that_is_gone(tmp_path: Path) -> None:
    (result,) = Analyser(program=tmp_path / "gone").scan([CLEAN])
    assert why(result).startswith("zizmor could not be started")


def test_it_is_told_nothing_of_this_process(
    program: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "ZIZMOR_GITHUB_TOKEN", "HTTPS_PROXY", "LD_PRELOAD"):
        monkeypatch.setenv(name, "ghp_CANARY0000000000000000000000000000000")
    path = program("""
        seen = {
            "environment": dict(os.environ),
            "arguments": sys.argv[1:],
            "mode": oct(os.stat(".").st_mode & 0o777),
            "files": {item.name: item.read_text() for item in pathlib.Path(".").iterdir()},
        }
        pathlib.Path(place, "seen.json").write_text(json.dumps(seen))
        sys.exit(1)
    """)
    Analyser(program=path).scan([CLEAN])
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert "CANARY" not in json.dumps(seen)
    assert seen["environment"].keys() - MOVER <= {"HOME", "TMPDIR", "TEMP", "TMP", "LC_CTYPE"}
    assert {"--offline", "--no-config", "--no-ignores"} <= set(seen["arguments"])
    assert seen["mode"] == "0o700"
    assert seen["files"].keys() == {"proof.yml", "0.yml"}
    assert seen["files"]["0.yml"] == CLEAN
    assert not Path(seen["environment"]["HOME"]).exists(), "nothing is left behind"


ANSWERS = {
    "nothing": "",
    "no finding at all": "print('[]')",
    "no list": "print('{}')",
    "no JSON": "print('<html>')",
    "another form": "print(json.dumps([{'rule': 'unpinned-uses'}]))",
    "a crash": "sys.exit(101)",
}


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_that_proves_nothing(program: Make, body: str) -> None:
    (result,) = Analyser(program=program(body)).scan([CLEAN])
    assert isinstance(result, Unknown)


def finding(**changes: object) -> dict[str, object]:
    def one(rule: str, name: str, severity: str = "High") -> dict[str, object]:
        return {
            "ident": rule,
            "determinations": {"confidence": "High", "severity": severity, "persona": "Regular"},
            "locations": [
                {
                    "symbolic": {"key": {"Local": {"verbatim_path": name}}, "kind": "Primary"},
                    "concrete": {"location": {"start_point": {"row": 6, "column": 8}}},
                }
            ],
        }

    return one(**{"rule": "unpinned-uses", "name": "proof.yml", **changes})  # type: ignore[arg-type]


PROOF = [finding(), finding(rule="template-injection")]


def says(program: Make, answer: list[dict[str, object]]) -> list[Findings | Unknown]:
    text = json.dumps(answer)
    return Analyser(program=program(f"print({text!r})")).scan([CLEAN])


def test_the_form_of_an_answer(program: Make) -> None:
    assert says(program, PROOF) == [()]
    assert says(program, [*PROOF, finding(name="0.yml")]) == [(UNPINNED,)]
    other = finding(name="0.yml", rule="concurrency-limits", severity="Low")
    assert says(program, [*PROOF, other]) == [()]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(PROOF[:1], id="half of the proof"),
        pytest.param([*PROOF, finding(name="../0.yml")], id="a file that was not given"),
        pytest.param([*PROOF, finding(severity="Fatal")], id="a severity that is not known"),
        pytest.param([*PROOF, {**finding(name="0.yml"), "locations": []}], id="no place"),
    ],
)
def test_an_answer_that_is_not_understood(program: Make, answer: list[dict[str, object]]) -> None:
    (result,) = says(program, answer)
    assert isinstance(result, Unknown)


@pytest.mark.second_tier("waits for a timeout, and measures it")
def test_it_does_not_run_for_ever(program: Make) -> None:
    path = program("time.sleep(30)")
    start = time.monotonic()
    results = Analyser(program=path, limits=TimeLimits(run=0.3, whole=0.7)).scan([CLEAN] * 8)
    assert time.monotonic() - start < 10
    assert {why(result) for result in results} == {"zizmor did not finish in time"}


@pytest.mark.second_tier("waits for a timeout")
def test_a_large_file_runs_alone_and_after_all_others(program: Make) -> None:
    path = program(f"""
        sizes = [item.stat().st_size for item in pathlib.Path(".").iterdir()]
        if max(sizes) >= {zizmor.LARGE}:
            time.sleep(30)
        print({json.dumps(PROOF)!r})
    """)
    large = "#" * zizmor.LARGE
    results = Analyser(program=path, limits=TimeLimits(large=0.3)).scan([CLEAN, large, CLEAN])
    assert [results[0], results[2]] == [(), ()]
    assert why(results[1]) == "zizmor did not finish in time"


def test_it_does_not_answer_for_ever(program: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zizmor, "MOST_OUTPUT", 1000)
    path = program("""
        while True:
            print("x" * 1000)
    """)
    (result,) = Analyser(program=path).scan([CLEAN])
    assert why(result) == "zizmor's output is too large"


def test_a_page_takes_little_time() -> None:
    """1,000 repositories are forty pages: what they take together has to be a few seconds."""
    files = [CLEAN, LOOSE] * 25
    before = os.times()
    Analyser().scan(files)
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    assert spent < 2


@pytest.mark.second_tier("takes over half a second")
def test_other_tests_start_it_once_for_the_same_files(
    monkeypatch: pytest.MonkeyPatch, program: Make
) -> None:
    """What they are given is what it says each time; any other program is started."""
    files = [[LOOSE, CLEAN], [CLEAN, LOOSE], [NO_WORKFLOW], [LOOSE.replace("build:", "other:")]]
    expected = [Analyser().scan(texts) for texts in files]
    started: list[Path | None] = []

    def counted(analyser: Analyser, *about: Any) -> bytes:
        started.append(analyser.program)
        return STARTED(analyser, *about)

    monkeypatch.setattr("tests.analysed.STARTED", counted)
    monkeypatch.setattr(Analyser, "_ask", once)
    assert [Analyser().scan(texts) for texts in (*files, *files)] == [*expected, *expected]
    assert started == [installed()] * len(files)
    assert why(expected[2][0]) == REFUSED
    path = program("print('[]')")
    for _ in range(2):
        Analyser(program=path).scan([CLEAN])
    assert started[-2:] == [path, path]
