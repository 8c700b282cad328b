"""The root and the `.github` folder of a repository, and the contents of a few files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.github.batch import autorun
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode
from hardenme.collectors.github.batch.texts import Texts, texts
from hardenme.collectors.github.refusal import wanted
from hardenme.collectors.github.update_tools import (
    DEPENDABOT,
    RENOVATE,
    dependabot_wait,
    renovate_wait,
)
from hardenme.collectors.npmrc.credentials import passwords, tokens
from hardenme.collectors.npmrc.ini import settings
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.code_owners import rules_of
from hardenme.facts.github.files import (
    CONTENTS,
    RepositoryAutorun,
    RepositoryCodeOwners,
    RepositoryDependencyUpdates,
    RepositoryLockFile,
    RepositoryNpmrc,
    TreeEntry,
)
from hardenme.ground.errors import ContentError
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown

LARGEST = 128 * 1024
"""Bytes of a file that is read."""
LINK = 0o120000
"""Git's mode of a symbolic link: its text is a path, and what it leads to may be anything."""
CODE_OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in this order."""
LONGEST = 10**6
"""Days beyond any cooldown, by which a file that is not understood is sorted last."""
NPMRC = ".npmrc"
PACKAGE = "package.json"
LOCK_FILES = (
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
)
GIVES = (
    RepositoryCodeOwners,
    RepositoryLockFile,
    RepositoryDependencyUpdates,
    RepositoryNpmrc,
)


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file in a folder: its size in bytes, and whether it is a symbolic link."""

    size: int
    link: bool


Files = dict[str, FolderFile]
"""The files that were seen, by path."""


def _read(nodes: Sequence[RepositoryNode]) -> Iterator[Answer[Any]]:
    seen = {node.subject: _files(node) for node in nodes}
    started = {node.subject: autorun.places(node) for node in nodes}
    asked = [(node, _paths(seen[node.subject], started[node.subject])) for node in nodes]
    found = texts("Files", asked)
    for node in nodes:
        files = seen[node.subject]
        known = found.get(node.subject, Texts({}, ()))
        yield autorun.answered(node, started[node.subject], known)
        if isinstance(files, Unknown):
            yield from (nothing(kind, node.subject, files) for kind in GIVES)
            continue
        evidence = (*node.atoms, *known.evidence)
        for fact in _facts(node, files, known):
            yield Answer(type(fact), node.subject, (fact,), evidence)


def _files(node: RepositoryNode) -> Files | Unknown:
    """The files at the root, in `.github`, and the file of code owners in `docs`."""
    item = node.item
    empty: Any = item.flag("isEmpty")
    if empty is True and item.data.get("defaultBranchRef", ...) is None:
        return {}
    if "rootTree" in item and not item.has_value("rootTree"):
        return Unknown(
            Reason.NOT_PERMITTED,
            wanted(CONTENTS, node.github.kind),
            "GraphQL showed no files",
            node.atoms,
        )
    folders: list[str] = []
    files = _folder(item, "rootTree", "", folders)
    if isinstance(files, Unknown):
        return files
    if ".github" in folders:
        within = _folder(item, "githubTree", ".github/", [])
        if isinstance(within, Unknown):
            return within
        files |= within
    if "docsOwners" not in item:
        unknown: Unknown = item.absent("docsOwners")
        return unknown
    if item.data["docsOwners"]:
        size: Any = item.item("docsOwners").number("byteSize")
        if isinstance(size, Unknown):
            return size
        files[CODE_OWNERS[-1]] = FolderFile(size, link=False)
    return files


def _folder(item: Item, name: str, prefix: str, folders: list[str]) -> Files | Unknown:
    """The files of a folder; the names of its folders are put into `folders`."""
    tree = item.item(name)
    if not tree.lists("entries"):
        unknown: Unknown = tree.absent("entries") if name in item else item.absent(name)
        return unknown
    files: Files = {}
    for entry in tree.items("entries"):
        told = read(TreeEntry, entry)
        missing = all_known(told.values())
        if missing is not None:
            return missing
        if told["type"] == "tree":
            folders.append(told["name"])
        elif told["type"] == "blob":
            files[prefix + told["name"]] = FolderFile(told["size"], link=told["mode"] == LINK)
    return files


def _code_owners(files: Files) -> str | None:
    return next((path for path in CODE_OWNERS if path in files), None)


def _update_settings(files: Files) -> list[str]:
    """The settings that count: of each tool the first file that is there."""
    first = (
        next((path for path in tool if path in files), None) for tool in (DEPENDABOT, RENOVATE)
    )
    return [path for path in first if path is not None]


def _to_read(files: Files) -> list[str]:
    owners = _code_owners(files)
    paths = [] if owners is None else [owners]
    return [*paths, *_update_settings(files), *([NPMRC] if NPMRC in files else [])]


