"""A bare HTTP client for the npm sandbox: no client code of ours, no retries, no cache."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hardenme.sandbox.npm.server import NpmSandbox
from hardenme.sandbox.npm.world import World


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reader:
    sandbox: NpmSandbox

    @property
    def world(self) -> World:
        return self.sandbox.world

    def __call__(self, target: str, token: str = "", method: str = "GET", **more: str) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if token:
            headers["authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection(urlsplit(self.sandbox.url).netloc, timeout=60)
        try:
            connection.request(method, target, headers=headers)
            reply = connection.getresponse()
            names = {name.lower(): value for name, value in reply.getheaders()}
            return Answer(reply.status, names, reply.read())
        finally:
            connection.close()
