"""The shapes of workflows that were exploited are caught; what repairs them passes.

Each file is written after what its project published of the incident, with other names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

import pytest

from hardenme.collectors.zizmor import Analyser
from hardenme.engine.catalogue import select
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Passed
from tests.factories.github_workflow import lock, repository, scan, token, workflow
from tests.factories.given import REFUSED
from tests.workflows.said import fields

SHA = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
SCANNED = {"GHW201", "GHW204", "GHW205"}
TOLD = {"GHW202", "GHW203", "GHW207"}
LOCKED = {"GHW201"}


@dataclass(frozen=True)
class Shape:
    """A workflow, and what must be said of it.

    Attributes:
        text: the file.
        fails: codes that fail, with their severity where it is not the declared one.
        passes: codes that pass.
    """

    text: str
    fails: dict[str, Severity | None] = field(default_factory=dict)
    passes: tuple[str, ...] = ()


SHAPES = {
    "a title in a script, as at nx": Shape(
        """
        on:
          pull_request_target:
            types: [opened, edited]
        permissions: write-all
        jobs:
          check:
            runs-on: ubuntu-latest
            steps:
              - run: node check.js "${{ github.event.pull_request.title }}"
        """,
        fails={"GHW202": Severity.MEDIUM, "GHW203": None, "GHW204": None},
        passes=("GHW201",),
    ),
    "a stranger's benchmark, as at TanStack": Shape(
        """
        on: pull_request_target
        permissions: {contents: read}
        jobs:
          bench:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v3
                with:
                  ref: refs/pull/${{ github.event.pull_request.number }}/merge
              - uses: actions/setup-node@v4
                with: {cache: pnpm}
              - run: pnpm install && pnpm bench
        """,
        fails={"GHW201": None, "GHW202": None},
        passes=("GHW203", "GHW204"),
    ),
    "the release beside it": Shape(
        f"""
        on:
          push:
            branches: [main]
        permissions: {{contents: read}}
        jobs:
          release:
            runs-on: ubuntu-latest
            permissions: {{contents: write, id-token: write}}
            steps:
              - uses: actions/checkout@{SHA}
              - uses: actions/setup-node@{SHA}
                with: {{cache: pnpm}}
              - uses: sprout-tools/changes@v1
                with: {{publish: pnpm run release}}
              - run: pnpm publish
        """,
        fails={"GHW201": None, "GHW205": None, "GHW206": None},
        passes=("GHW202", "GHW203"),
    ),
    "a branch's name, as at Ultralytics": Shape(
        """
        on:
          pull_request_target:
            branches: [main]
        jobs:
          format:
            runs-on: ubuntu-latest
            permissions: {contents: write}
            steps:
              - run: |
                  git config user.name bot
                  git pull origin ${{ github.head_ref || github.ref }}
        """,
        fails={"GHW202": None, "GHW204": None},
    ),
    "tests with a key, as at PostHog": Shape(
        f"""
        on: pull_request_target
        permissions: {{}}
        jobs:
          reviewers:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@{SHA}
                with:
                  ref: ${{{{ github.event.pull_request.head.sha }}}}
              - run: node .github/scripts/reviewers.js
                env:
                  GH_TOKEN: ${{{{ secrets.BOT_PAT }}}}
        """,
        fails={"GHW202": None},
        passes=("GHW201", "GHW203"),
    ),
    "a tag that was moved, as of tj-actions": Shape(
        """
        on: [push, pull_request]
        permissions: {contents: read}
        jobs:
          lint:
            runs-on: ubuntu-latest
            steps:
              - uses: sprout-tools/changed-files@v45
        """,
        fails={"GHW201": None},
        passes=("GHW202", "GHW203", "GHW204"),
    ),
    "an agent that reads issues, as at Cline": Shape(
        f"""
        on:
          issues:
            types: [opened]
        permissions: {{contents: read, issues: write}}
        jobs:
          triage:
            runs-on: ubuntu-latest
            steps:
              - uses: anthropics/claude-code-action@{SHA}
                with:
                  anthropic_api_key: ${{{{ secrets.ANTHROPIC_API_KEY }}}}
                  allowed_non_write_users: "*"
                  prompt: "Triage ${{{{ github.event.issue.title }}}}"
        """,
        fails={"GHW203": None, "GHW207": None},
        passes=("GHW201", "GHW202"),
    ),
    "a labeler": Shape(
        f"""
        on: pull_request_target
        permissions: {{contents: read}}
        jobs:
          label:
            runs-on: ubuntu-latest
            permissions: {{contents: read, pull-requests: write}}
            steps:
              - uses: actions/labeler@{SHA}
        """,
        passes=("GHW201", "GHW202", "GHW203", "GHW204"),
    ),
    "a comment that publishes, as at @7nohe": Shape(
        f"""
        on:
          push:
            branches: [main]
          issue_comment:
            types: [created]
        permissions: {{contents: read}}
        jobs:
          release:
            if: >-
              ${{{{ github.event_name == 'push' || (github.event.issue.pull_request
              && github.event.comment.body == 'npm publish') }}}}
            runs-on: ubuntu-latest
            permissions: {{contents: read, id-token: write}}
            steps:
              - uses: actions/checkout@{SHA}
              - if: github.event_name == 'issue_comment'
                run: gh pr checkout ${{{{ github.event.issue.number }}}}
              - run: pnpm install && npm publish
        """,
        fails={"GHW202": None},
        passes=("GHW201", "GHW203"),
    ),
    "a preview of documents, as at AsyncAPI": Shape(
        """
        on: pull_request_target
        permissions: {pull-requests: write}
        jobs:
          preview:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v3
                with:
                  ref: ${{ github.event.pull_request.head.sha }}
                  path: fork
              - run: cp -r fork/docs website/docs && npm ci && npm run build
                env: {GH_TOKEN: "${{ secrets.BOT_TOKEN }}"}
        """,
        fails={"GHW201": None, "GHW202": None},
    ),
    "a release in a job of its own": Shape(
        f"""
        on:
          release:
            types: [published]
        permissions: {{}}
        jobs:
          publish:
            runs-on: ubuntu-latest
            environment: npm
            permissions: {{id-token: write}}
            steps:
              - uses: actions/download-artifact@{SHA}
              - run: npm publish dist.tgz
        """,
        passes=("GHW201", "GHW202", "GHW203", "GHW204", "GHW205", "GHW206"),
    ),
}


def verdict(code: str, text: str) -> Any:
    """What a check says of a file: read, scanned and judged as in a run."""
    (check,) = select((code,))
    file = workflow(**fields(text))
    (found,) = Analyser().scan([text])
    assert isinstance(found, tuple)
    scanned = (scan(*found),) if code in SCANNED else ()
    told = (token("write"),) if code in TOLD else (lock(), REFUSED) if code in LOCKED else ()
    return check(file, *scanned, repository(), *told)


CASES = [
    pytest.param(shape, code, id=f"{name}-{code}")
    for name, shape in SHAPES.items()
    for code in (*shape.fails, *shape.passes)
]


@pytest.mark.parametrize(("shape", "code"), CASES)
def test_a_shape_that_was_exploited(shape: Shape, code: str) -> None:
    found = verdict(code, dedent(shape.text))
    if code in shape.passes:
        assert isinstance(found, Passed), found
    else:
        assert isinstance(found, Failed), found
        assert found.severity is shape.fails[code]
