"""`hardenme config`."""

from __future__ import annotations

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.settled import LenientCommand
from hardenme.config.option import switch
from hardenme.config.table.result import FORMAT

HELP = """\
Show the settings that `hardenme check` has here, and where each comes from.

\b
hardenme config                 the settings in force, as a file has them
hardenme config --show-origin   and what sets each: a file's line, a variable
hardenme config --format json   for scripts
hardenme config --schema        the JSON schema of the files, for editors

An option overrides a variable such as HARDENME_FAIL_ON, which overrides your own file, which
overrides the project's. The project's file is hardenme.toml, .github/hardenme.toml or
[tool.hardenme] in pyproject.toml, from the working directory up to the root of its git repository.
It can only select checks and ask for more: an attacker may have written it.
"""
EPILOG = "Exit codes: 0 shown, 2 usage, or something is wrong in a file: a run would not begin."
SHOW_ORIGIN = switch("show-origin", "Show where each setting comes from.")
SCHEMA = switch("schema", "Print the JSON schema of configuration files.")


def config(given: OptionValues) -> int:
    """Show the settings that a check has here, and where each comes from."""
    from hardenme.cli.config.effective import document, effective, sheet  # noqa: PLC0415 (start-up)
    from hardenme.config.schema import FILE  # noqa: PLC0415

    console = given.console
    if given[SCHEMA]:
        console.print(FILE.read_text(encoding="utf-8"))
        return 0
    form = given.one_of(FORMAT, ("toml", "json"))
    found = effective(given.context)
    if form == "json":
        console.print(document(found))
    else:
        console.print(sheet(found, show_origin=given[SHOW_ORIGIN]))
    for problem in found.settled.problems:
        console.say(problem)
    return 2 if found.settled.problems else 0


COMMAND = LenientCommand(
    "config",
    config,
    SHOW_ORIGIN,
    FORMAT.but(help="toml or json.", default="toml", heading=""),
    SCHEMA,
    help=HELP,
    epilog=EPILOG,
)
