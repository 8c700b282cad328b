"""The `package.json` at the root of a repository's default branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode
from hardenme.collectors.github.package_json import NOTHING, OWN, package_json
from hardenme.collectors.github.refusal import wanted
from hardenme.facts.github.source_manifest import SourceManifest
from hardenme.ground.errors import ContentError
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown

ALIAS = "rootManifest"


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
        return package_json(text)
    except ContentError as error:
        return _odd(str(error), node)


def _odd(why: str, node: RepositoryNode) -> Unknown:
    needed = f"a package.json at the root that hardenme can read: {why}"
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
