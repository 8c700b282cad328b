"""`hardenme exposed`."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import SettledCommand, files_chosen
from hardenme.config.option import text, texts
from hardenme.config.table.access import ADDRESSES, APP, CACHE, TOKENS
from hardenme.config.table.headings import TARGETS, WHAT
from hardenme.config.table.result import FORMAT, FULL, OUTPUT
from hardenme.config.table.selection import LOCAL, PACE, RESUME, TARGET

if TYPE_CHECKING:
    from hardenme.cli.exposed.question import ExposureQuestion
    from hardenme.cli.output.delivery import Delivery
    from hardenme.model.exposure import Exposure
    from hardenme.model.machine_exposure import MachineExposure

HELP = """\
Show whether a bad version or action ran in your workflows or on this machine, and what it reached.

\b
hardenme exposed axios@1.14.1 --between 2026-03-31 github:OWNER/REPO
hardenme exposed axios@1.14.1 --between 2026-03-31 local --folder ~/src

It reads the runs of the window with all attempts, and the lock files, package.json and workflow
files of the commit of each, and actions of other repositories that are pinned to a commit. Where a
run is possible it reads logs and caches. A run is confirmed, possible, unknown or not seen. What
was not read is unknown, and is never "not seen".

On this machine it reads the caches and global packages of npm, pnpm, yarn and bun, and the folders
that --folder names. It runs none of them. What was cleaned or installed again since is unknown.

github:OWNER is all repositories of an account or organization. Only an owner of an organization is
shown whether these are all.

It reads no artifacts and no images.
"""
EPILOG = (
    "Exit codes: 0 nothing was seen and everything was read, 1 a run is confirmed or possible, 3 it"
    " is not known, 2 usage or internal error, 4 no usable credential, 75 already running, 130"
    " interrupted, 143 terminated."
)
THINGS = texts(
    "things",
    "PACKAGE@VERSION or OWNER/ACTION@REF, then github:OWNER, github:OWNER/REPO or local; several of"
    " each.",
    spelled="WHAT...",
    heading=TARGETS,
    required=True,
)
AGAIN = "Some answers did not come: run the same command again{}."
BETWEEN = text(
    "between",
    "When it was bad: two times, like 2026-03-31T00:21Z 2026-03-31T03:29Z. The second one is now if"
    " left out.",
    metavar="TIME [TIME]",
    heading=WHAT,
)
FOLDER = texts(
    "folder",
    "A folder with projects on this machine. May be repeated.",
    metavar="DIR",
    heading=TARGETS,
)

ACCESS = (*TOKENS, *APP, *ADDRESSES)
"""The options that say how GitHub is asked: the check that is printed takes them too."""


def exposed(given: OptionValues) -> int:
    """Show whether a version or an action ran in a window."""
    from hardenme.cli.audit.faults import faults_kept  # noqa: PLC0415 (start-up)
    from hardenme.cli.exposed.question import MACHINE, asked_for  # noqa: PLC0415
    from hardenme.cli.options.least_token import LeastTokenOptions  # noqa: PLC0415
    from hardenme.cli.output.forms import form_asked, show_form  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.cli.stored.exposures import kept  # noqa: PLC0415
    from hardenme.ground.exit_code import Exit  # noqa: PLC0415
    from hardenme.model.pages import github_page  # noqa: PLC0415
    from hardenme.reports.exposure import FORMS, ExposureShown, render  # noqa: PLC0415

    delivery = form_asked(given, FORMS)
    question = asked_for(given[THINGS], given[BETWEEN], tuple(map(Path, given[FOLDER])))
    with output_file(delivery) as place, faults_kept(given.console):
        found, lost, web = _on_github(given, question, delivery)
        machine = _on_this_machine(given, question, delivery) if question.machine else None
        places = (*question.targets, *([MACHINE] if question.machine else []))
        full = given[FULL] or delivery.file is not None or delivery.output_format != "table"
        told = ExposureShown(found, machine, full=full, lost=lost)
        access = (*files_chosen(given.context), *given.typed(ACCESS))
        shown = kept(given.console, told, places, access)
        if told.refused and found.sign_on:
            shown = replace(shown, page=github_page(web, "account-classic-tokens"))
        elif told.refused:
            enough = LeastTokenOptions.of_run(given, question.targets)
            shown = replace(shown, following=(enough.line,))
        if show_form(given.console, delivery, place, shown, render) is not Exit.CLEAN:
            return Exit.USAGE
    return shown.exit_code


def _on_github(
    given: OptionValues, question: ExposureQuestion, delivery: Delivery
) -> tuple[Exposure, str, str]:
    """What repositories show, what to do if answers did not come, and where the host's pages are.

    Nothing is asked where none is named.
    """
    from hardenme.cli.audit.run import prepare  # noqa: PLC0415 (start-up)
    from hardenme.cli.exposed.resume import resumable_search  # noqa: PLC0415
    from hardenme.cli.exposed.search import search  # noqa: PLC0415
    from hardenme.cli.options.run_config import run_config  # noqa: PLC0415
    from hardenme.cli.terminal.sign_on import say_sign_on  # noqa: PLC0415
    from hardenme.model.exposure import Exposure  # noqa: PLC0415
    from hardenme.model.pages import web_url  # noqa: PLC0415

    if not question.targets:
        return Exposure(tuple(map(str, question.things)), question.start, question.end), "", ""
    config = run_config(given.but({LOCAL: False, TARGET: question.targets}))
    run = prepare(given, config, delivery, sys.stdin)
    try:
        with resumable_search(question, run) as resumable:
            found = search(resumable, run)
            say_sign_on(given.console, run.clients)
    finally:
        run.line.close()
    # Where nothing was let in, the reason says what to do: the same command would be refused again.
    again = AGAIN.format(" with --resume" if resumable.kept else "")
    lost = "" if resumable.whole or found.refused else again
    return _with_publishers(found), lost, web_url(run.hosts[0])


def _with_publishers(found: Exposure) -> Exposure:
    """The runs with the npm packages that trust their workflow, as the last kept check saw them."""
    from hardenme.cli.stored.runs import latest  # noqa: PLC0415 (start-up)
    from hardenme.exposure.publishers import has_identity, with_publishers  # noqa: PLC0415
    from hardenme.ground.errors import StoredError  # noqa: PLC0415

    if not has_identity(found):
        return found
    try:
        places = tuple(latest().report.inventory)
    except StoredError:
        # Without a kept run, the packages are not known, and each run says so.
        places = ()
    return with_publishers(found, places)


def _on_this_machine(
    given: OptionValues, question: ExposureQuestion, delivery: Delivery
) -> MachineExposure:
    """What this machine shows, with the place that is being looked at on the terminal."""
    from hardenme.cli.exposed.machine import on_this_machine  # noqa: PLC0415 (start-up)
    from hardenme.cli.terminal.progress import ProgressLine  # noqa: PLC0415
    from hardenme.collectors.local.workstation import Workstation  # noqa: PLC0415

    line, looked = ProgressLine(given.console, quiet=delivery.quiet), count(1)

    def say(place: str) -> None:
        number = next(looked)
        line.step(number, number, place)

    try:
        return on_this_machine(question, Workstation.here(), say)
    finally:
        line.close()


COMMAND = SettledCommand(
    "exposed",
    exposed,
    *(THINGS, BETWEEN, FOLDER, RESUME, *PACE),
    *(*ACCESS, CACHE, FULL),
    FORMAT.but(help="table, markdown or json.", default="table"),
    OUTPUT,
    help=HELP,
    epilog=EPILOG,
)
