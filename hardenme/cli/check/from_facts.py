"""`--from-facts`: judges again what an earlier run kept with `--save-facts`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hardenme.cli.audit.facts_file import findings_folder, judged_again
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.people import for_person, member_of
from hardenme.cli.audit.run import notes_left_out, say_each
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.delivery import deliver, delivered, say_not_found
from hardenme.cli.output.place import output_file
from hardenme.cli.stored.lately import with_lately
from hardenme.cli.stored.runs import FROM_FACTS as OF_FACTS
from hardenme.cli.stored.runs import keep, note_shown, wanted
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.config.table.result import (
    ALLOW_UNKNOWN,
    FAIL_ON,
    FORMAT,
    FROM_FACTS,
    KEEP_RUN,
    LINES,
    OUTPUT,
    QUIET,
    REDACT,
    WITH_MEMBERS,
)
from hardenme.config.table.selection import (
    DEPTH,
    IGNORE,
    MEMBER,
    NETWORK_LOOKUPS,
    PROFILE,
    SELECT,
    TARGET,
)
from hardenme.ground.errors import UsageError

JUDGING = frozenset(
    option.key
    for option in (
        *(SELECT, IGNORE, PROFILE, FAIL_ON, ALLOW_UNKNOWN, MEMBER),
        *(FORMAT, OUTPUT, QUIET, LINES, REDACT, WITH_MEMBERS, KEEP_RUN, FROM_FACTS),
    )
)
"""The options of `hardenme check` that say how facts are judged, and where the result goes."""


def judge_again(given: OptionValues) -> int:
    """Judge the file of `--from-facts`, and deliver the report; returns the exit code.

    Raises:
        UsageError: an option is not of its form, or says whom to ask.
    """
    # What was left out for these is for the run to say that read the facts.
    config = run_config(given.but({NETWORK_LOOKUPS: True, DEPTH: "deep"}))
    demand_alone(given)
    console, login, delivery = given.console, member_of(given), delivered(given)
    line = ProgressLine(console, quiet=delivery.quiet)
    with output_file(delivery) as place:
        say_each(console, notes_left_out(delivery, config))
        with faults_kept(console), findings_folder() as store:
            try:
                report = judged_again(config, Path(given[FROM_FACTS]), store, line)
            finally:
                line.close()
            say_not_found(console, report)
            keeps = wanted(console.environ, asked=given[KEEP_RUN])
            run = keep(console, report, OF_FACTS) if keeps else None
            report = replace(report, kept=run is not None)
            if login:
                report = for_person(report, config.selection.checks, login)
            else:
                report = with_lately(report, run)
            code = deliver(console, report, delivery, place)
            if run is not None and delivery.numbered:
                note_shown(run)
            return code


def demand_alone(given: OptionValues) -> None:
    """Demand that no option says whom to ask, since no one is asked.

    Raises:
        UsageError: an option on the command line says whom to ask, or what.
    """
    context = given.context
    # Any other source, such as a settings file, does not contradict the file.
    others = sorted(
        option.option
        for key, option in context.command.options.items()
        if key not in JUDGING and context.get_parameter_source(key).name == "COMMANDLINE"
    )
    if others:
        names = ", ".join("a target" if name == TARGET.option else name for name in others)
        raise UsageError(
            f"--from-facts sends no request, and its file says what was checked: leave out {names}"
        )
