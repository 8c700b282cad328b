"""eslint-config-prettier, 2025-07-18: a token that a phishing mail got.

A package of settings, released by hand on three lines. With the stolen token four patches came out
that no commit stands behind, the lowest first: `latest` pointed to the oldest line for a while.
Each ran a script when it was installed, which none did before. Sources: the project's issue 339,
CVE-2025-54313. The versions are those of the advisory with the numbers of the sandbox's own
history; the hour is made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hardenme.sandbox.npm.released import Person
from tests.worlds.incidents.honest import Make, Way, bumped, history, schedule
from tests.worlds.incidents.story import Incident, Issued, Line, Project

NAME = "replay-lint-config-neat"
REPOSITORY = "replay-neat/lint-config"
ATTACK_AT = datetime(2025, 7, 18, 16, 20, tzinfo=UTC)
APART = timedelta(minutes=4)
KEEPER = Person("neat-keeper", "keeper@neat.example")
OTHER = Person("neat-other", "other@neat.example")
LINES = (
    ("8.0.0", datetime(2021, 2, 1, tzinfo=UTC), datetime(2023, 7, 1, tzinfo=UTC), 12),
    ("9.0.0", datetime(2023, 8, 1, tzinfo=UTC), datetime(2024, 12, 1, tzinfo=UTC), 8),
    ("10.0.0", datetime(2025, 1, 5, tzinfo=UTC), datetime(2025, 7, 10, tzinfo=UTC), 9),
)
PEOPLE = ((LINES[0][1], (KEEPER, OTHER)),)


def _line() -> Line:
    make = Make(lambda _: Way(KEEPER), PEOPLE, 70_000, 24)
    lines = [
        history(f"{NAME} {first}", first, schedule(first, since, until, count), make)
        for first, since, until, count in LINES
    ]
    attack: list[Issued] = []
    for last in [line[-1] for line in lines] + [lines[-1][-1]]:
        number = bumped(last.version.version)
        if any(item.version.version == number for item in attack):
            number = bumped(number)
        version = replace(
            last.version,
            version=number,
            published_at=ATTACK_AT + APART * len(attack),
            scripts={"install": "node install.js"},
            has_install_script=True,
            unpacked_size=last.version.unpacked_size + 90_000,
            file_count=last.version.file_count + 2,
            commit=None,
        )
        attack.append(Issued(version, attack=True))
    honest = [item for line in lines for item in line]
    return Line(NAME, (*honest, *attack), PEOPLE, REPOSITORY, weekly=30_000_000, dependents=12_000)


INCIDENT = Incident(
    name="eslint-config-prettier",
    keeper=KEEPER,
    attack_at=ATTACK_AT,
    lines=(_line(),),
    projects=(Project(REPOSITORY, {}),),
    tokens=("publish",),
)
