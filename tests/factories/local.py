"""Valid facts of a workstation with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.local.autorun import AutorunFile
from hardenme.facts.local.gh import GhHosts
from hardenme.facts.local.git import GitCredentials, GitSigning
from hardenme.facts.local.keyring import SAFE, KeyringBackend
from hardenme.facts.local.npm import NpmClient, NpmConnection, NpmInstallSettings
from hardenme.facts.local.npmrc import USER, NpmrcFile, NpmrcSecrets, NpmrcTracking, TokenLine
from hardenme.facts.local.shell import TokenVariables
from hardenme.facts.local.ssh import SshPrivateKey
from hardenme.facts.npm.stored import StoredToken
from hardenme.model.subject import Subject

MACHINE = Subject("local", "workstation", "this")
REGISTRY = "registry.example.test"


def _file(kind: str, path: str) -> dict[str, Any]:
    return {
        "subject": Subject("local", kind, path),
        "within": MACHINE,
        "label": path,
        "path": path,
    }


def _this(kind: str, name: str) -> dict[str, Any]:
    return {"subject": Subject("local", kind, name), "within": MACHINE, "label": name}


def npmrc_file(**overrides: Any) -> NpmrcFile:
    """The user's own file, which nobody else can use."""
    given = {"level": USER, "mode": 0o600, "owned": True, "own_group": False}
    return NpmrcFile(**_file("npmrc", "~/.npmrc") | given | overrides)


def npmrc_secrets(**overrides: Any) -> NpmrcSecrets:
    """No secret in it."""
    given = {"level": USER, "tokens": (), "passwords": ()}
    return NpmrcSecrets(**_file("npmrc", "~/.npmrc") | given | overrides)


def token_line(line: int = 3, registry: str = REGISTRY) -> TokenLine:
    """A token in plain text."""
    key = f"//{registry}/:_authToken" if registry else "_authToken"
    return TokenLine(line, registry, "npm_CANA...0000", key)


def npmrc_tracking(**overrides: Any) -> NpmrcTracking:
    """Git does not keep it."""
    given = {"tracked": False, "kept_as": "~/.npmrc"}
    return NpmrcTracking(**_file("npmrc", "~/.npmrc") | given | overrides)


def npm_connection(**overrides: Any) -> NpmConnection:
    """Nothing weakens it."""
    given = {"level": USER, "weaknesses": ()}
    return NpmConnection(**_file("npmrc", "~/.npmrc") | given | overrides)


def npm_client(**overrides: Any) -> NpmClient:
    """The newest."""
    given = _file("npm", "/usr/lib/node_modules/npm") | {"version": "12.2.0"}
    return NpmClient(**given | overrides)


def install_settings(**overrides: Any) -> NpmInstallSettings:
    """No scripts, and a week of waiting."""
    given = {
        "ignore_scripts": True,
        "allow_all_scripts": False,
        "strict_scripts": False,
        "release_age": 7,
        "variables": (),
    }
    return NpmInstallSettings(**_file("npm", "/usr/lib/node_modules/npm") | given | overrides)


def stored_token(**overrides: Any) -> StoredToken:
    """A session, on the third line of the user's file."""
    given: dict[str, Any] = {
        "subject": Subject("local", "npmrc-token", "~/.npmrc:3"),
        "within": Subject("local", "npmrc", "~/.npmrc"),
        "label": "~/.npmrc line 3",
        "line": 3,
        "path": "~/.npmrc",
        "level": USER,
        "setting": "//registry.example.test/:_authToken",
        "session": True,
        "token_key": "",
        "writes": True,
        "bypass": False,
        "expires_at": None,
        "revoked": False,
    }
    return StoredToken(**given | overrides)


def token_variables(**overrides: Any) -> TokenVariables:
    """A start-up file without any."""
    given = {"variables": (), "build_job": False}
    return TokenVariables(**_file("shell", "~/.bashrc") | given | overrides)


def keyring_backend(**overrides: Any) -> KeyringBackend:
    """The desktop's own."""
    given = {
        "names": ("keyring.backends.SecretService.Keyring",),
        "kind": SAFE,
        "chosen_by": "keyring itself",
    }
    return KeyringBackend(**_this("keyring", "this") | given | overrides)


def gh_hosts(**overrides: Any) -> GhHosts:
    """Signed in, with the token in the keyring."""
    return GhHosts(**_file("gh", "~/.config/gh/hosts.yml") | {"token_lines": ()} | overrides)


def autorun_file(**overrides: Any) -> AutorunFile:
    """Settings that start nothing."""
    return AutorunFile(**_file("autorun", "~/.claude/settings.json") | {"runs": ()} | overrides)


def git_credentials(**overrides: Any) -> GitCredentials:
    """A configuration without any."""
    return GitCredentials(**_file("git-config", "~/.gitconfig") | {"plain": ()} | overrides)


def git_signing(**overrides: Any) -> GitSigning:
    """Everything is signed."""
    given = {"commits": True, "tags": True, "format": "ssh", "by_variable": False}
    return GitSigning(**_this("git", "signing") | given | overrides)


def ssh_private_key(**overrides: Any) -> SshPrivateKey:
    """A key with a passphrase that nobody else can read."""
    given = {
        "mode": 0o600,
        "owned": True,
        "own_group": False,
        "encrypted": True,
        "hardware": False,
        "putty": False,
        "keys": 1,
    }
    return SshPrivateKey(**_file("ssh-key", "~/.ssh/id_ed25519") | given | overrides)
