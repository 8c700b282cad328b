"""Sinks on loopback: a mail server and a web server that keep what they are sent."""

from __future__ import annotations

import email
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hardenme.sandbox.http import LoopbackServer, Reply, Request


@dataclass(slots=True)
class Mailbox:
    """A mail server.

    Attributes:
        port: where it listens.
        letters: what it took, in order.
        raw: the same as bytes.
        answer: what it says to a letter.
    """

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answer: str = "250 taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.raw.append(envelope.content)
            self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return self.answer

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=audit@sender.example&to=you@receiver.example"


class AnyPort(Controller):
    """Listens wherever the system has room."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    kept = Mailbox()
    controller = AnyPort(kept, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        kept.port = controller.port
        yield kept
    finally:
        controller.stop()


@dataclass(slots=True)
class Hook:
    """A web server that takes messages as JSON.

    Attributes:
        server: the server.
        status: what it answers.
        headers: of the answer.
    """

    server: LoopbackServer
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    def address(self, path: str = "hook") -> str:
        return f"json://127.0.0.1:{self.port}/{path}"

    @property
    def taken(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.server.requests]


@contextmanager
def hook() -> Iterator[Hook]:
    def handle(_: Request) -> Reply:
        return Reply(kept.status, headers=dict(kept.headers), body=b"ok")

    kept: Hook
    with LoopbackServer(handle) as server:
        kept = Hook(server)
        yield kept
