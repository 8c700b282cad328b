"""Which folder's settings npm reads within a project of several packages.

Sources: `loadLocalPrefix` of the package `@npmcli/config`, and `@npmcli/map-workspaces`, of the npm
client; pnpm's documentation of `pnpm-workspace.yaml`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from hardenme.collectors.local.workstation import Absent, Workstation
from hardenme.model.unknown import Unknown

PACKAGE = "package.json"
MODULES = "node_modules"
PNPM = "pnpm-workspace.yaml"
DEEPEST = 64
"""Folders that are climbed from the current one."""
BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
MOST_FORMS = 256
ODD = re.compile(r"[(){}\\]")
"""Characters of patterns that are not parsed here."""


def project_folders(station: Workstation) -> tuple[Path, ...]:
    """The project around the current folder, as npm finds it, before the package within it.

    That is the folder with a package above; else the current one. Where it belongs to a workspace,
    npm reads the settings of that one's root in place of its own.
    """
    above = [station.cwd, *station.cwd.parents][:DEEPEST]
    marked = (at for at, folder in enumerate(above) if _is_project(folder))
    own = next(marked, None)
    if own is None:
        return (station.cwd,)
    roots = (folder for folder in above[own + 1 :] if _is_root(station, folder, above[own]))
    return (*_first(roots), above[own])


def _first(roots: Iterator[Path]) -> tuple[Path, ...]:
    root = next(roots, None)
    return () if root is None else (root,)


def _is_project(folder: Path) -> bool:
    return any(os.path.lexists(folder / mark) for mark in (PACKAGE, MODULES))


def _is_root(station: Workstation, folder: Path, package: Path) -> bool:
    """Whether a folder is the root of the workspace that a package belongs to, or may be."""
    if os.path.lexists(folder / PNPM):
        return True
    if not os.path.lexists(package / PACKAGE):
        return False
    return holds(_declared(station, folder / PACKAGE), package.relative_to(folder).as_posix())


def _declared(station: Workstation, path: Path) -> Any:
    """The patterns of a package's workspaces; all folders where they are not understood."""
    text = station.text(path)
    if isinstance(text, Absent):
        return None
    if isinstance(text, Unknown):
        return ["**"]
    try:
        data = json.loads(text[0])
    except RecursionError:
        return ["**"]
    except ValueError:
        # npm reads no package from it either.
        return None
    declared = data.get("workspaces") if isinstance(data, dict) else None
    packages = declared.get("packages") if isinstance(declared, dict) else None
    return packages if isinstance(packages, list) else declared


def holds(declared: Any, path: str) -> bool:
    """Whether patterns of workspaces hold a folder; a pattern that is not understood holds it.

    Args:
        declared: the patterns, as a package declares them.
        path: the folder, from the root of the workspace.
    """
    if not isinstance(declared, list) or MODULES in path.split("/"):
        return False
    wanted: list[str] = []
    excluded: list[str] = []
    for pattern in declared:
        if not isinstance(pattern, str):
            return True
        bare = pattern.lstrip("!")
        named = re.sub(r"^\.?/+", "", bare).rstrip("/")
        if (len(pattern) - len(bare)) % 2:
            excluded.append(named)
        else:
            excluded = [one for one in excluded if not _fits(_within(one), named, unclear=True)]
            wanted.append(named)
    return any(
        _fits(one, path, unclear=True)
        and not any(_fits(_within(other), one, unclear=False) for other in excluded)
        for one in wanted
    ) and not any(_fits(one, path, unclear=False) for one in excluded)


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
