"""Ways to break one answer, each of which must keep a check from passing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from hardenme.engine.plan import derivations
from hardenme.model.fact import NULLABLE, OPTIONAL, PATHS, RAW, READ, Fact
from hardenme.model.known import Known
from hardenme.sandbox.github.router import find
from hardenme.sandbox.http import Fault, Reply, Request

PACKAGE = re.compile(r"@[a-z-]+(?:%2f|/)[a-z-]+(?:@[\d.]+)?", re.IGNORECASE)
STALL = 1.0
IDLE = 0.15
"""Seconds: a stalled server answers after the client has given up."""

TAKEN_APART = "/**"
"""After a key: the names of its value are data, and are read with it."""
EXCEPTIONS = frozenset({"exclude"})
"""Keys of patterns that take something out again: one that is not understood may take out all."""
FREE_TEXT = frozenset(
    {
        "actor",
        "added",  # decided by the presence of an id
        "addresses_added",  # the same
        "address",  # any address is one; what it is worth is decided by other fields
        "branch",
        "credential_lines",  # a settings file may hold anything
        "email",
        "install_script",  # decided by the presence of an id
        "full_name",
        "key_id",
        "latest",
        "login",
        "name",
        "newest",
        "node_id",
        "organization",
        "package",
        "patterns",
        "publisher",
        "publisher_id",
        "repository",
        "sboms",  # files of a release, and of a repository, are called anything
        "scripts_changed",  # decided by the presence of an id
        "shown",
        "tag",
        "token_key",
        "unread",
        "version",
    }
)
"""Fields that hold names: any text is a possible value, so that there is no unknown one."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One request of a run, by which its answer can be broken.

    Attributes:
        path: the path, without a query.
        operation: the name of the GraphQL query; empty for REST.
    """

    path: str
    operation: str = ""

    @classmethod
    def of(cls, request: Request) -> Atom:
        """The atom that a recorded request is."""
        if request.method == "POST":
            document = json.loads(request.body)["query"]
            return cls(request.path, document.split("(")[0].split()[1])
        return cls(request.path)

    @property
    def shape(self) -> str:
        """The endpoint: answers of one are read by the same code, whatever they are about."""
        if self.operation:
            return self.operation
        found = find(self.path)
        return found.route.pattern if found else PACKAGE.sub("{package}", self.path)

    def matches(self, request: Request) -> bool:
        """Whether a request asks for this atom."""
        return self == Atom.of(request)

    def fault(self, **how: Any) -> Fault:
        """A fault that breaks this atom's answer."""
        return Fault(".*", match=self.matches, **how)


def refusal(status: int, message: str, **headers: str) -> Callable[[Request, Reply], Reply]:
    """An answer in place of the true one."""
    return lambda _request, _reply: Reply(status, {"message": message}, dict(headers))


def _header(name: str, value: str) -> Callable[[Request, Reply], Reply]:
    def edit(_request: Request, reply: Reply) -> Reply:
        reply.headers[name] = value
        return reply

    return edit


def _lost_page(request: Request, reply: Reply) -> Reply:
    """The answer as it would be if a last page had got lost."""
    if request.method == "POST":
        return _walk(reply, lambda found, name: found.__setitem__(name, 99), "totalCount")
    if isinstance(reply.data, dict) and "total_count" in reply.data:
        reply.data["total_count"] += 1
    elif isinstance(reply.data, dict) and "total" in reply.data:
        reply.data["total"] += 1
    else:
        reply.headers["link"] = f'<http://127.0.0.1/x{request.path}?page=2>; rel="last"'
    return reply


def _named(name: str) -> re.Pattern[str]:
    """The keys that a name stands for: `u*` for those that number the parts of a query."""
    return re.compile(re.escape(name).replace(r"\*", r"\d+"))


def _walk(reply: Reply, change: Callable[[dict[str, Any], str], object], name: str) -> Reply:
    """Change every object of the answer that holds a key."""
    named = _named(name)
    data = json.loads(reply.encoded() or b"null")

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            for value in list(node.values()):
                visit(value)
            for key in list(filter(named.fullmatch, node)):
                change(node, key)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(data)
    return Reply(reply.status, data, reply.headers)


