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
from tests.factories.given import made

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


npmrc_file = made(
    NpmrcFile, _file("npmrc", "~/.npmrc"), level=USER, mode=0o600, owned=True, own_group=False
)
"""The user's own file, which nobody else can use."""
npmrc_secrets = made(NpmrcSecrets, _file("npmrc", "~/.npmrc"), level=USER, tokens=(), passwords=())
"""No secret in it."""


def token_line(line: int = 3, registry: str = REGISTRY) -> TokenLine:
    """A token in plain text."""
    key = f"//{registry}/:_authToken" if registry else "_authToken"
    return TokenLine(line, registry, "npm_CANA...0000", key)


npmrc_tracking = made(NpmrcTracking, _file("npmrc", "~/.npmrc"), tracked=False, kept_as="~/.npmrc")
"""Git does not keep it."""
npm_connection = made(NpmConnection, _file("npmrc", "~/.npmrc"), level=USER, weaknesses=())
"""Nothing weakens it."""
npm_client = made(NpmClient, _file("npm", "/usr/lib/node_modules/npm"), version="12.2.0")
"""The newest."""
install_settings = made(
    NpmInstallSettings,
    _file("npm", "/usr/lib/node_modules/npm"),
    ignore_scripts=True,
    allow_all_scripts=False,
    strict_scripts=False,
    release_age=7,
    variables=(),
)
"""No scripts, and a week of waiting."""
stored_token = made(
    StoredToken,
    subject=Subject("local", "npmrc-token", "~/.npmrc:3"),
    within=Subject("local", "npmrc", "~/.npmrc"),
    label="~/.npmrc line 3",
    line=3,
    path="~/.npmrc",
    level=USER,
    setting="//registry.example.test/:_authToken",
    session=True,
    token_key="",
    writes=True,
    bypass=False,
    expires_at=None,
    revoked=False,
)
"""A session, on the third line of the user's file."""
token_variables = made(TokenVariables, _file("shell", "~/.bashrc"), variables=(), build_job=False)
"""A start-up file without any."""
keyring_backend = made(
    KeyringBackend,
    _this("keyring", "this"),
    names=("keyring.backends.SecretService.Keyring",),
    kind=SAFE,
    chosen_by="keyring itself",
)
"""The desktop's own."""
gh_hosts = made(GhHosts, _file("gh", "~/.config/gh/hosts.yml"), token_lines=())
"""Signed in, with the token in the keyring."""
autorun_file = made(AutorunFile, _file("autorun", "~/.claude/settings.json"), runs=())
"""Settings that start nothing."""
git_credentials = made(GitCredentials, _file("git-config", "~/.gitconfig"), plain=())
"""A configuration without any."""
git_signing = made(
    GitSigning, _this("git", "signing"), commits=True, tags=True, format="ssh", by_variable=False
)
"""Everything is signed."""
ssh_private_key = made(
    SshPrivateKey,
    _file("ssh-key", "~/.ssh/id_ed25519"),
    mode=0o600,
    owned=True,
    own_group=False,
    encrypted=True,
    hardware=False,
    putty=False,
    keys=1,
)
"""A key with a passphrase that nobody else can read."""
