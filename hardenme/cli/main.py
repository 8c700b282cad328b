"""The command line's frame: the commands, and what happens to errors."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_callback

from hardenme import __version__
from hardenme.cli.completion import VARIABLE as COMPLETING
from hardenme.cli.invoke import invoke, say_wrong
from hardenme.cli.options.parameters import parameter
from hardenme.cli.options.refused import hide
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.ending import say_error
from hardenme.config.option import switch
from hardenme.config.table.access import DEBUG
from hardenme.ground.errors import HardenmeError
from hardenme.ground.exit_code import Exit

WELCOME = """\
hardenme finds every way someone else could publish as you, and shows the fix.

It reads the settings of your GitHub and npm accounts, repositories, packages.
It changes nothing, and sends each token only to its own host."""
FIRST = {
    "hardenme recent": "attacked? what changed lately, the worst first",
    "hardenme exposed --help": "a bad version or action: did it run here?",
    "hardenme demo": "the check on built-in accounts, without a token",
    "hardenme check npm:PACKAGE": "what anyone can see of a package; no token",
    "hardenme permissions": "the smallest token that works, with its link",
    "hardenme auth login github": "store it in your keyring; the same for npm",
    "hardenme check": "your own accounts, and this machine",
    "hardenme explain GHA101": "what a check means, and how to fix it",
}
"""What to type first, by what it does."""
MORE = "`hardenme --help` shows all commands."


COMMANDS = {
    "demo": "Run the check on built-in accounts, without a token.",
    "check": "Audit accounts, organizations and packages.",
    "recent": "Show what changed recently: did an attacker get in?",
    "exposed": "Show whether a bad version or action ran in your workflows.",
    "rehearse": "Show whether npm will accept the next release.",
    "people": "Show who could do the most harm, and who can stop whom.",
    "person": "List what to do when someone leaves or is taken over.",
    "runbook": "Print the plan for the day of an attack.",
    "incident": "Go through an attack, until every credential is dead.",
    "show": "Show the last run again, or a part of it, in any format.",
    "fix": "Print what to fix, step by step.",
    "move": "Write a script that moves packages to trusted publishing.",
    "report": "Check for a timer: show what changed since the last run.",
    "schedule": "Print files that run a report or a watch by a timer.",
    "fleet": "Read many organizations, on as many machines as it takes.",
    "permissions": "Show the smallest token that works, with its link.",
    "auth": "Store, examine and remove tokens.",
    "doctor": "Show what a run would use: tokens, proxies, files.",
    "config": "Show the settings, and where each comes from.",
    "diff": "Compare two stored reports.",
    "trend": "Show how the stored reports changed over time.",
    "list": "List the checks: code, severity, problem.",
    "explain": "Show what a check means, and how to fix it.",
    "attest": "Record your answer to a question that no API answers.",
    "verify-request": "Decide about an unusual request, and record it.",
    "drill": "Practice with scenarios from real cases; nothing is sent.",
    "waive": "Accept findings for a time.",
    "watch": "Look at new releases for signs of an attack.",
    "cache": "Show what is kept, and where; or remove it.",
    "completion": "Print a shell script that completes codes and options.",
}
"""What each command does, in the order of help: what someone new has a use for comes first. A
command is the folder of its name, and `COMMAND` of the module `command` in it; a hyphen is an
underscore there."""
DEBUGGING = "HARDENME_DEBUG"
"""The variable that is the same as `--debug`."""
VERSION = switch("version", "Print the version.")
VERBOSE = switch("verbose", "With --version: how to verify what runs.")


def _module(name: str) -> Any:
    return import_module(f"hardenme.cli.{name.replace('-', '_')}.command")


class Folders(MutableMapping[str, Any]):
    """The commands by name; each is loaded when it is looked up."""

    def __init__(self) -> None:
        self.loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The command of a name.

        Raises:
            KeyError: there is none.
        """
        if name not in self.loaded:
            short = COMMANDS[name]
            command = _module(name).COMMAND
            command.short_help = short
            if COMPLETING in os.environ:
                from hardenme.cli.completion.parameters import offer  # noqa: PLC0415 (start-up)

                offer(command)
            self.loaded[name] = command
        return self.loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self.loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self.loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Frame(TyperGroup):
    """The commands together; `run` handles an interrupt in any of them, and reports it."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what there is; nothing is loaded for that."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: Any) -> Any:
        """Run a command; typer would end an interrupted one without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Abort from None


