"""The least tokens as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hardenme.codec.layout import Layout
from hardenme.model.least import LeastToken, Permissions
from hardenme.reports.printed import JSON_OBJECT, PrintedDocument, as_json, printed


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionsDocument(PrintedDocument):
    """The permissions that a selection of checks needs.

    Attributes:
        permissions: its members are merged into this object.
    """

    permissions: Permissions


FORM = printed(
    {
        PermissionsDocument: Layout(flat="permissions"),
        LeastToken: Layout(shapes={"manifest": JSON_OBJECT}),
    }
)


def document(permissions: Permissions) -> str:
    """The least tokens as JSON."""
    return as_json(PermissionsDocument(permissions=permissions), FORM)


def manifest(token: LeastToken) -> str:
    """The manifest of a GitHub App, as JSON."""
    return json.dumps(JSON_OBJECT.write(token.manifest), ensure_ascii=True, indent=2) + "\n"
