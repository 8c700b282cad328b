"""The script that moves packages: shell parts, and what reads the answers of npm."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

PARTS = (
    *("table", "record", "lock", "npm", "release"),
    *("set", "check", "finish", "undo", "approve", "main"),
)
"""The parts that follow the head, in their order."""
QUOTE = "'"
OF_PART = "# shellcheck shell=sh "
"""How the line begins by which shellcheck reads a part alone. The script does without it."""
UNEXPANDED = "# shellcheck disable=SC2016  # it is read by node, not by the shell"


@cache
def script() -> str:
    """The script: the same for every move, since all names are in the table next to it."""
    reader = _part("read.js")
    if QUOTE in reader:
        raise ValueError("read.js stands in single quotes, and holds one")
    shell = [_part(f"shell/{name}.sh") for name in PARTS]
    return (
        f"{_part('shell/head.sh')}\n{UNEXPANDED}\nreader={QUOTE}{reader}{QUOTE}\n{''.join(shell)}"
    )


def _part(name: str) -> str:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(OF_PART))
