"""Collectors of lists and objects, made of what their facts declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

import hardenme.facts.github
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import F, listed, place, single
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.facts.declared import declared
from hardenme.model.fact import Answer, Endpoint, Fact
from hardenme.model.subject import Subject

ACRONYMS = frozenset({"gpg", "oidc", "ssh", "sso"})


def plain(by_hand: Collection[Collector]) -> Iterator[Collector]:
    """A collector of each fact of GitHub's that has an endpoint and that none gives by hand."""
    given = {kind for collector in by_hand for kind in collector.gives}
    for kind in declared(hardenme.facts.github):
        if kind.endpoint.path and kind not in given:
            yield lists(kind) if kind.endpoint.kind else of_scope(kind)


def lists(
    kind: type[Fact], *, slim: Callable[[bytes], bytes] | None = None, **more: Any
) -> Collector:
    """A collector of the list that a fact declares.

    Args:
        slim: takes out of an answer what must not be kept.
        more: of what it is asked, and what it costs, as `Collector` takes it.
    """

    def collect(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
        yield list_of(github, kind, scope, slim=slim)

    name = _words(kind)
    return Collector(f"{name}es" if name.endswith("s") else f"{name}s", (kind,), collect, **more)


def of_scope(kind: type[Fact], **more: Any) -> Collector:
    """A collector of a fact of the scope itself, which one object holds.

    Args:
        more: of what it is asked, and what it costs, as `Collector` takes it.
    """

    def collect(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
        yield single_of(github, kind, scope)

    return Collector(_words(kind), (kind,), collect, **more)


def _words(kind: type[Fact]) -> str:
    """The name of a fact's class in words, for messages."""
    words = (word.lower() for word in re.findall("[A-Z][a-z]*", kind.__name__))
    return " ".join(word.upper() if word in ACRONYMS else word for word in words)


def list_of(
    github: GitHub,
    kind: type[F],
    scope: Subject,
    *,
    slim: Callable[[bytes], bytes] | None = None,
) -> Answer[F]:
    """The answer for the list that a fact declares.

    Args:
        slim: takes out of an answer what must not be kept.
    """
    endpoint = kind.endpoint

    def build(item: Item) -> F:
        told = read(kind, item)
        names = (told[name] if name in told else _raw(item, name) for name in endpoint.label)
        label = next((name for name in names if name and isinstance(name, str)), "")
        return kind(**_place(github, scope, endpoint, item), label=label, **told)

    return listed(github, kind, scope, endpoint.at(scope.name), build, slim=slim)


def _raw(item: Item, path: str) -> Any:
    *way, name = path.split("/")
    for step in way:
        item = item.item(step)
    return item.data.get(name)


def single_of(github: GitHub, kind: type[F], scope: Subject, **more: Any) -> Answer[F]:
    """The answer for a fact of the scope itself, whose fields one object holds, and `more`."""
    endpoint = kind.endpoint

    def build(item: Item) -> F:
        return kind(**place(github, scope) | read(kind, item) | more)

    return single(github, kind, scope, endpoint.at(scope.name), build)


def _place(github: GitHub, scope: Subject, endpoint: Endpoint, item: Item) -> dict[str, Any]:
    """What an object is, and where it belongs."""
    identity = item.identity(endpoint.identity)
    name = endpoint.named.format(scope=scope.name, identity=identity)
    return {
        "subject": Subject("github", endpoint.kind, name),
        "within": scope,
        "web": github.web,
    }
