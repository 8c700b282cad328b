"""Small JSON documents, with every text in them fit to print."""

from __future__ import annotations

import json
from typing import Any

from hardenme.reports.plain import plain


def text(values: Any) -> str:
    """The values as JSON, ASCII alone, keys in the order in which they come."""
    return json.dumps(_fit(values), ensure_ascii=True, indent=2) + "\n"


def _fit(value: Any) -> Any:
    """The value with every text in it without secrets and hidden characters."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(str(name)): _fit(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(item) for item in value]
    return value
