"""A bare HTTP client for the GitHub sandbox: no client code of ours, no retries, no cache."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.world import Token, World

OAUTH = "gho_CANARY000000000000000000000000000000"
APP_USER = "ghu_CANARY000000000000000000000000000000"
INSTALLATION = "ghs_CANARY000000000000000000000000000000"
BARE = "ghp_CANARYnoscopes00000000000000000000000"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        return str(self.data["message"])


@dataclass
class Reader:
    """Keeps one connection; `reader("/user", token, accept="…")`."""

    server: GitHubServer
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @property
    def world(self) -> World:
        return self.server.world

    def __call__(self, target: str, token: str = "", method: str = "GET", **more: str) -> Answer:
        body = more.pop("body", None)
        headers = {"user-agent": "hardenme-tests"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        if token:
            headers["authorization"] = f"Bearer {token}"
        self.connection.request(method, target, body=body, headers=headers)
        reply = self.connection.getresponse()
        names = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, names, reply.read())

    def graphql(self, query: str, token: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables})
        answer = self("/graphql", token, "POST", body=body)
        assert answer.status == 200, answer.body
        return answer.data


def every_kind(world: World, login: str, owner: str) -> list[str]:
    """Add the kinds of token that a scenario lacks; returns the values of all its tokens."""
    world.tokens += [
        Token(OAUTH, "oauth", login, frozenset({"repo", "read:org", "gist"})),
        Token(BARE, "classic", login),
        Token(
            APP_USER,
            "app-user",
            login,
            permissions={"metadata": "read", "contents": "read", "administration": "read"},
            owner=login,
            expires_at=world.now + timedelta(hours=8),
        ),
        Token(
            INSTALLATION,
            "installation",
            None,
            permissions={
                "metadata": "read",
                "members": "read",
                "organization_administration": "read",
                "administration": "write",
                "secrets": "read",
            },
            owner=owner,
            expires_at=world.now + timedelta(hours=1),
        ),
    ]
    return [token.value for token in world.tokens]
