"""A process that has loaded hardenme and waits: each run of the command is a fork of it.

A test that runs the command a few times would spend most of its time on loading the same libraries.
What runs is the console script's own `main`, in a process of its own, with the environment, the
working directory and the streams that the test gives. What depends on how Python itself is started
(its variables, the locale, signals) is tested with the script.

Another such process has loaded what every command loads, and nothing else: of its forks it is told
what each of them loads beyond that.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

BESIDE = ("graphql", "tabulate")
"""Libraries that are loaded where they are used."""
ANSWER = 64
"""Bytes that hold a process's number or code."""


class Ready:
    """The waiting process; one for each process that runs tests.

    Args:
        load: what it loads: `all` that a run may need, or what every command is `bound` to load.
    """

    def __init__(self, load: str = "all") -> None:
        self._door, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with inner:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
                [sys.executable, "-P", __file__, str(inner.fileno()), load],
                pass_fds=(inner.fileno(),),
                stdin=subprocess.DEVNULL,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": os.devnull},
            )
        self._turn = threading.Lock()
        atexit.register(self.close)

    def run(
        self,
        arguments: Sequence[str],
        data: bytes,
        environ: Mapping[str, str],
        folder: Path,
        now: datetime | None = None,
        *,
        terminal: int | None = None,
        shows: Sequence[int] = (0, 2),
        told: Sequence[str] = (),
    ) -> tuple[int, bytes, bytes, bytes]:
        """Run the command to its end.

        Args:
            arguments: those of the command.
            data: what stands on standard input.
            environ: its environment.
            folder: its working directory.
            now: where its clock stands; None for the machine's own.
            terminal: stands in place of some streams, which are empty then.
            shows: the numbers of those.
            told: names of modules; which of them were loaded, the last line of standard error says.

        Returns:
            Its code, standard output, standard error, and the arguments and the environment of each
            program that it started.
        """
        with contextlib.ExitStack() as open_files, self._turn:
            files = [open_files.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
            files[0].write(data)
            files[0].seek(0)
            order: dict[str, Any] = {"argv": list(arguments), "environ": dict(environ)}
            order["folder"] = str(folder)
            order |= {"now": now and now.isoformat(), "told": list(told)}
            text = json.dumps(order).encode("ascii")
            with tempfile.TemporaryFile() as letter:
                letter.write(text)
                letter.seek(0)
                fds = [letter.fileno(), *(file.fileno() for file in files)]
                if terminal is not None:
                    for number in shows:
                        fds[1 + number] = terminal
                socket.send_fds(self._door, [b"run"], fds)
                code = int(self._door.recv(ANSWER))
            for file in files[1:]:
                file.seek(0)
            return code, files[1].read(), files[2].read(), files[3].read()

    def close(self) -> None:
        """End it."""
        self._door.close()
        self._process.wait()


@cache
def ready() -> Ready:
    """The one of this process."""
    return Ready()


@cache
def bound() -> Ready:
    """The one that has loaded little."""
    return Ready("bound")


def _load() -> None:
    """Load what a run may need: all modules of hardenme, and what they load.

    Each run would load it anew: what verifies provenance alone takes longer than most runs.
    """
    package = import_module("hardenme")
    found = pkgutil.walk_packages(package.__path__, "hardenme.")
    names = [item.name for item in found if not item.name.endswith(".__main__")]
    for name in (*names, *BESIDE):
        # Of an extra that is not there, the run tells.
        with contextlib.suppress(ImportError):
            import_module(name)
    catalogue: Any = import_module("hardenme.engine.catalogue")
    # What is once found out about a check or a fact is kept.
    plan: Any = import_module("hardenme.engine.plan")
    plan.plan(catalogue.catalogue())
    import_module("hardenme.cli.main").root()
    import_module("hardenme.sandbox.github.graph.execute").schema()


def _load_what_all_do() -> None:
    """Load what the console script does, whatever the command."""
    for name in ("cli.main", "cli.terminal.guards", "credentials.memory"):
        import_module(f"hardenme.{name}")


def _wait(door: socket.socket) -> Sequence[str]:
    """Fork for each order, and tell how it ended; in the fork, return to run it.

    Returns:
        The modules of which is to be told whether they were loaded.
    """
    while True:
        word, fds, _, _ = socket.recv_fds(door, ANSWER, 5)
        if not word:
            sys.exit(0)
        letter, *streams, children = fds
        child = os.fork()
        if child == 0:
            door.close()
            with os.fdopen(letter, "rb") as file:
                order = json.load(file)
            _become(order, streams)
            _tell_children(children)
            told: Sequence[str] = order["told"]
            return told
        for number in fds:
            os.close(number)
        _, status = os.waitpid(child, 0)
        door.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(order: dict[str, Any], streams: list[int]) -> None:
    """Take on the environment, the folder and the streams, as Python does at its start."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environ"])
    if order["now"]:
        moment = datetime.fromisoformat(order["now"])
        import_module("hardenme.ground.clock").now = lambda: moment  # type: ignore[attr-defined]  # a module
    sys.argv = ["hardenme", *order["argv"]]
    sys.stdin = io.TextIOWrapper(os.fdopen(0, "rb"), encoding="utf-8", errors="surrogateescape")
    sys.stdout = io.TextIOWrapper(os.fdopen(1, "wb"), encoding="utf-8", errors="surrogateescape")
    sys.stderr = io.TextIOWrapper(
        os.fdopen(2, "wb"), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )


def _tell_children(place: int) -> None:
    """Write down what each program is started with, before it is.

    hardenme itself, for a shard of a fleet, finds tokens where the first process did: of that the
    arguments alone are written down.
    """
    start = subprocess.Popen.__init__

    def told(process: Any, args: Any, *more: Any, **named: Any) -> None:
        words = [args] if isinstance(args, str | bytes | os.PathLike) else list(args)
        held = os.environ if named.get("env") is None else named["env"]
        if words[:4] == [sys.executable, "-P", "-m", "hardenme"]:
            held = {}
        for word in (*words, *(part for pair in held.items() for part in pair)):
            os.write(place, os.fsencode(word) + b"\0")
        start(process, args, *more, **named)

    subprocess.Popen.__init__ = told  # type: ignore[method-assign]  # it goes on to the real one


def _leave(code: object) -> None:
    """End as Python does, but for taking apart what was loaded: that takes longer than most runs.

    An error on the way is one of the run, and ends it as it ends any.
    """
    if code is not None and not isinstance(code, int):
        raise SystemExit(code)
    threading._shutdown()  # type: ignore[attr-defined]  # as Python does at its end
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    (_load if sys.argv[2] == "all" else _load_what_all_do)()
    # Else each fork would look through all that was loaded, and so copy it, when it ends.
    gc.collect()
    gc.freeze()
    _told = _wait(socket.socket(fileno=int(sys.argv[1])))
    from hardenme.__main__ import main

    try:
        main()
    except SystemExit as _end:
        if _told:
            print("LOADED", *(name for name in _told if name in sys.modules), file=sys.stderr)  # noqa: T201 (the test reads it)
        _leave(_end.code)