def begin(context: typer.Context, *, version: bool, verbose: bool, debug: bool) -> None:
    """What runs before every command."""
    if debug:
        from hardenme.cli.terminal.debug import turn_on  # noqa: PLC0415 (start-up is a feature)

        context.call_on_close(turn_on(context.obj))
    if version and verbose:
        from hardenme.cli.provenance import ways  # noqa: PLC0415 (start-up is a feature)

        context.obj.print(ways())
        raise typer.Exit
    if version:
        context.obj.print(f"hardenme {__version__}\n")
        raise typer.Exit
    if verbose:
        raise typer.BadParameter("--verbose goes with --version")
    if context.invoked_subcommand is None:
        context.obj.print(_welcome(context))


def _welcome(context: typer.Context) -> str:
    """What the bare command prints, as wide as its terminal."""
    formatter = context.make_formatter()
    for line in WELCOME.split("\n"):
        if line:
            formatter.write_text(line)
        else:
            formatter.write_paragraph()
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_dl(list(FIRST.items()))
    formatter.write_paragraph()
    formatter.write_text(MORE)
    return str(formatter.getvalue())


def run(arguments: Sequence[str], console: Console | None = None) -> int:
    """Run one command; returns the exit code.

    An error gives one line, never a traceback; what was not foreseen leaves a crash file without
    any secret.
    """
    console = console or Console.here()
    hide(arguments)
    try:
        return invoke(_prepared(), arguments, console)
    except typer.TyperException as error:
        return say_wrong(error, console)
    except HardenmeError as error:
        # Outside of a command, where the console itself cannot be written.
        return say_error(console, error)
    except (KeyboardInterrupt, typer.Abort):
        console.say("interrupted")
        return Exit.INTERRUPTED
    except SystemExit as error:
        if COMPLETING in os.environ:
            raise
        if isinstance(error.__context__, BrokenPipeError):
            # So Typer ends where no one reads its help to the end.
            console.drop_rest()
            return Exit.CLEAN
        # A library that ends the process would choose the exit code, and print what it likes.
        return _crash(error, console)
    except Exception as error:  # noqa: BLE001 (the last resort)
        return _crash(error, console)


@functools.cache
def root() -> Frame:
    """The command tree that typer makes: the same for each run of a process."""
    return Frame(
        name="hardenme",
        commands=cast("dict[str, Any]", Folders()),
        callback=get_callback(
            callback=begin,
            params=[],
            convertors={},
            context_param_name="context",
            pretty_exceptions_short=False,
        ),
        params=[
            parameter(VERSION),
            parameter(VERBOSE),
            parameter(DEBUG, envvar=DEBUGGING, show_envvar=True),
        ],
        help="Audit npm and GitHub accounts; print a checklist of least-privilege fixes. Reads"
        " only.",
        invoke_without_command=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


def _prepared() -> Frame:
    if COMPLETING in os.environ:
        from hardenme.cli.completion.parameters import prepare  # noqa: PLC0415 (start-up)

        prepare()
    return root()


def _crash(error: BaseException, console: Console) -> int:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        # Help is printed by the frame, not by the console.
        console.drop_rest()
        console.say(f"standard output cannot be written: {error.strerror}")
        return Exit.USAGE
    from hardenme.cli.terminal.crash import record  # noqa: PLC0415 (start-up is a feature)

    where = record(error, sys.argv)
    hint = f"; what happened stands in {where}" if where else ""
    console.say(
        f"this is a fault of hardenme: {type(error).__name__}{hint};"
        " please report it with that file"
    )
    return Exit.USAGE
