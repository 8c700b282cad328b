"""The `package.json` at the root of a repository's default branch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode
from hardenme.collectors.github.refusal import wanted
from hardenme.facts.github.repository import RepositoryFact
from hardenme.facts.github.source_manifest import OFF, ON, UNSET, SourceManifest
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown

ALIAS = "rootManifest"
NOTHING: Mapping[str, Any] = {
    "there": False,
    "name": "",
    "version": "",
    "private": False,
    "repository": "",
    "access": "",
    "to_registry": "",
    "tag": "",
    "provenance": UNSET,
    "extensions": False,
}
OWN = tuple(
    item.name
    for item in fields(SourceManifest)
    if item.name not in {one.name for one in fields(RepositoryFact)}
)


def _read(nodes: Sequence[RepositoryNode]) -> Iterator[Answer[Any]]:
    for node in nodes:
        found = _said(node)
        said: Mapping[str, Any] = found if isinstance(found, Mapping) else dict.fromkeys(OWN, found)
        fact = SourceManifest(**node.place, **said)
        yield Answer(SourceManifest, node.subject, (fact,), node.atoms)


def _said(node: RepositoryNode) -> Mapping[str, Any] | Unknown:
    """The fields, or why they are not known; that there is no file shows only next to the tree."""
    item, empty = node.item, node.empty
    if empty is not False:
        return empty if isinstance(empty, Unknown) else NOTHING
    shown = node.shows("headTree")
    if isinstance(shown, Unknown):
        return shown
    if not item.has_value(ALIAS):
        if node.denied(ALIAS):
            needed = wanted(SourceManifest.requirement, node.github.kind)
            return Unknown(Reason.NOT_PERMITTED, needed, "GraphQL refused the file", node.atoms)
        absent: Unknown = item.absent(ALIAS)
        return NOTHING if ALIAS in item else absent
    blob = item.item(ALIAS)
    kind: Any = blob.choice("__typename", "Blob", "Tree", "Commit", "Tag")
    if isinstance(kind, Unknown):
        return kind
    if kind != "Blob":
        return NOTHING
    binary: Any = blob.flag("isBinary")
    cut: Any = blob.flag("isTruncated")
    text: Any = blob.text("text")
    for known in (binary, cut, text):
        if isinstance(known, Unknown):
            return replace(known, evidence=node.atoms)
    if binary or cut:
        return _odd("it is not a text that GitHub shows whole", node)
    return _parsed(text, node)


def _parsed(text: str, node: RepositoryNode) -> Mapping[str, Any] | Unknown:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return _odd("it is not JSON", node)
    if not isinstance(data, dict):
        return _odd("it is not an object", node)
    config = data.get("publishConfig", {})
    said = data.get("repository", "")
    address = said.get("url", "") if isinstance(said, dict) else said
    if not isinstance(config, dict):
        return _odd("publishConfig is not an object", node)
    texts = {
        "name": data.get("name", ""),
        "version": data.get("version", ""),
        "repository": address,
        "access": config.get("access", ""),
        "to_registry": config.get("registry", ""),
        "tag": config.get("tag", ""),
    }
    flags = {"private": data.get("private", False)}
    provenance = config.get("provenance")
    odd = [name for name, value in texts.items() if not isinstance(value, str)]
    odd += [name for name, value in flags.items() if not isinstance(value, bool)]
    if odd or not isinstance(provenance, bool | None):
        return _odd(f"{(odd or ['provenance'])[0]} has an unknown format", node)
    switched = UNSET if provenance is None else ON if provenance else OFF
    extensions = "packageExtensions" in data
    return {"there": True, **texts, **flags, "provenance": switched, "extensions": extensions}


def _odd(why: str, node: RepositoryNode) -> Unknown:
    needed = f"a package.json at the root that is understood: {why}"
    return Unknown(Reason.MALFORMED, needed, why, node.atoms)


PARTS = (
    QueryPart(
        name="Manifest",
        gives=(SourceManifest,),
        fields=f"""
  headTree: object(expression: "HEAD:") {{ __typename }}
  {ALIAS}: object(expression: "HEAD:package.json") {{
    __typename
    ... on Blob {{ isBinary isTruncated text }}
  }}""",
        keys=("headTree", ALIAS),
        read=_read,
    ),
)
