"""Workstations of people who keep order, and of people who do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.world import TokenKind
from tests.collectors.local.home import GITHUB_TOKEN, NPM_TOKEN, Home
from tests.running import NOW, Stage, stage
from tests.worlds import github

SIGNING = "[commit]\n\tgpgsign = true\n[tag]\n\tgpgsign = true\n[gpg]\n\tformat = ssh\n"
LOCKED = BestAvailableEncryption(b"a passphrase of a test")
STANDING = npm.hardened_maintainer(NOW).token("hazel", TokenKind.READ)
"""Hazel's listed token, which may write in these worlds."""


def private_key(encryption: KeySerializationEncryption) -> bytes:
    """A new private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


@contextmanager
def workstation() -> Iterator[tuple[Home, Stage]]:
    """A home, and hazel's accounts with no token; the npm registry is asked by her session."""
    world = npm.hardened_maintainer(NOW)
    writing = (("package", "write"),)
    world.tokens[:] = [replace(token, permissions=writing) for token in world.tokens]
    with (
        TemporaryDirectory() as folder,
        stage(github.hardened_maintainer(NOW), world, "", world.token("hazel")) as running,
    ):
        home = Home(Path(folder))
        running.others = lambda: {"local": home.station()}
        yield home, running


@contextmanager
def orderly() -> Iterator[Stage]:
    """No token in any file, a locked key, signing, the newest npm, a keyring."""
    with workstation() as (home, running):
        fill_orderly(home)
        yield running


def fill_orderly(home: Home) -> None:
    """Write the files of somebody who keeps order."""
    home.write(".npmrc", "min-release-age=7\nignore-scripts=true\n")
    home.write(".gitconfig", SIGNING)
    home.write(".ssh/id_ed25519", private_key(LOCKED))
    home.write(".config/gh/hosts.yml", "github.com:\n    user: hazel\n")
    home.write(".bashrc", "alias ll='ls -l'\n")
    home.write(".claude/settings.json", '{"permissions": {"deny": ["Read(.env)"]}}\n')
    home.write("project/.vscode/tasks.json", '{"version": "2.0.0", "tasks": []} // none yet\n')
    home.install_npm()


@contextmanager
def signed_in() -> Iterator[Stage]:
    """The same with the session of `npm login` in the user's file."""
    with workstation() as (home, running):
        fill_orderly(home)
        home.write(
            ".npmrc", f"//{urlsplit(running.npm.url).netloc}/:_authToken={running.npm_token}\n"
        )
        yield running


@contextmanager
def careless() -> Iterator[Stage]:
    """Tokens and passwords in plain text, open keys, an old npm, and no keyring."""
    with workstation() as (home, running):
        host = urlsplit(running.npm.url).netloc
        lines = (
            f"//{host}/:_authToken={STANDING}",
            "_auth=Y2FuYXJ5OmNhbmFyeQ==",
            "strict-ssl=false",
        )
        home.write(".npmrc", "\n".join(lines), mode=0o644)
        home.write(".gitconfig", "[credential]\n\thelper = store\n")
        home.write(".ssh/id_ed25519", private_key(NoEncryption()))
        home.write(".config/gh/hosts.yml", f"github.com:\n    oauth_token: {GITHUB_TOKEN}\n")
        home.write(".bashrc", f"export NPM_TOKEN={NPM_TOKEN}\n")
        home.write(".cursor/hooks.json", '{"hooks": {"sessionStart": [{"command": "make"}]}}\n')
        home.install_npm('{"name": "npm", "version": "10.1.0"}')
        home.keyrings = ("keyrings.alt.file.PlaintextKeyring",)
        yield running
