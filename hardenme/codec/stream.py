"""One JSON object, read member by member: of a long list no more than one item is in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TextIO

from hardenme.codec.text import DECODER
from hardenme.ground.errors import ContentError

CHUNK = 1 << 16
"""Characters that are read at once."""
LARGEST = 1 << 26
"""Characters of one item; no report has one that is nearly as long."""
SPACE = re.compile(r"[ \t\n\r]*")


class Document:
    """A JSON object whose members come in their order in the text."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0

    def names(self) -> Iterator[str]:
        """Each member's name; what it holds has to be read before the next one.

        Raises:
            ContentError: it is not JSON, no object, cut off, or something follows it.
        """
        if self._next() != "{":
            raise ContentError("it is not a JSON object" if self._next() else "it is empty")
        yield from self.members()
        if self._next():
            raise ContentError("something follows its end")

    def members(self) -> Iterator[str]:
        """The same for an object that comes next within another one.

        Raises:
            ContentError: it is not an object, no JSON, or cut off.
        """
        self._expect("{")
        seen: set[str] = set()
        while self._next() != "}":
            if seen:
                self._expect(",")
            name, _ = self.value()
            if not isinstance(name, str):
                raise ContentError("it is not JSON")
            if name in seen:
                raise ContentError(f"it has two members {name!r:.50}")
            seen.add(name)
            self._expect(":")
            yield name
        self._at += 1

    def value(self) -> tuple[Any, str]:
        """The value that comes next, and its text.

        Raises:
            ContentError: it is not JSON, or cut off.
        """
        self._next()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise ContentError("it is nested too deeply") from None
            except ValueError:
                # What is cut off by the end of the buffer looks the same as what is wrong.
                if len(self._text) - self._at > LARGEST:
                    raise ContentError("it is not JSON, or has an item that is too long") from None
                if self._more():
                    continue
                raise ContentError("it is not JSON, or was not written to its end") from None
            if end == len(self._text) and self._more():
                continue  # A number may go on.
            text = self._text[self._at : end]
            self._at = end
            return value, text

    def each(self) -> Iterator[tuple[Any, str]]:
        """The items of the list that comes next, each with its text.

        Raises:
            ContentError: it is not a list, no JSON, or cut off.
        """
        self._expect("[")
        first = True
        while self._next() != "]":
            if not first:
                self._expect(",")
            first = False
            yield self.value()
        self._at += 1

    def _expect(self, mark: str) -> None:
        found = self._next()
        if found != mark:
            cut = "it was not written to its end"
            raise ContentError(f"{mark!r} is missing in it" if found else cut)
        self._at += 1

    def _next(self) -> str:
        """The next character that is not white space; empty at the end."""
        while True:
            match = SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on: as much again as is held, so that a long item is not looked at too often."""
        kept = self._text[self._at :]
        try:
            piece = self._file.read(max(CHUNK, len(kept)))
        except UnicodeError:
            raise ContentError("it is not text in UTF-8") from None
        self._text, self._at = kept + piece, 0
        return bool(piece)
