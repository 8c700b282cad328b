"""The names of the secrets that environments of exposed jobs hold."""

from __future__ import annotations

from dataclasses import replace

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.environments import secret_names
from hardenme.model.exposure import ExposureGrade, ExposureRow
from hardenme.model.reached import OF_ENVIRONMENT
from hardenme.model.unknown import Reason, Unknown
from hardenme.workflows.expressions import OPEN

REFUSED = frozenset({Reason.NOT_PERMITTED, Reason.NOT_VISIBLE})
NEEDS = "that takes a token with environments:read"


def with_secret_names(
    github: GitHub, name: str, rows: tuple[ExposureRow, ...]
) -> tuple[ExposureRow, ...]:
    """The rows, with the names of what an environment of their jobs holds.

    Each environment is asked for once, and none that only runs free of doubt had. No grade changes.

    Args:
        name: of the repository, with its owner.
    """
    held: dict[str, str] = {}
    for row in rows:
        for part in row.reach if row.grade is not ExposureGrade.NOT_SEEN else ():
            if part.startswith(OF_ENVIRONMENT) and part not in held:
                held[part] = _in_words(github, name, part.removeprefix(OF_ENVIRONMENT))
    return tuple(
        replace(row, reach=tuple(held.get(part, part) for part in row.reach)) for row in rows
    )


def _in_words(github: GitHub, name: str, environment: str) -> str:
    """What jobs in an environment can read, as far as it is known."""
    if OPEN in environment:
        return f"{OF_ENVIRONMENT}{environment}, whose name the run computed"
    names = secret_names(github, name, environment)
    if isinstance(names, Unknown):
        statuses = ", ".join(str(one.status) for one in names.evidence)
        why = f"{NEEDS} ({statuses})" if names.reason in REFUSED else names.in_words
        return f"{OF_ENVIRONMENT}{environment}, whose names are not known: {why}"
    if not names:
        return f"environment {environment}, which has no secret today"
    return f"{OF_ENVIRONMENT}{environment}: {', '.join(names)}"
