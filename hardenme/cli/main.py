"""The command line's frame: the commands, and what happens to errors."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hardenme import __version__
from hardenme.cli.attest import command as attest
from hardenme.cli.auth import command as auth
from hardenme.cli.cache import command as cache
from hardenme.cli.check import command as check
from hardenme.cli.completion import command as completion
from hardenme.cli.config import command as config
from hardenme.cli.demo import command as demo
from hardenme.cli.diff import command as diff
from hardenme.cli.doctor import command as doctor
from hardenme.cli.drill import command as drill
from hardenme.cli.explain import command as explain
from hardenme.cli.fix import command as fix
from hardenme.cli.invoke import invoke, say_wrong
from hardenme.cli.list import command as listing
from hardenme.cli.options.panels import PanelCommand
from hardenme.cli.options.refused import hide
from hardenme.cli.options.settled import LenientCommand, SettledCommand
from hardenme.cli.people import command as people
from hardenme.cli.permissions import command as permissions
from hardenme.cli.person import command as person
from hardenme.cli.recent import command as recent
from hardenme.cli.render import command as render
from hardenme.cli.report import command as report
from hardenme.cli.schedule import command as schedule
from hardenme.cli.show import command as show
from hardenme.cli.terminal.console import Console, ConsoleError
from hardenme.cli.trend import command as trend
from hardenme.cli.verify_request import command as verify_request
from hardenme.cli.waive import command as waive
from hardenme.cli.watch import command as watch
from hardenme.engine.settle import Exit

WELCOME = """\
hardenme finds how somebody could publish in your name, and how to prevent it.

It reads the settings of your GitHub and npm accounts, repositories, packages.
It changes nothing, and sends a token to no host but the one it belongs to.

  hardenme demo               the check on built-in accounts, without a token
  hardenme check npm:PACKAGE  what anyone can see of a package; no token
  hardenme permissions        the smallest token that works, with its link
  hardenme auth login github  store it in your keyring; the same for npm
  hardenme check              your own accounts, and this machine
  hardenme explain GHA101     what a check means, and how to fix it

