"""The workflow files of a repository's default branch: read here, and by zizmor, a page at once.

That a repository has none is believed only if its root folder was shown, or if it is empty. A token
that may not read contents is shown nothing in either place. Of the text of a file, only what the
facts hold is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from hardenme.collectors.declared import read as read_fields
from hardenme.collectors.github.batch.own_actions import OwnActions, own_actions
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.zizmor import Analyser
from hardenme.facts.github.files import TreeEntry
from hardenme.facts.github.release_job import ReleaseWorkflow
from hardenme.facts.github.workflow import CONTENTS, Workflow, WorkflowLock, WorkflowScan
from hardenme.ground.errors import ContentError
from hardenme.model.fact import Answer, Fact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.workflows import lock
from hardenme.workflows.reading import (
    ENDINGS,
    parsed,
    release_fields,
    unreadable,
    workflow_facts,
)
from hardenme.workflows.source import WorkflowSource

GIVES = (Workflow, ReleaseWorkflow, WorkflowLock, WorkflowScan)
OWN_FIELDS = frozenset({"subject", "within", "label", "web"})
MOST_FILES = 250
"""Workflow files of a repository that are read."""

Texts = dict[str, str | Unknown]


def read(nodes: Sequence[RepositoryNode], analyser: Analyser) -> Iterator[Answer[Any]]:
    """What the workflow files of a page of repositories say."""
    seen = {node.subject: texts_of(node) for node in nodes}
    files: dict[Subject, dict[str, WorkflowSource | Unknown]] = {}
    for subject, texts in seen.items():
        if not isinstance(texts, Unknown):
            whole = {file: text for file, text in texts.items() if isinstance(text, str)}
            understood = parsed(whole)
            files[subject] = {
                file: text if isinstance(text, Unknown) else understood[file]
                for file, text in texts.items()
            }
    actions = own_actions(nodes, files)
    scanned = _scan(seen, files, analyser)
    for node in nodes:
        texts = seen[node.subject]
        if isinstance(texts, Unknown):
            why = replace(texts, evidence=node.atoms)
            yield from (Answer(kind, node.subject, (), node.atoms, why) for kind in GIVES)
            continue
        own, blobs = files[node.subject], _blobs(node)
        repository = _Read(own, actions[node.subject])
        yield Answer(
            Workflow,
            node.subject,
            tuple(_workflow(node, file, repository, blobs[file]) for file in own),
            (*node.atoms, *repository.actions.evidence),
        )
        yield Answer(
            ReleaseWorkflow,
            node.subject,
            tuple(_release(node, file, repository, blobs[file]) for file in own),
            (*node.atoms, *repository.actions.evidence),
        )
        held = _lock(node)
        yield Answer(
            WorkflowLock,
            node.subject,
            tuple(_locked(node, file, held) for file in own),
            node.atoms,
        )
        yield Answer(
            WorkflowScan,
            node.subject,
            tuple(_scanned(node, file, own[file], scanned) for file in own),
            node.atoms,
        )


def texts_of(node: RepositoryNode) -> Texts | Unknown:
    """The text of each workflow file, or why it was not read; an unknown if none is known."""
    item = node.item
    empty = node.empty
    if empty is not False:
        return empty if isinstance(empty, Unknown) else {}
    shown = node.shows("headTree")
    if isinstance(shown, Unknown):
        return shown
    if not item.has_value("workflowFiles"):
        if node.denied("workflowFiles"):
            return Unknown(
                Reason.NOT_PERMITTED,
                wanted(CONTENTS, node.github.kind),
                "GraphQL refused the files",
            )
        absent: Unknown = item.absent("workflowFiles")
        return {} if "workflowFiles" in item else absent
    folder = item.item("workflowFiles")
    kind: Any = folder.choice("__typename", "Tree", "Blob", "Commit", "Tag")
    if isinstance(kind, Unknown):
        return kind
    if kind != "Tree":
        # A file or a submodule of that name: there is no folder that GitHub looks into.
        return {}
    return _entries(folder)


def _entries(folder: Item) -> Texts | Unknown:
    if not folder.lists("entries"):
        found: Unknown = folder.odd("entries") if "entries" in folder else folder.absent("entries")
        return found
    texts: Texts = {}
    for entry in folder.items("entries"):
        name, kind = read_fields(TreeEntry, entry, "name", "type").values()
        missing = all_known((name, kind))
        if missing is not None:
            return missing
        if kind == "blob" and name.lower().endswith(ENDINGS):
            texts[name] = _text(entry)
    if len(texts) > MOST_FILES:
        return Unknown(
            Reason.INCOMPLETE, f"at most {MOST_FILES} workflow files", f"{len(texts)} of them"
        )
    return texts


def _lock(node: RepositoryNode) -> lock.ActionsLock | Unknown | None:
    """The lock file of actions; None if the folder holds none."""
    for entry in node.item.item("workflowFiles").items("entries"):
        if entry.text("name") == lock.NAME:
            text = _text(entry)
            if isinstance(text, Unknown):
                return text
            try:
                return lock.lock(text)
            except ContentError as error:
                why = f"{lock.NAME} in a form that hardenme can read: {error}"
                return Unknown(Reason.MALFORMED, why, seen=str(error))
    return None


def _text(entry: Item) -> str | Unknown:
    """A file's text, where it came whole."""
    if not entry.has_value("object"):
        lost: Unknown = entry.odd("object") if "object" in entry else entry.absent("object")
        return lost
    blob = entry.item("object")
    binary: Any = blob.flag("isBinary")
    cut: Any = blob.flag("isTruncated")
    for known in (binary, cut):
        if isinstance(known, Unknown):
            return known
    if binary:
        return unreadable("it is not a text file")
    if cut:
        return unreadable("it is larger than what GitHub shows")
    return blob.text("text")


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read from a repository: its workflow files and its actions."""

    own: Mapping[str, WorkflowSource | Unknown]
    actions: OwnActions


def _scan(
    seen: Mapping[Subject, Texts | Unknown],
    files: Mapping[Subject, Mapping[str, WorkflowSource | Unknown]],
    analyser: Analyser,
) -> dict[tuple[Subject, str], Any]:
    """What zizmor finds in each file that our own reading understood."""
    asked: list[tuple[Subject, str]] = []
    given: list[str] = []
    for subject, own in files.items():
        texts = seen[subject]
        for file, source in own.items():
            text = None if isinstance(texts, Unknown) else texts[file]
            if isinstance(source, WorkflowSource) and isinstance(text, str):
                asked.append((subject, file))
                given.append(text)
    return dict(zip(asked, analyser.scan(given), strict=True))


def _place(node: RepositoryNode, file: str) -> dict[str, Any]:
    return {
        "subject": Subject("github", "workflow", f"{node.subject.name}/{file}"),
        "within": node.subject,
        "label": file,
        "web": node.github.web,
    }


def _blobs(node: RepositoryNode) -> dict[str, Any]:
    """Git's digest of each entry of the folder."""
    entries = node.item.item("workflowFiles").items("entries")
    return {str(entry.data.get("name")): entry.text("oid") for entry in entries}


