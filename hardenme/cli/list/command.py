"""`hardenme list`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.cli.terminal.console import Console
from hardenme.config.option import switch, texts
from hardenme.config.table.result import FORMAT
from hardenme.config.table.selection import STANDARD

if TYPE_CHECKING:
    from hardenme.model.check import Check

GAP = "  "
NAMES = texts(
    "names",
    "Codes, slugs or families; all if left out.",
    spelled="[CHECK]...",
    offers="checks",
)
PROFILES = switch(
    "profiles",
    "In their place the profiles: each threshold, where it comes from, and what stands in for a"
    " second person.",
)


def list_(given: OptionValues) -> int:
    """List the checks: code, severity, the problem that each finds."""
    console, names, form = given.console, given[NAMES], given.one_of(FORMAT, ("table", "json"))
    if given[PROFILES]:
        from hardenme.reports import profiles  # noqa: PLC0415 (start-up)

        width = min(console.width, 100)
        console.print(profiles.document() if form == "json" else profiles.render(width))
        return 0
    from hardenme.engine.catalogue import select  # noqa: PLC0415 (start-up)

    checks = select(names)
    if given[STANDARD]:
        from hardenme.cli.list.standard import show  # noqa: PLC0415 (start-up)

        codes = frozenset(check.code for check in checks) if names else None
        return show(console, given[STANDARD], form, codes)
    if form == "json":
        from hardenme.cli.list.document import document  # noqa: PLC0415 (start-up)

        console.print(document(checks))
    else:
        console.print(_table(checks, console))
        console.print(f"{len(checks)} checks; `hardenme explain CODE` shows more\n")
    return 0


def _table(checks: Sequence[Check], console: Console) -> str:
    """A line a check: code, severity, title; the slug where there is room for all of them.

    The catalogue is ASCII, so that no library is loaded to measure it.
    """
    from hardenme.reports.columns import wrap  # noqa: PLC0415 (start-up)

    severity = max(len(str(check.severity)) for check in checks)
    heads = [f"{check.code}{GAP}{check.severity!s:{severity}}{GAP}" for check in checks]
    title = max(len(check.title) for check in checks)
    whole = [
        f"{head}{check.title:{title}}{GAP}{check.slug}\n"
        for head, check in zip(heads, checks, strict=True)
    ]
    if not console.wraps or max(map(len, whole)) <= console.width + 1:
        return "".join(whole)
    lines = []
    for head, check in zip(heads, checks, strict=True):
        first, *rest = wrap(check.title, console.width, lead=len(head), hang=len(head))
        lines += [f"{head}{first}", *rest]
    return "".join(f"{line}\n" for line in lines)


COMMAND = PanelCommand(
    "list",
    list_,
    *(NAMES, STANDARD),
    FORMAT.but(help="table or json.", default="table", heading=""),
    PROFILES,
)
