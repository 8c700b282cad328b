"""A GitHub, or a registry, that answers each path as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.protocol import Read
from hardenme.collectors.registry import collectors
from hardenme.collectors.transport.bounds import Bounds
from hardenme.model.fact import Answer, Fact
from hardenme.model.secret import Secret
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK, TOKEN

Say = Reply | Callable[[Request], Reply] | dict[str, Any] | list[Any]
NPM_TOKEN = "npm_CANARYnotarealtoken0000000000000000"
GONE = Reply(404, {"message": "Not Found"})


def server(paths: Mapping[str, Say]) -> LoopbackServer:
    """Answers by path, GraphQL by `graphql`; what is not named is not found."""

    def handle(request: Request) -> Reply:
        said = paths.get("graphql" if request.method == "POST" else request.path, GONE)
        if callable(said):
            return said(request)
        if isinstance(said, Reply):
            return Reply(said.status, said.data, dict(said.headers), said.body)
        return Reply(data=json.loads(json.dumps(said)))

    return LoopbackServer(handle)


@contextmanager
def github(
    paths: Mapping[str, Say], token: str = TOKEN, bounds: Bounds = QUICK
) -> Iterator[tuple[GitHub, LoopbackServer]]:
    """A client, and the server that it asks."""
    with server(paths) as running:
        yield GitHub.connect(running.url, Secret(token) if token else None, bounds=bounds), running


@contextmanager
def registry(
    paths: Mapping[str, Say], token: str = NPM_TOKEN, bounds: Bounds = QUICK
) -> Iterator[tuple[Npm, LoopbackServer]]:
    """The same for a registry."""
    with server(paths) as running:
        yield Npm.connect(running.url, Secret(token) if token else None, bounds=bounds), running


def of(kind: type[Fact], answers: list[Answer[Any]]) -> Answer[Any]:
    """The one answer of a kind."""
    (found,) = [answer for answer in answers if answer.kind is kind]
    return found


def reads(kind: type[Fact]) -> Read:
    """What asks for a fact and reads it: that of the collector which gives it."""
    return next(one.read for one in collectors() if kind in one.gives)
