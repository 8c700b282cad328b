"""Private keys of SSH on this workstation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.local.machine import LocalFile
from hardenme.model.fact import key


@dataclass(frozen=True, slots=True, kw_only=True)
class SshPrivateKey(LocalFile):
    """A private key (subject `local:ssh-key/PATH`); never the key itself.

    Attributes:
        encrypted: it takes a passphrase to use.
        hardware: it is only the handle of a key in a security key or another device.
    """

    source: ClassVar[str] = "FILE ~/.ssh/*"
    noun: ClassVar[str] = "SSH private key"

    encrypted: bool = key()
    hardware: bool = key()
