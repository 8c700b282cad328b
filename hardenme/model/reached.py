"""What could be read where a bad version or action was: each once, what can publish first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.model.exposed_record import ExposedRow
from hardenme.model.exposure import RANKS, ExposureGrade
from hardenme.model.secret_name import (
    Likeness,
    names_publish_environment,
    publish_likeness,
)

SECRET, OF_ENVIRONMENT = "secret ", "the secrets of environment "
"""How a line begins that names a secret, or the environment of a job."""
TOKEN, WRITES_ALL = "GITHUB_TOKEN", "write everything"
"""How a line about the token of a job begins, and what one can do that has every right."""
PACKAGES = re.compile(rf"{TOKEN}, which can (?:write (?:[\w-]+, )*packages\b|{WRITES_ALL})")
"""One that can publish to GitHub Packages."""
PUBLISHES = ("npm", "publish", "OIDC", "all secrets")
"""Words of what can publish, whatever it is called."""


@dataclass(frozen=True, slots=True)
class ReachedThing:
    """What could be read in a repository, or on a machine.

    Attributes:
        what: in words.
        where: the repository or the machine.
        grade: the heaviest of the rows in which it could be read.
        publishes: it may be able to publish.
    """

    what: str
    where: str
    grade: ExposureGrade
    publishes: bool


def reached(rows: Iterable[ExposedRow]) -> list[ReachedThing]:
    """All that could be read, in the order in which to rotate it.

    What can publish comes first, of that what has the heaviest grade, then what has a value.
    """
    found: dict[tuple[str, str], ExposureGrade] = {}
    for row in sorted(rows, key=lambda row: RANKS[row.grade]):
        for what in row.reach:
            found.setdefault((row.where, what), row.grade)
    listed = [
        ReachedThing(what, where, grade, publishes=can_publish(what))
        for (where, what), grade in found.items()
    ]
    return sorted(
        listed, key=lambda one: (not one.publishes, RANKS[one.grade], not _has_value(one.what))
    )


def _has_value(what: str) -> bool:
    """Whether it has a value to rotate, and is not only what to look at."""
    return what.startswith((SECRET, OF_ENVIRONMENT, "all secrets", "npm token"))


def can_publish(what: str) -> bool:
    """Whether something that could be read may be able to publish."""
    if any(word in what for word in PUBLISHES) or PACKAGES.match(what):
        return True
    if what.startswith(OF_ENVIRONMENT):
        name, _, held = what.removeprefix(OF_ENVIRONMENT).partition(": ")
        return names_publish_environment(name.partition(",")[0]) or any(
            map(_names_publishing, held.split(", "))
        )
    return what.startswith(SECRET) and _names_publishing(what.removeprefix(SECRET))


def _names_publishing(name: str) -> bool:
    return publish_likeness(name.strip()) is not Likeness.NONE
