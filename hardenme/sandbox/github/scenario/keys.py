"""Public SSH keys that are well formed and belong to no one.

Their numbers are made of a hash, so no private key exists and each run makes the same ones.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Literal

KeyType = Literal["ssh-rsa", "ssh-dss", "ssh-ed25519", "ecdsa-sha2-nistp256"]
DSA_GROUP, DSA_ORDER = 1024, 160
ED25519_BYTES = 32
P256_BYTES = 64


def public_key(kind: KeyType, seed: str, bits: int = 3072) -> str:
    """A public key in the form `type base64`.

    Args:
        kind: the type, as written before the key.
        seed: what to make the numbers of; another seed is another key.
        bits: the size of an RSA modulus; the other types have one size.
    """
    parts: list[bytes]
    if kind == "ssh-rsa":
        parts = [_mpint(65537), _mpint(_number(seed, bits))]
    elif kind == "ssh-dss":
        numbers = (("p", DSA_GROUP), ("q", DSA_ORDER), ("g", DSA_GROUP), ("y", DSA_GROUP))
        parts = [_mpint(_number(f"{seed}/{name}", size)) for name, size in numbers]
    elif kind == "ssh-ed25519":
        parts = [_bytes(seed, ED25519_BYTES)]
    else:
        parts = [b"nistp256", b"\x04" + _bytes(seed, P256_BYTES)]
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in [kind.encode(), *parts])
    return f"{kind} {base64.b64encode(blob).decode()}"


def _bytes(seed: str, size: int) -> bytes:
    return hashlib.shake_256(seed.encode()).digest(size)


def _number(seed: str, bits: int) -> int:
    """An odd number of exactly this many bits."""
    number = int.from_bytes(_bytes(seed, bits // 8), "big")
    return number | 1 << (bits - 1) | 1


def _mpint(number: int) -> bytes:
    """A positive number as SSH writes it: with a zero in front where the first bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
