"""From an option of the table to typer's parameter."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperOption
from typer.main import get_click_type
from typer.models import OptionInfo

from hardenme.config.kinds import Kind
from hardenme.config.option import SEVERAL, Option


def parameter(option: Option[Any], name: str = "", **more: Any) -> TyperArgument | TyperOption:
    """The parameter of an option, or of an argument.

    Args:
        name: of its value; the option's own if left out.
        more: further arguments of typer.
    """
    several = option.kind in SEVERAL
    columns: dict[str, Any] = {
        "default": None if several or option.required else option.default,
        "required": option.required,
        "help": option.help,
        "metavar": option.metavar or None,
        "show_default": option.shows_default,
        "rich_help_panel": option.heading or None,
        **more,
    }
    name = name or option.key
    if not option.spelled.startswith("-"):
        columns["metavar"] = option.spelled
        return TyperArgument(param_decls=[name], type=str, nargs=-1 if several else None, **columns)
    typed: Any = str
    if option.kind is Kind.SWITCH:
        typed = None
    elif option.kind is Kind.NUMBER:
        low, high = option.bounds or (None, None)
        typed = get_click_type(annotation=int, parameter_info=OptionInfo(min=low, max=high))
    return TyperOption(
        param_decls=[name, *option.spelled.split(" ")],
        type=typed,
        is_flag=True if option.kind is Kind.SWITCH else None,
        multiple=several,
        **columns,
    )
