"""Help in groups: options stand under the heading that they were declared with."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

TARGETS = "Targets"
WHAT = "What is checked"
SHOWN = "What is shown"
SWEEP = "Organizations and long runs"
TOKENS = "Tokens and addresses"
RESULT = "The result"
TIMER = "Runs for a timer"
OTHER = "Options"
USAGE = 2
"""The exit code where no command was named."""


class CommandGroup(TyperGroup):
    """Commands under one name, which by itself shows what they are."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the arguments; without any, help is all that there is to show."""
        if not args and not ctx.resilient_parsing:
            ctx.obj.put(*ctx.get_help().splitlines())
            ctx.exit(USAGE)
        return super().parse_args(ctx, args)


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
            other = "Arguments" if argument else OTHER
            heading = getattr(parameter, "rich_help_panel", None) or other
            groups.setdefault(heading, []).append(record)
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
