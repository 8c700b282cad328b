"""What newer Pythons do differently, looked for on each Python that runs the tests.

Source: "What's New In Python 3.14" and 3.13.
"""

from __future__ import annotations

import ast
import functools
import http.client
import importlib
import io
import pkgutil
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import hardenme
import hardenme_checks
from hardenme.collectors.transport import timed

NOT_EVERYWHERE = ("cryptography", "dns", "nacl")
"""Libraries that not every interpreter has: what needs them is not looked at there."""
ROOT = Path(__file__).parent.parent
GONE = {
    **dict.fromkeys(("Bytes", "Ellipsis", "NameConstant", "Num", "Str"), "ast"),
    **dict.fromkeys(("get_event_loop", "get_event_loop_policy", "iscoroutinefunction"), "asyncio"),
    **dict.fromkeys(("find_loader", "get_loader"), "pkgutil"),
    **dict.fromkeys(("utcfromtimestamp", "utcnow"), "datetime"),
    **dict.fromkeys(("contents", "is_resource", "open_text", "read_text"), "resources"),
    "getdefaultlocale": "locale",
    "open": "codecs",
    "wrap_socket": "ssl",
}
"""Names that are gone or deprecated in 3.14, by the module or class that had them."""
MENTIONED = re.compile("|".join(rf"\b{owner}\s*\.\s*{name}\b" for name, owner in GONE.items()))
"""Such a name in a text, of code or not: few modules have one and have to be parsed."""


def modules() -> Iterator[types.ModuleType]:
    """All modules of the product but its entry, which runs the command."""
    for package in (hardenme, hardenme_checks):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                try:
                    yield importlib.import_module(found.name)
                except ModuleNotFoundError as error:
                    if (error.name or "").partition(".")[0] not in NOT_EVERYWHERE:
                        raise


@functools.cache
def classes() -> tuple[type, ...]:
    """All classes of the product, and those that the transport makes in a function."""
    list(modules())
    timed._pools(timed.Timer())
    found, waiting = set[type](), list[type]([object])
    while waiting:
        # A class of typing's warns, from 3.14 on, where it is put into a set.
        several = type.__subclasses__(waiting.pop())
        below = {kind for kind in several if kind.__module__ != "typing"} - found
        found |= below
        waiting += below
    own = ("hardenme.", "hardenme_checks.")
    return tuple(kind for kind in found if f"{kind.__module__}.".startswith(own))


def partials(kind: type) -> list[str]:
    """Attributes that Python 3.14 binds to the instance, as all Pythons do functions."""
    return [name for name, value in vars(kind).items() if isinstance(value, functools.partial)]


def test_no_class_has_a_partial_for_an_attribute() -> None:
    assert len(classes()) > 500
    assert {kind: partials(kind) for kind in classes() if partials(kind)} == {}


def test_the_search_sees_a_partial() -> None:
    class Wrong:
        answer = functools.partial(int, "7")

    assert partials(Wrong) == ["answer"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_makes_an_answer(scheme: str) -> None:
    """`http.client` gets the class of answers from the connection, and calls it."""

    class Wire:
        def makefile(self, _: str) -> io.BufferedReader:
            return io.BufferedReader(io.BytesIO(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))  # type: ignore[arg-type]  # read as a socket's

        def settimeout(self, _: float) -> None:
            pass

        def close(self) -> None:
            pass

    made: typing.Any = timed._pools(timed.Timer())[scheme].ConnectionCls
    connection = made("host.example")
    answer = connection.response_class(Wire(), method="GET")
    answer.begin()
    assert isinstance(answer, http.client.HTTPResponse)
    assert (answer.status, answer.read()) == (200, b"{}")


def test_annotations_are_read_at_run_time() -> None:
    """From 3.14 on they are evaluated when they are asked for, by whoever asks."""
    readable = 0
    for kind in classes():
        vocabulary = kind.__module__.startswith(("hardenme.facts.", "hardenme.model."))
        if vocabulary and "__dataclass_fields__" in vars(kind):
            names = typing.get_type_hints(kind)
            assert names.keys() >= set(vars(kind)["__dataclass_fields__"]), kind
            readable += 1
    assert readable > 100


def gone(text: str) -> list[str]:
    """What a module uses of names that are gone."""
    if not MENTIONED.search(text):
        return []
    return [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and GONE.get(node.attr) == node.value.id
    ]


@pytest.mark.second_tier("reads every source file")
def test_nothing_that_is_gone_is_used() -> None:
    assert gone("codecs.open('x'); datetime.utcnow(); open('x'); path.open()") == [
        "codecs.open",
        "datetime.utcnow",
    ]
    folders = ("hardenme", "checks", "tests", "docs", "benchmarks", "image", ".ci")
    found = {
        path: names
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if (names := gone(path.read_text("utf-8")))
    }
    assert found == {}
