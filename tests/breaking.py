"""Each key that facts are read from, and the ways in which an answer may lack it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from typing import Any

from hardenme.engine.plan import sources
from hardenme.model.fact import EACH, Fact
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.mutations import Atom, absent, answered_by, declared_at, holds, of_keys, replaced

Edit = Callable[[Request, Reply], Reply]
ODD = {"something": "new"}
"""What no field is made of."""


@dataclass(frozen=True, slots=True)
class DeclaredKey:
    """A key of an answer that a fact is read from.

    Attributes:
        server: the server that answers.
        atom: the request.
        name: the key; `EACH` where the keys of the answer are data, like the names of members.
        nullable: null is a documented value of it.
    """

    server: LoopbackServer
    atom: Atom
    name: str
    nullable: bool

    @contextmanager
    def broken(self, edit: Edit) -> Iterator[None]:
        """The server, with every answer to the request changed."""
        fault = self.server.fault(".*", edit=edit, match=self.atom.matches)
        try:
            yield
        finally:
            self.server.faults.remove(fault)


@dataclass(slots=True)
class Answers:
    """The answers of servers, by the server's address and the request."""

    servers: tuple[LoopbackServer, ...]
    replies: dict[tuple[str, Atom], list[Reply]]

    @classmethod
    @contextmanager
    def kept(cls, servers: Iterable[LoopbackServer]) -> Iterator[Answers]:
        """Keep what servers answer meanwhile."""
        found = cls(tuple(servers), defaultdict(list))
        with ExitStack() as stack:
            for server in found.servers:

                def keep(request: Request, reply: Reply, url: str = server.url) -> Reply:
                    found.replies[url, Atom.of(request)].append(deepcopy(reply))
                    return reply

                stack.callback(server.faults.remove, server.fault(".*", edit=keep))
            yield found

    def have(self, server: LoopbackServer, atom: Atom, name: str) -> bool:
        """Whether an answer to a request has a key; what has none cannot lack it."""
        replies = self.replies[server.url, atom]
        return name == EACH or any(holds(reply, name) for reply in replies)


def declared_keys(
    atoms: Iterable[tuple[LoopbackServer, Atom]], facts: Iterable[type[Fact]], answers: Answers
) -> list[DeclaredKey]:
    """Each key of each answer that one of the facts is read from, once."""
    read = sorted(sources(facts), key=lambda one: one.__name__)
    nullable: dict[tuple[str, Atom, str], bool] = {}
    found: dict[tuple[str, Atom, str], DeclaredKey] = {}
    for server, atom in atoms:
        for fact in (one for one in read if answered_by(one, atom)):
            for name, null, _ in (key for item in fields(fact) for key in of_keys(fact, item.name)):
                if declared_at(fact, atom, name) and answers.have(server, atom, name):
                    place = server.url, atom, name
                    nullable[place] = null or nullable.get(place, False)
                    found[place] = DeclaredKey(server, atom, name, nullable[place])
    return list(found.values())


def ways_without(key: DeclaredKey) -> Iterator[tuple[str, Edit]]:
    """The answer without the key, with null where that is no value of it, and with what is odd."""
    if key.name == EACH:
        # Without one of its names an answer is another answer, and lacks nothing.
        yield "null", _each(None)
        yield "odd", _each(ODD)
        return
    yield "absent", absent(key.name)
    if not key.nullable:
        yield "null", replaced(key.name, None)
    yield "odd", replaced(key.name, ODD)


def _each(value: Any) -> Edit:
    def edit(_request: Request, reply: Reply) -> Reply:
        found: Mapping[str, Any] = json.loads(reply.encoded() or b"null")
        return replace(reply, data=dict.fromkeys(found, value))

    return edit
