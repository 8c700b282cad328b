"""axios, 2026-03-31: its lead's account took the way past the pipeline.

An HTTP client whose 1.x came out by a trusted publisher with provenance. Somebody got hold of the
lead's account (how is disputed), changed its email address and published by hand, first on the
line of `latest`, then on that of `legacy`, each with one new dependency that had existed for less
than a day. No tag, no commit, no provenance, no trusted publisher. Sources: the project's
post-mortem (axios/axios issues 10604 and 10636), Elastic's and StepSecurity's accounts. The time of
the first release is theirs. That of the second, that the line of `legacy` came out by the same
pipeline before, and that the account had a token of this kind are made up.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hardenme.sandbox.npm.released import Person, TrustedPublisher, Version
from tests.worlds.incidents.honest import (
    CI_RUN,
    Make,
    Way,
    bumped,
    history,
    people_at,
    schedule,
)
from tests.worlds.incidents.story import Incident, Issued, Line, Project

NAME = "@replay/axle"
REPOSITORY = "replay-works/axle"
ATTACK_AT = datetime(2026, 3, 31, 0, 21, tzinfo=UTC)
SECOND_AT = datetime(2026, 3, 31, 1, 0, tzinfo=UTC)
TRUSTED_SINCE = datetime(2025, 9, 1, tzinfo=UTC)
BEGINNING = datetime(2023, 4, 1, tzinfo=UTC)
KEEPER = Person("axle-lead", "lead@axle.example")
SECOND = Person("axle-second", "second@axle.example")
TAKEN = Person("axle-lead", "axle-lead@letters.example")
STRANGER = Person("hash-helper", "hash-helper@letters.example")
CONFIGURATION = str(uuid.uuid5(uuid.NAMESPACE_OID, NAME))
DECOY = "@replay/plain-hash-js"
PEOPLE = (
    (BEGINNING, (KEEPER, SECOND)),
    (ATTACK_AT - timedelta(minutes=25), (TAKEN, SECOND)),
)
WORKFLOW = b"""\
on:
  push:
    tags: ['v*']
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions: {contents: read, id-token: write}
    steps:
      - uses: actions/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3
        with: {persist-credentials: false}
      - run: npm ci --ignore-scripts
      - run: npm publish --provenance
"""


def _way(at: datetime) -> Way:
    if at < TRUSTED_SINCE:
        return Way(KEEPER, built_in=REPOSITORY)
    return Way(CI_RUN, CONFIGURATION, REPOSITORY)


def _line() -> Line:
    needs = {"@replay/follow": "^1.15.0", "@replay/form": "^4.0.0"}
    main = Make(_way, PEOPLE, 2_100_000, 84, needs)
    legacy = replace(main, tag="legacy")
    first = history(
        NAME, "1.4.0", schedule(NAME, BEGINNING, ATTACK_AT - timedelta(days=4), 42), main
    )
    second = history(
        f"{NAME} legacy",
        "0.28.0",
        schedule("legacy", TRUSTED_SINCE, ATTACK_AT - timedelta(days=40), 6),
        legacy,
    )
    attack = (_by_hand(first[-1], ATTACK_AT), _by_hand(second[-1], SECOND_AT))
    issued = sorted((*first, *second, *attack), key=lambda item: item.version.published_at)
    return Line(
        NAME,
        tuple(issued),
        PEOPLE,
        REPOSITORY,
        (
            TrustedPublisher(
                CONFIGURATION,
                "github",
                {"repository": REPOSITORY, "workflow_ref": {"file": "publish.yml"}},
                None,
            ),
        ),
        weekly=100_000_000,
        dependents=170_000,
    )


def _by_hand(last: Issued, at: datetime) -> Issued:
    """The next patch with one dependency more, by the account under its new address."""
    version = replace(
        last.version,
        version=bumped(last.version.version),
        published_at=at,
        publisher=TAKEN,
        trusted_publisher=None,
        provenance=None,
        maintainers=people_at(PEOPLE, at),
        dependencies={**last.version.dependencies, DECOY: "^4.2.1"},
        commit=None,
    )
    return Issued(version, last.tag, attack=True)


def _decoy() -> Line:
    """The dependency: harmless at first, eighteen hours before; then with a script."""
    clean = Version("4.2.0", ATTACK_AT - timedelta(hours=18), STRANGER)
    script = {"postinstall": "node setup.js"}
    armed = Version(
        "4.2.1",
        ATTACK_AT - timedelta(minutes=22),
        STRANGER,
        scripts=script,
        has_install_script=True,
    )
    since = clean.published_at
    return Line(DECOY, (Issued(clean), Issued(armed)), ((since, (STRANGER,)),), weekly=0)


INCIDENT = Incident(
    name="axios",
    keeper=KEEPER,
    attack_at=ATTACK_AT,
    lines=(_line(),),
    scope="replay",
    foreign=(_decoy(),),
    projects=(Project(REPOSITORY, {".github/workflows/publish.yml": WORKFLOW}),),
    tokens=("release-bot",),
)
