"""Reads webhooks: where they send, how that is guarded, and never a whole address."""

from __future__ import annotations

import json
from typing import Any

from hardenme.collectors.declared import declared_part
from hardenme.collectors.github.declared import lists
from hardenme.collectors.transport.response import strict_json
from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook, Webhook, parted


def trim(body: bytes) -> bytes:
    """The same list without what may give access: the path of an address, and all that is not read.

    Anything but such a list is left out as a whole: its reader finds none.
    """
    try:
        found = strict_json(body.decode())
    except (ValueError, RecursionError):
        found = None
    hooks = list(map(_slimmed, found)) if isinstance(found, list) else None
    return json.dumps(hooks).encode()


def _slimmed(hook: Any) -> Any:
    if not isinstance(hook, dict):
        return None
    made = declared_part(Webhook, hook)
    config = made.get("config", {})
    return made | {"config": {name: _kept(name, value) for name, value in config.items()}}


def _kept(name: str, value: Any) -> Any:
    """The part of a value that is kept: the target of an address, and whether there is a secret."""
    if not isinstance(value, str):
        return [] if isinstance(value, dict | list) else value
    if name == "url":
        try:
            scheme, host = parted(value)
        except ValueError:
            return ""
        return f"{scheme}://[{host}]/" if ":" in host else f"{scheme}://{host}/"
    if name == "secret" and set(value) - {"*"}:
        return "?"
    return value


COLLECTORS = (
    lists(OrganizationHook, slim=trim),
    lists(RepositoryHook, slim=trim),
)
