"""Keys of GitHub Apps, made for a test run and worth nothing outside of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def rsa_key(size: int = 2048, name: str = "own") -> rsa.RSAPrivateKey:
    """A key; another one for each name."""
    return _made(size, name)


@cache
def _made(size: int, _name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, size)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, passphrase: bytes = b"") -> bytes:
    """The private key as GitHub hands it out."""
    sealed = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, sealed)


def public(key: rsa.RSAPrivateKey) -> bytes:
    """The public key, as GitHub keeps it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    """A file with a key."""
    path = folder / "app.private-key.pem"
    path.write_bytes(content)
    path.chmod(mode)
    return path
