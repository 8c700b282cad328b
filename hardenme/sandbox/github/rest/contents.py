"""Files and releases of a repository."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import readable
from hardenme.sandbox.github.rest.shapes import named_user
from hardenme.sandbox.github.world import Release, Repository
from hardenme.sandbox.http import Reply


@lru_cache(maxsize=65536)
def blob_id(content: bytes) -> str:
    """The object id that git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def children(files: dict[str, bytes], folder: str) -> dict[str, bytes | None]:
    """The direct children of a folder: a name to its content, None for a folder."""
    prefix = f"{folder}/" if folder else ""
    found: dict[str, bytes | None] = {}
    for path in sorted(p for p in files if p.startswith(prefix)):
        name, slash, _ = path[len(prefix) :].partition("/")
        found[name] = None if slash else files[path]
    return found


def tree_id(files: dict[str, bytes], folder: str = "") -> str:
    """The object id that git gives to a folder."""
    return tree_ids(files)[folder]


def tree_ids(files: dict[str, bytes]) -> dict[str, str]:
    """The object ids of a commit's folders, by their paths."""
    return _tree_ids(tuple(sorted((path, blob_id(content)) for path, content in files.items())))


@lru_cache(maxsize=256)
def _tree_ids(blobs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    inside: dict[str, list[tuple[bytes, bytes, str]]] = {"": []}
    for path, own in blobs:
        for parent in PurePosixPath(path).parents:
            inside.setdefault("" if str(parent) == "." else str(parent), [])
        folder, _, name = path.rpartition("/")
        inside[folder].append((name.encode(), b"100644 " + name.encode(), own))
    found: dict[str, str] = {}
    for folder in sorted(inside, key=lambda path: (-path.count("/") - (path != ""), path)):
        lines = (line + b"\0" + bytes.fromhex(own) for _key, line, own in sorted(inside[folder]))
        body = b"".join(lines)
        head = b"tree %d\0" % len(body)
        own = hashlib.sha1(head + body, usedforsecurity=False).hexdigest()
        found[folder] = own
        if folder:
            above, _, name = folder.rpartition("/")
            inside[above].append((name.encode() + b"/", b"40000 " + name.encode(), own))
    return found


def folder_with_id(repo: Repository, wanted: str) -> dict[str, bytes] | None:
    """The files below the folder that has an object id, by their paths from there."""
    for files in (repo.files, *repo.trees.values(), *repo.past.values()):
        folder = next((path for path, own in tree_ids(files).items() if own == wanted), None)
        if folder is not None:
            prefix = f"{folder}/" if folder else ""
            return {p.removeprefix(prefix): c for p, c in files.items() if p.startswith(prefix)}
    return None


def contents(call: PermittedRequest) -> Answer:
    """A file with its content, or a folder's list."""
    path = call.names.get("path", "")
    ref = call.option("ref", call.repository.default_branch or "")
    if call.repository.empty:
        return problem(404, "This repository is empty.")
    if ref.removeprefix("refs/heads/") not in call.repository.branch_names:
        return problem(404, f"No commit found for the ref {ref}")
    files = call.repository.files
    if path in files:
        content = files[path]
        entry = _entry(call, path, content)
        return entry | {"encoding": "base64", "content": base64.encodebytes(content).decode()}
    listed = children(files, path)
    if not listed and path:
        return problem(404, "Not Found")
    prefix = f"{path}/" if path else ""
    entries = [_entry(call, f"{prefix}{name}", content) for name, content in listed.items()]
    return Reply(200, entries)


def _entry(call: PermittedRequest, path: str, content: bytes | None) -> dict[str, Any]:
    repo = call.repository
    base = f"{call.api}/repos/{repo.full_name}"
    kind = "dir" if content is None else "file"
    sha = blob_id(path.encode() if content is None else content)
    url = f"{base}/contents/{path}?ref={repo.default_branch}"
    git = f"{base}/git/{'trees' if content is None else 'blobs'}/{sha}"
    place = "tree" if content is None else "blob"
    html = f"{call.web}/{repo.full_name}/{place}/{repo.default_branch}/{path}"
    raw = f"{call.web}/raw/{repo.full_name}/{repo.default_branch}/{path}"
    return {
        "type": kind,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len(content or b""),
        "url": url,
        "git_url": git,
        "html_url": html,
        "download_url": None if content is None else raw,
        "_links": {"self": url, "git": git, "html": html},
    }


def releases(call: PermittedRequest) -> Answer:
    """The releases, newest first; drafts only to who may push."""
    pushes = call.caller.role(call.repository) in {"write", "maintain", "admin"}
    found = [r for r in call.repository.releases if pushes or not r.draft]
    newest = sorted(found, key=lambda release: release.created_at, reverse=True)

    def shape(release: Release) -> dict[str, Any]:
        base = f"{call.api}/repos/{call.repository.full_name}"
        return {
            "url": f"{base}/releases/{release.id}",
            "html_url": f"{call.web}/{call.repository.full_name}/releases/{release.tag}",
            "assets_url": f"{base}/releases/{release.id}/assets",
            "upload_url": f"{base}/releases/{release.id}/assets{{?name,label}}",
            "tarball_url": f"{base}/tarball/{release.tag}",
            "zipball_url": f"{base}/zipball/{release.tag}",
            "id": release.id,
            "node_id": f"RE_{release.id}",
            "tag_name": release.tag,
            "target_commitish": call.repository.default_branch or "main",
            "name": release.tag,
            "body": "",
            "draft": release.draft,
            "prerelease": False,
            "immutable": release.immutable,
            "created_at": moment(release.created_at),
            "published_at": None if release.draft else moment(release.created_at),
            "author": named_user(call, release.author),
            "assets": [_asset(call, release, name) for name in release.assets],
        }

    return PagedAnswer(newest, shape)


def _asset(call: PermittedRequest, release: Release, name: str) -> dict[str, Any]:
    repo = call.repository.full_name
    number = release.id * 100 + release.assets.index(name)
    return {
        "url": f"{call.api}/repos/{repo}/releases/assets/{number}",
        "browser_download_url": f"{call.web}/{repo}/releases/download/{release.tag}/{name}",
        "id": number,
        "node_id": f"RA_{number}",
        "name": name,
        "label": "",
        "state": "uploaded",
        "content_type": "application/octet-stream",
        "size": 1024,
        "digest": f"sha256:{hashlib.sha256(name.encode()).hexdigest()}",
        "download_count": 0,
        "created_at": moment(release.created_at),
        "updated_at": moment(release.created_at),
        "uploader": named_user(call, release.author),
    }


def blob(call: PermittedRequest) -> Answer:
    """The content of a file by its object id."""
    repo, wanted = call.repository, call.names["file_sha"]
    for files in (repo.files, *repo.trees.values()):
        for content in files.values():
            if blob_id(content) == wanted:
                return Reply(
                    200,
                    {
                        "sha": wanted,
                        "node_id": f"B_{wanted}",
                        "url": f"{call.api}/repos/{repo.full_name}/git/blobs/{wanted}",
                        "size": len(content),
                        "encoding": "base64",
                        "content": base64.encodebytes(content).decode(),
                    },
                )
    return problem(404, "Not Found")


def tree(call: PermittedRequest) -> Answer:
    """The files and folders of a branch or commit, all of them where that is asked for."""
    repo, branch = call.repository, call.names["tree_sha"]
    if repo.empty:
        return problem(409, "Git Repository is empty.")
    known = branch in {*repo.branch_names, *repo.trees, "HEAD"}
    files = repo.trees.get(branch, repo.files) if known else folder_with_id(repo, branch)
    if files is None:
        return problem(404, "Not Found")
    deep = bool(call.option("recursive", ""))
    above = (PurePosixPath(path).parents for path in files)
    folders = {str(folder) for parents in above for folder in parents} - {"."}
    found: dict[str, bytes | None] = {**dict.fromkeys(folders), **files}
    base = f"{call.api}/repos/{repo.full_name}/git"
    sha = tree_id(files)

    def entry(path: str, content: bytes | None) -> dict[str, Any]:
        own = tree_id(files, path) if content is None else blob_id(content)
        kind, mode = ("tree", "040000") if content is None else ("blob", "100644")
        size = {} if content is None else {"size": len(content)}
        url = f"{base}/{kind}s/{own}"
        return {"path": path, "mode": mode, "type": kind, "sha": own, "url": url, **size}

    entries = [entry(path, found[path]) for path in sorted(found) if deep or "/" not in path]
    return Reply(
        200, {"sha": sha, "url": f"{base}/trees/{sha}", "tree": entries, "truncated": False}
    )


CONTENTS = readable("contents:read")

ROUTES = (
    Route("/repos/{owner}/{repo}/contents", contents, CONTENTS),
    Route("/repos/{owner}/{repo}/contents/{path}", contents, CONTENTS),
    Route("/repos/{owner}/{repo}/git/blobs/{file_sha}", blob, CONTENTS),
    Route("/repos/{owner}/{repo}/git/trees/{tree_sha}", tree, CONTENTS),
    Route("/repos/{owner}/{repo}/releases", releases, CONTENTS),
)
