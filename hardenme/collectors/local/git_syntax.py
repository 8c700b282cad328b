"""The syntax of git's configuration files.

Source: git's documentation "git-config", section "Syntax", and git's `config.c`.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

SPACE = frozenset(" \t\n\r")
KEY = frozenset(string.ascii_letters + string.digits + "-")
ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"'}
TRUE = frozenset({"true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class GitSetting:
    """One setting of a file.

    Attributes:
        line: counted from 1; 0 for a variable of the environment.
        section: in lower case, like `credential`.
        scope: the part in quotes, like an address; empty if there is none.
        name: in lower case, like `helper`.
        value: as text; `true` for a name without a value.
    """

    line: int
    section: str
    scope: str
    name: str
    value: str

    @property
    def full_name(self) -> str:
        """As git's command line names it."""
        return ".".join(part for part in (self.section, self.scope, self.name) if part)

    @property
    def on(self) -> bool:
        """Whether git reads the value as yes."""
        text = self.value.strip().lower()
        return text in TRUE or (text.lstrip("+-").isdecimal() and int(text) != 0)


def parse(text: str) -> tuple[GitSetting, ...]:
    """The settings of a file, in its order.

    Raises:
        ValueError: git refuses the file.
    """
    return tuple(_Characters(text.removeprefix("\ufeff")).settings())


@dataclass(slots=True)
class _Characters:
    """Takes a file's characters in order, as git does: each is looked at once.

    Attributes:
        text: the file.
        position: of the next character.
        line: in which the last one was, counted from 1.
    """

    text: str
    position: int = 0
    line: int = 1

    def next(self) -> str:
        """The next character; a line break at the end, and for a line break of two characters."""
        if self.position and self.text[self.position - 1 : self.position] == "\n":
            self.line += 1
        if self.text.startswith("\r\n", self.position):
            self.position += 1
        char = self.text[self.position : self.position + 1] or "\n"
        self.position += 1
        return char

    def settings(self) -> Iterator[GitSetting]:
        """All settings."""
        section = scope = ""
        while self.position < len(self.text):
            char = self.next()
            if char in SPACE:
                continue
            if char in "#;":
                self.comment()
            elif char == "[":
                section, scope = self.heading()
            elif char.isascii() and char.isalpha():
                line = self.line
                name, value = self.entry(char)
                if section:
                    yield GitSetting(line, section, scope, name, value)
            else:
                raise self.refused()

    def heading(self) -> tuple[str, str]:
        """A section and the part of it in quotes, or behind its first dot as git once wrote it."""
        name: list[str] = []
        while (char := self.next()) in KEY or char == ".":
            name.append(char.lower())
        section, _, below = "".join(name).partition(".")
        if char == "]":
            return section, below
        while char in " \t\r":
            char = self.next()
        if char != '"':
            raise self.refused()
        scope: list[str] = []
        while (char := self.next()) != '"':
            char = self.next() if char == "\\" else char
            if char == "\n":
                raise self.refused()
            scope.append(char)
        if self.next() != "]":
            raise self.refused()
        return section, ".".join(part for part in (below, "".join(scope)) if part)

    def entry(self, first: str) -> tuple[str, str]:
        """A name and its value."""
        name = [first]
        while (char := self.next()) in KEY:
            name.append(char)
        while char in " \t":
            char = self.next()
        if char not in "=\n":
            raise self.refused()
        return "".join(name).lower(), self.value() if char == "=" else "true"

    def value(self) -> str:
        """A value without quotes, escapes, the space around it, and a comment behind it."""
        found: list[str] = []
        quoted = False
        kept = 0
        while (char := self.next()) != "\n" or quoted:
            if char == "\n":
                raise self.refused()
            if char in SPACE and not quoted:
                if kept:
                    found.append(char)
                continue
            if char in "#;" and not quoted:
                self.comment()
                break
            if char == '"':
                quoted = not quoted
            else:
                found.append(self.escaped() if char == "\\" else char)
            kept = len(found)
        return "".join(found[:kept])

    def escaped(self) -> str:
        """The value of a backslash and the character after it; nothing at the end of a line."""
        char = self.next()
        if char != "\n" and char not in ESCAPES:
            raise self.refused()
        return ESCAPES.get(char, "")

    def comment(self) -> None:
        """Pass over the rest of a line; a backslash at its end joins nothing."""
        while self.next() != "\n":
            pass

    def refused(self) -> ValueError:
        """What is wrong with the file."""
        return ValueError(f"git does not read line {self.line}")
