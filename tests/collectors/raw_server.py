"""A server that says whatever bytes it is told to say, for what no HTTP library would send."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Self

Script = Callable[[socket.socket], None]


class RawServer:
    """Runs a script for each connection, after the request's head has come.

    Attributes:
        url: the address on loopback; `https` with `tls`.
        heads: the first bytes of each connection, up to the empty line.
    """

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.tls = tls
        self.heads: list[bytes] = []
        self.over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head and (part := connection.recv(65536)):
                head += part
            self.heads.append(head)
            self.script(connection)
            if self.tls is not None:
                connection.close()


def says(*parts: bytes) -> Script:
    """Send these bytes and close."""

    def script(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return script


def drips(server: Callable[[], RawServer], *parts: bytes, every: float = 0.02) -> Script:
    """Send the first part at once, then the others again and again with pauses, without end."""

    def script(connection: socket.socket) -> None:
        connection.sendall(parts[0])
        while True:
            for part in parts[1:]:
                if server().over.wait(every):
                    return
                connection.sendall(part)

    return script
