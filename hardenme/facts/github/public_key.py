"""The algorithm and size of an SSH public key, from the key itself (RFC 4253 §6.6)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

LENGTH_BYTES = 4
SIZED = {"ssh-rsa": 1, "ssh-dss": 0}
"""Algorithms whose strength is the length of a number, and the position of that number after the
name. RSA has the exponent first and then the modulus, DSS starts with the prime."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The algorithm and size of a public key.

    Attributes:
        algorithm: like `ssh-ed25519`.
        bits: the length of the modulus or prime; 0 for algorithms of one fixed strength.
    """

    algorithm: str
    bits: int


def parse_public_key(line: str) -> PublicKey:
    """Read one line of `authorized_keys` form: algorithm, base64, comment.

    Raises:
        ValueError: it is not a public key, or names another algorithm than it holds.
    """
    name, _, rest = line.strip().partition(" ")
    try:
        parts = _strings(base64.b64decode(rest.split(" ")[0], validate=True))
        algorithm = parts[0].decode("ascii")
        index = SIZED.get(algorithm)
        bits = 0 if index is None else int.from_bytes(parts[1 + index], "big").bit_length()
    except (binascii.Error, UnicodeDecodeError, IndexError) as error:
        raise ValueError("not an SSH public key") from error
    if algorithm != name:
        raise ValueError("the key has another algorithm than its name says")
    return PublicKey(algorithm, bits)


def _strings(blob: bytes) -> list[bytes]:
    found = []
    while blob:
        length = int.from_bytes(blob[:LENGTH_BYTES], "big")
        end = LENGTH_BYTES + length
        if end > len(blob):
            raise ValueError("the key is cut off")
        found.append(blob[LENGTH_BYTES:end])
        blob = blob[end:]
    return found
