"""Private keys of SSH on this workstation."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFile
from hardenme.model.fact import key


@dataclass(frozen=True, slots=True, kw_only=True)
class SshPrivateKey(LocalFile):
    """A file with one private key or more (subject `local:ssh-key/PATH`); never a key itself.

    Attributes:
        encrypted: each key takes a passphrase to use, or is the handle of one in a device.
        hardware: each is only the handle of a key in a security key or another device.
        putty: it is a file of PuTTY's.
        keys: how many keys it holds.
    """

    source = "FILE ~/.ssh/*"
    noun = "SSH private key"

    encrypted: bool = key()
    hardware: bool = key()
    putty: bool = key()
    keys: int = key()
