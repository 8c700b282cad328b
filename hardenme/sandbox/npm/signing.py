"""The registry's signing key: a real P-256 pair, made when the first signature is asked for.

`cryptography` is imported then and not before, so that a server without signatures starts fast.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


class Signer:
    """Signs as npm does: ECDSA over P-256 with SHA-256, base64, the key named by its digest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._private: EllipticCurvePrivateKey | None = None
        self._public = b""
        self._signatures: dict[bytes, str] = {}

    def _key(self) -> EllipticCurvePrivateKey:
        with self._lock:
            if self._private is None:
                from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 (start-up)
                from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 (same)
                    Encoding,
                    PublicFormat,
                )

                self._private = ec.generate_private_key(ec.SECP256R1())
                self._public = self._private.public_key().public_bytes(
                    Encoding.DER, PublicFormat.SubjectPublicKeyInfo
                )
            return self._private

    @property
    def public_key(self) -> bytes:
        """The public key as DER of SubjectPublicKeyInfo."""
        self._key()
        return self._public

    @property
    def pem(self) -> bytes:
        """The public key as PEM."""
        lines = base64.encodebytes(self.public_key).replace(b"\n", b"")
        wrapped = b"\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
        return b"-----BEGIN PUBLIC KEY-----\n" + wrapped + b"\n-----END PUBLIC KEY-----\n"

    @property
    def key_id(self) -> str:
        """`SHA256:` and the base64 digest of the public key."""
        digest = hashlib.sha256(self.public_key).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    def sign(self, text: bytes) -> str:
        """The signature in base64; the same text is signed once, so that ETags hold."""
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 (start-up)
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 (start-up)

        key = self._key()
        with self._lock:
            if text not in self._signatures:
                signature = key.sign(text, ec.ECDSA(SHA256()))
                self._signatures[text] = base64.b64encode(signature).decode()
            return self._signatures[text]
