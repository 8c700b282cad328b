"""Watches which keys of a raw answer are read, and by whom.

Answers are wrapped where they are parsed, in tests alone: the product reads plain dictionaries. A
reader is a collector or a part of the batched query. What it takes from what others remembered
counts as read by it too, so that it does not matter which of them came first.
"""

from __future__ import annotations

import re
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar
from unittest import mock

from hardenme.collectors.github.batch import PARTS
from hardenme.collectors.memo import Memo
from hardenme.collectors.registry import collectors
from hardenme.collectors.transport import response
from tests.shared import SHARED

T = TypeVar("T")

ENVELOPE = frozenset(
    f"hardenme.collectors.{name}"
    for name in (
        "github.batch.query",
        "github.client",
        "github.connection",
        "github.headers",
        "github.pages",
        "github.refusal",
        "github.shrinking",
        "transport.response",
    )
)
"""Who reads what an answer says of itself: what went wrong, how much there is, where it goes on.
Facts do not declare it; lost pages, totals and refusals are broken for each check."""
ENCODERS = frozenset({"json", "json.encoder"})
ANY = "*"
KEY = re.compile(r"[A-Za-z_]\w*|dist-tags|\*")
"""What a provider calls a key. Names of packages look like it now and then; none does in the test
worlds where it is one."""
REPOSITORIES = ("data/repositoryOwner/repositories/nodes", "data/repository")
ALIAS = re.compile(r"[a-z]\d+")
"""The names that numbered parts of a query get."""
NAMED = frozenset({"dependencies", "optionalDependencies", "peerDependencies", "time", "versions"})
"""Objects whose keys are data."""
OF_A_PACKAGE = frozenset({"created", "modified", "unpublished"})
"""What is not a version where else each key is one."""


class Watch:
    """Who read which keys.

    Attributes:
        reads: by reader, the paths of keys from the top of an answer; lists leave no mark in them.
    """

    def __init__(self) -> None:
        self.reads: dict[str, set[str]] = defaultdict(set)
        self._shared: dict[str, set[str]] = defaultdict(set)
        self._local = threading.local()
        self._lock = threading.Lock()

    def note(self, path: str) -> None:
        """A key was read, by whoever reads at present in this thread."""
        readers = self._readers()
        if readers and _caller() not in ENVELOPE:
            with self._lock:
                self.reads[readers[-1]].add(path)

    @contextmanager
    def installed(self) -> Iterator[Watch]:
        """Watch all that is read as long as the context lasts."""
        parse = response.strict_json
        get = Memo.get

        def parsed(*args: Any, **how: Any) -> Any:
            return _wrapped(parse(*args, **how), "", self)

        def remembered(memo: Memo, name: Any, ask: Callable[[], Any]) -> Any:
            shared = f"{id(memo)} {name}"

            def asked() -> Any:
                with self._reading_as(shared):
                    return ask()

            found = get(memo, name, asked)
            for reader in self._readers()[-1:]:
                with self._lock:
                    self._shared[reader].add(shared)
            return found

        read = {reader: reader.read for reader in (*collectors(), *PARTS)}
        with (
            mock.patch.object(response, "strict_json", parsed),
            mock.patch.object(Memo, "get", remembered),
        ):
            for reader, ask in read.items():
                object.__setattr__(reader, "read", self._as(reader.name, ask))
            try:
                yield self
            finally:
                for reader, ask in read.items():
                    object.__setattr__(reader, "read", ask)
                self._settle()

    def shared(self, name: str, make: Callable[[], T]) -> T:
        """What is made while all that is read is watched, by one process for all."""

        def watched() -> tuple[T, dict[str, set[str]]]:
            with Watch().installed() as watch:
                return make(), watch.reads

        made, reads = SHARED.once(name, watched)
        for reader, paths in reads.items():
            self.reads[reader] |= paths
        return made

    def _settle(self) -> None:
        """Give what was read for all to each that took it."""
        waiting = list(self._shared.items())
        for reader, shared in waiting:
            for name in shared:
                self.reads[reader] |= self.reads.get(name, set())
                self.reads[reader] |= {
                    path for inner in self._shared.get(name, ()) for path in self.reads[inner]
                }
        names = {reader.name for reader in (*collectors(), *PARTS)}
        for reader in self.reads.keys() - names:
            del self.reads[reader]
        self._shared.clear()

    def _readers(self) -> list[str]:
        if not hasattr(self._local, "readers"):
            self._local.readers = []
        found: list[str] = self._local.readers
        return found

    @contextmanager
    def _reading_as(self, reader: str) -> Iterator[None]:
        readers = self._readers()
        readers.append(reader)
        try:
            yield
        finally:
            readers.pop()

    def _as(self, reader: str, read: Callable[..., Iterable[Any]]) -> Callable[..., Iterator[Any]]:
        @wraps(read)
        def watched(*args: Any) -> Iterator[Any]:
            with self._reading_as(reader):
                answers = iter(read(*args))
            while True:
                with self._reading_as(reader):
                    answer = next(answers, self)
                if answer is self:
                    return
                yield answer

        return watched


READS = Watch()
"""What is read in the worlds in which checks pass and fail."""


class _Object(dict[str, Any]):
    """One JSON object that tells which of its keys are read."""

    def __init__(self, data: dict[str, Any], path: str, watch: Watch) -> None:
        super().__init__(
            {name: _wrapped(value, _below(path, name), watch) for name, value in data.items()}
        )
        self.path = path
        self.watch = watch

    def __getitem__(self, name: str) -> Any:
        self.watch.note(_below(self.path, name))
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.watch.note(_below(self.path, name))
        return super().get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        self.watch.note(_below(self.path, name))
        return super().pop(name, *default)

    def __contains__(self, name: object) -> bool:
        self.watch.note(_below(self.path, str(name)))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.watch.note(_below(self.path, ANY))
        return super().__iter__()

    def keys(self) -> Any:
        self.watch.note(_below(self.path, ANY))
        return super().keys()

    def values(self) -> Any:
        self.watch.note(_below(self.path, ANY))
        return super().values()

    def items(self) -> Any:
        self.watch.note(_below(self.path, ANY))
        return super().items()


def _below(path: str, name: str) -> str:
    """The path of a key; names that are data, and those that number the parts of a query, are one.

    What a query asks about a repository is the same, whether it asks for one or for a page.
    """
    if (name not in OF_A_PACKAGE and path.rpartition("/")[2] in NAMED) or not KEY.fullmatch(name):
        name = ANY
    elif ALIAS.fullmatch(name):
        name = f"{name[0]}{ANY}"
    joined = f"{path}/{name}" if path else name
    return "repository" if joined in REPOSITORIES else joined


def _wrapped(node: Any, path: str, watch: Watch) -> Any:
    if isinstance(node, dict):
        return _Object(node, path, watch)
    return [_wrapped(part, path, watch) for part in node] if isinstance(node, list) else node


def _caller() -> str:
    """The module that reads, beyond the one that reads for all."""
    frame = sys._getframe(2)
    while frame.f_globals["__name__"] in {__name__, "hardenme.collectors.reading", *ENCODERS}:
        assert frame.f_back is not None
        frame = frame.f_back
    return str(frame.f_globals["__name__"])
