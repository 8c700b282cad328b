"""Runs a command line of hardenme's own, and says what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer

from hardenme.cli.options.refused import REFUSED, asks_for_secret
from hardenme.cli.terminal.console import Console
from hardenme.ground.exit_code import Exit

ONE_RUN = "the demo is one run; `hardenme report --demo` shows what changed in it within a week"
NO_DEMO = {
    "attest": "no answer of the demo is kept; `hardenme show --full --demo` has its questions",
    "diff": ONE_RUN,
    "trend": ONE_RUN,
}
"""Why a command does not take `--demo`, and the one that shows as much of the demo."""
TAKES_DEMO = "it has no demo; `hardenme demo --help` lists what shows the demo"
Run = Callable[[Sequence[str]], int]
"""Runs a command of hardenme's own by its words; returns the exit code.

Raises:
    typer.TyperException: the words are not of their form.
    HardenmeError: something outside of the command's own work, as a file of the configuration.
"""


def invoke(command: Any, arguments: Sequence[str], console: Console) -> int:
    """Run the commands that Typer made; returns the exit code.

    Raises:
        typer.TyperException: the words are not of their form.
        HardenmeError: something outside of the command's own work, as a file of the configuration.
    """
    result: Any = command.main(
        args=list(arguments), prog_name="hardenme", standalone_mode=False, obj=console
    )
    return int(result or 0)


def say_wrong(error: typer.TyperException, console: Console) -> int:
    """Print what is malformed; returns the exit code."""
    option = getattr(error, "option_name", "")
    if isinstance(option, str) and asks_for_secret(option):
        console.say(f"there is no option {option}: {REFUSED}")
        return Exit.USAGE
    context = getattr(error, "ctx", None)
    if option == "--demo" and context is not None:
        command = context.command_path.removeprefix("hardenme ")
        console.say(f"{command} takes no --demo: {NO_DEMO.get(command, TAKES_DEMO)}")
        return Exit.USAGE
    console.say(error.format_message())
    if context is not None:
        console.say(f"`{context.command_path} --help` shows how")
    return Exit.USAGE
