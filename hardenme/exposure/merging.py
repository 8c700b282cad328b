"""The files of a commit that GitHub makes of the two sides of a pull request."""

from __future__ import annotations

from hardenme.model.exposure import CommitFiles

CLASH = "the pull request and its base both changed it, and the merged file was not read"


def merged(began: CommitFiles, base: CommitFiles, head: CommitFiles) -> CommitFiles:
    """What git makes of two sides, file by file; one that both changed is not known.

    Args:
        began: the commit that both sides come from.
    """
    sides = (began, base, head)
    found = CommitFiles({}, links=set().union(*(side.links for side in sides)))
    for path in dict.fromkeys(path for side in sides for path in (*side.blobs, *side.unread)):
        before, ours, theirs = (_state(side, path) for side in sides)
        side = head if ours in {before, theirs} else base if theirs == before else None
        if side is None:
            found.unread[path] = CLASH
            found.blobs[path] = CLASH
            if path in base.texts and path in head.texts:
                found.mixed[path] = (base.texts[path], head.texts[path])
            continue
        if path in side.blobs:
            found.blobs[path] = side.blobs[path]
        if path in side.texts:
            found.texts[path] = side.texts[path]
        if path in side.unread:
            found.unread[path] = side.unread[path]
    return found


def _state(side: CommitFiles, path: str) -> tuple[str | None, bool]:
    """What a side has at a path: the digest of a file, a submodule, or nothing."""
    return side.blobs.get(path), path in side.unread and path not in side.blobs
