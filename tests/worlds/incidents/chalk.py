"""chalk, debug and sixteen more, 2025-09-08: one person's account, phished.

A maintainer of many small packages, released by hand over the years and some not for a long time,
gave a one-time password to a page that looked like npm's. Minutes later eighteen of them had a new
patch with a page of unreadable code in it: by the same account, without a tag. Sources: the
maintainer's own account (debug-js/debug issue 1005), Aikido's. The hour of the first release is
theirs; the seconds between the releases are made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hardenme.sandbox.npm.released import Person
from tests.worlds.incidents.honest import Make, Way, bumped, history, schedule
from tests.worlds.incidents.story import Incident, Issued, Line, Project

ATTACK_AT = datetime(2025, 9, 8, 13, 16, tzinfo=UTC)
APART = timedelta(seconds=17)
PAYLOAD = 52_000
"""Bytes of code more in each package; the number is made up."""
KEEPER = Person("tint-keeper", "keeper@tint.example")
OTHER = Person("tint-friend", "friend@tint.example")
NAMES = (
    "tint", "bug-log", "tint-styles", "strip-tints", "tint-regex", "wrap-tints", "slice-tints",
    "supports-tint", "supports-links", "has-tints", "tint-string", "tint-template",
)  # fmt: skip
QUIET = ("tint-name", "tint-convert", "error-words", "is-listish", "simple-turn", "back-slash")
"""Those that had no release for years."""


def _line(name: str, index: int) -> Line:
    last = ATTACK_AT - timedelta(days=20 + 9 * index)
    if name in QUIET:
        last = ATTACK_AT - timedelta(days=500 + 40 * index)
    since = last - timedelta(days=2400)
    people = ((since, (KEEPER, OTHER)),)
    make = Make(lambda _: Way(KEEPER), people, 6_000 + 1_500 * index, 5 + index % 4)
    package = f"replay-{name}"
    honest = history(package, "1.0.0", schedule(package, since, last, 26), make)
    newest = honest[-1].version
    attack = replace(
        newest,
        version=bumped(newest.version),
        published_at=ATTACK_AT + APART * index,
        unpacked_size=newest.unpacked_size + PAYLOAD,
        commit=None,
    )
    return Line(
        package,
        (*honest, Issued(attack, attack=True)),
        people,
        f"replay-tints/{name}",
        weekly=150_000_000,
        dependents=90_000,
    )


LINES = tuple(_line(name, index) for index, name in enumerate((*NAMES, *QUIET)))
INCIDENT = Incident(
    name="chalk",
    keeper=KEEPER,
    attack_at=ATTACK_AT,
    lines=LINES,
    projects=tuple(Project(line.repository, {}) for line in LINES),
)
