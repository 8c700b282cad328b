"""Versions of the real npm client: the machine's own, and those of a folder.

`HARDENME_NPM_CLIENTS` names a folder with a folder a version, as `npm install --prefix VERSION
npm@VERSION` makes it, and `node24` with the package `node` for clients that need a newer Node.
Other clients are there too, by name and version, like `pnpm-8.15.9`.
"""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sandbox.test_npm_client import NPM

FOLDER = os.environ.get("HARDENME_NPM_CLIENTS", "")
NEWER_NODE = "node24"
"""The folder of the Node that npm 12 needs."""


@dataclass(frozen=True, slots=True)
class NpmProgram:
    """A version of the client, and the Node that runs it."""

    node: str
    script: str

    @property
    def words(self) -> list[str]:
        """How a command of it begins."""
        return [self.node, self.script]


def npm_program(version: str = "") -> NpmProgram:
    """A version of the client; the machine's own for none. A test that lacks it is skipped."""
    if not version:
        assert NPM is not None
        return NpmProgram(shutil.which("node") or "", str(Path(NPM).resolve()))
    script = Path(FOLDER) / version / "node_modules/npm/bin/npm-cli.js"
    node = shutil.which("node") or ""
    if version.startswith("12."):
        node = str(Path(FOLDER) / NEWER_NODE / "node_modules/node/bin/node")
    if not FOLDER or not script.exists() or not Path(node).exists():
        pytest.skip(f"npm {version} is not in the folder that HARDENME_NPM_CLIENTS names")
    return NpmProgram(node, str(script))


def other_client(name: str, npm: str, folder: Path) -> tuple[str, str]:
    """Another client, and the npm that it hands releases to, as two programs.

    A test that lacks one of them is skipped.

    Args:
        name: its name and version, like `pnpm-8.15.9`.
        npm: the version of npm.
        folder: an empty one.
    """
    program = Path(FOLDER) / name / "node_modules/.bin" / name.rpartition("-")[0]
    if not FOLDER or not program.exists():
        pytest.skip(f"{name} is not in the folder that HARDENME_NPM_CLIENTS names")
    handed = folder / "npm"
    handed.write_text(f'#!/bin/sh\nexec {shlex.join(npm_program(npm).words)} "$@"\n')
    handed.chmod(0o700)
    return str(program), str(handed)
