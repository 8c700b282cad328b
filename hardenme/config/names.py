"""The names that a configuration file calls a check by."""

from __future__ import annotations

import re
from typing import Any

CHECK = re.compile(r"[A-Z]{3}[0-9]{3}|[a-z0-9]{1,30}(?:-[a-z0-9]{1,30}){1,10}")
"""One check: its code, or its slug, which has a dash. A family or `all` is neither."""


def is_check(name: Any) -> bool:
    """Whether it has the form of one check's code or slug; whether there is one is not looked up.

    A file cannot mean several checks with one name, so that it cannot hide more than it lists.
    """
    return isinstance(name, str) and CHECK.fullmatch(name) is not None
