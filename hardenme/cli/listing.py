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
    standard: Annotated[
        str,
        typer.Option(
            "--standard",
            metavar="NAME",
            help="The controls of a standard instead, and which checks answer them: osps, scm, "
            "cis, slsa or ssdf.",
        ),
    ] = "",
    output_format: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="table or json.")
    ] = "table",
    profiles: Annotated[
        bool,
        typer.Option(
            "--profiles",
            help="In their place the profiles: each threshold, where it comes from, and what stands"
            " in for a second person.",
        ),
    ] = False,
) -> int:
    """List the checks: code, severity, the problem that each finds."""
    if profiles:
        return _profiles(context.obj, output_format)
    from hardenme.engine.catalogue import SelectionError, select  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    try:
        checks = select(names or [])
    except SelectionError as error:
        console.say(str(error))
        return 2
    if standard:
        from hardenme.cli.standard import show  # noqa: PLC0415 (start-up)

        codes = frozenset(check.code for check in checks) if names else None
        return show(console, standard, output_format, codes)
    if output_format == "json":
        from hardenme.engine.described import described  # noqa: PLC0415 (start-up)

        rows = [described(check) for check in checks]
        console.print(json.dumps(rows, indent=2) + "\n")
    elif output_format == "table":
        wide = max(len(check.slug) for check in checks)
        for check in checks:
            head = f"{check.code}  {check.severity!s:<8}  {check.slug:<{wide}}"
            console.print(_line(head, check.title, console))
        console.print(f"{len(checks)} checks; `hardenme explain CODE` tells more\n")
    else:
        console.say(f"--format takes table or json; not {output_format!r}")
        return 2
    return 0


def _profiles(console: Console, output_format: str) -> int:
    """Print the profiles."""
    from hardenme.reports.profiles import document, render  # noqa: PLC0415 (start-up)

    if output_format not in {"table", "json"}:
        console.say(f"--format takes table or json; not {output_format!r}")
        return 2
    console.print(document() if output_format == "json" else render(min(console.width, 100)))
    return 0


def _line(head: str, title: str, console: Console) -> str:
    """One line for a pipe; on a terminal that is too narrow, the title goes below."""
    if not console.out.isatty() or len(head) + len(title) + 2 <= console.width:
        return f"{head}  {title}\n"
    below = textwrap.fill(title, console.width, initial_indent="  ", subsequent_indent="  ")
    return f"{head.rstrip()}\n{below}\n"
