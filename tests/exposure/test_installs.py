"""What commands of scripts install."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardenme.exposure.installs import BEGINNINGS, CLIENTS, HARMLESS, LOOPS, InstallKind, installs
from hardenme.workflows.scripts import TALK

LOCKED, MANIFEST, NEWEST, NAMED, UNREAD = (
    InstallKind.LOCKED,
    InstallKind.FROM_MANIFEST,
    InstallKind.NEWEST,
    InstallKind.NAMED,
    InstallKind.UNREAD,
)
KNOWN = BEGINNINGS | CLIENTS | HARMLESS | LOOPS | TALK
AROUND = (
    "{}",
    "npm ci && {} x",
    "A=1 {} --flag",
    "sudo {}",
    "echo $({} y)",
    "if {}; then true; fi",
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
    "bash -c 'npm install axios'": {UNREAD, NAMED},
    "docker run node npm install axios": {UNREAD, NAMED},
    "timeout 60 npm ci": {UNREAD, LOCKED, NAMED},
    "if [ -f package.json ]; then npm ci; fi": {LOCKED, NAMED},
    "for folder in a b; do cd $folder && npm ci; done": {LOCKED, NAMED},
    "sudo -E env CI=1 npm ci": {LOCKED, NAMED},
    "node scripts/build.js": {UNREAD},
    "sudo -E node build.js": {UNREAD},
    "VERSION=$(node build.js)": {UNREAD},
    "while true; do python ci.py; done": {UNREAD},
    "mvn install": {UNREAD},
    "find . -exec sh -c 'x' +": {UNREAD},
    "cat list | xargs -n1 fetch": {UNREAD},
    ". ./environment": {UNREAD},
    "mkdir -p out && cp -r dist out && tar czf out.tgz out": set(),
    "subprocess.run(['npm', 'install', 'axios'])": {NAMED, UNREAD},
    "python -c 'import os; os.system(\"npm install axios\")'": {NAMED, UNREAD},
    "git status": set(),
    "tsc && jest": set(),
    "pnpm --filter web add axios": {NAMED},
    "pnpm --filter web install": {MANIFEST, NAMED},
    "pnpm --filter web build": set(),
    "pnpm -C web install --frozen-lockfile": {LOCKED, NAMED},
    "pnpm -w add axios": {NAMED},
    "pnpm --filter remove exec tsc": {MANIFEST, NAMED},
    "pnpm fetch": {MANIFEST, NAMED},
    "pnpm deploy out": {MANIFEST, NAMED},
    "pnpm store add axios": {NAMED},
    "pnpm store prune": set(),
    "pnpm vitest": set(),
    "pnpm some-program": {UNREAD},
    "pnpm run --filter web fetch": {NAMED},
    "npm --prefix web ci": {LOCKED, NAMED},
    "npm --prefix web install axios": {NAMED},
    "npm -w web install axios": {NAMED},
    "npm --loglevel error ci": {LOCKED, NAMED},
    "npm --yes exec axios": {NAMED},
    "npm uninstall x": {MANIFEST, NAMED},
    "npm prune": {MANIFEST, NAMED},
    "npm pack axios@1.14.1": {NAMED},
    "npm pack": set(),
    "npm pack ./dist": set(),
    "npm install --no-package-lock": {MANIFEST, NEWEST, NAMED},
    "npm i --package-lock=false": {MANIFEST, NEWEST, NAMED},
    "yarn install --no-lockfile": {MANIFEST, NEWEST, NAMED},
    "pnpm install --no-frozen-lockfile": {MANIFEST, NAMED},
    "npm_config_package_lock=false npm install": {UNREAD, MANIFEST, NAMED},
    "npm config set package-lock false": {UNREAD},
    "npm set package-lock=false": {UNREAD},
    "npm config set fund false": set(),
    "yq -i .a pnpm-workspace.yaml": {UNREAD},
    "yq .a pnpm-workspace.yaml": set(),
    "npm publish": set(),
    "npm publish --access public --tag next --provenance": set(),
    "npm publish ./out.tgz --tag next": set(),
    "npm publish axios@1.14.1": {NAMED},
    "npm stage publish --access public": set(),
    "npm stage publish axios@1.14.1": {NAMED},
    "pnpm -r publish --no-git-checks --filter web": set(),
    "yarn npm publish": set(),
    "yarn version patch": set(),
    "npm version patch": set(),
    "npm cache add axios": {NAMED},
    "npm cache clean": set(),
    "npm pkg set dependencies.axios=1.14.1": {UNREAD},
    "npm pkg set version=1.0.0": set(),
    "npm explore a -- npx axios": {UNREAD},
    "npm audit --fix": {NEWEST},
    "npx pnpm install": {NAMED, UNREAD},
    "yarn fetch": {NAMED},
    "yarn --cwd web install": {MANIFEST, NAMED},
    "yarn workspace web add axios": {NAMED},
    "yarn workspace web build": set(),
    "yarn workspaces focus": {MANIFEST, NAMED},
    "yarn workspaces foreach exec npx axios": {NAMED, UNREAD},
    "yarn workspaces foreach -pt run build": set(),
    "yarn workspaces run fetch": {NAMED},
    "yarn workspaces list": set(),
    "yarn remove x": {MANIFEST, NAMED},
    "yarn set version 4": {UNREAD},
    "yarn plugin import x": {UNREAD},
    "git checkout other && npm ci": {UNREAD, LOCKED, NAMED},
    "git -C sub pull": {UNREAD},
    "git clone https://git.example/a.git": {UNREAD},
    "git -c core.x=1 fetch --tags": set(),
    "git push origin HEAD": set(),
    "gh release create v1 out.tgz": set(),
    "gh release download v1": {UNREAD},
    "gh pr checkout 7": {UNREAD},
    "gh some-extension": {UNREAD},
    "gh api user > user.json": set(),
    "tar xzf files.tgz": {UNREAD},
    "tar -xzf tool.tgz -C /usr/local/bin": set(),
    "tar czf out.tgz lib": set(),
    "unzip files.zip": {UNREAD},
    "unzip -l files.zip": set(),
    "cp -r ../other/. .": {UNREAD},
    "cp a b": set(),
    "cp locks/ci.json package-lock.json": {UNREAD},
    "rm package-lock.json && npm install": {UNREAD, MANIFEST, NAMED},
    "jq .a x.json > package.json": {UNREAD},
    "jq .version package.json": set(),
    "sed -i s/a/b/ pnpm-lock.yaml": {UNREAD},
    "cat package.json": set(),
    "curl -o yarn.lock https://files.example/yarn.lock": {UNREAD},
    "cd /opt/app && npm ci": {UNREAD, LOCKED, NAMED},
    "cd $GITHUB_WORKSPACE/web && npm ci": {LOCKED, NAMED},
    "cd .. && npm ci": {LOCKED, NAMED},
    "npm ci --prefix /opt/app": {UNREAD, LOCKED, NAMED},
    "echo npm install": set(),
}  # fmt: skip
FOREIGN = {script for script in CASES if "'npm', " in script or "os.system" in script}


@given(st.from_regex(r"[a-z][a-z0-9_-]{0,11}", fullmatch=True), st.sampled_from(AROUND))
def test_a_program_that_nobody_knows_was_not_read(name: str, around: str) -> None:
    assume(name not in KNOWN)
    found = list(installs(around.format(name), lambda _name: []))
    assert InstallKind.UNREAD in {one.kind for one in found}


@pytest.mark.parametrize("script", CASES)
def test_a_command(script: str) -> None:
    found = {one.kind for one in installs(script, lambda name: SCRIPTS.get(name, []))}
    expected = CASES[script]
    if script in FOREIGN:
        # Which of the two a foreign language comes to does not matter: neither is silent.
        assert found & expected
    else:
        assert found == expected


def test_what_is_named_is_kept() -> None:
    found = list(installs("npm i -g axios@^1 -- chalk; npx -p debug", lambda _name: []))
    assert [one.named for one in found] == [("axios@^1", "chalk"), ("debug",)]
