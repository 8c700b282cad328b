"""The names by which a configuration file calls checks and owners."""

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


OWNER = re.compile(r"@?[A-Za-z0-9~_*-][A-Za-z0-9._~*-]{0,212}")
"""Owners: a login on GitHub, or a scope of npm with its @; `*` fits any characters."""


def is_owner(name: Any) -> bool:
    """Whether it has the form of an owner's name, or of a pattern that fits some."""
    return isinstance(name, str) and OWNER.fullmatch(name) is not None
