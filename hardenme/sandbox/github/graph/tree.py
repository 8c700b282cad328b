"""Files and folders by a git expression such as `HEAD:.github/workflows`."""

from __future__ import annotations

import base64
from typing import Any

from hardenme.sandbox.github.calls import moment
from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.seen import View
from hardenme.sandbox.github.rest.contents import blob_id, children, folder_with_id, tree_id
from hardenme.sandbox.github.state.changes import Commit, Pull, commit_id
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
        return None if colon else _by_id(repository, revision)
    if not colon:
        named = branch in repository.branch_names
        return view_history(repository, repository.head(branch) if named else branch)
    path = path.strip("/")
    if path in files:
        return _blob(files[path])
    listed = children(files, path)
    if not listed and path:
        return None
    return _tree(repository, files, path)


def _tree(repository: Repository, files: dict[str, bytes], folder: str) -> View:
    """A folder of a commit's files."""

    def entries(_info: object) -> list[View]:
        listed = children(files, folder)
        return [_entry(repository, files, folder, *one) for one in listed.items()]

    return {
        "__typename": "Tree",
        "id": f"T_{folder}",
        "oid": lambda _info: tree_id(files, folder),
        "entries": entries,
    }


def _by_id(repository: Repository, wanted: str) -> View | None:
    """A folder or file by its object id."""
    for files in (repository.files, *repository.trees.values()):
        for content in files.values():
            if blob_id(content) == wanted:
                return _blob(content)
    found = folder_with_id(repository, wanted)
    return None if found is None else _tree(repository, found, "")


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
    files = repository.files_at(sha) or {}
    return {
        **_commit(made),
        "history": history,
        "tree": lambda _info: _tree(repository, files, ""),
        "associatedPullRequests": lambda _info, **arguments: connection(
            [one for one in repository.pulls if sha in {one.head, *one.former_heads}],
            lambda one: _pull(repository, one),
            arguments,
        ),
    }


def _pull(repository: Repository, one: Pull) -> View:
    """A pull request."""
    merge = one.merge

    def potential(_info: object) -> View | None:
        if merge is None:
            return None
        parents = [view_commit(merge.base), view_commit(one.head)]
        return {
            **view_commit(merge.id),
            "committedDate": moment(merge.at),
            "parents": lambda _info, **arguments: connection(parents, lambda it: it, arguments),
        }

    events = [{"__typename": "BaseRefChangedEvent", "id": f"BRC_{one.number}"}] * one.retargeted
    return {
        "__typename": "PullRequest",
        "id": f"PR_{one.number}",
        "number": one.number,
        "createdAt": moment(one.created),
        "baseRefName": one.base,
        "baseRef": {"name": one.base, "target": view_commit(repository.head(one.base))},
        "headRefOid": one.head,
        "baseRepository": {"nameWithOwner": repository.full_name},
        "potentialMergeCommit": potential,
        "timelineItems": lambda _info, **arguments: connection(events, lambda it: it, arguments),
    }


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


def _entry(
    repository: Repository,
    files: dict[str, bytes],
    folder: str,
    name: str,
    content: bytes | None,
) -> View:
    path = f"{folder}/{name}" if folder else name
    there = blob_id(content) if content is not None else ""
    return {
        "name": name,
        "nameRaw": base64.b64encode(name.encode()).decode(),
        "mode": FOLDER if content is None else FILE,
        "object": lambda _info: (
            _tree(repository, files, path) if content is None else _blob(content)
        ),
        "path": path,
        "type": "tree" if content is None else "blob",
        "oid": there or (lambda _info: tree_id(files, path)),
        "size": len(content or b""),
    }
