"""TanStack, 2026-05-11: the pipeline itself published, with provenance that holds.

Many packages of one repository, released together by a trusted publisher. A workflow that ran for
the pull requests of strangers wrote into the cache that the release workflow reads; from there its
identity was taken while it ran. Eighty-four versions of forty-two packages came out in six minutes,
each with a valid provenance, by the very same publisher: what differed was that each package had
two releases within minutes, no tag, an optional dependency on a commit in a git repository, and
two megabytes more. Sources: the project's follow-up and its issue 7383. The hour and the order of
the packages are made up.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hardenme.sandbox.npm.released import Person, TrustedPublisher
from tests.worlds.incidents.honest import (
    CI_RUN,
    Make,
    Schedule,
    Way,
    bumped,
    commit,
    history,
    schedule,
)
from tests.worlds.incidents.story import Incident, Issued, Line, Project

REPOSITORY = "replay-works/loom"
ATTACK_AT = datetime(2026, 5, 11, 19, 20, tzinfo=UTC)
SECOND_WAVE = timedelta(minutes=3, seconds=20)
APART = timedelta(seconds=3)
PAYLOAD = 2_300_000
KEEPER = Person("loom-keeper", "keeper@loom.example")
OTHER = Person("loom-other", "other@loom.example")
BEGINNING = datetime(2025, 9, 1, tzinfo=UTC)
COUNT = 42
CONFIGURATION = str(uuid.uuid5(uuid.NAMESPACE_OID, REPOSITORY))
PEOPLE = ((BEGINNING, (KEEPER, OTHER)),)
WAY = Way(CI_RUN, CONFIGURATION, REPOSITORY)
SETUP = {"@replay-loom/setup": f"github:{REPOSITORY}#{commit(REPOSITORY, 'orphan')}"}
BUNDLE_SIZE = b"""\
on: pull_request_target
jobs:
  measure:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: refs/pull/${{ github.event.pull_request.number }}/merge
      - uses: actions/cache@v4
        with: {path: ~/.store, key: store}
      - run: npm ci && npm run build
"""
RELEASE = b"""\
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
      - uses: actions/cache@v4
        with: {path: ~/.store, key: store}
      - run: npm ci && npm run build
      - run: npm publish
"""


def _line(index: int, when: Schedule) -> Line:
    name = f"@replay-loom/thread-{index:02d}"
    make = Make(
        lambda _: WAY,
        PEOPLE,
        90_000 + 11_000 * index,
        30 + index,
        {"@replay-loom/core": "^1.0.0"},
        ref="{name}@{version}",
    )
    honest = history(name, f"1.{100 + index}.0", when, make, after=timedelta(seconds=2 * index))
    attack = []
    number = honest[-1].version.version
    for wave in range(2):
        number = bumped(bumped(bumped(number)))
        last = honest[-1].version
        version = replace(
            last,
            version=number,
            published_at=ATTACK_AT + SECOND_WAVE * wave + APART * index,
            optional_dependencies=SETUP,
            unpacked_size=last.unpacked_size + PAYLOAD,
            file_count=last.file_count + 1,
        )
        attack.append(Issued(version, attack=True))
    publisher = TrustedPublisher(
        CONFIGURATION,
        "github",
        {"repository": REPOSITORY, "workflow_ref": {"file": "release.yml"}},
        ("createPackage",),
    )
    return Line(name, (*honest, *attack), PEOPLE, REPOSITORY, (publisher,), weekly=2_000_000)


def incident(count: int, *more: tuple[datetime, str]) -> Incident:
    """The attack on so many packages, with more releases right before it, as in a schedule."""
    when = (*schedule("loom", BEGINNING, ATTACK_AT - timedelta(days=3), 24), *more)
    return Incident(
        name="tanstack",
        keeper=KEEPER,
        attack_at=ATTACK_AT,
        lines=tuple(_line(index, when) for index in range(count)),
        scope="replay-loom",
        projects=(
            Project(
                REPOSITORY,
                {
                    ".github/workflows/bundle-size.yml": BUNDLE_SIZE,
                    ".github/workflows/release.yml": RELEASE,
                },
            ),
        ),
    )


INCIDENT = incident(COUNT)
FEW = incident(10, (ATTACK_AT - timedelta(days=5), "patch"))
"""With ten packages, whose last honest release is five days old: `npm trust` takes a package every
two seconds, so that an answer about forty-two takes a minute and a half."""