def _workflow(node: RepositoryNode, file: str, repository: _Read, blob: str) -> Workflow:
    source = repository.own[file]
    if isinstance(source, WorkflowSource):
        owner = node.subject.name.partition("/")[0]
        known = workflow_facts(source, owner, repository.own, repository.actions.found)
    else:
        known = source
    if isinstance(known, Unknown):
        return Workflow(**_place(node, file), **{**_lost(Workflow, node, known), "blob": blob})
    return Workflow(**_place(node, file), blob=blob, **known)


def _release(node: RepositoryNode, file: str, repository: _Read, blob: str) -> ReleaseWorkflow:
    source = repository.own[file]
    known: Any = source
    if isinstance(source, WorkflowSource):
        known = release_fields(source, repository.own, repository.actions.found)
    if isinstance(known, Unknown):
        known = _lost(ReleaseWorkflow, node, known)
    return ReleaseWorkflow(**_place(node, file), **{**known, "file": file, "blob": blob})


def _locked(
    node: RepositoryNode, file: str, held: lock.ActionsLock | Unknown | None
) -> WorkflowLock:
    if isinstance(held, Unknown):
        return WorkflowLock(**_place(node, file), **_lost(WorkflowLock, node, held))
    found = None if held is None else held.of(f".github/workflows/{file}")
    shown = found or lock.Locked()
    return WorkflowLock(
        **_place(node, file),
        onboarded=found is not None,
        pins=shown.pins,
        open_ends=shown.open_ends,
    )


def _scanned(
    node: RepositoryNode,
    file: str,
    source: WorkflowSource | Unknown,
    scanned: Mapping[tuple[Subject, str], Any],
) -> WorkflowScan:
    found = source if isinstance(source, Unknown) else scanned[node.subject, file]
    if isinstance(found, Unknown):
        return WorkflowScan(**_place(node, file), **_lost(WorkflowScan, node, found))
    return WorkflowScan(**_place(node, file), findings=found)


def _lost(kind: type[Fact], node: RepositoryNode, why: Unknown) -> dict[str, Any]:
    """Every field of a fact as not known."""
    found = replace(why, evidence=node.atoms)
    return {item.name: found for item in fields(kind) if item.name not in OWN_FIELDS}


PARTS = (
    QueryPart(
        name="Workflows",
        gives=GIVES,
        fields="""
  headTree: object(expression: "HEAD:") { __typename }
  workflowFiles: object(expression: "HEAD:.github/workflows") {
    __typename
    ... on Tree {
      entries {
        name
        type
        oid
        object { ... on Blob { isBinary isTruncated text } }
      }
    }
  }""",
        keys=("headTree", "workflowFiles"),
        read=lambda nodes: read(nodes, Analyser()),
        heavy=True,
    ),
)