def _is_list(reply: Reply, request: Request) -> bool:
    data = json.loads(reply.encoded() or b"null")
    wrapped = isinstance(data, dict) and bool({"total_count", "total"} & data.keys())
    if request.method == "POST":
        return b'"totalCount"' in reply.encoded()
    return isinstance(data, list) or wrapped


WHOLE: dict[str, dict[str, Any]] = {
    "403": {"edit": refusal(403, "Resource not accessible by personal access token")},
    "hiding 404": {"edit": refusal(404, "Not Found")},
    "401": {"edit": refusal(401, "Bad credentials")},
    "429": {"edit": refusal(429, "Too many requests")},
    "500": {"edit": refusal(500, "Server error")},
    "timeout": {"stall": STALL},
    "hang-up": {"hang_up": True},
    "empty 200": {"edit": lambda _request, reply: Reply(200, None, reply.headers, b"")},
    "empty object": {"edit": lambda _request, reply: Reply(200, {}, reply.headers)},
    "login page": {
        "edit": lambda _request, _reply: Reply(
            200, None, {"content-type": "text/html"}, b"<html>Sign in</html>"
        )
    },
}
"""Faults of a whole answer, by name."""
ALIKE = {
    "unreachable": ("500", "timeout", "hang-up", "truncated"),
    "malformed": ("empty 200", "login page"),
}
"""Ways that no reader can tell apart: the clients have one word for what they come to."""

SINGLE_SIGN_ON = {"edit": _header("X-GitHub-SSO", "partial-results; organizations=4711")}
"""GitHub's word that single sign-on left something out of an answer."""


@cache
def answered_by(fact: type[Fact], atom: Atom) -> bool:
    """Whether an atom is the request that a fact is read from, by the fact's own word."""
    made_by = derivations().get(fact, ())
    if made_by:
        parts = (item for derivation in made_by for item in derivation.parameters)
        return any(answered_by(item.kind, atom) for item in parts if not item.given)
    if fact.asked_at != "github" and find(atom.path):
        # A package could have the name of one of GitHub's paths.
        return False
    queries = re.findall(r"\(query (\w+)\)", fact.source)
    if queries and atom.operation not in queries:
        return False
    paths = re.findall(r"(?:GET|POST) (/[^\s,?]*)", fact.source)
    return any(
        re.fullmatch("/".join(_part(part) for part in path.split("/")), atom.path) for path in paths
    )


def _part(part: str) -> str:
    return "[^/]+" if part.startswith("{") else re.escape(part)


def declared_at(fact: type[Fact], atom: Atom, name: str) -> bool:
    """Whether a key is one that a fact is read from in an atom.

    A fact that is made from others names the keys of all of them: each counts where one of those
    declares it.
    """
    made_by = derivations().get(fact, ())
    if not made_by:
        return True
    parts = (item for derivation in made_by for item in derivation.parameters if not item.given)
    return any(
        answered_by(part.kind, atom)
        and (
            declared_at(part.kind, atom, name)
            if derivations().get(part.kind)
            else any(
                name == key
                for item in fields(part.kind)
                for key, _, _ in of_keys(part.kind, item.name)
            )
        )
        for part in parts
    )


def of_keys(fact: type[Fact], field_name: str) -> Iterator[tuple[str, bool, bool]]:
    """The keys that a field is read from: name, whether null is documented, whether it is text.

    Those that the provider may leave out are not among them.

    Beside its own they are those of the objects that it holds, and those by which it counts.
    An object that is `Known` in parts names its keys itself, where a check reads it.
    """
    for item in fields(fact):
        if item.name == field_name and RAW in item.metadata:
            free = field_name in FREE_TEXT
            for name in item.metadata[RAW]:
                yield name, item.metadata[NULLABLE], free
            for part in parts_of(_hints(fact)[field_name]):
                if not issubclass(part, Known):
                    for within in fields(part):
                        yield from of_keys(part, within.name)
    for gate in getattr(fact, "gates", ()):
        for name in gate.split("/"):
            yield name, False, name in FREE_TEXT


