"""Files on the default branch that run something for everyone who opens the folder.

The root shows whether a folder for them exists at all; only then are the files asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.autorun import (
    CONTAINER,
    CONTAINERS,
    FILES,
    WORKSPACE,
    reader_of,
    runs,
)
from hardenme.collectors.autorun_lines import line_of
from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import RepositoryNode
from hardenme.collectors.github.batch.texts import Texts
from hardenme.collectors.reading import Item, all_known
from hardenme.facts.github.files import RepositoryAutorun, TreeEntry
from hardenme.ground.errors import ContentError
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown

FOLDERS = frozenset(path.partition("/")[0] for path in FILES if "/" in path)
AT_ROOT = frozenset(path for path in FILES if "/" not in path)
MOST_CONTAINERS = 20
"""Development containers of a repository that are read."""


def answered(node: RepositoryNode, paths: list[str] | Unknown, known: Texts) -> Answer[Any]:
    """What a repository starts by itself.

    Args:
        paths: what `places` found in it.
        known: the texts of at least these files.
    """
    if isinstance(paths, Unknown):
        return nothing(RepositoryAutorun, node.subject, paths)
    evidence = (*node.atoms, *known.evidence)
    return Answer(RepositoryAutorun, node.subject, (_fact(node, paths, known),), evidence)


def places(node: RepositoryNode) -> list[str] | Unknown:
    """The paths that something may lie at; an unknown if the root was not shown whole."""
    empty = node.empty
    if empty is not False:
        return empty if isinstance(empty, Unknown) else []
    shown = node.shows("rootTree")
    if isinstance(shown, Unknown):
        return shown
    named = _named(node.item, "rootTree")
    if isinstance(named, Unknown):
        return named
    there: list[str] = []
    for name, kind in named.items():
        for known, wanted, noun in ((FOLDERS, "tree", "folder"), (AT_ROOT, "blob", "file")):
            if name.lower() in known:
                if kind != wanted or name not in known:
                    # A link, a submodule, or a name that some systems take for the same.
                    why = f"{name} as a {noun} of the repository itself"
                    return Unknown(Reason.INCOMPLETE, why)
                there.append(name)
    workspaces = [name for name in named if name.endswith(WORKSPACE)]
    containers = _containers(node.item, there=CONTAINERS in there)
    if isinstance(containers, Unknown):
        return containers
    fixed = [path for path in FILES if path.partition("/")[0] in there]
    return [*fixed, *workspaces, *containers]


def _named(item: Item, tree: str) -> dict[str, str] | Unknown:
    """The names in a folder, each with what it is."""
    folder = item.item(tree) if tree in item else item
    if tree not in item or not folder.lists("entries"):
        key = "entries" if tree in item else tree
        lost: Unknown = folder.odd(key) if key in folder else folder.absent(key)
        return lost
    found: dict[str, str] = {}
    for entry in folder.items("entries"):
        name, kind = read(TreeEntry, entry, "name", "type").values()
        missing = all_known((name, kind))
        if missing is not None:
            return missing
        found[name] = kind
    return found


def _containers(item: Item, *, there: bool) -> list[str] | Unknown:
    """The development containers in folders of their own, of which an editor offers a choice.

    Args:
        item: the repository's node.
        there: whether the root has the folder of all of them.
    """
    if not there and item.data.get("devContainers", ...) is None:
        return []
    if not there:
        key = "devContainers"
        lost: Unknown = item.odd(key) if key in item else item.absent(key)
        return lost
    named = _named(item, "devContainers")
    if isinstance(named, Unknown):
        return named
    folders = [name for name, kind in named.items() if kind == "tree"]
    if "commit" in named.values() or len(folders) > MOST_CONTAINERS:
        return Unknown(Reason.INCOMPLETE, f"all folders of {CONTAINERS} in the repository itself")
    return [f"{CONTAINERS}/{name}/{CONTAINER}" for name in folders]


def _fact(node: RepositoryNode, paths: Iterable[str], known: Texts) -> RepositoryAutorun:
    found: list[str] = []
    unread: Any = ()
    line = 0
    for path in paths:
        text = known.found[path]
        if text is None:
            continue
        reader = reader_of(path)
        assert reader is not None  # noqa: S101 (each place has one)
        try:
            if isinstance(text, Unknown):
                unread = text
            else:
                started = runs(text, reader)
                if started and not found:
                    line = line_of(text, path, started[0])
                found.extend(f"{path} ({what})" for what in started)
        except ContentError as error:
            why = f"{path} in a form that hardenme can read: {error}"
            unread = Unknown(Reason.MALFORMED, why, seen=str(error))
    return RepositoryAutorun(**node.place, runs=tuple(found), unread=unread, line=line)
