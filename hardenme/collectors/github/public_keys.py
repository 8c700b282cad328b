"""The SSH keys that GitHub shows to everyone for an account: to connect with, and to sign with."""

from __future__ import annotations

from hardenme.collectors.github.client import GitHub
from hardenme.facts.github.endpoints import PUBLIC_KEYS, PUBLIC_SIGNING_KEYS
from hardenme.model.unknown import Reason, Unknown


def public_keys(client: GitHub, login: str) -> tuple[str, ...] | Unknown:
    """Every key of both lists; why that is not known if one of them is incomplete.

    Source: GitHub's REST API, "List public keys for a user" and "List SSH signing keys for a user".
    """
    found: dict[str, None] = {}
    for endpoint in (PUBLIC_KEYS, PUBLIC_SIGNING_KEYS):
        listing = client.pages(endpoint.at(username=login), counted=endpoint.counted)
        if listing.missing is not None:
            return listing.missing
        for item in listing.items:
            key = item.get("key") if isinstance(item, dict) else None
            if not isinstance(key, str):
                return Unknown(Reason.MALFORMED, f"the SSH keys of {login}")
            found[key] = None
    return tuple(found)
