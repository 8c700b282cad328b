"""Hostile files: read in bounded time, and never a pass for what was not read."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache

import pytest

from hardenme.sandbox.npm import scenarios as npm
from hardenme.workflows.reading import parsed, workflow_facts
from hardenme.workflows.source import WorkflowSource
from tests.running import NOW, stage
from tests.worlds import github as scenarios

SHA = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
CODES = ("GHW201", "GHW202", "GHW203", "GHW204", "GHW205", "GHW206", "GHW207", "GHW209")
TOP = "on: pull_request_target\npermissions: {}\njobs:\n"
JOB = f"{TOP}  a:\n    runs-on: x\n    steps:\n"
FETCH = (
    f'      - uses: actions/checkout@{SHA}\n        with: {{ref: "${{{{ github.head_ref }}}}"}}\n'
)
LAUGHS = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 10))

CAPITALS = TOP.replace("jobs", "Jobs")

UNREAD = {
    "a megabyte": JOB + FETCH + "#" * 1_000_000,
    "a megabyte of one script": f"{JOB}      - run: |\n" + "          echo hello\n" * 50_000,
    "more values than are counted": JOB + "      - {run: make, name: b, id: c, if: d}\n" * 8_000,
    "a merge": f"x: &x {{a: 1}}\n{JOB}      - run: make\n        <<: *x\n",
    "aliases of aliases": f"x0: &x0 [a]\n{LAUGHS}{JOB}      - run: make\n",
    "an alias without an anchor": f"{JOB}      - *nothing\n",
    "an alias of what it stands in": f"{TOP}  a:\n    runs-on: x\n    steps: &s [*s]\n",
    "tabs": JOB.replace("    ", "\t") + "\t\t- run: make\n",
    "two documents": f"{JOB}      - run: make\n---\n{JOB}{FETCH}",
    "two documents, the first empty": f"---\n---\n{JOB}{FETCH}",
    "the same key twice": f"{JOB}      - run: make\n        run: gh pr checkout 5\n",
    "the same job twice": f"{JOB}      - run: a\n  a:\n    runs-on: x\n    steps: [{{run: b}}]\n",
    "the same key in capitals": f"{JOB}      - run: make\n{CAPITALS}",
    "a tag": f"{JOB}      - run: !!binary bWFrZQ==\n",
    "very deep": f"{JOB}      - run: make\n        env: {'[' * 200}{']' * 200}\n",
    "very deep groups": JOB + "      - " + "parallel: [{" * 120 + "run: make" + "}]" * 120 + "\n",
    "nothing": "",
    "no text of this world": "\x00\x01",
    "a line break that parsers differ on": f"{JOB}      - run: make #\x85\n",
}
"""Files of which nothing is said but that they were not read."""

READ = {
    "ten thousand steps, the last of which fetches": JOB
    + "      - run: npm test\n" * 10_000
    + FETCH,
    "an if of 20 kB that is true for all": f"{JOB}{FETCH}        if: {'true && ' * 2_500}true\n",
    "an if of 20 kB in parentheses": f"{JOB}{FETCH}        if: {'(' * 10_000}true{')' * 10_000}\n",
    "an if of 20 kB of negations": f"{JOB}{FETCH}        if: ${{{{ {'!' * 20_000}false }}}}\n",
    "an if that is longer than GitHub takes": (
        f"{JOB}{FETCH}        if: github.actor == 'hazel'{' && true' * 4_000}\n"
    ),
    "an if of 20 kB of fences": f"{JOB}{FETCH}        if: {'${{ false }}' * 1_600}\n",
    "a matrix of two thousand expressions": (
        f"{TOP}  a:\n    strategy:\n      matrix:\n        ref:\n"
        + "".join(
            f'          - "${{{{ needs.b{n}.outputs.x || github.head_ref }}}}"\n'
            for n in range(2_000)
        )
        + "    runs-on: x\n    steps:\n"
        + FETCH.replace("github.head_ref", "matrix.ref")
    ),
    "jobs that need one another": (
        TOP
        + "".join(
            f"  j{n}:\n    needs: j{n - 1}\n    runs-on: x\n"
            f'    outputs: {{x: "${{{{ needs.j{n - 1}.outputs.x }}}}"}}\n'
            "    steps: [{run: make}]\n"
            for n in range(1, 120)
        )
        + f"  j0:\n    runs-on: x\n    steps:\n{FETCH}"
    ),
    "a script of one long line": f"{JOB}      - run: {'curl irm ' * 6_000}\n{FETCH}",
    "eight thousand variables": f"{JOB}{FETCH}        env:\n"
    + "".join(f"          V{n}: '${{{{ env.V{n - 1} }}}}'\n" for n in range(8_000)),
}
"""Files that are read, and whose last line counts."""
SLOW = {
    "a script of one line that is very long": f"{JOB}      - run: {'curl irm ' * 50_000}\n{FETCH}",
    "steps that ask for one another": JOB
    + "".join(
        f"      - id: s{n}\n"
        f'        run: echo "x=${{{{ steps.s{n - 1}.outputs.x }}}}" >> $GITHUB_OUTPUT\n'
        for n in range(2_000)
    )
    + FETCH,
}
"""What zizmor takes longer for than it may."""


@pytest.mark.second_tier("files of a megabyte, and it measures a duration")
@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "text", [*UNREAD.values(), *READ.values(), *SLOW.values()], ids=[*UNREAD, *READ, *SLOW]
)
def test_it_takes_little_time(text: str) -> None:
    begun = time.process_time()
    files = parsed({"a.yml": text})
    file = files["a.yml"]
    if isinstance(file, WorkflowSource):
        workflow_facts(file, "hazel", files)
    assert time.process_time() - begun < 10


@cache
def results(*, read: bool) -> dict[tuple[str, str], tuple[str, str]]:
    """What the command says of each file and code, with the reason where it does not know."""
    texts = READ if read else UNREAD
    world = scenarios.hardened_maintainer(NOW)
    model = next(item for item in world.repositories if item.full_name == "hazel/lantern")
    files = {
        f".github/workflows/{number}.yml": text.encode()
        for number, text in enumerate(texts.values())
    }
    world.repositories[:] = [replace(model, files=files)]
    with stage(world, npm.hardened_maintainer(NOW), scenarios.HARDENED_CLASSIC) as found:
        report = found.audit("github:hazel/lantern", select_=CODES)
    names = [*texts]
    return {
        (names[int(finding.subject.name.rpartition("/")[2].removesuffix(".yml"))], finding.code): (
            finding.result,
            str(finding.outcome),
        )
        for finding in report.findings
    }


@pytest.mark.second_tier("files of a megabyte", one_of=6)
@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_is_unknown_with_the_reason(name: str) -> None:
    for code in CODES:
        result, message = results(read=False)[name, code]
        assert (code, result) == (code, "unknown")
        assert "a workflow file that hardenme can read" in message


@pytest.mark.second_tier("files of a megabyte")
@pytest.mark.parametrize("name", READ)
@pytest.mark.sampled(10)
def test_the_last_line_counts(name: str) -> None:
    result, message = results(read=True)[name, "GHW202"]
    assert result == "failed", message
