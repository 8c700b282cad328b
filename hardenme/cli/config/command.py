"""`hardenme config`."""

from __future__ import annotations

from typing import Annotated

import typer

from hardenme.cli.terminal.console import Console

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
EPILOG = "Exit codes: 0 shown, 2 usage, or an error in a file, with which no run would start."


def command(
    context: typer.Context,
    *,
    show_origin: Annotated[
        bool, typer.Option("--show-origin", help="Show where each setting comes from.")
    ] = False,
    output_format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="toml or json.")
    ] = "toml",
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of configuration files.")
    ] = False,
) -> int:
    """Show the settings that a check has here, and where each comes from."""
    from hardenme.cli.config.effective import document, effective, sheet  # noqa: PLC0415 (start-up)
    from hardenme.config.schema import FILE  # noqa: PLC0415

    console: Console = context.obj
    if schema:
        console.print(FILE.read_text(encoding="utf-8"))
        return 0
    if output_format not in {"toml", "json"}:
        console.say(f"--format takes toml or json; not {output_format!r}")
        return 2
    found = effective(context)
    if output_format == "json":
        console.print(document(found))
    else:
        console.print(sheet(found, show_origin=show_origin))
    for problem in found.settled.problems:
        console.say(problem)
    return 2 if found.settled.problems else 0
