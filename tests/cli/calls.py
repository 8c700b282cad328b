"""The calls in printed commands, as a shell makes them one after the other."""

from __future__ import annotations

import shlex


def calls_of(commands: str) -> list[list[str]]:
    """The words of each call: commands are lines, and `&&` joins the calls of a line."""
    return [shlex.split(part) for line in commands.splitlines() for part in line.split(" && ")]
