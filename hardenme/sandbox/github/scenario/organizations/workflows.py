"""Workflow files: a folder full of the shapes that were exploited, and one in order."""

from __future__ import annotations

from datetime import datetime

from hardenme.sandbox.github.world import World

FOLDER = ".github/workflows/"

CI = """\
name: CI
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: write-all
    steps:
      - uses: actions/checkout@v4 # zizmor: ignore[unpinned-uses]
      - run: echo "Testing ${{ github.head_ref }}" # zizmor: ignore[template-injection]
      - run: npm test
"""
PREVIEW = """\
name: Preview
on: pull_request_target
permissions:
  contents: read
jobs:
  preview:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: npm ci && npm run preview
"""
RELEASE = """\
name: Release
on:
  push:
    branches: [main]
permissions:
  contents: write
  id-token: write
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          cache: npm
      - uses: sprout-tools/release-notes@v2
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
"""
TRIAGE = """\
name: Triage
on:
  issues:
    types: [opened]
permissions:
  contents: write
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: anthropics/claude-code-action@v1
        with:
          anthropic_api_key: ${{ secrets.ANTHROPIC_API_KEY }}
          allowed_non_write_users: "*"
"""

PINNED = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
SAFE_CI = f"""\
name: CI
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@{PINNED}
        with:
          persist-credentials: false
      - run: echo "Testing $BRANCH"
        env:
          BRANCH: ${{{{ github.head_ref }}}}
      - run: npm test
"""
SAFE_LABELER = f"""\
name: Labels
on: pull_request_target
permissions: {{}}
jobs:
  label:
    runs-on: ubuntu-latest
    permissions:
      pull-requests: write
    steps:
      - uses: actions/labeler@{PINNED}
"""
SAFE_RELEASE = f"""\
name: Release
on:
  push:
    tags: ["v*"]
permissions: {{}}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: npm
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@{PINNED}
        with:
          persist-credentials: false
      - uses: actions/setup-node@{PINNED}
        with:
          registry-url: https://registry.example.test
          package-manager-cache: false
      - run: npm ci --ignore-scripts
      - run: npm publish
"""
SAFE_AGENT = f"""\
name: Assistant
on:
  issue_comment:
    types: [created]
permissions: {{}}
jobs:
  assistant:
    if: >-
      contains(github.event.comment.body, '@assistant') &&
      contains(fromJSON('["OWNER", "MEMBER"]'), github.event.comment.author_association)
    runs-on: ubuntu-latest
    permissions:
      contents: read
      issues: write
    steps:
      - uses: anthropics/claude-code-action@{PINNED}
        with:
          anthropic_api_key: ${{{{ secrets.ANTHROPIC_API_KEY }}}}
"""


def weaken(world: World, now: datetime) -> None:  # noqa: ARG001 (as every aspect)
    """Each file of `briar` shows one shape; one of `hedge` is no YAML."""
    _put(world, "briar", ci=CI, preview=PREVIEW, release=RELEASE, triage=TRIAGE)
    _put(world, "hedge", ci=CI, broken="on: [push\njobs: {")


def harden(world: World, now: datetime) -> None:  # noqa: ARG001 (as every aspect)
    """The same jobs as they should be."""
    _put(
        world,
        "cone",
        ci=SAFE_CI,
        labels=SAFE_LABELER,
        release=SAFE_RELEASE,
        assistant=SAFE_AGENT,
    )
    _put(world, "resin", ci=SAFE_CI)


def _put(world: World, name: str, **texts: str) -> None:
    repository = next(item for item in world.repositories if item.name == name)
    for file, text in texts.items():
        repository.files[f"{FOLDER}{file}.yml"] = text.encode()
