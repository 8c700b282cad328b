"""Reads the `package.json` of each folder that packages of a repository name as theirs.

The folder is what a package's newest release says, so anyone who publishes it writes that. What is
read there counts for the package only if it has the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place
from hardenme.collectors.github.batch.texts import texts_at
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.package_json import (
    NOTHING,
    OWN,
    lerna_json,
    package_json,
    pnpm_workspace,
)
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.source_manifest import FolderManifest, WorkspaceFiles
from hardenme.facts.npm.package import PackageRepository
from hardenme.facts.npm.workspaces import plain_folder
from hardenme.ground.errors import ContentError
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

MOST = 100
"""Folders that one query asks for."""
FILE = "package.json"
PNPM, LERNA = "pnpm-workspace.yaml", "lerna.json"
READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "pnpm": (PNPM, pnpm_workspace),
    "lerna": (LERNA, lerna_json),
}
NO_FOLDER = Unknown(Reason.NOT_ASKED, "a package that names a folder of the repository as its own")


def manifests(github: GitHub, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """POST /graphql repository.object, of all folders of a repository at once."""
    folders = sorted(_folders(scope, store))
    if not folders:
        yield nothing(FolderManifest, scope, NO_FOLDER)
        yield nothing(WorkspaceFiles, scope, NO_FOLDER)
        return
    found: dict[str, Any] = {}
    evidence: list[Atom] = []
    for start in range(0, len(folders), MOST):
        paths = [f"{folder}/{FILE}" for folder in folders[start : start + MOST]]
        read = texts_at(github, "Manifests", [(scope, [*paths, PNPM, LERNA])])[scope]
        # The files of workspaces are asked with each part, next to what shows that files are shown.
        found = {**read.found, **found}
        evidence += read.evidence
    atoms = tuple(dict.fromkeys(evidence))
    facts = tuple(_manifest(github, scope, folder, found) for folder in folders)
    yield Answer(FolderManifest, scope, facts, atoms)
    shown = any(isinstance(found[f"{folder}/{FILE}"], str) for folder in folders)
    said = {name: _patterns(found[path], path, by, shown) for name, (path, by) in READERS.items()}
    yield Answer(WorkspaceFiles, scope, (WorkspaceFiles(**place(github, scope), **said),), atoms)


def _folders(scope: Subject, store: FactStore) -> Iterator[str]:
    """The folders below the root that packages name, of those that the repository belongs to."""
    found = set()
    for subject in store.joined_to(scope.name):
        for ancestor in store.ancestors(subject, subject):
            named = store.fact(PackageRepository, ancestor)
            if named is not None and "directory" not in named.unknown_fields():
                found.add(plain_folder(named.directory))
    yield from filter(None, found)


def _manifest(
    github: GitHub, scope: Subject, folder: str, found: Mapping[str, Any]
) -> FolderManifest:
    subject = Subject("github", "manifest", f"{scope.name}/{folder}")
    said: Any = found[f"{folder}/{FILE}"]
    if isinstance(said, str):
        try:
            said = package_json(said)
        except ContentError as error:
            needed = f"a package.json in {folder} that hardenme can read: {error}"
            said = Unknown(Reason.MALFORMED, needed)
    elif said is None:
        said = NOTHING
    values: Mapping[str, Any] = said if isinstance(said, Mapping) else dict.fromkeys(OWN, said)
    return FolderManifest(
        subject=subject, within=scope, label=folder, web=github.web, folder=folder, **values
    )


def _patterns(said: Any, path: str, by: Callable[[str], Any], shown: bool) -> Any:  # noqa: FBT001
    """The patterns in a file of workspaces; that it is not there shows next to another file."""
    if said is None:
        return None if shown else Unknown(Reason.NOT_VISIBLE, f"whether there is a {path}")
    if isinstance(said, Unknown):
        return said
    try:
        return by(said)
    except ContentError as error:
        return Unknown(Reason.MALFORMED, f"a {path} that hardenme can read: {error}")


COLLECTORS = (
    Collector(
        "manifests in folders",
        (FolderManifest, WorkspaceFiles),
        manifests,
        of=(Repository,),
        priced=(Price(Per.REPOSITORY, bucket="graphql", at_most=True),),
    ),
)