def optional_keys(fact: type[Fact], field_name: str) -> Iterator[str]:
    """The keys that count for a field where they are there."""
    for item in fields(fact):
        if item.name == field_name:
            yield from item.metadata.get(OPTIONAL, ())
    for path in getattr(fact.endpoint, "counting", ()):
        yield from path.split("/")


def plain_keys(read: Iterable[tuple[type[Any], str, str]]) -> frozenset[str]:
    """The keys that the generic reader reads by the type of a field alone.

    A key is none of them where a function makes something of it in any of these.

    Args:
        read: what it read: a fact, or an object within one; which of its sources; and the field.
    """
    plain, made = set[str](), set[str]()
    for kind, source, name in read:
        (item,) = (item for item in fields(kind) if item.name == name)
        reading = item.metadata[source]
        (plain if reading.by is None else made).update(reading.path)
    return frozenset(plain - made)


def keys_of(kind: type[Any]) -> Iterator[str]:
    """All keys of answers that a fact, or an object within one, declares."""
    for item in fields(kind):
        yield from item.metadata.get(RAW, ())
        yield from item.metadata.get(OPTIONAL, ())
        yield from (path for path in item.metadata.get(PATHS, ()) if path.endswith(TAKEN_APART))
        reading = item.metadata.get(READ)
        if reading is not None and reading.by is not None:
            yield "/".join(reading.path) + TAKEN_APART
        for part in parts_of(_hints(kind)[item.name]):
            yield from keys_of(part)
    if issubclass(kind, Fact):
        yield from (*kind.gates, *kind.guarded_keys)
        if kind.endpoint.path:
            yield from (kind.endpoint.identity, *kind.endpoint.label)
            yield from getattr(kind.endpoint, "optional", ())


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def parts_of(hint: Any) -> Iterator[type[Any]]:
    """The objects that a field of a type holds."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for within in get_args(hint):
        yield from parts_of(within)


def is_null(reply: Reply, name: str) -> bool:
    """Whether a key is null already, wherever an answer holds it."""
    changed = _walk(reply, lambda found, key: found.__setitem__(key, None), name)
    return bool(changed.data == json.loads(reply.encoded() or b"null"))


def absent(name: str) -> Callable[[Request, Reply], Reply]:
    """The answer without a key, or without a header of that name."""

    def edit(_request: Request, reply: Reply) -> Reply:
        reply.headers = {
            key: value for key, value in reply.headers.items() if key.lower() != name.lower()
        }
        return _walk(reply, lambda found, key: found.pop(key), name)

    return edit


def replaced(name: str, value: Any) -> Callable[[Request, Reply], Reply]:
    """The answer with another value for a key."""
    return lambda _request, reply: _walk(
        reply, lambda found, key: found.__setitem__(key, value), name
    )


def one_more(name: str, value: Any) -> Callable[[Request, Reply], Reply]:
    """The answer with one more value in each list that a key holds."""

    def longer(found: dict[str, Any], key: str) -> None:
        if isinstance(found[key], list):
            found[key] = [*found[key], value]

    return lambda _request, reply: _walk(reply, longer, name)


def unknown_value(name: str, *, free: bool) -> Callable[[Request, Reply], Reply]:
    """The answer with a value for a key that nobody has seen yet."""

    def strange(value: Any) -> Any:
        if isinstance(value, str) and not free:
            return "something-new"
        return {"something": "new"} if not isinstance(value, dict) else "something-new"

    def edit(_request: Request, reply: Reply) -> Reply:
        if in_headers(reply, name):
            kept = {key: text for key, text in reply.headers.items() if key.lower() != name.lower()}
            return Reply(reply.status, reply.data, {**kept, name: "something:new"}, reply.body)
        return _walk(reply, lambda found, key: found.__setitem__(key, strange(found[key])), name)

    return edit


def in_headers(reply: Reply, name: str) -> bool:
    """Whether an answer has a header of that name."""
    return any(header.lower() == name.lower() for header in reply.headers)


def holds(reply: Reply, name: str) -> bool:
    """Whether an answer has a key, or a header, of that name."""
    body = reply.encoded().decode(errors="replace")
    return in_headers(reply, name) or bool(re.search(f'"{_named(name).pattern}" ?:', body))


lost_page = _lost_page
is_list = _is_list
