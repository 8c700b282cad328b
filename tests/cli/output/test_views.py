"""What Python shows of the product's own objects, as a debugger or a library's error does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from hardenme.cli.audit.clients import Connection, clients
from hardenme.cli.audit.tokens import Tokens
from hardenme.cli.terminal.console import Console
from hardenme.collectors.local.workstation import Workstation
from hardenme.collectors.transport.cache import Cache
from hardenme.credentials.chain import TokenChain
from hardenme.credentials.gh import Gh
from hardenme.credentials.keyring import Keyring
from hardenme.facts.npm.site import REGISTRY

CLOUD = "https://api.github.com"
TOKEN = "zq/9+X~CANARY.of-no-known-F0rm77"
LEAVES = (str, bytes, type, ModuleType)


def reached(thing: object, path: str, seen: set[int]) -> Iterator[tuple[str, object]]:
    """All that hangs on a thing by attributes and items; the environment itself is an input."""
    if id(thing) in seen or path.endswith("environ"):
        return
    seen.add(id(thing))
    yield path, thing
    if isinstance(thing, LEAVES):
        return
    inner = dict(getattr(thing, "__dict__", {}))
    for kind in type(thing).__mro__:
        inner |= {name: getattr(thing, name, None) for name in getattr(kind, "__slots__", ())}
    if isinstance(thing, dict):
        inner |= thing
    elif isinstance(thing, list | tuple):
        inner |= dict(enumerate(thing))
    for name, item in inner.items():
        yield from reached(item, f"{path}.{name}", seen)


def test_nothing_of_a_run_shows_a_token(tmp_path: Path) -> None:
    """Neither what holds a token nor anything that it is made of."""
    environ = {"HARDENME_GITHUB_TOKEN": TOKEN, "HARDENME_NPM_TOKEN": f"{TOKEN}2"}
    chain = TokenChain(environ, tmp_path, gh=Gh(environ, print))
    own = chain.github(CLOUD)
    assert own is not None
    tokens = Tokens(own, chain.npm(REGISTRY), {"acme": own})
    machine = Workstation(tmp_path, environ, tmp_path)
    connected = clients(Connection(CLOUD, REGISTRY, cache=Cache(tmp_path)), tokens)
    console = Console(io.StringIO(), io.StringIO(), environ)
    made = (chain, tokens, machine, Keyring(machine), connected, console)
    found = dict(reached(made, "run", set()))
    assert any(thing is own.secret for thing in found.values())
    for path, thing in found.items():
        assert "CANARY" not in f"{thing!r} {thing}", path
