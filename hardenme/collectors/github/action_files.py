"""Reads which files of a repository say what its workflows run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place, single
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.code_owners import owns_everything
from hardenme.facts.github.files import RepositoryActionFiles, RepositoryCodeOwners
from hardenme.facts.github.repository import Repository
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.workflows.reading import ENDINGS

WORKFLOWS = ".github/workflows"
ACTIONS = frozenset(f"action{ending}" for ending in ENDINGS)
NO_NEED = Unknown(Reason.NOT_ASKED, "a CODEOWNERS file that leaves some files out")


def action_files(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/git/trees/{tree_sha}, where it matters which files there are."""
    repository = store.fact(Repository, scope)
    branch: Any = None
    if repository is not None and "default_branch" not in repository.unknown_fields():
        branch = repository.default_branch
    if branch is None or not _matters(store.fact(RepositoryCodeOwners, scope)):
        yield nothing(RepositoryActionFiles, scope, NO_NEED)
        return
    endpoint = RepositoryActionFiles.endpoint.asking("recursive=1")
    path = endpoint.at(scope.name, tree_sha=branch)

    def build(item: Item) -> RepositoryActionFiles:
        told = read(RepositoryActionFiles, item)
        return RepositoryActionFiles(**place(github, scope), files=_files(item), **told)

    yield single(github, RepositoryActionFiles, scope, path, build)


def _matters(owners: RepositoryCodeOwners | None) -> bool:
    """Whether some files may have an owner and others none."""
    if owners is None or {"path", "rules"} & owners.unknown_fields().keys():
        return False
    return owners.path is not None and not owns_everything(owners.rules)


def _files(tree: Item) -> Any:
    if not tree.lists("tree"):
        return tree.absent("tree")
    found: list[str] = []
    for entry in tree.items("tree"):
        path: Any = entry.text("path")
        kind: Any = entry.choice("type", "blob", "tree", "commit")
        missing = all_known((path, kind))
        if missing is not None:
            return missing
        if kind == "blob" and says_what_runs(path):
            found.append(path)
    return tuple(sorted(found))


def says_what_runs(path: str) -> bool:
    """Whether a file is a workflow, or the description of an action."""
    folder, _, name = path.rpartition("/")
    return name in ACTIONS or (folder == WORKFLOWS and name.lower().endswith(ENDINGS))


COLLECTORS = (
    Collector(
        "files that workflows run",
        (RepositoryActionFiles,),
        action_files,
        priced=(Price(Per.REPOSITORY, at_most=True),),
    ),
)
