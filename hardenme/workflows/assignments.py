"""Lines of a script that do nothing but set an output or a variable to what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hardenme.workflows.expressions import CLOSE, OPEN, bodies
from hardenme.workflows.written import ENVIRONMENT

WRITES = re.compile(
    r"""echo\s+(?P<quote>["']?)(?P<name>[A-Za-z_][\w-]*)=(?P<value>[^"'`\\;|&<>()]*)(?P=quote)"""
    r"""\s*>>\s*["']?\$\{?GITHUB_(?P<file>OUTPUT|ENV)\}?["']?"""
)
"""A line of a script that does nothing but set an output, or a variable, to what it says."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A line of a script that sets one name.

    Attributes:
        name: in lower case.
        value: as it is written.
        output: it is an output, not a variable.
        single: it is in single quotes.
    """

    name: str
    value: str
    output: bool
    single: bool


def assignment(line: str) -> Assignment | None:
    """What a line sets; None if it does anything else."""
    found = list(bodies(line))
    masked = line
    for number, body in enumerate(found):
        masked = masked.replace(f"{OPEN}{body}{CLOSE}", f"__{number}__", 1)
    match = WRITES.fullmatch(masked)
    if match is None:
        return None
    value = match["value"] if match["quote"] else match["value"].rstrip()
    for number, body in enumerate(found):
        value = value.replace(f"__{number}__", f"{OPEN}{body}{CLOSE}", 1)
    single = match["quote"] == "'"
    return Assignment(match["name"].lower(), value, match["file"] == "OUTPUT", single)


def without_expressions(text: str) -> str:
    """A text without what is put into it."""
    for body in bodies(text):
        text = text.replace(f"{OPEN}{body}{CLOSE}", "")
    return text


def assignments(script: str) -> Iterator[Assignment | None]:
    """What each line of a script sets; None for one that does anything else."""
    return (assignment(line.strip()) for line in script.splitlines() if line.strip())


def sets_variable(script: str, name: str) -> bool:
    """Whether a script may set a variable for the steps behind it."""
    if not ENVIRONMENT.search(script):
        return False
    lines = assignments(script)
    return any(line is None or line.name == name or OPEN in line.value for line in lines)
