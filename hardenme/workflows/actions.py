"""The actions of the repository itself, in an `action.yml` of a folder: read like a part of a job.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.workflows.source import checked_steps, text_of
from hardenme.workflows.yaml import load

SELF = ("./", "$/")
"""How a path within the repository starts: in the folder that is checked out, or at the commit that
the workflow was read from."""
NAMES = ("action.yml", "action.yaml")
"""What GitHub looks for in an action's folder, in this order."""
COMPOSITE = "composite"


@dataclass(frozen=True, slots=True)
class CompositeAction:
    """An action of which the steps can be read.

    Attributes:
        folder: its path in the repository, without slashes at its ends.
        steps: what it runs.
        defaults: its inputs by name in lower case, each with what it is where nothing is given.
        outputs: its outputs by name in lower case, each with the expression that makes it.
    """

    folder: str
    steps: tuple[dict[str, Any], ...]
    defaults: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)


def folder_of(reference: str) -> str | None:
    """The folder that a `uses` of an own action names; None for anything else.

    A path that leaves the repository names nothing in it.
    """
    if not reference.startswith(SELF):
        return None
    parts = [part for part in reference[2:].split("/") if part not in {"", "."}]
    return None if ".." in parts or reference[2:].startswith("/") else "/".join(parts)


def action(folder: str, text: str) -> CompositeAction:
    """Parse an `action.yml`.

    Raises:
        StoredError: it is none, or runs a program or an image, which is not read.
    """
    data = load(text)
    runs = data.get("runs") if isinstance(data, dict) else None
    if not isinstance(runs, dict):
        raise ContentError("it is not an action")
    if text_of(runs, "using").lower() != COMPOSITE:
        raise ContentError("it runs a program that is not read")
    return CompositeAction(
        folder,
        tuple(checked_steps(runs.get("steps"))),
        _named(data.get("inputs"), "default"),
        _named(data.get("outputs"), "value"),
    )


def _named(given: Any, key: str) -> dict[str, str]:
    """Of a mapping of mappings, one text of each."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ContentError("its inputs or outputs have an unknown format")
    return {
        name.lower(): text_of(item, key) if isinstance(item, dict) else ""
        for name, item in given.items()
    }
