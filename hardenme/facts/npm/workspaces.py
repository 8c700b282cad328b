"""Folders of a repository: how commands name them, and which of them hold packages.

Source: `@npmcli/map-workspaces` of the npm client.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

MODULES = "node_modules"
BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
MOST_FORMS = 256
ODD = re.compile(r"[(){}\\]")
"""Characters of patterns that are not parsed here."""
UNCLEAR = "$"
"""In a folder: it is not followed. Names of variables begin with it."""
ROOT = re.compile(
    r"(?:\$GITHUB_WORKSPACE|\$\{GITHUB_WORKSPACE\}|\$\{\{\s*github\.workspace\s*\}\})(?:/+|$)"
)
"""The folder that the repository is checked out to."""
WORKSPACE = "$GITHUB_WORKSPACE"
LONGEST = 300
FOLDER = re.compile(r"[\w@+ .-]+(?:/[\w@+ .-]+)*")
"""A path of plain names, without slashes at its ends."""


def plain_folder(written: str) -> str | None:
    """A folder's path from the root of its repository, in one form; empty for the root itself.

    Returns:
        None for a path that leads out of the repository, or that is not understood.
    """
    path = re.sub(r"^(?:\./+)+|/+$", "", written.strip())
    if path in {"", "."}:
        return ""
    plain = len(path) <= LONGEST and FOLDER.fullmatch(path)
    return path if plain and not {".", ".."} & set(path.split("/")) else None


def joined(folder: str, within: str) -> str:
    """A path that a command in a folder names, from where the folder's path starts.

    Returns:
        A path without slashes at its ends, empty for the start itself. What cannot be followed
        has a `$` in it.
    """
    found = ROOT.match(within)
    if found is not None:
        folder, within = WORKSPACE, within[found.end() :]
    if within.startswith(("/", "~")):
        return UNCLEAR
    path = posixpath.normpath(posixpath.join(folder, within or "."))
    out = path.startswith("..") or (folder.startswith(WORKSPACE) and not path.startswith(WORKSPACE))
    return "" if path == "." else UNCLEAR if out else path


def from_root(folder: str) -> str:
    """A folder of `joined` from the root of the repository, where that is what it starts at."""
    found = ROOT.match(folder)
    return folder if found is None else folder[found.end() :]


def holds(declared: Any, path: str, *, unclear: bool) -> bool:
    """Whether patterns of workspaces hold a folder.

    Args:
        declared: the patterns, as a package declares them.
        path: the folder, from the root of the workspace.
        unclear: the answer where it hangs on a pattern that is not understood.
    """
    if not isinstance(declared, list) or MODULES in path.split("/"):
        return False
    wanted: list[str] = []
    excluded: list[str] = []
    for pattern in declared:
        if not isinstance(pattern, str):
            return unclear
        bare = pattern.lstrip("!")
        named = re.sub(r"^\.?/+", "", bare).rstrip("/")
        if (len(pattern) - len(bare)) % 2:
            excluded.append(named)
        else:
            excluded = [one for one in excluded if not _fits(_within(one), named, unclear=unclear)]
            wanted.append(named)
    return any(
        _fits(one, path, unclear=unclear)
        and not any(_fits(_within(other), one, unclear=not unclear) for other in excluded)
        for one in wanted
    ) and not any(_fits(one, path, unclear=not unclear) for one in excluded)


def _within(pattern: str) -> str:
    """A pattern as npm holds it against another one: `**` at its end is at least one folder."""
    return f"{pattern[:-2]}*/**" if pattern.endswith("/**") else pattern


def _fits(pattern: str, path: str, *, unclear: bool) -> bool:
    """Whether a pattern fits a path; what it is taken for where it is not understood."""
    forms = [pattern]
    while any(map(BRACES.search, forms)) and len(forms) < MOST_FORMS:
        forms = [one for form in forms for one in _without_braces(form)]
    if any(map(ODD.search, forms)):
        return unclear
    return any(_steps_fit(form.split("/"), path.split("/")) for form in forms)


def _without_braces(form: str) -> Iterator[str]:
    found = BRACES.search(form)
    if found is None:
        yield form
        return
    for part in found[1].split(","):
        yield f"{form[: found.start()]}{part}{form[found.end() :]}"


def _steps_fit(parts: list[str], steps: list[str]) -> bool:
    reached = {0}
    for part in parts:
        if part == "**":
            reached = {
                end
                for start in reached
                for end in range(start, len(steps) + 1)
                if not any(step.startswith(".") for step in steps[start:end])
            }
        else:
            reached = {at + 1 for at in reached if at < len(steps) and _fits_one(steps[at], part)}
    return len(steps) in reached


def _fits_one(step: str, part: str) -> bool:
    """Whether one part of a pattern matches; a wildcard does not match a leading dot."""
    if step.startswith(".") and not part.startswith("."):
        return False
    return fnmatchcase(step, part.replace("[^", "[!"))
