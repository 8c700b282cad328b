"""The workflow files of a repository: as they are, as they were, and as runs had them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.refusal import refusal, wanted
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.changes import WorkflowFileChange
from hardenme.model.evidence import Atom
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

FOLDER = ".github/workflows"
ENDS = (".yml", ".yaml")
NEVER = "0" * 40
"""The commit of a branch that is not there."""
MOST_FILES = 50
"""Changed workflow files of which the newest commit is asked for."""
MOST_COMMITS = 40
"""Commits of runs of which the folder is asked for."""
TREE = "{ __typename ... on Tree { entries { name type oid } } }"
COMMIT = "oid committedDate author { user { login } }"
Files = Mapping[str, str]
"""The workflow files of a folder: the digest by the name."""


@dataclass(frozen=True, slots=True)
class WorkflowHistory:
    """What one query shows of the workflow files.

    Attributes:
        was: as they were before the window; Unknown if that is not shown.
        now: as the default branch has them.
        runs: as the commits of runs have them, by the commit; one that is not in it was not asked.
        newest: the newest commits of files, which `commit` reads.
        names: the files of which these were asked for, in order.
        evidence: the answer.
    """

    was: Files | Unknown
    now: Files | Unknown
    runs: Mapping[str, Files | Unknown]
    newest: Item
    names: Sequence[str]
    evidence: tuple[Atom, ...]

    def commit(self, file: str) -> Item:
        """The newest commit of a file; an empty item where it was not asked for."""
        alias = f"f{self.names.index(file)}" if file in self.names else ""
        nodes = self.newest.item(alias).items("nodes")
        return next(nodes, None) or Item(None, self.newest.endpoint)

    def ordinary(self, commit: str, file: str) -> bool | Unknown:
        """Whether a run's file is the default branch's, as it is or as it was before the window."""
        there = self.runs.get(commit)
        if there is None:
            needed = f"the workflow files of more than {MOST_COMMITS} commits"
            return Unknown(Reason.INCOMPLETE, needed, evidence=self.evidence)
        if isinstance(there, Unknown):
            return there
        blob = there.get(file)
        known = [one for one in (self.now, self.was) if not isinstance(one, Unknown)]
        if blob is not None and any(one.get(file) == blob for one in known):
            return True
        lost = next((one for one in (self.now, self.was) if isinstance(one, Unknown)), None)
        return False if lost is None else lost


def history(
    github: GitHub, scope: Subject, before: str, names: Sequence[str], commits: Sequence[str]
) -> WorkflowHistory | Unknown:
    """Ask for it in one query.

    Args:
        scope: the repository.
        before: the commit that the default branch was at before the window; empty if it is still
            there.
        names: the files that are there now.
        commits: those of runs.
    """
    files, heads = list(names)[:MOST_FILES], list(commits)[:MOST_COMMITS]
    owner, _, name = scope.name.partition("/")
    variables = {"owner": owner, "name": name, "base": before or "HEAD"}
    variables["was"] = f"{before or 'HEAD'}:{FOLDER}"
    variables |= {f"p{index}": f"{FOLDER}/{file}" for index, file in enumerate(files)}
    for index, commit in enumerate(heads):
        variables |= {f"c{index}": commit, f"r{index}": f"{commit}:{FOLDER}"}
    try:
        graph = github.graphql(_document(len(files), len(heads)), variables)
    except NoAnswerError as error:
        return error.unknown
    if not graph.response.ok:
        return refusal(graph.response, WorkflowFileChange.requirement, github.kind)
    repository = (graph.data or {}).get("repository")
    if graph.errors or not isinstance(repository, dict):
        needed = wanted(WorkflowFileChange.requirement, github.kind)
        seen, evidence = "GraphQL refused it", (graph.response.atom,)
        return graph.barred() or Unknown(Reason.NOT_PERMITTED, needed, seen, evidence)
    return _read(graph, before, files, heads)


def _document(files: int, commits: int) -> str:
    head = "".join(f", $p{index}: String!" for index in range(files))
    head += "".join(f", $c{index}: String!, $r{index}: String!" for index in range(commits))
    paths = " ".join(
        f"f{index}: history(first: 1, path: $p{index}) {{ nodes {{ {COMMIT} }} }}"
        for index in range(files)
    )
    newest = f"defaultBranchRef {{ target {{ ... on Commit {{ oid {paths} }} }} }}"
    runs = " ".join(
        f"c{index}: object(expression: $c{index}) {{ __typename }}"
        f" r{index}: object(expression: $r{index}) {TREE}"
        for index in range(commits)
    )
    return (
        f"query WorkflowFiles($owner: String!, $name: String!, $base: String!, $was: String!{head})"
        " { repository(owner: $owner, name: $name, followRenames: false) {"
        " base: object(expression: $base) { __typename }"
        f" was: object(expression: $was) {TREE}"
        f' now: object(expression: "HEAD:{FOLDER}") {TREE}'
        f" {newest} {runs} }} }}"
    )


def _read(
    graph: Graph, before: str, names: Sequence[str], commits: Sequence[str]
) -> WorkflowHistory:
    item = Item(graph.data, graph.response.endpoint).item("repository")
    atoms = (graph.response.atom,)
    was = _entries(item, "was")
    if not item.has_value("base") and before not in {"", NEVER}:
        was = _hidden(f"the commit that the default branch was at before, {before[:12]}", atoms)
    runs = {
        commit: _entries(item, f"r{index}")
        if item.has_value(f"c{index}")
        else _hidden(f"the commit of a run, {commit[:12]}", atoms)
        for index, commit in enumerate(commits)
    }
    target = item.item("defaultBranchRef").item("target")
    return WorkflowHistory(was, _entries(item, "now"), runs, target, names, atoms)


def _hidden(what: str, atoms: tuple[Atom, ...]) -> Unknown:
    return Unknown(Reason.NOT_VISIBLE, what, "GitHub does not show it any more", atoms)


def _entries(item: Item, name: str) -> Any:
    """The workflow files of a folder, by name; none if there is not such a folder."""
    if name not in item:
        return item.absent(name)
    if not item.has_value(name):
        return {}
    folder = item.item(name)
    if not folder.lists("entries"):
        return folder.absent("entries")
    files: dict[str, str] = {}
    for entry in folder.items("entries"):
        file, blob = entry.text("name"), entry.text("oid")
        if isinstance(file, Unknown) or isinstance(blob, Unknown):
            return folder.odd("entries")
        if file.endswith(ENDS):
            files[file] = blob
    return files
