"""Whether an SSH private key takes a passphrase, told by the form of its file.

Source: OpenSSH's PROTOCOL.key, RFC 1421 §4.6.1.1 (Proc-Type), RFC 7468 §11, PuTTY's key files.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

BEGIN = re.compile(rb"^-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----\s*$", re.MULTILINE)
BODY = re.compile(rb"-----BEGIN OPENSSH PRIVATE KEY-----\s(.*?)-----END", re.DOTALL)
PUTTY = re.compile(rb"\APuTTY-User-Key-File-\d+:")
PUTTY_OPEN = re.compile(rb"^Encryption:\s*none\s*$", re.MULTILINE)
PUTTY_LOCKED = re.compile(rb"^Encryption:\s*aes\S+\s*$", re.MULTILINE)
OLD_LOCKED = re.compile(rb"^Proc-Type:\s*4,\s*ENCRYPTED\s*$", re.MULTILINE)
LENGTH_BYTES = COUNT_BYTES = 4
MAGIC = b"openssh-key-v1\0"
HARDWARE = b"sk-"
"""How the names of algorithms begin whose keys live in a security key."""


@dataclass(frozen=True, slots=True)
class Lock:
    """How a private key is kept.

    Attributes:
        encrypted: it takes a passphrase.
        hardware: it is the handle of a key in a device.
    """

    encrypted: bool
    hardware: bool = False


def lock_of(data: bytes) -> Lock | None:
    """How the key in a file is kept; None where the file holds no private key.

    Raises:
        ValueError: it holds one in a form that is not understood.
    """
    if PUTTY.match(data):
        return Lock(encrypted=_either(data, PUTTY_LOCKED, PUTTY_OPEN))
    begin = BEGIN.search(data)
    if begin is None:
        return None
    kind = begin[1].strip()
    if kind == b"OPENSSH":
        return _openssh(data)
    if kind == b"ENCRYPTED":
        return Lock(encrypted=True)
    return Lock(encrypted=bool(kind) and OLD_LOCKED.search(data) is not None)


def _either(data: bytes, yes: re.Pattern[bytes], no: re.Pattern[bytes]) -> bool:
    found = yes.search(data) is not None
    if found == (no.search(data) is not None):
        raise ValueError("the key does not tell how it is kept")
    return found


def _openssh(data: bytes) -> Lock:
    body = BODY.search(data)
    if body is None:
        raise ValueError("the key breaks off")
    try:
        blob = base64.b64decode(b"".join(body[1].split()), validate=True)
    except binascii.Error:
        raise ValueError("the key is no base64") from None
    if not blob.startswith(MAGIC):
        raise ValueError("a key of an unknown form")
    cipher, rest = _string(blob[len(MAGIC) :])
    _, rest = _string(rest)
    _, rest = _string(rest)
    public, _ = _string(rest[COUNT_BYTES:])
    algorithm, _ = _string(public)
    return Lock(encrypted=cipher != b"none", hardware=algorithm.startswith(HARDWARE))


def _string(blob: bytes) -> tuple[bytes, bytes]:
    """The first string of a blob (RFC 4251 §5), and what follows."""
    start = LENGTH_BYTES + int.from_bytes(blob[:LENGTH_BYTES], "big")
    if len(blob) < max(start, LENGTH_BYTES):
        raise ValueError("the key breaks off")
    return blob[LENGTH_BYTES:start], blob[start:]
