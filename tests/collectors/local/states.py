"""Two workstations in folders: one on which everything is right, and one on which nothing is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.collectors.local.home import GITHUB_TOKEN, NPM_TOKEN, SAFE_KEYRING, Home
from tests.collectors.local.keys import LOCKED_KEY, OPEN_KEY

HOST = "registry.example.test"


def everything_right(folder: Path) -> Home:
    """A workstation whose secrets are elsewhere, with a file for each check."""
    home = Home(folder)
    home.install_npm()
    token = f"//{HOST}/:_authToken=${{NPM_TOKEN}}\n"
    home.write(".npmrc", f"ignore-scripts=true\nmin-release-age=30\n{token}")
    home.write("project/.npmrc", "save-exact=true\n")
    home.write(".bashrc", "export EDITOR=vi\n")
    home.write(".gitconfig", "[credential]\nhelper = libsecret\n[commit]\ngpgsign = true\n")
    home.write(".config/gh/hosts.yml", "github.com:\n    user: hazel\n")
    home.write(".config/python_keyring/keyringrc.cfg", f"[backend]\ndefault-keyring={SAFE_KEYRING}")
    home.write(".ssh/id_ed25519", LOCKED_KEY)
    home.write("project/.claude/settings.json", '{"permissions": {}}\n')
    return home


def nothing_right(folder: Path) -> Home:
    """A workstation that fails each check."""
    home = Home(folder)
    home.install_npm('{"name": "npm", "version": "10.9.4"}')
    token = f"//{HOST}/:_authToken={NPM_TOKEN}\n"
    registry = f"registry=http://{HOST}/\n"
    home.write(".npmrc", f"{registry}{token}//{HOST}/:_password=Q0FOQVJZ\n", mode=0o644)
    home.write("project/.npmrc", token)
    home.write("project/.git/index", index(".npmrc"))
    home.write(".bashrc", f"export GH_TOKEN={GITHUB_TOKEN}\n")
    home.write(".gitconfig", "[credential]\nhelper = store\n")
    home.write(".config/gh/hosts.yml", f"github.com:\n    oauth_token: {GITHUB_TOKEN}\n")
    home.write(".ssh/id_ed25519", OPEN_KEY)
    home.write("project/.vscode/tasks.json", '{"runOn": "folderOpen"}\n')
    home.keyrings = ("keyring.backends.null.Keyring",)
    return home


def index(name: str) -> bytes:
    """An index of git with one entry."""
    length = 62 + len(name)
    entry = bytes(60) + len(name).to_bytes(2, "big") + name.encode() + bytes(8 - length % 8)
    data = b"DIRC\0\0\0\2\0\0\0\1" + entry
    return data + hashlib.sha1(data, usedforsecurity=False).digest()
