"""What can be said beside `--from-facts`: how facts are judged, and where the result goes."""

from __future__ import annotations

from hardenme.cli.options.given import OptionValues
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
from hardenme.config.table.selection import IGNORE, MEMBER, PROFILE, SELECT, TARGET
from hardenme.ground.errors import UsageError

JUDGING = frozenset(
    option.key
    for option in (
        *(SELECT, IGNORE, PROFILE, FAIL_ON, ALLOW_UNKNOWN, MEMBER),
        *(FORMAT, OUTPUT, QUIET, LINES, REDACT, WITH_MEMBERS, KEEP_RUN, FROM_FACTS),
    )
)
"""The options of `hardenme check` that say how facts are judged, and where the result goes."""


def demand_alone(given: OptionValues) -> None:
    """See to it that nothing is said of asking, where nobody is asked.

    Raises:
        UsageError: an option on the command line says whom to ask, or what.
    """
    context = given.context
    # Whatever other source there is, such as a file of settings, is no word against the file.
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
