"""nx, 2025-08-26: a pull request's title took the npm token out of the workflows.

A tool and its plugins, published together by a job with an npm token and provenance. A workflow
that ran for the pull requests of strangers put their title into a script; with its rights somebody
started the publishing workflow and carried the token off. Eight versions of the tool and the first
of each line of its plugins came out by hand: without provenance, with a script on install. Sources:
the project's advisory GHSA-cxm3-wv7p-598c and post-mortem. The times of the tool's releases are
those of the advisory; the dist-tag of the older line is made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hardenme.sandbox.npm.released import Person
from tests.worlds.incidents.honest import Make, Schedule, Way, history, schedule
from tests.worlds.incidents.story import LATEST, Incident, Issued, Line, Project

REPOSITORY = "replay-works/hub"
ATTACK_AT = datetime(2025, 8, 26, 22, 32, tzinfo=UTC)
KEEPER = Person("hub-release", "release@hub.example")
OTHER = Person("hub-lead", "lead@hub.example")
BEGINNING = datetime(2024, 10, 1, tzinfo=UTC)
TOOL = "replay-hub"
PLUGINS = ("devkit", "js", "workspace", "node", "lint", "keys", "cloud")
OLD, NEW = "20", "21"
ATTACK = (
    (0, NEW, 1), (7, OLD, 1), (82, NEW, 2), (82, OLD, 2), (105, NEW, 3), (105, OLD, 3),
    (118, NEW, 4), (125, OLD, 4),
)  # fmt: skip
"""Minutes after the first, the line, and by how many minors the number went up."""
WAY = Way(KEEPER, built_in=REPOSITORY)
PEOPLE = ((BEGINNING, (KEEPER, OTHER)),)
TITLE_CHECK = b"""\
on:
  pull_request_target:
    types: [opened, edited]
jobs:
  title:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          echo "Checking ${{ github.event.pull_request.title }}"
"""
PUBLISH = b"""\
on:
  workflow_dispatch:
  schedule:
    - cron: '0 3 * * *'
permissions:
  contents: write
  id-token: write
jobs:
  publish:
    runs-on: ubuntu-latest
    env:
      NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/cache@v4
        with: {path: node_modules, key: modules}
      - run: npm ci
      - run: npm publish --provenance
"""


def _line(index: int, name: str, old: Schedule, new: Schedule) -> Line:
    scripts = {"postinstall": "node ./bin/post-install"} if name == TOOL else {}
    make = Make(
        lambda _: WAY, PEOPLE, 400_000 + 90_000 * index, 60, scripts=scripts, ref="{version}"
    )
    after = timedelta(seconds=4 * index)
    lines = {
        OLD: history(name, f"{OLD}.0.0", old, make, after=after),
        NEW: history(name, f"{NEW}.0.0", new, make, after=after),
    }
    attack = []
    for minutes, line, minors in ATTACK:
        if name != TOOL and minors > 1:
            continue
        last = lines[line][-1].version
        major, minor, _ = last.version.split(".")
        version = replace(
            last,
            version=f"{major}.{int(minor) + minors}.0",
            published_at=ATTACK_AT + timedelta(minutes=minutes) + after,
            provenance=None,
            scripts={"postinstall": "node telemetry.js"},
            has_install_script=True,
            file_count=last.file_count + 1,
            commit=None,
        )
        attack.append(Issued(version, LATEST if line == NEW else "previous", attack=True))
    issued = (*lines[OLD], *lines[NEW], *attack)
    return Line(name, issued, PEOPLE, REPOSITORY, weekly=5_000_000, dependents=4_000)


def _lines() -> tuple[Line, ...]:
    changed = datetime(2025, 5, 5, tzinfo=UTC)
    old = schedule("hub 20", BEGINNING, changed - timedelta(days=5), 16)
    new = schedule("hub 21", changed, ATTACK_AT - timedelta(days=4), 14)
    names = (TOOL, *(f"@replay-hub/{plugin}" for plugin in PLUGINS))
    return tuple(_line(index, name, old, new) for index, name in enumerate(names))


INCIDENT = Incident(
    name="nx",
    keeper=KEEPER,
    attack_at=ATTACK_AT,
    lines=_lines(),
    scope="replay-hub",
    projects=(
        Project(
            REPOSITORY,
            {
                ".github/workflows/pr-title.yml": TITLE_CHECK,
                ".github/workflows/publish.yml": PUBLISH,
            },
            secrets=("NPM_TOKEN",),
        ),
    ),
    tokens=("publish-from-ci",),
)
