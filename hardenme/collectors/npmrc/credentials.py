"""Finds credentials in clear text among npm's settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hardenme.collectors.npmrc.ini import Setting

TOKEN = "_authToken"  # noqa: S105 (the name of a setting)
PASSWORDS = frozenset({"_auth", "_password"})
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
NO_SECRET = frozenset({"", "npm_"})
"""What may be left of a value beside a reference to a variable."""


def tokens(lines: Iterable[Setting]) -> Iterator[tuple[Setting, str]]:
    """The lines that hold a token, each with the registry that its key names."""
    for item in lines:
        registry, name = _split(item.name)
        if name == TOKEN and item.literal not in NO_SECRET:
            yield item, registry


def passwords(lines: Iterable[Setting]) -> Iterator[tuple[Setting, str]]:
    """The lines that hold a password or a private key, each with the name of its setting."""
    for item in lines:
        _, name = _split(item.name)
        if (name in PASSWORDS and item.literal not in NO_SECRET) or (
            name == "key" and PRIVATE_KEY.search(item.value)
        ):
            yield item, name


def _split(name: str) -> tuple[str, str]:
    """The registry and the setting of a key like `//registry.example.test/npm/:_authToken`."""
    registry, _, setting = name.rpartition(":")
    return registry.strip("/"), setting
