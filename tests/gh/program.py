"""A program of the name gh, for scripts: it hands its words to the stand-in in the test's process.

So it starts quickly, and holds no token.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from tempfile import TemporaryDirectory

from hardenme.ground.errors import UsageError
from tests.gh.stand_in import Done, run

PROGRAM = """\
#!{python} -IS
import json, socket, sys
given = sys.stdin.read() if "-" in sys.argv else ""
with socket.socket(socket.AF_UNIX) as desk:
    desk.connect({place!r})
    desk.sendall(json.dumps([sys.argv[1:], given]).encode() + b"\\n")
    code, output, error = json.loads(desk.makefile().readline())
sys.stdout.write(output)
sys.stderr.write(error)
raise SystemExit(code)
"""
USAGE = 2


@contextmanager
def installed(folder: Path, url: str, token: str) -> Iterator[Path]:
    """A folder with the program, which asks this sandbox with this token, while it lasts."""

    class _Desk(StreamRequestHandler):
        def handle(self) -> None:
            words, given = json.loads(self.rfile.readline())
            try:
                done = run(words, url, token, given)
            except UsageError as error:
                done = Done(USAGE, error=f"{error}\n")
            self.wfile.write(json.dumps([done.code, done.output, done.error]).encode() + b"\n")

    program = folder / "gh"
    # The place of a socket may be hardly longer than a hundred characters.
    with (
        TemporaryDirectory(prefix="gh-") as short,
        ThreadingUnixStreamServer(f"{short}/desk", _Desk) as server,
    ):
        text = PROGRAM.format(python=sys.executable, place=server.server_address)
        program.write_text(text, encoding="utf-8")
        program.chmod(0o700)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield folder
        finally:
            server.shutdown()
            thread.join(timeout=5)
