"""The texts of a few files of several repositories: one further query for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.github.batch.part import RepositoryNode
from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import refusal, wanted
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.files import CONTENTS
from hardenme.model.evidence import Atom
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

FIELDS = "... on Blob { byteSize isBinary isTruncated text }"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one repository's files.

    Attributes:
        found: by path the text, None if no file is there, or why it was not read.
        evidence: the answer that contains them.
    """

    found: Mapping[str, str | Unknown | None]
    evidence: tuple[Atom, ...]


def texts(
    name: str, wanted: Sequence[tuple[RepositoryNode, Sequence[str]]]
) -> dict[Subject, Texts]:
    """Read files, by their paths, of the repositories of a page.

    Args:
        name: the query's name, like `Files`.
        wanted: repositories with the paths of files.
    """
    asked = [(node.subject, paths) for node, paths in wanted if paths]
    return texts_at(wanted[0][0].github, name, asked) if asked else {}


def texts_at(
    github: GitHub, name: str, wanted: Sequence[tuple[Subject, Sequence[str]]]
) -> dict[Subject, Texts]:
    """Read files, by their paths, of several repositories at once.

    Args:
        github: who is asked.
        name: the query's name, like `Files`.
        wanted: repositories with the paths of files.
    """
    asked = [(subject, tuple(paths)) for subject, paths in wanted]
    variables: dict[str, Any] = {}
    declared, body = [], []
    for index, (subject, paths) in enumerate(asked):
        owner, _slash, repository = subject.name.partition("/")
        variables |= {f"o{index}": owner, f"n{index}": repository}
        declared.append(f"$o{index}: String!, $n{index}: String!")
        named = {f"e{index}_{number}": f"HEAD:{path}" for number, path in enumerate(paths)}
        variables |= named
        declared.extend(f"${name}: String!" for name in named)
        files = " ".join(
            f"f{number}: object(expression: ${name}) {{ {FIELDS} }}"
            for number, name in enumerate(named)
        )
        body.append(
            f"r{index}: repository(owner: $o{index}, name: $n{index}, followRenames: false)"
            f" {{ nameWithOwner {files} }}"
        )
    document = f"query {name}({', '.join(declared)}) {{ {' '.join(body)} }}"
    try:
        graph = github.graphql(document, variables)
    except NoAnswerError as error:
        return {
            subject: Texts(dict.fromkeys(paths, error.unknown), error.unknown.evidence)
            for subject, paths in asked
        }
    return {
        subject: _of(github, graph, f"r{index}", subject, paths)
        for index, (subject, paths) in enumerate(asked)
    }


def _of(github: GitHub, graph: Graph, alias: str, subject: Subject, paths: Sequence[str]) -> Texts:
    evidence = (graph.response.atom,)
    if not graph.response.ok:
        why = refusal(graph.response, CONTENTS, github.kind)
        return Texts(dict.fromkeys(paths, why), evidence)
    item = Item((graph.data or {}).get(alias), graph.response.endpoint)
    name: Any = item.text("nameWithOwner")
    if not isinstance(name, str) or name.lower() != subject.name.lower():
        why = Unknown(Reason.NOT_VISIBLE, f"the files of {subject.name}", "", evidence)
        return Texts(dict.fromkeys(paths, why), evidence)
    found: dict[str, Any] = {}
    for number, path in enumerate(paths):
        refused = graph.denied(alias, f"f{number}") is not None
        found[path] = (
            Unknown(Reason.NOT_PERMITTED, wanted(CONTENTS, github.kind), f"{path} was refused")
            if refused
            else _text(item, f"f{number}", path)
        )
    return Texts(found, evidence)


def _text(item: Item, alias: str, path: str) -> Any:
    """A file's text, where it came whole; None if there is no file."""
    if alias not in item:
        return item.absent(path)
    if item.data[alias] is None:
        return None
    blob = item.item(alias)
    binary: Any = blob.optional("isBinary", blob.flag)
    cut: Any = blob.flag("isTruncated")
    for known in (binary, cut):
        if isinstance(known, Unknown):
            return known
    if binary or cut:
        return Unknown(Reason.INCOMPLETE, f"{path} as a text that GitHub shows whole")
    return blob.text("text")
