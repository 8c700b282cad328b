"""What is answered: a guard of an endpoint gone, or a total wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hardenme.sandbox.http import Fault, Reply, Request
from tests.mutations import Atom
from tests.running import Stage

TOTALS = frozenset({"totalCount", "total_count", "total"})
GUARDS = frozenset(
    {
        *("viewerCanAdminister", "viewerPermission", "permissions", "admin", "role", "state"),
        *("isInOrganization", "isEmpty", "hasNextPage", "id", "databaseId", "enforcement"),
        *("isArchived", "visibility", "enabled", "enabled_repositories"),
        *("conditions", "include", "exclude", "protection_rules", "deployment_branch_policy"),
    }
)
"""Keys by which a collector decides what else it reads, and how far it may be believed."""
Change = Callable[[dict[str, Any], str], None]


def _absent(found: dict[str, Any], key: str) -> None:
    del found[key]


def _put(change: Callable[[Any], Any]) -> Change:
    def put(found: dict[str, Any], key: str) -> None:
        found[key] = change(found[key])

    return put


WRONG: dict[str, Change] = {
    "null": _put(lambda _: None),
    "one more": _put(lambda total: total + 1),
    "one less": _put(lambda total: max(total - 1, 0)),
    "none": _put(lambda _: 0),
    "true": _put(lambda _: True),
}
"""What a total may be beside the truth."""


@dataclass(frozen=True, slots=True)
class Broken:
    """All answers of an endpoint with the same fault.

    Attributes:
        shape: the endpoint.
        parent: the key of the object that holds the key; empty at the top.
        key: what is broken.
        way: how.
    """

    shape: str
    parent: str
    key: str
    way: str

    def __str__(self) -> str:
        return f"{self.shape}: {self.parent}.{self.key} {self.way}"

    @contextmanager
    def asking(self, at: Stage) -> Iterator[None]:
        """Break the answers for as long as the context lasts."""
        for server in at.servers:
            server.faults[:] = [Fault(".*", match=self._is_of, edit=self._edit)]
        try:
            yield
        finally:
            well(at)

    def _is_of(self, request: Request) -> bool:
        return Atom.of(request).shape == self.shape

    def _edit(self, _request: Request, reply: Reply) -> Reply:
        data = _read(reply)
        change = {"absent": _absent, **WRONG}[self.way]
        for parent, found in _objects(data):
            if parent == self.parent and self.key in found:
                change(found, self.key)
        return reply if data is None else Reply(reply.status, data, reply.headers)


class Watched:
    """Which keys the answers of a run hold, by endpoint."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str, str], Any] = {}

    @contextmanager
    def watching(self, at: Stage) -> Iterator[None]:
        """Note the answers for as long as the context lasts, and leave them as they are."""
        for server in at.servers:
            server.faults[:] = [Fault(".*", edit=self._note)]
        try:
            yield
        finally:
            well(at)

    def _note(self, request: Request, reply: Reply) -> Reply:
        shape = Atom.of(request).shape
        for parent, found in _objects(_read(reply)):
            self._keys |= {(shape, parent, key): value for key, value in found.items()}
        return reply

    def broken(self) -> Iterator[Broken]:
        """Each guard absent, and each total wrong."""
        for (shape, parent, key), value in sorted(self._keys.items(), key=lambda entry: entry[0]):
            total = key in TOTALS and isinstance(value, int)
            ways = ["absent"] * (total or key in GUARDS)
            ways += list(WRONG) * total
            for way in ways:
                yield Broken(shape, parent, key, way)


def well(at: Stage) -> None:
    """Have all servers of a stage answer as they should."""
    for server in at.servers:
        server.faults.clear()


def _read(reply: Reply) -> Any:
    """The body, where it is JSON; else None."""
    try:
        return json.loads(reply.encoded() or b"null")
    except ValueError:
        return None


def _objects(node: Any, parent: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object with the key that it stands under; the inner ones first."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _objects(value, key)
        yield parent, node
    elif isinstance(node, list):
        for value in node:
            yield from _objects(value, parent)
