"""Files and folders by a git expression such as `HEAD:.github/workflows`."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import moment
from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.seen import View
from hardenme.sandbox.github.rest.contents import blob_id, children
from hardenme.sandbox.github.state.changes import Commit, commit_id
from hardenme.sandbox.github.world import Repository

TEXT_LIMIT = 512 * 1024
FOLDER, FILE = 0o040000, 0o100644
"""Modes as git writes them."""


def view_object(repository: Repository, expression: str) -> View | None:
    """What the expression names, or None if there is no such thing."""
    revision, colon, path = expression.partition(":")
    branch = revision.removeprefix("refs/heads/")
    branch = repository.default_branch or "" if branch == "HEAD" else branch
    files = repository.files_at(branch)
    if files is None:
        return None
    if not colon:
        named = branch in repository.branch_names
        return view_history(repository, repository.head(branch) if named else branch)
    path = path.strip("/")
    if path in files:
        return _blob(files[path])
    listed = children(files, path)
    if not listed and path:
        return None
    entries = [_entry(repository, path, name, content) for name, content in listed.items()]
    sha = blob_id(path.encode())
    return {"__typename": "Tree", "id": f"T_{sha}", "oid": sha, "entries": entries}


def view_commit(sha: str) -> View:
    """A commit."""
    return {"__typename": "Commit", "id": f"C_{sha}", "oid": sha}


def view_history(repository: Repository, sha: str) -> View:
    """A commit of a branch, with those before it that touch a path."""

    def history(_info: object, **arguments: Any) -> View:
        path = arguments.get("path")
        found = [
            commit
            for commit in reversed(repository.commits)
            if path is None or any(f"{one}/".startswith(f"{path}/") for one in commit.paths)
        ]
        first = Commit(commit_id(repository.full_name, "first"), repository.created_at, None, ())
        return connection([*found, first], _commit, arguments)

    newest = next((one for one in repository.commits if one.id == sha), None)
    made = newest or Commit(sha, repository.created_at, None, ())
    return {**_commit(made), "history": history}


def _commit(commit: Commit) -> View:
    user = None if commit.author is None else {"login": commit.author}
    return {
        **view_commit(commit.id),
        "committedDate": moment(commit.at),
        "author": {"name": commit.author or "somebody", "user": user},
    }


def _blob(content: bytes) -> View:
    sha = blob_id(content)
    binary = b"\0" in content
    text = None if binary else content[:TEXT_LIMIT].decode("utf-8", "replace")
    return {
        "__typename": "Blob",
        "id": f"B_{sha}",
        "oid": sha,
        "byteSize": len(content),
        "isBinary": binary,
        "isTruncated": len(content) > TEXT_LIMIT,
        "text": text,
    }


def _entry(repository: Repository, folder: str, name: str, content: bytes | None) -> View:
    path = f"{folder}/{name}" if folder else name
    place = f"{repository.default_branch}:{path}"
    return {
        "name": name,
        "mode": FOLDER if content is None else FILE,
        "object": lambda _info: view_object(repository, place),
        "path": path,
        "type": "tree" if content is None else "blob",
        "oid": blob_id(path.encode() if content is None else content),
        "size": len(content or b""),
    }
