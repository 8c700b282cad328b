"""Finds credentials in plain text among npm's settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hardenme.collectors.clear_text import TOKEN, in_addresses
from hardenme.collectors.npmrc.ini import IniLine

TOKENS = frozenset({"_authToken", "authToken"})
PASSWORDS = frozenset({"_auth", "_password", "auth", "password"})
"""Settings that are credentials; npm takes those without `_` no more, and files still have them."""
KEY = "key"
ADDRESS = "address"
"""What a credential in an address is called where the setting's own name may not be shown."""
NAMED = frozenset({"registry", "proxy", "https-proxy", "http-proxy"})
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
NO_SECRET = frozenset({"", "npm_"})
"""What may remain of a value next to a reference to a variable."""


@dataclass(frozen=True, slots=True)
class ClearToken:
    """A token in plain text.

    Attributes:
        item: its key.
        registry: the registry's host and path that its key or its address names; empty for any.
        value: the token, with the references next to it.
    """

    item: IniLine
    registry: str
    value: str


def tokens(lines: Iterable[IniLine]) -> Iterator[ClearToken]:
    """The lines that hold a token: by the name of the setting, else by the form of the value."""
    for item in lines:
        registry, name = _split(item.name)
        if name in PASSWORDS:
            continue
        if name in TOKENS:
            if item.literal not in NO_SECRET:
                yield ClearToken(item, registry, item.value)
        elif found := TOKEN.search(item.literal) or TOKEN.search(item.name):
            yield ClearToken(item, _registry(item.literal.partition("://")[2]), found[0])


def passwords(lines: Iterable[IniLine]) -> Iterator[tuple[IniLine, str]]:
    """The lines that hold a password or a private key, each with the name of its setting."""
    for item in lines:
        _, name = _split(item.name)
        if name in PASSWORDS:
            if item.literal not in NO_SECRET:
                yield item, name
        elif PRIVATE_KEY.search(item.value):
            yield item, KEY
        elif any(_in_addresses(item)):
            yield item, name if name in NAMED else ADDRESS


def shows_credential(item: IniLine) -> bool:
    """Whether the key itself holds a credential."""
    return TOKEN.search(item.name) is not None or any(in_addresses(_key(item)))


def _in_addresses(item: IniLine) -> Iterator[str]:
    """What comes before a host, in the value or in the key, except tokens with a known form."""
    for text in (item.literal, _key(item)):
        yield from (found for found in in_addresses(text) if not TOKEN.search(found))


def _key(item: IniLine) -> str:
    """The key as an address, where it is one without its scheme."""
    return f"https:{item.name}" if item.name.startswith("//") else item.name


def _split(name: str) -> tuple[str, str]:
    """The registry and the setting of a key like `//registry.example.test/npm/:_authToken`."""
    registry, _, setting = name.rpartition(":")
    return _registry(registry.strip("/")), setting


def _registry(text: str) -> str:
    """The host and the path of an address, without what comes before the host."""
    host, slash, path = text.partition("/")
    return f"{host.rpartition('@')[2]}{slash}{path}".strip("/")
