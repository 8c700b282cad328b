"""Plain-text keys and credentials on this machine, by the files that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hardenme.derive.inventory.items import ItemSource, item, known, some, thing, values
from hardenme.facts.local.gh import GhHosts
from hardenme.facts.local.git import GitCredentials
from hardenme.facts.local.keyring import KeyringBackend
from hardenme.facts.local.npmrc import NpmrcSecrets
from hardenme.facts.local.shell import TokenVariables
from hardenme.facts.local.ssh import SshPrivateKey
from hardenme.facts.npm.stored import StoredToken
from hardenme.model.fact import Fact
from hardenme.model.inventory import InventoryItem
from hardenme.model.unknown import Unknown

NPMRC, GH, GIT = "npm credentials in a file", "gh token in a file", "git credentials in a file"
VARIABLES, STORED = "token variables", "npm token in a file"


def _held(kind: str, fact: Fact, **parts: tuple[str, str]) -> Iterator[InventoryItem]:
    """A file that holds some, with the kind of each; a file without any does not count.

    Args:
        kind: what the item is called.
        parts: by the name in the state: the field that holds them, and what is shown about each.
    """
    state: dict[str, Any] = {}
    for name, (field, part) in parts.items():
        found = known(fact, field)
        unread = isinstance(found, Unknown)
        state[name] = found if unread else [getattr(one, part) for one in found]
    if any(state.values()):
        yield item(kind, fact.subject, fact.label, None, state)


def _npmrc(fact: NpmrcSecrets) -> Iterator[InventoryItem]:
    return _held(NPMRC, fact, tokens=("tokens", "registry"), passwords=("passwords", "name"))


def _gh(fact: GhHosts) -> Iterator[InventoryItem]:
    lines = some(known(fact, "token_lines"))
    if lines:
        yield item(GH, fact.subject, fact.label, None, {"tokens": len(lines)})


def _git(fact: GitCredentials) -> Iterator[InventoryItem]:
    return _held(GIT, fact, holds=("plain", "what"))


def _variables(fact: TokenVariables) -> Iterator[InventoryItem]:
    return _held(VARIABLES, fact, names=("variables", "name"))


def _stored(fact: StoredToken) -> Iterator[InventoryItem]:
    path, key = known(fact, "path"), known(fact, "token_key")
    told = isinstance(path, str) and isinstance(key, str)
    identity = f"{path} {key or 'session'}" if told else None
    state = values(fact, "path", "writes", "bypass", "expires_at", "revoked")
    yield item(STORED, fact.subject, fact.label, identity, state)


TABLE: Mapping[type[Fact], tuple[ItemSource, ...]] = {
    NpmrcSecrets: (ItemSource(NPMRC, _npmrc, needs=("tokens", "passwords")),),
    GhHosts: (ItemSource(GH, _gh, needs=("token_lines",)),),
    GitCredentials: (ItemSource(GIT, _git, needs=("plain",)),),
    TokenVariables: (ItemSource(VARIABLES, _variables, needs=("variables",)),),
    SshPrivateKey: (thing("SSH private key", "encrypted", "hardware"),),
    StoredToken: (ItemSource(STORED, _stored),),
    KeyringBackend: (thing("keyring", "names", type="kind"),),
}
