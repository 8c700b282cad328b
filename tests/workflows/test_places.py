"""What a verdict names of a workflow file has its line."""

from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.workflow import Job
from hardenme.workflows.yaml import PlacedMapping, load
from tests.workflows.said import fields, jobs

FILE = """\
on: [pull_request_target, release]
permissions:
  contents: write
cache-mode: write
jobs:
  build:
    runs-on: x
    container: node:22
    services:
      store: {image: "redis:7"}
    steps:
      - name: The code of the pull request
        uses: actions/checkout@v4.0.0
        with: {ref: "${{ github.event.pull_request.head.sha }}"}

      - run: npm ci
      - uses: actions/cache@v4
        with: {path: x, key: y}
      - run: |
          echo first
          curl https://tools.example/install | sh
      - parallel:
          - run: npx left-pad@latest
          - {uses: anthropics/claude-code-action@v1}
  release:
    runs-on: x
    permissions: {id-token: write}
    cache-mode: none
    steps:
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
  checks:
    uses: ./.github/workflows/inner.yml
    secrets: inherit
    with: {title: "${{ github.event.pull_request.title }}"}
"""
INNER = """\
on: workflow_call
jobs:
  deep:
    runs-on: x
    permissions: write-all
    steps:
      - run: |
          echo "${{ inputs.title }}"
"""


def named(job: Job) -> dict[str, int]:
    """All that verdicts name of a job, with its line."""
    every = (job.fetches, job.refused, job.raced, job.caches, job.agents, job.obeys)
    more = (job.publishes, job.loose, job.secrets, [use.reference for use in job.uses])
    return {what: job.line_of(what) for group in (*every, *more) for what in group}


def test_a_job_and_what_it_names_have_their_lines() -> None:
    build, release, checks, _ = jobs(FILE, inner=INNER)
    assert (build.line, release.line, checks.line) == (6, 25, 33)
    assert named(build) == {
        "actions/checkout": 12,
        "actions/checkout@v4.0.0": 13,
        "actions/cache": 17,
        "actions/cache@v4": 17,
        "curl into a shell": 19,
        "npx left-pad@latest": 23,
        "anthropics/claude-code-action": 24,
        "anthropics/claude-code-action@v1": 24,
        "node:22": 8,
        "redis:7": 9,
    }
    assert named(release) == {"npm publish": 30, "NPM_TOKEN": 30}
    assert {job.line_of("permissions") for job in (build, checks)} == {2}
    assert (release.line_of("permissions"), release.line_of("cache-mode")) == (27, 28)
    assert (build.line_of("cache-mode"), build.line_of("else")) == (4, 6)


def test_a_job_of_another_file_is_where_that_file_is_called() -> None:
    *_, deep = jobs(FILE, inner=INNER)
    assert deep.name == "checks / deep"
    assert (deep.line, deep.places) == (33, ())
    assert deep.line_of("permissions") == 33


def test_a_step_with_text_of_others_has_its_first_and_its_last_line() -> None:
    found = fields(FILE, inner=INNER)
    assert {place.what: (place.line, place.end) for place in found["places"]} == {
        "permissions": (2, 2),
        "cache-mode": (4, 4),
        "checks / deep, step 1": (33, 36),
    }
    text = FILE.replace("echo first", "echo ${{ github.event.pull_request.title }}")
    (place,) = (one for one in fields(text, inner="on: push")["places"] if "build" in one.what)
    assert (place.what, place.line, place.end) == ("build, step 4", 19, 21)


@pytest.mark.parametrize(
    ("text", "lines", "end"),
    [
        ("a: 1\n\nb:\n  c: 2\n\n# end\n", {"a": 1, "b": 3}, 6),
        ("{a: 1,\n b: {c: 2}}\n", {"a": 1, "b": 2}, 2),
        ("{a: https://x.example, b: 2}\n", {"a": 1, "b": 1}, 1),
        ("? a\n: 1\n", {"a": 1}, 2),
        ("{}", {}, 1),
    ],
)
def test_the_lines_of_a_mapping(text: str, lines: dict[str, int], end: int) -> None:
    found: Any = load(text)
    assert isinstance(found, PlacedMapping)
    assert (found.lines, found.end) == (lines, end)
