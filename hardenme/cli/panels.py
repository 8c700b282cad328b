"""Help in groups: options stand under the heading that they were declared with."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

WHAT = "What is checked"
SWEEP = "Organizations and long runs"
TOKENS = "Tokens and addresses"
RESULT = "The result"
OTHER = "Options"


class PanelCommand(TyperCommand):
    """A command whose options stand in groups, as plain text."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then each group in the order of its first option."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            argument = parameter.param_type_name == "argument"
            heading = getattr(parameter, "rich_help_panel", None) or OTHER
            groups.setdefault("Targets" if argument else heading, []).append(record)
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
