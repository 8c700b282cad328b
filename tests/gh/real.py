"""GitHub's own command line, where it is installed, asking a sandbox.

It speaks https to every host. Its setting `http_unix_socket`, made for proxies, has it speak in the
clear to a socket in the file system whatever the host is; behind that one stands the sandbox.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

GH = shutil.which("gh")


@contextmanager
def relay(url: str) -> Iterator[str]:
    """The place of a socket in the file system whose connections lead to the sandbox."""
    port = urlsplit(url).port

    class _Relay(BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", port)) as behind:
                back = threading.Thread(target=_pump, args=(behind, self.request), daemon=True)
                back.start()
                _pump(self.request, behind)
                back.join(timeout=5)

    # The place of a socket may be hardly longer than a hundred characters.
    with (
        TemporaryDirectory(prefix="gh-") as short,
        ThreadingUnixStreamServer(f"{short}/relay", _Relay) as server,
    ):
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield str(server.server_address)
        finally:
            server.shutdown()
            thread.join(timeout=5)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    while data := source.recv(65536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


def environment(folder: Path, place: str, token: str) -> dict[str, str]:
    """The environment of a gh with a home of its own, which sends this token."""
    (folder / "config.yml").write_text(f"http_unix_socket: {place}\n", encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GH_CONFIG_DIR": str(folder),
        "GH_NO_UPDATE_NOTIFIER": "1",
        "GH_PROMPT_DISABLED": "1",
        "GH_TOKEN": token,
        "GH_ENTERPRISE_TOKEN": token,
    }


def run(words: list[str], body: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run gh once."""
    assert GH is not None
    return subprocess.run(  # noqa: S603 (the installed gh, our own words)
        [GH, *words],
        env=environ,
        input=body,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
