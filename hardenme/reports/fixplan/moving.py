"""The one command that moves many packages to staged publishing, in place of a command for each."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from hardenme.reports.fixplan.plan import Action

SETS_UP = ("npm", "trust", "github")
"""How a command begins that adds a trusted publisher."""
MANY = 4
"""From how many packages on one command is shown."""
NAMED = 10
"""Packages that the command names; of more it names their scopes."""


def move_command(actions: Sequence[Action]) -> str:
    """The command for actions that each add a trusted publisher; empty for others, and for few."""
    if len(actions) < MANY or not all(map(_sets_up, actions)):
        return ""
    packages = sorted({one.calls[0].words[len(SETS_UP)] for one in actions})
    scopes = sorted({name.partition("/")[0] for name in packages if name.startswith("@")})
    alone = [name for name in packages if not name.startswith("@")]
    named = packages if len(packages) <= NAMED else [*scopes, *alone]
    return shlex.join(["hardenme", "move", *(f"npm:{name}" for name in named), "--to", "staged"])


def _sets_up(action: Action) -> bool:
    """Whether it is one call that adds a publisher, and removes nothing."""
    return len(action.calls) == 1 and action.calls[0].words[: len(SETS_UP)] == SETS_UP
