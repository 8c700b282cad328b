"""Mastra, 2026-06-17: the rights of somebody who had left sixteen months before.

A framework of many packages, released together by a trusted publisher with provenance. An early
contributor still could publish everything; that account, silent for sixteen months, brought out
patches of a hundred and forty packages in eighty-eight minutes, by hand and without provenance,
each with one new dependency. That one had first come out the day before, and its next version ran
a script on install. Sources: the project's issues 18045 to 18061, StepSecurity's account. The
project's own report counts 116 packages in 25 minutes; the slower count is played, for it is the
harder to see. Whether the account's address was changed is not told: here it was not.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hardenme.sandbox.npm.released import Person, TrustedPublisher, Version
from tests.worlds.incidents.honest import (
    CI_RUN,
    Make,
    Schedule,
    Way,
    bumped,
    history,
    schedule,
)
from tests.worlds.incidents.story import Incident, Issued, Line, Project

REPOSITORY = "replay-works/quarry"
ATTACK_AT = datetime(2026, 6, 17, 1, 12, tzinfo=UTC)
LASTED = timedelta(minutes=88)
COUNT = 140
EARLY = 12
"""So many packages are older than the trusted publisher, and the contributor released them."""
KEEPER = Person("quarry-keeper", "keeper@quarry.example")
GONE = Person("quarry-early", "early@quarry.example")
STRANGER = Person("day-maker", "day-maker@letters.example")
BEGINNING = datetime(2024, 11, 1, tzinfo=UTC)
LEFT_AT = ATTACK_AT - timedelta(days=487)
TRUSTED_SINCE = datetime(2025, 8, 1, tzinfo=UTC)
CONFIGURATION = str(uuid.uuid5(uuid.NAMESPACE_OID, REPOSITORY))
PEOPLE = ((BEGINNING, (KEEPER, GONE)),)
DECOY = "replay-easy-day"
WORKFLOW = b"""\
on:
  push:
    branches: [main]
permissions: {}
jobs:
  release:
    runs-on: ubuntu-latest
    permissions: {contents: write, id-token: write}
    steps:
      - uses: actions/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3
        with: {persist-credentials: false}
      - run: npm ci --ignore-scripts
      - run: npm publish
"""


def _way(at: datetime) -> Way:
    if at < LEFT_AT:
        return Way(GONE)
    return Way(CI_RUN, CONFIGURATION, REPOSITORY)


def _line(index: int, early: Schedule, later: Schedule) -> Line:
    name = f"@replay-quarry/stone-{index:03d}"
    make = Make(_way, PEOPLE, 60_000 + 3_000 * index, 20 + index % 30, ref="{name}@{version}")
    when = (*early, *later) if index < EARLY else later
    honest = history(name, f"0.{index % 9 + 1}.0", when, make, after=timedelta(seconds=index))
    last = honest[-1].version
    attack = replace(
        last,
        version=bumped(last.version),
        published_at=ATTACK_AT + timedelta(seconds=LASTED.seconds * index // (COUNT - 1)),
        publisher=GONE,
        trusted_publisher=None,
        provenance=None,
        dependencies={**last.dependencies, DECOY: "^1.11.21"},
        commit=None,
    )
    publisher = TrustedPublisher(
        CONFIGURATION,
        "github",
        {"repository": REPOSITORY, "workflow_ref": {"file": "release.yml"}},
        ("createPackage",),
    )
    issued = (*honest, Issued(attack, attack=True))
    return Line(name, issued, PEOPLE, REPOSITORY, (publisher,), weekly=40_000)


def _lines() -> tuple[Line, ...]:
    early = schedule("quarry early", BEGINNING, LEFT_AT - timedelta(days=3), 4)
    later = schedule("quarry", TRUSTED_SINCE, ATTACK_AT - timedelta(days=3), 12)
    return tuple(_line(index, early, later) for index in range(COUNT))


def _decoy() -> Line:
    clean = Version("1.11.21", ATTACK_AT - timedelta(hours=20), STRANGER)
    armed = Version(
        "1.11.22",
        ATTACK_AT - timedelta(minutes=10),
        STRANGER,
        scripts={"postinstall": "node setup.cjs"},
        has_install_script=True,
    )
    people = ((clean.published_at, (STRANGER,)),)
    return Line(DECOY, (Issued(clean), Issued(armed)), people, weekly=0)


INCIDENT = Incident(
    name="mastra",
    keeper=KEEPER,
    attack_at=ATTACK_AT,
    lines=_lines(),
    scope="replay-quarry",
    foreign=(_decoy(),),
    projects=(Project(REPOSITORY, {".github/workflows/release.yml": WORKFLOW}),),
    tokens=("release-bot",),
)
