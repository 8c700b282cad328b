"""What lies in the repositories: a token and no lock file, or all that a careful team keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import Release, World

TOKEN = "npm_CANARYcommitted00000000000000000000"
"""The token that is committed in the weak organization."""
CAREFUL = {
    ".github/CODEOWNERS": b"* @maple\n/.github/ @linden @alder\n",
    ".github/dependabot.yml": (
        b"version: 2\n"
        b"updates:\n"
        b"  - package-ecosystem: npm\n"
        b"    directory: /\n"
        b"    schedule:\n"
        b"      interval: weekly\n"
        b"    cooldown:\n"
        b"      default-days: 7\n"
    ),
    ".npmrc": (
        b"# The token comes from the environment.\n"
        b"//registry.example.test/:_authToken=${NPM_TOKEN}\n"
    ),
    ".claude/settings.json": b'{"permissions": {"deny": ["Read(.env)"]}}\n',
    ".cursor/rules/style.mdc": b"Write plain sentences.\n",
    ".vscode/tasks.json": (
        b"{\n"
        b"  // Started by hand.\n"
        b'  "version": "2.0.0",\n'
        b'  "tasks": [{"label": "build", "type": "npm", "script": "build"},]\n'
        b"}\n"
    ),
    "package.json": b'{"name": "cone", "version": "1.0.0"}\n',
    "package-lock.json": b'{"lockfileVersion": 3}\n',
}
CARELESS = {
    ".npmrc": f"//registry.example.test/:_authToken={TOKEN}\n".encode(),
    "package.json": b'{"name": "briar", "version": "1.0.0"}\n',
    "CODEOWNERS": b"*.md @nettle\n*.js @nobody\n",
    ".vscode/tasks.json": (
        b'{"version": "2.0.0", "tasks": [{"label": "setup", "type": "shell", "command": "make",\n'
        b'  "runOptions": {"runOn": "folderOpen"}}]}\n'
    ),
    "renovate.json": b'{"extends": ["config:recommended"]}\n',
}


def weaken(world: World, now: datetime) -> None:
    """A committed token, no lock file, updates at once, and a release without an SBOM."""
    for repository in world.repositories:
        if repository.empty:
            continue
        repository.files |= CARELESS
        repository.code_owners_errors = [(2, "Unknown owner")]
        repository.dependency_graph = False
        repository.releases.append(
            Release(repository.id * 10, "v1.0.0", now - timedelta(days=40), "thorn")
        )


def harden(world: World, now: datetime) -> None:
    """The opposite of all that."""
    for repository in world.repositories:
        repository.files |= CAREFUL
        repository.releases.append(
            Release(
                repository.id * 10,
                "v1.0.0",
                now - timedelta(days=40),
                "linden",
                immutable=True,
                assets=["cone-1.0.0.tgz", "cone-1.0.0.spdx.json"],
            )
        )
