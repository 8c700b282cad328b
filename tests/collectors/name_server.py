"""A name server on loopback, over real UDP, that answers from a table."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Mapping
from typing import Any, Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

SILENT = "silent"
"""In place of records: give no answer at all."""

Zone = Mapping[tuple[str, str], Any]
"""From a name and a kind of record to the records as text, to an error code, or to `SILENT`.

A name that stands in no key does not exist; one that stands in another key has no such record.
"""


class NameServer:
    """Answers questions on 127.0.0.1; use it as a context manager.

    Attributes:
        zone: what it knows.
        questions: what it was asked, as name and kind.
    """

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.questions: list[tuple[str, str]] = []
        outer = self

        class _Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, sock = self.request
                reply = outer.reply(dns.message.from_wire(data))
                if reply is not None:
                    sock.sendto(reply.to_wire(), self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def resolver(self) -> dns.resolver.Resolver:
        """A resolver that asks this server alone, patient unless it is to meet silence."""
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self._server.server_address[1]
        silent = SILENT in self.zone.values()
        # On a busy machine an answer from loopback takes its time, too.
        resolver.timeout, resolver.lifetime = (0.15, 0.3) if silent else (5.0, 20.0)
        return resolver

    def reply(self, query: dns.message.Message) -> dns.message.Message | None:
        """The answer to a question; None for silence."""
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.questions.append((name, kind))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        alias = self.zone.get((name, "CNAME"))
        if alias:
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "CNAME", alias[0]))
            name = alias[0].rstrip(".")
        found = self.zone.get((name, kind))
        if found == SILENT:
            return None
        if isinstance(found, dns.rcode.Rcode):
            reply.set_rcode(found)
        elif found:
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *found))
        elif not any(known == name for known, _ in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply
