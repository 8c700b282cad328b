"""`hardenme cache`."""

from __future__ import annotations

import typer

from hardenme.cli.console import Console
from hardenme.cli.panels import CommandGroup

app = typer.Typer(cls=CommandGroup, help="Show where answers are kept, or remove them.")


@app.command("clear")
def clear(context: typer.Context) -> int:
    """Remove every answer that is kept."""
    from hardenme.collectors.transport.cache import Cache  # noqa: PLC0415 (start-up)
    from hardenme.store.places import cache_folder  # noqa: PLC0415

    console: Console = context.obj
    folder = cache_folder()
    count = Cache(folder).clear()
    console.print(f"removed {count} files from {folder}\n")
    return 0


@app.command("path")
def path(context: typer.Context) -> int:
    """Print where answers are kept."""
    from hardenme.store.places import cache_folder  # noqa: PLC0415 (start-up)

    console: Console = context.obj
    console.print(f"{cache_folder()}\n")
    return 0
