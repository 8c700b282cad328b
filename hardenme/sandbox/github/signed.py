"""A GitHub App's signed word: a JSON web token (RFC 7519) by its private key, with RS256."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hardenme.sandbox.github.state.connected import App

LONGEST = 600
"""Seconds: GitHub takes no word that counts for longer."""


def app_of(value: str, apps: list[App]) -> App | None:
    """The app that signed it; None if none did, or where its time is over.

    The word is made by its maker's clock, so its time is compared with this machine's.
    """
    try:
        head, claims, signature = (_decoded(part) for part in value.split("."))
        if json.loads(head).get("alg") != "RS256":
            return None
        told = json.loads(claims)
        app = next((app for app in apps if str(app.id) == str(told["iss"])), None)
        if app is None or not _counts_now(told):
            return None
        key = load_pem_public_key(app.public_key)
        if not isinstance(key, RSAPublicKey):
            return None
        key.verify(signature, value.rpartition(".")[0].encode(), PKCS1v15(), SHA256())
    except (ValueError, KeyError, AttributeError, TypeError, InvalidSignature):
        return None
    return app


def _counts_now(claims: dict[str, Any]) -> bool:
    now, begins, ends = time.time(), int(claims["iat"]), int(claims["exp"])
    return begins <= now < ends <= now + LONGEST


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
