"""Reads this workstation."""

from __future__ import annotations

from hardenme.collectors.local import (
    autorun,
    environment,
    gh,
    git,
    keyring_backend,
    npm_client,
    npmrc,
    ssh_keys,
    stored_tokens,
)

COLLECTORS = (
    *npmrc.COLLECTORS,
    *npm_client.COLLECTORS,
    *environment.COLLECTORS,
    *git.COLLECTORS,
    *gh.COLLECTORS,
    *ssh_keys.COLLECTORS,
    *keyring_backend.COLLECTORS,
    *stored_tokens.COLLECTORS,
    *autorun.COLLECTORS,
)
