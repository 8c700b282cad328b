"""The terminal, the pipe or the file at the other end: what it can show."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from hardenme.ground.errors import OutputError
from hardenme.model.secret import redact
from hardenme.model.text import visible, without_commands
from hardenme.reports.columns import fitted, paragraph

CLEAR = "\r\x1b[2K"
"""Back to the beginning of the line, and empty it."""
NARROWEST = 40
PIPE_WIDTH = 100


def _nowhere() -> TextIO:
    """Replaces a stream that was closed before the process started."""
    return Path(os.devnull).open("w", encoding="utf-8")


@dataclass(slots=True)
class Console:
    """Where results and talk go. Results go to standard output, talk to standard error.

    Attributes:
        out: standard output.
        err: standard error.
        environ: the environment.
        drawn: the terminal shows a line that is to be overwritten.
    """

    out: TextIO
    err: TextIO
    environ: Mapping[str, str] = field(repr=False)
    drawn: bool = False

    @classmethod
    def here(cls) -> Console:
        """This process's own."""
        return cls(sys.stdout or _nowhere(), sys.stderr or _nowhere(), os.environ)

    @property
    def interactive(self) -> bool:
        """Whether a person watches standard error."""
        return self.err.isatty() and self.environ.get("TERM") != "dumb"

    def can_ask(self, stdin: TextIO | None) -> bool:
        """Whether a person sits at the terminal, reads what is put, and can answer.

        Args:
            stdin: where answers are typed; None where standard input is closed.
        """
        return stdin is not None and stdin.isatty() and self.interactive

    @property
    def attended(self) -> bool:
        """Whether a person began this, as far as that shows: no timer has a terminal."""
        return self.out.isatty() or self.err.isatty()

    @property
    def wraps(self) -> bool:
        """Whether lines are for a terminal's columns; a program reads one line for each thing."""
        return self.out.isatty() or "COLUMNS" in self.environ

    @property
    def width(self) -> int:
        """Columns of standard output."""
        if not self.wraps:
            return PIPE_WIDTH
        stated = self.environ.get("COLUMNS", "")
        stated_width = int(stated) if stated.isascii() and stated.isdecimal() else 0
        width = stated_width or shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
        return max(width, NARROWEST)

    @property
    def color(self) -> bool:
        """Whether colours are shown: a terminal that is not dumb, and no NO_COLOR."""
        if self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb":
            return False
        return self.out.isatty() or bool(self.environ.get("FORCE_COLOR"))

    @property
    def ascii_only(self) -> bool:
        """Whether standard output cannot show more than ASCII."""
        encoding = (getattr(self.out, "encoding", None) or "ascii").lower().replace("-", "")
        return encoding not in {"utf8", "utf16", "utf32", "cp65001"}

    @property
    def watched(self) -> bool:
        """Whether the runner of GitHub Actions reads what is written, and acts on it."""
        return self.environ.get("GITHUB_ACTIONS") == "true"

    def print(self, text: str, *, commands: bool = False) -> None:
        """Write a result, redacted; what the encoding cannot show is escaped.

        Where the runner of GitHub Actions reads it, nothing in it is a workflow command, unless
        `commands` says that what is one is ours.

        A reader that has seen enough and closed the pipe is not an error: the rest is dropped.

        Raises:
            OutputError: it cannot be written, as on a full disk.
        """
        try:
            self._write(self.out, redact(text) if commands else self._inert(redact(text)))
        except BrokenPipeError:
            self.drop_rest()
        except OSError as error:
            self.drop_rest()
            raise OutputError(f"standard output cannot be written: {error.strerror}") from None

    def tell(self, text: str) -> None:
        """Write a result of sentences and labelled lines, each of which fits a terminal."""
        lines = text.splitlines()
        if self.wraps:
            lines = [part for line in lines for part in fitted(line, self.width)]
        self.print("".join(f"{line}\n" for line in lines))

    def say(self, text: str) -> None:
        """Print a message to a person, redacted and as one visible line."""
        line = f"hardenme: {visible(redact(text), longest=1000)}"
        if self.interactive:
            columns = max(shutil.get_terminal_size((PIPE_WIDTH, 24)).columns, NARROWEST)
            line = "\n".join(paragraph(line, columns, hang=2))
        with contextlib.suppress(OSError):
            self._write(self.err, self._inert(f"{CLEAR if self.drawn else ''}{line}\n"))
        self.drawn = False

    def put(self, *lines: str, end: str = "\n") -> None:
        """Put a question before a person: redacted, and each line in visible characters."""
        text = "\n".join(visible(redact(line), longest=1000) for line in lines)
        with contextlib.suppress(OSError):
            self._write(self.err, self._inert(f"{text}{end}"))

    def draw(self, text: str) -> None:
        """Put a line on the terminal of standard error in place of the last one drawn."""
        columns = max(shutil.get_terminal_size((PIPE_WIDTH, 24)).columns, NARROWEST)
        with contextlib.suppress(OSError):
            self._write(self.err, CLEAR + self._inert(redact(text)[: columns - 1]))
        self.drawn = bool(text)

    def log(self, text: str) -> None:
        """Write a log record, redacted, each of its lines in visible characters."""
        lines = redact(text).splitlines()
        shown = "".join(f"{visible(line, longest=4000)}\n" for line in lines)
        with contextlib.suppress(OSError, ValueError):
            self._write(self.err, self._inert(f"{CLEAR if self.drawn else ''}{shown}"))
        self.drawn = False

    def drop_rest(self) -> None:
        """Discard what is in the buffers, and what is still to come."""
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.out.fileno())

    def _inert(self, text: str) -> str:
        """The text with nothing in it that anyone who reads the stream would carry out."""
        return without_commands(text) if self.watched else text

    @staticmethod
    def _write(stream: TextIO, text: str) -> None:
        encoding = getattr(stream, "encoding", None) or "utf-8"
        safe = text.encode(encoding, "backslashreplace").decode(encoding)
        stream.write(safe)
        stream.flush()
