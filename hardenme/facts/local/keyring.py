"""Which keyring Python programs of this user use."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFact
from hardenme.model.fact import key

SAFE = "safe"
PLAIN = "plain text"
NONE = "none"
"""A keyring that keeps nothing, or refuses to."""
VARIABLE, CONFIGURATION, ITSELF = "environment", "configuration", "keyring itself"
"""What chooses the backend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringBackend(LocalFact):
    """The keyring's backend (subject `local:keyring/this`); no secret is read.

    Attributes:
        names: the classes, of which the first keeps what is stored; several where they are chained.
        kind: `SAFE`, `PLAIN` or `NONE`: the worst of those that would be used.
        chosen_by: `VARIABLE`, `CONFIGURATION` or `ITSELF`.
    """

    source = "PYTHON_KEYRING_BACKEND; FILE keyringrc.cfg; keyring.get_keyring()"
    noun = "keyring"

    names: tuple[str, ...] = key()
    kind: str = key()
    chosen_by: str = key()
