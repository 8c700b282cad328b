"""Reads the names of accounts, as far as they can be distinguished."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from hardenme.collectors.reading import all_known


def logins_of(accounts: Iterable[Any]) -> Any:
    """The names in lower case, or the unknown in place of one that is not shown.

    The same people work on many repositories of an organization, so each name is held once.
    """
    names = list(accounts)
    return all_known(names) or frozenset(sys.intern(name.lower()) for name in names)
