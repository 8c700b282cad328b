"""Stands in for `rfc3987_syntax`, which makes 38 parsers when it is loaded, until one is wanted.

jsonschema loads it for two formats that hardly a schema has, and each process of the tests would
make them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def is_valid_syntax(term: str, value: str) -> bool:
    """What the real one says."""
    del sys.modules["rfc3987_syntax"]
    real: Any = import_module("rfc3987_syntax")
    return bool(real.is_valid_syntax(term, value))
