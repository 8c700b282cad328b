"""`hardenme list`."""

from __future__ import annotations

import json
import textwrap
from typing import Annotated

import typer

from hardenme.cli.console import Console


def command(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CHECK]...", help="Codes, slugs or families; all if left out."),
    ] = None,
    *,
    output_format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="table or json.")
    ] = "table",
) -> int:
    """List the checks: code, severity, what holds where it passes."""
    from hardenme.engine.catalogue import SelectionError, select  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    try:
        checks = select(names or [])
    except SelectionError as error:
        console.say(str(error))
        return 2
    if output_format == "json":
        from hardenme.engine.described import described  # noqa: PLC0415 (start-up)

        rows = [described(check) for check in checks]
        console.print(json.dumps(rows, indent=2) + "\n")
    elif output_format == "table":
        wide = max(len(check.slug) for check in checks)
        for check in checks:
            head = f"{check.code}  {check.severity!s:<8}  {check.slug:<{wide}}"
            console.print(_line(head, check.summary, console))
        console.print(f"{len(checks)} checks; `hardenme explain CODE` tells more\n")
    else:
        console.say(f"--format takes table or json; not {output_format!r}")
        return 2
    return 0


def _line(head: str, summary: str, console: Console) -> str:
    """One line for a pipe; on a terminal that is too narrow, the summary goes below."""
    if not console.out.isatty() or len(head) + len(summary) + 2 <= console.width:
        return f"{head}  {summary}\n"
    below = textwrap.fill(summary, console.width, initial_indent="  ", subsequent_indent="  ")
    return f"{head.rstrip()}\n{below}\n"
