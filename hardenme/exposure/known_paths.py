"""Files that a script may write or remove without changing what is installed."""

from __future__ import annotations

import re
from functools import cache

from hardenme.exposure.client_settings import FILES as SETTINGS
from hardenme.facts.npm.workspaces import MODULES
from hardenme.locks.reading import READERS, UNREAD, is_lock
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


OF_PROGRAMS = frozenset(
    """
    bash bun bunx cmd corepack deno env exec git node nodejs npm npx pn pnpm pnpx powershell pwsh sh
    sudo yarn yarnpkg
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Programs that no file may take the place of."""
DECIDING = "|".join(
    [
        *(re.escape(name) for name in sorted({MANIFEST, "bun.lockb", *OTHER_MANIFESTS, *SETTINGS})),
        *(re.escape(name) for name in sorted(PNPM_HOOKS | READERS.keys() | UNREAD)),
        r"pnpm-lock\.[^/\s]+\.yaml",
    ]
)
"""The names of all files that decide what is installed, as a pattern."""
ABSOLUTE = re.compile(
    r"/(?:tmp|var/tmp|mnt|usr/share/keyrings|etc/apt|home/runner/work|github/workspace)(?:/.*)?"
)
"""Folders of a machine in which no program looks for settings, programs, or what it loads."""
OF_MACHINE = frozenset({"_actions", "_pipelinemapping", "_tool", "hostedtoolcache"})
"""Folders of a machine with programs that later steps run."""
SHORTENED = re.compile(r"~\d")
"""How Windows shortens a name."""
ENDINGS = re.compile(r"\.(?:bat|cmd|com|exe|ps1)$")
"""What Windows leaves out where it looks for a program."""
ELSEWHERE = ("~+", "~-")
"""How a path begins that a shell replaces by the folder that it is in, or was in."""


def decides(name: str) -> bool:
    """Whether a file of this name decides what a package manager installs or runs."""
    named = {MANIFEST} | OTHER_MANIFESTS | SETTINGS.keys() | PNPM_HOOKS
    return alike(name) in named or is_lock(alike(name))


def alike(name: str) -> str:
    """A name as macOS and Windows take it: in whatever case, with no dot at its end."""
    return name.casefold().rstrip(". ") or name


def _is_kept(name: str, folders: frozenset[str]) -> bool:
    """Whether later steps may use a file or folder of this name."""
    plain = alike(name)
    known = plain in _names_alike(folders) | ACTION or ENDINGS.sub("", plain) in OF_PROGRAMS
    return known or decides(name) or SHORTENED.search(name) is not None


@cache
def _names_alike(folders: frozenset[str]) -> frozenset[str]:
    return frozenset(map(alike, folders))


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
    places = set(map(alike, (*above, last)))
    other = _is_kept(last, folders) or not places.isdisjoint(OF_MACHINE | {MODULES})
    away = path.startswith("/") and not ABSOLUTE.fullmatch(path)
    return plain and not (hidden or other or away or path.startswith(ELSEWHERE))


def removes_no_lock(word: str, folders: frozenset[str]) -> bool:
    """Whether removing or copying a path takes neither a lock file nor a folder with one."""
    if word in {"", ".", "..", "/", "~"} or word.endswith(("/.", "/..")):
        return False
    if word.startswith(ELSEWHERE):
        return False
    *above, last = OF_RUNNER.sub("x", word).rstrip("/").split("/")
    known = PLAIN.fullmatch(last) is not None or ENDING.fullmatch(last) is not None
    plain = all(PLAIN.fullmatch(part.replace("*", "x")) for part in above if part)
    machine = not set(map(alike, above)).isdisjoint(OF_MACHINE)
    other = _is_kept(last, folders) or alike(last) == ".git" or machine
    return known and plain and not other


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
