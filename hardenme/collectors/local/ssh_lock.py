"""Whether SSH private keys have a passphrase, by the format of the file.

Source: OpenSSH's PROTOCOL.key, RFC 1421 §4.6.1.1 (Proc-Type), RFC 7468 §2 (a file may hold several)
and §11, PuTTY's key files.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from hardenme.collectors.local.workstation import BYTE_ORDER_16

BEGIN = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t]*-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----\s*$", re.MULTILINE
)
END = b"-----END"
FOREIGN = re.compile(rb"^---- BEGIN SSH2 [A-Z ]*PRIVATE KEY ----", re.MULTILINE)
PUTTY = re.compile(rb"\APuTTY-User-Key-File-\d+:")
PUTTY_OPEN = re.compile(rb"^Encryption:\s*none\s*$", re.MULTILINE)
PUTTY_LOCKED = re.compile(rb"^Encryption:\s*aes\S+\s*$", re.MULTILINE)
OLD_LOCKED = re.compile(rb"^Proc-Type:\s*4,\s*ENCRYPTED\s*$", re.MULTILINE)
LENGTH_BYTES = COUNT_BYTES = 4
MAGIC = b"openssh-key-v1\0"
HARDWARE = b"sk-"
"""How the names of algorithms begin whose keys live in a security key."""


@dataclass(frozen=True, slots=True)
class KeyProtection:
    """How private keys are kept.

    Attributes:
        encrypted: each takes a passphrase, or is the handle of a key in a device.
        hardware: each is the handle of a key in a device.
        putty: it is PuTTY's file, which OpenSSH does not read.
        keys: how many the file holds.
    """

    encrypted: bool
    hardware: bool = False
    putty: bool = False
    keys: int = 1


def lock_of(data: bytes) -> KeyProtection | None:
    """How the keys in a file are kept; None if the file holds no private key.

    Raises:
        ValueError: it holds one in a form that is not understood.
    """
    if data.startswith(BYTE_ORDER_16):
        data = data.decode("utf-16", errors="replace").encode()
    if PUTTY.match(data):
        return KeyProtection(encrypted=_either(data, PUTTY_LOCKED, PUTTY_OPEN), putty=True)
    if FOREIGN.search(data):
        raise ValueError("it is of the form of SSH2")
    found = list(BEGIN.finditer(data))
    if not found:
        return None
    ends = [*(match.start() for match in found[1:]), len(data)]
    locks = [_lock(match, data[match.end() : end]) for match, end in zip(found, ends, strict=True)]
    return KeyProtection(
        encrypted=all(one.encrypted or one.hardware for one in locks)
        and any(one.encrypted for one in locks),
        hardware=all(one.hardware for one in locks),
        keys=len(locks),
    )


def _lock(begin: re.Match[bytes], rest: bytes) -> KeyProtection:
    """How one key is kept.

    Args:
        begin: the line that it begins with.
        rest: what follows, up to the next key.
    """
    kind = begin[1].strip()
    body, end, _ = rest.partition(END)
    if kind == b"OPENSSH":
        if not end:
            raise ValueError("the key breaks off")
        return _openssh(body)
    if kind == b"ENCRYPTED":
        return KeyProtection(encrypted=True)
    return KeyProtection(encrypted=bool(kind) and OLD_LOCKED.search(body) is not None)


def _either(data: bytes, yes: re.Pattern[bytes], no: re.Pattern[bytes]) -> bool:
    found = yes.search(data) is not None
    if found == (no.search(data) is not None):
        raise ValueError("the key does not show how it is kept")
    return found


def _openssh(body: bytes) -> KeyProtection:
    try:
        blob = base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        raise ValueError("the key is not base64") from None
    if not blob.startswith(MAGIC):
        raise ValueError("a key of an unknown form")
    cipher, rest = _string(blob[len(MAGIC) :])
    _, rest = _string(rest)
    _, rest = _string(rest)
    public, _ = _string(rest[COUNT_BYTES:])
    algorithm, _ = _string(public)
    return KeyProtection(encrypted=cipher != b"none", hardware=algorithm.startswith(HARDWARE))


def _string(blob: bytes) -> tuple[bytes, bytes]:
    """The first string of a blob (RFC 4251 §5), and what follows."""
    start = LENGTH_BYTES + int.from_bytes(blob[:LENGTH_BYTES], "big")
    if len(blob) < max(start, LENGTH_BYTES):
        raise ValueError("the key breaks off")
    return blob[LENGTH_BYTES:start], blob[start:]