`hardenme --help` shows all commands."""


ORDER = (
    *(
        "demo",
        "check",
        "recent",
        "people",
        "person",
        "show",
        "fix",
        "report",
        "schedule",
        "permissions",
        "auth",
        "doctor",
        "config",
    ),
    *("diff", "trend", "list", "explain", "attest", "verify-request", "drill", "waive", "watch"),
    *("cache", "completion"),
)
"""The commands as help lists them: what somebody new has a use for comes first."""
HIDDEN = ("render",)
"""What `show` does as well, kept for scripts."""


class Frame(TyperGroup):
    """The commands together; an interrupt in any of them leaves by `run`, which tells of it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names in the order of ORDER; typer would put groups last."""
        return sorted(super().list_commands(ctx), key=(*ORDER, *HIDDEN).index)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; typer would end an interrupted one without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Abort from None


app = typer.Typer(
    cls=Frame,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def hardenme(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="With --version: how to verify what runs.")
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            envvar="HARDENME_DEBUG",
            help="Log on standard error what is asked and answered, without secrets.",
        ),
    ] = False,
) -> None:
    """Audit npm and GitHub accounts; print a checklist of least-privilege fixes. Reads only."""
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
        context.obj.print(f"{WELCOME}\n")


app.command("demo", short_help="Run the check on built-in accounts, without a token.")(demo.command)
app.command("permissions", cls=SettledCommand, help=permissions.HELP, epilog=permissions.EPILOG)(
    permissions.command
)
app.add_typer(auth.app, name="auth", short_help="Store, examine and remove tokens.")
app.command(
    "check",
    cls=SettledCommand,
    help=check.HELP,
    epilog=check.EPILOG,
    short_help="Audit accounts, organizations and packages.",
)(check.command)
app.command(
    "recent",
    cls=SettledCommand,
    help=recent.HELP,
    epilog=recent.EPILOG,
    short_help="Show what appeared or changed lately: did somebody get in?",
)(recent.command)
app.command(
    "people",
    cls=SettledCommand,
    help=people.HELP,
    epilog=people.EPILOG,
    short_help="Show who could do the most harm, and who can stop whom.",
)(people.command)
app.command(
    "person",
    cls=SettledCommand,
    help=person.HELP,
    epilog=person.EPILOG,
    short_help="List what to do when someone leaves or is taken over.",
)(person.command)
app.command(
    "fix",
    cls=PanelCommand,
    help=fix.HELP,
    epilog=fix.EPILOG,
    short_help="Print what to do about a report, step by step.",
)(fix.command)
app.command(
    "report",
    cls=SettledCommand,
    help=report.HELP,
    epilog=report.EPILOG,
    short_help="Check for a timer: tell what changed since the last time.",
)(report.command)
app.command(
    "trend",
    cls=SettledCommand,
    help=trend.HELP,
    epilog=trend.EPILOG,
    short_help="Show how the stored reports developed.",
)(trend.command)
app.command(
    "show",
    cls=PanelCommand,
    help=show.HELP,
    epilog=show.EPILOG,
    short_help="Show the last run again, or a part of it, in any format.",
)(show.command)
app.command("render", cls=PanelCommand, help=render.HELP, epilog=render.EPILOG, hidden=True)(
    render.command
)
app.command(
    "diff",
    cls=PanelCommand,
    help=diff.HELP,
    epilog=diff.EPILOG,
    short_help="Compare two stored reports.",
)(diff.command)
app.command("explain", short_help="Tell what a check means, and how to fix it.")(explain.command)
app.command("list", short_help="List the checks: code, severity, problem.")(listing.command)
app.command("attest", cls=SettledCommand, help=attest.HELP, epilog=attest.EPILOG)(attest.command)
app.command(
    "verify-request",
    cls=PanelCommand,
    help=verify_request.HELP,
    epilog=verify_request.EPILOG,
    short_help="Decide about an unusual request, and record it.",
)(verify_request.command)
app.command(
    "drill",
    cls=PanelCommand,
    help=drill.HELP,
    epilog=drill.EPILOG,
    short_help="Practice with scenarios from real cases; nothing is sent.",
)(drill.command)
app.add_typer(waive.app, name="waive", short_help="Accept findings for a time.")
app.command(
    "watch",
    cls=SettledCommand,
    help=watch.HELP,
    epilog=watch.EPILOG,
    short_help="Look at new releases for signs of an attack.",
)(watch.command)
app.add_typer(schedule.app, name="schedule")
app.command(
    "config",
    cls=LenientCommand,
    help=config.HELP,
    epilog=config.EPILOG,
    short_help="Show the settings, and where each comes from.",
)(config.command)
app.command(
    "doctor",
    cls=LenientCommand,
    epilog=doctor.EPILOG,
    short_help="Show what a run would use: tokens, proxies, files.",
)(doctor.command)
app.add_typer(cache.app, name="cache", short_help="Show what is kept, and where; or remove it.")
app.command(
    "completion", help=completion.HELP, epilog=completion.EPILOG, short_help=completion.SHORT
)(completion.command)


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
    except ConsoleError as error:
        console.say(str(error))
        return Exit.USAGE
    except (KeyboardInterrupt, typer.Abort):
        console.say("interrupted")
        return Exit.INTERRUPTED
    except SystemExit as error:
        if completion.VARIABLE in os.environ:
            raise
        if isinstance(error.__context__, BrokenPipeError):
            # So Typer ends where nobody reads its help to the end.
            console.drop_rest()
            return Exit.CLEAN
        # A library that ends the process would choose the exit code, and print what it likes.
        return _crash(error, console)
    except Exception as error:  # noqa: BLE001 (the last resort)
        return _crash(error, console)


@functools.cache
def _command() -> Any:
    """What Typer makes of the commands: the same for each run of a process."""
    return typer.main.get_command(app)


def _prepared() -> Any:
    command = _command()
    if completion.VARIABLE in os.environ:
        completion.prepare(command)
    return command


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
