"""Help in groups: options are listed under the heading that they were declared with."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup, TyperOption

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.parameters import parameter
from hardenme.cli.terminal.ending import exit_code_of
from hardenme.config.option import Option
from hardenme.config.table.headings import OTHER
from hardenme.ground.errors import UsageError

SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z])")
ALL = "--help-all"
VERBATIM = "\b"
"""The first line of a paragraph whose lines stay as they are."""
USAGE = 2
"""The exit code where no command was named, or an option is not of its form."""
Run = Callable[[OptionValues], int]
"""What a command does; returns the exit code.

Raises:
    UsageError: an option is not of its form.
"""


class CommandGroup(TyperGroup):
    """Commands under one name, which by itself shows what they are."""

    def __init__(self, name: str, *commands: TyperCommand, told: str) -> None:
        super().__init__(name=name, commands=commands, help=told, rich_markup_mode=None)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the arguments; without any, help is all that there is to show."""
        if not args and not ctx.resilient_parsing:
            ctx.obj.put(*ctx.get_help().splitlines())
            ctx.exit(USAGE)
        return super().parse_args(ctx, args)


class PanelCommand(TyperCommand):
    """A command whose options are listed in groups, as plain text.

    Attributes:
        options: its options and arguments, by the name of the value.
        often: of a command that has many, the names of those that most people use: help shows
            these.
    """

    def __init__(
        self,
        name: str,
        run: Run,
        *options: Option[Any],
        often: Iterable[Option[Any]] = (),
        **texts: Any,
    ) -> None:
        """Make the command `name`, which is `run`; without `help`, `run` says what it does."""
        super().__init__(
            name=name,
            params=[parameter(option) for option in options],
            help=inspect.cleandoc(texts.pop("help", "") or run.__doc__ or ""),
            rich_markup_mode=None,
            **texts,
        )
        self.run = run
        self.options = {option.key: option for option in options}
        self.often = frozenset(option.key for option in often)

    def invoke(self, ctx: Any) -> int:
        """Run it; returns the exit code."""
        given = OptionValues(ctx.params, ctx)
        return exit_code_of(given.console, lambda: self._run(given, ctx))

    def _run(self, given: OptionValues, ctx: Any) -> int:
        """Run it, unless an option has another option in place of its value.

        Raises:
            UsageError: it does.
        """
        names = {name for one in self.get_params(ctx) for name in (*one.opts, *one.secondary_opts)}
        for one in self.params:
            value = ctx.params.get(one.name)
            taken = value if isinstance(value, list | tuple) else (value,)
            wrong = next((word for word in taken if isinstance(word, str) and word in names), "")
            if wrong.startswith("-"):
                raise UsageError(f"{one.opts[0]} takes a value, and {wrong} is an option")
        return self.run(given)

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters; with the option that shows all where help shows some."""
        found = super().get_params(ctx)
        return [*found[:-1], _all(), found[-1]] if self.often else found

    def get_short_help_str(self, limit: int = 0) -> str:
        """Its short text, else the first sentence of its help; a list of commands wraps it."""
        del limit
        if self.short_help:
            return str(self.short_help)
        first = " ".join((self.help or "").partition("\n\n")[0].split())
        return SENTENCE_END.split(first)[0]

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what it does; where an example is too wide, what it is for is below each."""
        del ctx
        paragraphs = (self.help or "").split("\n\n")
        formatter.write_paragraph()
        with formatter.indentation():
            room = formatter.width - formatter.current_indent
            formatter.write_text("\n\n".join(_below(one, room) for one in paragraphs))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then each group in the order of its first option."""
        groups: dict[str, list[tuple[str, str]]] = {}
        short, left = bool(self.often) and not ctx.meta.get(ALL), 0
        for one in self.get_params(ctx):
            record = one.get_help_record(ctx)
            if record is None:
                continue
            if short and self._is_rare(one):
                left += 1
                continue
            argument = one.param_type_name == "argument"
            other = "Arguments" if argument else OTHER
            heading = getattr(one, "rich_help_panel", None) or other
            groups.setdefault(heading, []).append(record)
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
        if left:
            formatter.write_paragraph()
            formatter.write_text(f"{left} more options: hardenme {self.name} {ALL}")

    def _is_rare(self, parameter: Any) -> bool:
        """Whether an option is listed in the whole help only."""
        option = parameter.param_type_name == "option"
        return option and parameter.name not in self.often | {"help", "help_all"}


def _below(paragraph: str, room: int) -> str:
    """A paragraph; in one of examples that are too wide, each has its explanation below it."""
    mark, *lines = paragraph.split("\n")
    if mark != VERBATIM or all(len(line) <= room for line in lines):
        return paragraph
    pairs = (re.split(r" {2,}", line, maxsplit=1) for line in lines)
    return "\n".join((mark, *("\n    ".join(pair) for pair in pairs)))


def _all() -> TyperOption:
    """The option that shows all of them."""

    def show(ctx: Any, _parameter: Any, wanted: Any) -> None:
        if wanted and not ctx.resilient_parsing:
            ctx.meta[ALL] = True
            ctx.obj.print(f"{ctx.get_help()}\n")
            ctx.exit()

    return TyperOption(
        param_decls=[ALL],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help="Show every option.",
    )
