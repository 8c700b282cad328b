"""The least tokens as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from hardenme.model.least import LeastToken, Permissions
from hardenme.reports.plain import plain

SCHEMA_VERSION = "1.0"
"""Of this format, MAJOR.MINOR: a minor version only adds members."""


def document(permissions: Permissions) -> str:
    """The least tokens as JSON, ASCII alone, keys in a fixed order."""
    values = {"schema_version": SCHEMA_VERSION, **asdict(permissions)}
    values["tokens"] = [_token(token) for token in permissions.tokens]
    return _text(values)


def manifest(token: LeastToken) -> str:
    """The manifest of a GitHub App, as JSON."""
    return _text(dict(token.manifest))


def _token(token: LeastToken) -> dict[str, Any]:
    values = asdict(token)
    if not token.manifest:
        del values["manifest"]
    return values


def _text(values: Any) -> str:
    return json.dumps(_fit(values), ensure_ascii=True, indent=2) + "\n"


def _fit(value: Any) -> Any:
    """The value with every text fit to print."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(str(name)): _fit(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(item) for item in value]
    return value
