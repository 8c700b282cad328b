"""What GitHub derives from a repository's files: code owners, and releases with their assets."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import moment
from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.seen import View
from hardenme.sandbox.github.graph.tree import view_commit
from hardenme.sandbox.github.world import Release, Repository


def view_code_owners(repository: Repository) -> View | None:
    """What is wrong with the file of code owners; None if there is no such file."""
    path = repository.code_owners_path
    if path is None:
        return None
    lines = repository.files[path].decode("utf-8", "replace").splitlines()

    def error(line: int, kind: str) -> View:
        source = lines[line - 1] if 0 < line <= len(lines) else ""
        return {
            "column": 1,
            "kind": kind,
            "line": line,
            "message": f"{kind} on line {line}: {source}",
            "path": path,
            "source": source,
            "suggestion": None,
        }

    return {"errors": [error(line, kind) for line, kind in repository.code_owners_errors]}


def view_latest(repository: Repository) -> View | None:
    """The newest release that is neither a draft nor a trial."""
    found = _latest(repository)
    return view_release(repository, found) if found else None


def view_release(repository: Repository, release: Release) -> View:
    """A release."""

    def assets(_info: object, **arguments: Any) -> View:
        name = arguments.get("name")
        found = [
            (index, asset)
            for index, asset in enumerate(release.assets)
            if name is None or asset == name
        ]
        return connection(found, lambda pair: _asset(release, *pair), arguments)

    return {
        "id": f"RE_{release.id}",
        "databaseId": release.id,
        "name": release.tag,
        "tagName": release.tag,
        "tagCommit": None if release.draft else view_commit(repository.tag_commit(release.tag)),
        "isDraft": release.draft,
        "isLatest": release is _latest(repository),
        "isPrerelease": False,
        "createdAt": moment(release.created_at),
        "publishedAt": None if release.draft else moment(release.created_at),
        "releaseAssets": assets,
    }


def _latest(repository: Repository) -> Release | None:
    shown = [release for release in repository.releases if not release.draft]
    return max(shown, key=lambda release: release.created_at, default=None)


def _asset(release: Release, index: int, name: str) -> View:
    return {
        "id": f"RA_{release.id}_{index}",
        "name": name,
        "contentType": "application/octet-stream",
        "createdAt": moment(release.created_at),
        "size": 1024,
    }
