"""What commands of scripts install."""

from __future__ import annotations

import pytest

from hardenme.exposure.installs import InstallKind, installs

LOCKED, MANIFEST, NEWEST, NAMED, UNREAD = (
    InstallKind.LOCKED,
    InstallKind.FROM_MANIFEST,
    InstallKind.NEWEST,
    InstallKind.NAMED,
    InstallKind.UNREAD,
)
SCRIPTS = {
    "build": ["tsc -p ."],
    "fetch": ["npx left-pad"],
    "postinstall": ["npx chalk"],
    "loop": ["npm run loop"],
}
CASES = {
    "npm ci": {LOCKED, NAMED},
    "npm clean-install --ignore-scripts": {LOCKED, NAMED},
    "sudo npm ci": {LOCKED, NAMED},
    "CI=1 npm ci": {LOCKED, NAMED},
    "cd web && npm ci": {LOCKED, NAMED},
    "npm install": {MANIFEST, NAMED},
    "npm i --no-audit": {MANIFEST, NAMED},
    "npm install axios": {NAMED},
    "npm i -g axios@1": {NAMED},
    "npm update": {NEWEST},
    "npm audit fix": {NEWEST},
    "npm audit signatures": set(),
    "npm exec axios": {NAMED},
    "npm run build": set(),
    "npm run fetch": {NAMED},
    "npm run loop": {UNREAD},
    "npm test": set(),
    "npm view axios version": set(),
    "npm frobnicate": {UNREAD},
    "npm ${{ inputs.command }}": {UNREAD},
    "npx axios@1.14.1": {NAMED},
    "npx --package=axios -- cmd": {NAMED},
    "pnpm install --frozen-lockfile": {LOCKED, NAMED},
    "pnpm install": {MANIFEST, NAMED},
    "pnpm dlx axios": {NAMED},
    "pnpm build": set(),
    "pnpm fetch": {NAMED},
    "yarn": {MANIFEST, NAMED},
    "yarn install --immutable": {LOCKED, NAMED},
    "yarn add axios": {NAMED},
    "yarn up axios": {NEWEST},
    "bun ci": {LOCKED, NAMED},
    "bun install": {MANIFEST, NAMED},
    "bun script.ts": {UNREAD},
    "bunx axios": {NAMED},
    "deno run main.ts": {UNREAD},
    "corepack prepare pnpm@9": {UNREAD},
    "./build.sh": {UNREAD},
    "bash scripts/ci.sh": {UNREAD},
    "make": {UNREAD},
    "docker build .": {UNREAD},
    "$INSTALL": {UNREAD},
    "${{ matrix.client }} install": {UNREAD},
    "bash -c 'npm install axios'": {UNREAD},
    "docker run node npm install axios": {UNREAD},
    "subprocess.run(['npm', 'install', 'axios'])": {NAMED, UNREAD},
    "python -c 'import os; os.system(\"npm install axios\")'": {NAMED, UNREAD},
    "git status": set(),
    "tsc && jest": set(),
    "echo npm install": set(),
}  # fmt: skip


@pytest.mark.parametrize("script", CASES)
def test_a_command(script: str) -> None:
    found = {one.kind for one in installs(script, lambda name: SCRIPTS.get(name, []))}
    expected = CASES[script]
    if {NAMED, UNREAD} == expected:
        # Which of the two a foreign language comes to does not matter: neither is silent.
        assert found & expected
    else:
        assert found == expected


def test_what_is_named_is_kept() -> None:
    found = list(installs("npm i -g axios@^1 -- chalk; npx -p debug", lambda _name: []))
    assert [one.named for one in found] == [("axios@^1", "chalk"), ("debug",)]
