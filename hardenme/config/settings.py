"""Every setting there is: what of the table of options files, variables or one run may set.

A test compares it with the command line. It fails for a setting without an option, and for an
option that is in neither the table nor the test's list of exceptions.
"""

from __future__ import annotations

from typing import Any

from hardenme.config.option import Option
from hardenme.config.table import access, result, selection

Setting = Option[Any]
SETTINGS: dict[str, Setting] = {
    option.name: option
    for room in (selection, result, access)
    for option in vars(room).values()
    if isinstance(option, Option) and option.least is not None
}
"""The settings by name, in the order of the table."""
BY_OPTION: dict[str, Setting] = {item.option: item for item in SETTINGS.values() if item.option}
"""The settings by their option."""
BY_VARIABLE: dict[str, Setting] = {
    item.variable: item for item in SETTINGS.values() if item.variable
}
"""The settings by the variable that sets them."""
