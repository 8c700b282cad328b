"""Files that a script may write or remove without changing what is installed."""

from __future__ import annotations

import re

from hardenme.exposure.client_settings import FILES as SETTINGS
from hardenme.facts.npm.workspaces import MODULES
from hardenme.locks.reading import is_lock
from hardenme.workflows.actions import NAMES

PLAIN = re.compile(r"[\w@%+=:,./~-]+")
"""A path that the shell takes as it is written."""
ENDING = re.compile(r"\*\.(?:gz|html|js|log|map|md|svg|tar|tgz|ts|tsbuildinfo|txt|xml|xz|zip)")
"""A pattern for files of which none decides what is installed."""
OF_RUNNER = re.compile(
    r"\$\{?(?:GITHUB_(?:OUTPUT|STEP_SUMMARY|STATE|ENV)|RUNNER_TEMP|GITHUB_WORKSPACE)\}?(?=/|$)"
)
"""Files and folders of the runner's own; what is set for later steps is judged elsewhere."""
DEVICES = re.compile(r"/dev/(?:null|stdout|stderr|tty)|\d")
HIDDEN = frozenset({"", ".", "..", ".cache", ".next", ".nojekyll", ".vercel", ".vitepress"})
"""Names that begin with a dot, of which no program takes settings."""
MANIFEST = "package.json"
OTHER_MANIFESTS = frozenset({"package.yaml", "package.json5"})
"""What pnpm takes in its place."""
PNPM_HOOKS = frozenset({".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js"})
"""Code of a project that can change what pnpm resolves."""
ACTION = frozenset(NAMES)
"""Files of an action that later steps may use."""


def decides(name: str) -> bool:
    """Whether a file of this name decides what a package manager installs or runs."""
    named = {MANIFEST} | OTHER_MANIFESTS | SETTINGS.keys() | PNPM_HOOKS
    return name in named or is_lock(name)


def is_writable(word: str, folders: frozenset[str]) -> bool:
    """Whether what is written to a path surely decides nothing about installing.

    Args:
        folders: names of the folders that have packages.
    """
    if DEVICES.fullmatch(word) or OF_RUNNER.fullmatch(word):
        return True
    path = OF_RUNNER.sub("x", word)
    *above, last = path.rstrip("/").split("/")
    hidden = {part for part in (*above, last) if part.startswith(".")} - HIDDEN
    plain = PLAIN.fullmatch(path) is not None and last not in {"", ".", ".."}
    return plain and not (hidden or decides(last) or last in folders | ACTION)


def removes_no_lock(word: str, folders: frozenset[str]) -> bool:
    """Whether removing or copying a path takes neither a lock file nor a folder with one."""
    if word in {"", ".", "..", "/", "~"} or word.endswith(("/.", "/..")):
        return False
    *above, last = OF_RUNNER.sub("x", word).rstrip("/").split("/")
    known = PLAIN.fullmatch(last) is not None or ENDING.fullmatch(last) is not None
    plain = all(PLAIN.fullmatch(part.replace("*", "x")) for part in above if part)
    return known and plain and not decides(last) and last not in folders | ACTION | {".git"}


def is_known_folder(word: str, folders: frozenset[str]) -> bool:
    """Whether a folder is one of the commit that has packages, or the one around it.

    What is installed in any other folder, no file of the commit decides.
    """
    if word in {"", ".", "-"}:
        return True
    path = re.sub(r"^\$\{?GITHUB_WORKSPACE\}?(?=/|$)", ".", word)
    parts = [part for part in path.rstrip("/").split("/") if part not in {"", ".", ".."}]
    plain = PLAIN.fullmatch(path) is not None and not path.startswith(("/", "~"))
    return plain and all(part in folders for part in parts) and MODULES not in parts
