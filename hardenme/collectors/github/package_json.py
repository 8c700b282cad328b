"""What a `package.json` and the files of workspaces say about a release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from hardenme.facts.github.repository import RepositoryFact
from hardenme.facts.github.source_manifest import OFF, ON, UNSET, PackageManifest
from hardenme.ground.errors import ContentError
from hardenme.workflows.yaml import load_all

OWN = tuple(
    item.name
    for item in fields(PackageManifest)
    if item.name not in {one.name for one in fields(RepositoryFact)}
)
"""The fields that the file fills."""
NOTHING: Mapping[str, Any] = {
    **dict.fromkeys(OWN, ""),
    "there": False,
    "private": False,
    "provenance": UNSET,
    "extensions": False,
    "workspaces": (),
}
"""What they are without a file."""


def package_json(text: str) -> Mapping[str, Any]:
    """The fields of a manifest.

    Raises:
        ContentError: it is not JSON, or something in it is not as npm documents it.
    """
    data = _object(text)
    config = data.get("publishConfig", {})
    said = data.get("repository", "")
    address = said.get("url", "") if isinstance(said, dict) else said
    if not isinstance(config, dict):
        raise ContentError("publishConfig is not an object")
    texts = {
        "name": data.get("name", ""),
        "version": data.get("version", ""),
        "repository": address,
        "access": config.get("access", ""),
        "to_registry": config.get("registry", ""),
        "tag": config.get("tag", ""),
        "directory": config.get("directory", ""),
    }
    flags = {"private": data.get("private", False)}
    provenance = config.get("provenance")
    odd = [name for name, value in texts.items() if not isinstance(value, str)]
    odd += [name for name, value in flags.items() if not isinstance(value, bool)]
    if odd or not isinstance(provenance, bool | None):
        raise ContentError(f"{(odd or ['provenance'])[0]} has an unknown format")
    return {
        "there": True,
        **texts,
        **flags,
        "provenance": UNSET if provenance is None else ON if provenance else OFF,
        "extensions": "packageExtensions" in data,
        "workspaces": _workspaces(data.get("workspaces")),
    }


def _workspaces(said: Any) -> tuple[str, ...]:
    """The patterns, in the form of npm or in that of yarn classic."""
    return _patterns(said.get("packages") if isinstance(said, dict) else said) or ()


def pnpm_workspace(text: str) -> tuple[str, ...] | None:
    """The patterns of a `pnpm-workspace.yaml`; None if it has none.

    Raises:
        ContentError: it is not YAML, or they have an unknown format.
    """
    documents = load_all(text) if text.strip() else [None]
    said = documents[0] if len(documents) == 1 else ""
    if not isinstance(said, dict | None):
        raise ContentError("it is not a mapping")
    return _patterns((said or {}).get("packages"))


def lerna_json(text: str) -> tuple[str, ...] | None:
    """The patterns of a `lerna.json`; None if it leaves them to the package manager.

    Raises:
        ContentError: it is not JSON, or they have an unknown format.
    """
    return _patterns(_object(text).get("packages"))


def _patterns(said: Any) -> tuple[str, ...] | None:
    if said is None:
        return None
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise ContentError("the patterns of workspaces have an unknown format")
    return tuple(said)


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContentError("it is not JSON") from error
    if not isinstance(data, dict):
        raise ContentError("it is not an object")
    return data
