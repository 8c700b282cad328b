"""Keys that a registry signs with. It loads cryptography, which most runs have no use for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from hardenme.ground.errors import ContentError
from hardenme.model.values import text

KEY_TYPE = "ecdsa-sha2-nistp256"


def public_key(one: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    """A key as the registry publishes it.

    Raises:
        ValueError: it is of another type or curve, or damaged.
    """
    if one["keytype"] != KEY_TYPE:
        raise ContentError("keytype")
    found = load_der_public_key(base64.b64decode(text(one["key"]), validate=True))
    if not isinstance(found, ec.EllipticCurvePublicKey) or found.curve.name != "secp256r1":
        raise ValueError("a key of another curve")
    return found


def signs(key: ec.EllipticCurvePublicKey, signature: str, signed: bytes) -> bool:
    """Whether a signature, in base64, is of this key and over these bytes."""
    try:
        key.verify(base64.b64decode(signature, validate=True), signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
