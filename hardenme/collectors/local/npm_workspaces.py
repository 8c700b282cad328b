"""Which folder's settings npm reads within a project of several packages.

Sources: `loadLocalPrefix` of the package `@npmcli/config` of the npm client; pnpm's documentation
of `pnpm-workspace.yaml`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.local.workstation import Absent, Workstation
from hardenme.facts.npm.workspaces import MODULES, holds
from hardenme.model.unknown import Unknown

PACKAGE = "package.json"
PNPM = "pnpm-workspace.yaml"
DEEPEST = 64
"""Folders that are climbed from the current one."""


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
    path = package.relative_to(folder).as_posix()
    return holds(_declared(station, folder / PACKAGE), path, unclear=True)


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