def _paths(files: Files | Unknown, started: list[str] | Unknown) -> list[str]:
    """The files whose texts are asked for."""
    known = {} if isinstance(files, Unknown) else files
    read = [path for path in _to_read(known) if _readable(known[path])]
    return read if isinstance(started, Unknown) else [*read, *started]


def _readable(entry: FolderFile) -> bool:
    return entry.size <= LARGEST and not entry.link


def _text(path: str, files: Files, known: Texts) -> str | Unknown:
    """What a file says; a link and a large file are not read."""
    if files[path].link:
        return Unknown(Reason.INCOMPLETE, f"{path} as a file of its own, not as a link")
    if not _readable(files[path]):
        return Unknown(Reason.INCOMPLETE, f"{path} of at most {LARGEST // 1024} KiB")
    found = known.found[path]
    if found is None:
        # A moment before it was in its folder.
        return Unknown(Reason.INCOMPLETE, f"{path} as its folder listed it; run again")
    return found


def _facts(node: RepositoryNode, files: Files, known: Texts) -> Iterator[Any]:
    yield _owned(node, files, known)
    yield RepositoryLockFile(
        **node.place,
        package=PACKAGE in files,
        lock_files=tuple(name for name in LOCK_FILES if name in files),
    )
    yield _updated(node, files, known)
    committed = NPMRC in files
    text = _text(NPMRC, files, known) if committed else ""
    yield RepositoryNpmrc(**node.place, committed=committed, credential_lines=_credentials(text))


def _credentials(text: str | Unknown) -> Any:
    """The lines with a credential; the credentials themselves stay here."""
    if isinstance(text, Unknown):
        return text
    lines = settings(text)
    found = (*(one.item for one in tokens(lines)), *(item for item, _ in passwords(lines)))
    return tuple(sorted({item.line for item in found}))


def _owned(node: RepositoryNode, files: Files, known: Texts) -> RepositoryCodeOwners:
    path = _code_owners(files)
    if path is None:
        return RepositoryCodeOwners(**node.place, path=None, errors=0, wrong_line=0, rules=())
    text = _text(path, files, known)
    told = node.item.item("codeowners")
    errors: Any = told.absent("errors")
    if told.lists("errors"):
        errors = len(told.data["errors"])
    rules: Any = text if isinstance(text, Unknown) else rules_of(text)
    wrong = _wrong_line(told)
    return RepositoryCodeOwners(
        **node.place, path=path, errors=errors, wrong_line=wrong, rules=rules
    )


def _wrong_line(owners: Item) -> int:
    """The first line with an error; 0 where GitHub shows none."""
    errors = owners.data["errors"] if owners.lists("errors") else ()
    lines = [one.get("line") for one in errors if isinstance(one, dict)]
    return min((line for line in lines if isinstance(line, int)), default=0)


def _updated(node: RepositoryNode, files: Files, known: Texts) -> RepositoryDependencyUpdates:
    found: list[tuple[Any, int, str]] = []
    for path in _update_settings(files):
        text = _text(path, files, known)
        understood = dependabot_wait if path in DEPENDABOT else renovate_wait
        waiting: Any = text
        line = 0
        if not isinstance(text, Unknown):
            try:
                wait = understood(text)
                waiting, line = (None, 0) if wait is None else (wait.days, wait.line)
            except ContentError as error:
                waiting = Unknown(
                    Reason.INCOMPLETE, f"{path} in a form that hardenme can read: {error}"
                )
        if waiting is not None:
            found.append((waiting, line, path))
    found.sort(key=lambda one: one[0] if isinstance(one[0], int) else LONGEST)
    return RepositoryDependencyUpdates(
        **node.place,
        settings=tuple(path for _, _, path in found),
        cooldown_days=_shortest([waiting for waiting, _, _ in found]),
        line=found[0][1] if found else 0,
    )


def _shortest(waits: list[Any]) -> Any:
    """Days that all of the tools wait; none as soon as one does not, whatever else is unknown."""
    return 0 if 0 in waits else all_known(waits) or min(waits, default=0)


ENTRIES = "... on Tree { entries { name type size mode } }"
PARTS = (
    QueryPart(
        name="Files",
        gives=(*GIVES, RepositoryAutorun),
        fields=f"""
  isEmpty
  defaultBranchRef {{ name }}
  rootTree: object(expression: "HEAD:") {{ __typename {ENTRIES} }}
  githubTree: object(expression: "HEAD:.github") {{ {ENTRIES} }}
  devContainers: object(expression: "HEAD:.devcontainer") {{ {ENTRIES} }}
  docsOwners: object(expression: "HEAD:docs/CODEOWNERS") {{ ... on Blob {{ byteSize }} }}
  codeowners {{ errors {{ kind line }} }}""",
        keys=("rootTree", "githubTree", "devContainers", "docsOwners", "codeowners"),
        read=_read,
        heavy=True,
    ),
)
