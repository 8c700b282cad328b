"""Reads trees and files of a repository by their digests, many to a query.

A tree and a file are named by the digest of their content, so each is held against its name.
GraphQL answers for many at once; what it does not show is asked for by REST, one by one.

Sources: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects,
https://docs.github.com/en/rest/git/trees, https://docs.github.com/en/graphql/reference/objects#tree
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.object_query import objects_in_parts
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.endpoints import BLOB
from hardenme.facts.github.files import RepositoryActionFiles
from hardenme.facts.github.workflow import CONTENTS
from hardenme.ground.errors import ContentError
from hardenme.model.exposure import CommitFiles
from hardenme.model.unknown import Reason, Unknown

TREES = RepositoryActionFiles.endpoint
FOLDER, SYMBOLIC_LINK, SUBMODULE = 0o040000, 0o120000, 0o160000
DIGEST = re.compile(r"[0-9a-f]{40}")
OCTAL = re.compile(r"[0-7]+")
LARGEST = 40 * 1024 * 1024
"""Bytes of a file that is read."""
IN_QUERY = 512 * 1024
"""Bytes up to which GraphQL shows a text whole."""
MANY = 100
"""Folders of a commit that are not known, from which on it is asked for as a whole."""
DEEPEST = 100
"""Folders within one another."""
ENTRIES = "oid entries { nameRaw mode oid size }"
OF_COMMIT = f"... on Commit {{ oid tree {{ {ENTRIES} }} }}"
OF_TREE = f"... on Tree {{ {ENTRIES} }}"
OF_BLOB = "... on Blob { oid isTruncated text }"


@dataclass(frozen=True, slots=True)
class GitEntry:
    """A file or folder in a folder.

    Attributes:
        name: its bytes.
        mode: as git writes it.
        digest: of its content.
        size: of a file, in bytes.
    """

    name: bytes
    mode: int
    digest: str
    size: int = 0


Entries = tuple[GitEntry, ...]
Placed = tuple[tuple[str, GitEntry], ...]
"""Files with their paths."""


def tree_digest(entries: Iterable[GitEntry]) -> str:
    """The digest that git gives to a folder with these entries."""
    ordered = sorted(entries, key=lambda one: one.name + (b"/" if one.mode == FOLDER else b""))
    body = b"".join(b"%o %s\0%s" % (e.mode, e.name, bytes.fromhex(e.digest)) for e in ordered)
    return hashlib.sha1(b"tree %d\0" % len(body) + body, usedforsecurity=False).hexdigest()


def blob_digest(content: bytes) -> str:
    """The digest that git gives to a file with this content."""
    head = b"blob %d\0" % len(content)
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class GitObjects:
    """The trees and files of a repository, each of which is asked for once.

    Attributes:
        name: of the repository, with its owner.
        wanted: whether the file at a path is read.
    """

    github: GitHub
    name: str
    wanted: Callable[[str], bool]
    _roots: dict[str, str | Unknown] = field(default_factory=dict)
    _trees: dict[str, Entries] = field(default_factory=dict)
    _blobs: dict[str, bytes | Unknown] = field(default_factory=dict)
    _placed: dict[tuple[str, str], Placed] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def read_ahead(self, commits: Sequence[str]) -> None:
        """Ask for the files of several commits, many to a query."""
        new = [one for one in dict.fromkeys(commits) if one not in self._roots]
        if not new:
            return
        self._ask(new, OF_COMMIT, self._take_commit)
        roots = {root: commit for commit in new if isinstance(root := self._roots.get(commit), str)}
        self._walk(roots)
        placed = map(self._placed_in, roots)
        texts = {
            entry.digest
            for files in placed
            if not isinstance(files, Unknown)
            for _path, entry in files
            if entry.mode not in {SUBMODULE, SYMBOLIC_LINK} and entry.size <= IN_QUERY
        }
        self._ask(sorted(texts - self._blobs.keys()), OF_BLOB, self._take_blob)

    def files(self, commit: str) -> CommitFiles | Unknown:
        """The files of a commit that are wanted, with their contents."""
        if not isinstance(self._roots.get(commit), str):
            self._whole(commit)
        root = self._roots[commit]
        placed = root if isinstance(root, Unknown) else self._placed_in(root)
        if isinstance(placed, Unknown):
            return placed
        found = CommitFiles({}, {}, {})
        for path, entry in placed:
            if entry.mode == SUBMODULE:
                found.unread[path] = "a submodule was not read"
                continue
            if entry.mode == SYMBOLIC_LINK:
                found.links.add(path)
                if not self.wanted(path):
                    continue
            found.blobs[path] = entry.digest
            text = self._blob(entry.digest) if entry.mode != SYMBOLIC_LINK else None
            if text is None:
                found.unread[path] = "it is a symbolic link"
            elif isinstance(text, Unknown):
                found.unread[path] = text.in_words
            else:
                found.texts[path] = text
        return found

    def _placed_in(self, digest: str, above: str = "", depth: int = 0) -> Placed | Unknown:
        """The files below a folder that are wanted, submodules and symbolic links."""
        known = self._placed.get((digest, above))
        if known is not None:
            return known
        entries = self._tree(digest) if depth < DEEPEST else self._lost("folders nested less deep")
        if isinstance(entries, Unknown):
            return entries
        found: list[tuple[str, GitEntry]] = []
        for entry in entries:
            path = above + entry.name.decode("utf-8", "replace")
            if entry.mode == FOLDER:
                below = self._placed_in(entry.digest, f"{path}/", depth + 1)
                if isinstance(below, Unknown):
                    return below
                found += below
            elif entry.mode in {SUBMODULE, SYMBOLIC_LINK} or self.wanted(path):
                found.append((path, entry))
        self._placed[digest, above] = tuple(found)
        return self._placed[digest, above]

    def _lost(self, needed: str) -> Unknown:
        return Unknown(Reason.INCOMPLETE, needed, f"the files of {self.name} were not read whole")

    # By GraphQL, many at once. What does not come this way is asked for by REST.

    def _walk(self, level: dict[str, str]) -> None:
        """Read the folders below some, level by level, as far as they are not known.

        Args:
            level: the digests of folders, each with a commit that has it.
        """
        seen: set[str] = set()
        while level:
            seen |= level.keys()
            for commit in self._to_ask_whole(self._missing(level)):
                self._whole(commit)
            self._ask(sorted(self._missing(level)), OF_TREE, self._take_tree)
            level = {
                entry.digest: commit
                for one, commit in level.items()
                for entry in self._trees.get(one, ())
                if entry.mode == FOLDER and entry.digest not in seen
            }

    def _to_ask_whole(self, missing: dict[str, str]) -> list[str]:
        """The commits of which all folders come at once; others differ from them in few."""
        if missing and not self._asked:
            return [next(iter(missing.values()))]
        counts = Counter(missing.values())
        return [one for one, number in counts.items() if number > MANY and one not in self._asked]

    def _missing(self, level: dict[str, str]) -> dict[str, str]:
        return {one: commit for one, commit in level.items() if one not in self._trees}

    def _ask(self, names: Sequence[str], of: str, take: Callable[[str, Item], None]) -> None:
        """Ask for objects by their names, and take what comes."""
        try:
            for part, graph in objects_in_parts(self.github, "GitObjects", self.name, names, of):
                repository = Item(graph.data, "").item("repository")
                if not graph.response.ok or not repository.data:
                    return
                for index, name in enumerate(part):
                    take(name, repository.item(f"o{index}"))
        except NoAnswerError:
            # What did not come is asked for by REST, and says why it does not come.
            return

    def _take_commit(self, commit: str, item: Item) -> None:
        tree = item.item("tree")
        root = tree.text("oid")
        if item.text("oid") == commit and isinstance(root, str) and DIGEST.fullmatch(root):
            self._roots[commit] = root
            self._take_tree(root, tree)

    def _take_tree(self, digest: str, item: Item) -> None:
        try:
            entries = tuple(map(_entry, item.items("entries")))
        except (ContentError, ValueError):
            return
        if item.lists("entries") and tree_digest(entries) == digest:
            self._trees[digest] = entries

    def _take_blob(self, digest: str, item: Item) -> None:
        text = item.text("text")
        # A text in other bytes than UTF-8 has another digest, as one that was cut has.
        data = text.encode("utf-8", "replace") if isinstance(text, str) else b""
        if isinstance(text, str) and blob_digest(data) == digest:
            self._blobs[digest] = data

    # By REST.

    def _tree(self, digest: str) -> Entries | Unknown:
        """The entries of a folder."""
        if digest not in self._trees:
            found = fetch(self.github, TREES.at(self.name, tree_sha=digest), CONTENTS)
            if isinstance(found, Unknown):
                return found
            try:
                self._take(found[1], digest)
            except ContentError:
                return found[1].odd("tree")
        if digest in self._trees:
            return self._trees[digest]
        return self._lost("each folder as its digest says")

    def _whole(self, commit: str) -> None:
        """Read the folders of a commit at once."""
        self._asked.add(commit)
        path = TREES.asking("recursive=1").at(self.name, tree_sha=commit)
        found = fetch(self.github, path, CONTENTS)
        if isinstance(found, Unknown):
            self._roots.setdefault(commit, found)
            return
        tree, known = found[1], self._roots.get(commit)
        truncated = tree.flag("truncated")
        if truncated is not False or not tree.lists("tree"):
            lost = truncated if isinstance(truncated, Unknown) else tree.odd("tree")
            self._roots.setdefault(commit, lost)
            return
        try:
            self._roots[commit] = self._take(tree, known if isinstance(known, str) else "")
        except ContentError:
            if not isinstance(known, str):
                self._roots[commit] = tree.odd("tree")

    def _take(self, tree: Item, root: str) -> str:
        """Keep the folders of an answer that are what their digests say; gives that of the first.

        Args:
            root: the digest that the first one has to have; empty if that is not known.

        Raises:
            ContentError: an entry is not understood.
        """
        folders: dict[str, list[GitEntry]] = {"": []}
        digests = {"": root}
        for item in tree.items("tree"):
            path, digest = item.text("path"), item.text("sha")
            size = item.number("size")
            if not isinstance(path, str) or not isinstance(digest, str):
                raise ContentError("an entry has no path")
            above, _, name = path.rpartition("/")
            entry = _made(name.encode("utf-8", "replace"), item.text("mode"), digest, size)
            folders.setdefault(above, []).append(entry)
            if entry.mode == FOLDER:
                digests[path] = digest
                folders.setdefault(path, [])
        for path, entries in folders.items():
            made = tree_digest(entries)
            if made == digests.get(path) or (path == "" and not root):
                self._trees[made] = tuple(entries)
        return root or tree_digest(folders[""])

    def _blob(self, digest: str) -> bytes | Unknown:
        """The content of a file."""
        if digest not in self._blobs:
            self._blobs[digest] = self._read_blob(digest)
        return self._blobs[digest]

    def _read_blob(self, digest: str) -> bytes | Unknown:
        found = fetch(self.github, BLOB.at(self.name, file_sha=digest), CONTENTS)
        if isinstance(found, Unknown):
            return found
        item = found[1]
        content, encoding = item.text("content"), item.text("encoding")
        if isinstance(content, Unknown):
            return content
        if encoding != "base64" or len(content) > LARGEST * 2:
            return item.odd("encoding")
        try:
            data = base64.b64decode(content.replace("\n", ""), validate=True)
        except (ValueError, binascii.Error):
            return item.odd("content")
        return data if blob_digest(data) == digest else item.odd("content")


def _entry(item: Item) -> GitEntry:
    """An entry as GraphQL shows it."""
    name, digest = item.text("nameRaw"), item.text("oid")
    if not isinstance(name, str) or not isinstance(digest, str):
        raise ContentError("an entry has no name")
    raw = base64.b64decode(name, validate=True)
    return _made(raw, item.number("mode"), digest, item.number("size"))


def _made(name: bytes, mode: Any, digest: str, size: Any) -> GitEntry:
    number = int(mode, 8) if isinstance(mode, str) and OCTAL.fullmatch(mode) else mode
    usual = name and b"/" not in name and b"\0" not in name
    if not usual or not isinstance(number, int) or number <= 0 or not DIGEST.fullmatch(digest):
        raise ContentError("an entry is not understood")
    return GitEntry(name, number, digest, size if isinstance(size, int) else IN_QUERY + 1)
