"""SSH private keys of OpenSSH's form, with nothing in their private part."""

from __future__ import annotations

import base64


def string(data: bytes) -> bytes:
    """A string with its length before it (RFC 4251 §5)."""
    return len(data).to_bytes(4, "big") + data


def openssh(cipher: bytes, algorithm: bytes, magic: bytes = b"openssh-key-v1\0") -> bytes:
    """A key that is kept by a cipher; `none` is no passphrase."""
    kdf = b"none" if cipher == b"none" else b"bcrypt"
    options = b"" if cipher == b"none" else string(b"salt") + b"\0\0\0\x10"
    public = string(algorithm) + string(bytes(32))
    blob = magic + string(cipher) + string(kdf) + string(options) + b"\0\0\0\1" + string(public)
    return wrapped(base64.b64encode(blob + string(bytes(64))))


def wrapped(body: bytes) -> bytes:
    """A body between the lines that mark a key."""
    lines = [body[start : start + 70] for start in range(0, len(body), 70)]
    begin, end = (b"-----" + word + b" OPENSSH PRIVATE KEY-----" for word in (b"BEGIN", b"END"))
    return b"\n".join((begin, *lines, end, b""))


OPEN_KEY = openssh(b"none", b"ssh-ed25519")
LOCKED_KEY = openssh(b"aes256-ctr", b"ssh-ed25519")
