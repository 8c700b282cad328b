"""The least tokens as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hardenme.model.least import LeastToken, Permissions
from hardenme.reports import plain_json

SCHEMA_VERSION = "1.0"
"""Of this format, MAJOR.MINOR: a minor version only adds members."""


def document(permissions: Permissions) -> str:
    """The least tokens as JSON, ASCII alone, keys in a fixed order."""
    values = {"schema_version": SCHEMA_VERSION, **asdict(permissions)}
    values["tokens"] = [_token(token) for token in permissions.tokens]
    return plain_json.text(values)


def manifest(token: LeastToken) -> str:
    """The manifest of a GitHub App, as JSON."""
    return plain_json.text(dict(token.manifest))


def _token(token: LeastToken) -> dict[str, Any]:
    values = asdict(token)
    if not token.manifest:
        del values["manifest"]
    return values
