"""Asks a person at the terminal, one question at a time; what is not answered ends it all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO, TypeVar

from hardenme.cli.terminal.console import Console
from hardenme.ground.errors import EndedError
from hardenme.reports.columns import paragraph

T = TypeVar("T")
READABLE = 88
"""Columns of a paragraph at most."""
QUIT = frozenset({"q", "quit"})
LONGEST = 1000
"""Characters of an answer that are read."""
YES, NO, UNSURE = "yes", "no", "not sure"


@dataclass(frozen=True, slots=True)
class Interview:
    """A person at a terminal.

    Attributes:
        console: where questions are put.
        stdin: where answers are typed.
    """

    console: Console
    stdin: TextIO

    def tell(self, *paragraphs: str, indent: str = "") -> None:
        """Put text before the person, in lines that are not too long to read."""
        width = min(self.console.width, READABLE)
        for text in paragraphs:
            hang = 2 if indent else 0
            lines = paragraph(text, width, indent=len(indent), hang=hang)
            self.console.put(*(lines or [""]))

    def line(self, question: str) -> str:
        """What the person types.

        Raises:
            EndedError: nothing more comes, or the person wants to stop.
        """
        self.console.put(f"{question} ", end="")
        typed = self.stdin.readline(LONGEST)
        if not typed or typed.strip().lower() in QUIT:
            self.console.put("")
            raise EndedError
        return typed.strip()

    def until(self, question: str, parse: Callable[[str], T]) -> T:
        """Ask until the answer is of its form.

        Args:
            parse: from what was typed to its meaning; ValueError with what is wrong.

        Raises:
            EndedError: it ends before.
        """
        while True:
            try:
                return parse(self.line(question))
            except ValueError as error:
                self.tell(str(error), indent="  ")

    def choose(self, question: str, options: Sequence[str]) -> int:
        """The number of one of several options, from 0.

        Raises:
            EndedError: it ends before.
        """
        self.tell(question)
        for number, option in enumerate(options, 1):
            self.tell(f"{number}  {option}", indent="  ")

        def parse(text: str) -> int:
            if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= len(options):
                raise ValueError(f"Type a number from 1 to {len(options)}, or quit.")
            return int(text) - 1

        return self.until("Your choice?", parse)

    def agree(self, question: str, *, unsure: bool = False) -> str:
        """Yes or no, or that the person is not sure.

        Raises:
            EndedError: it ends before.
        """
        words = (YES, NO, UNSURE) if unsure else (YES, NO)

        def parse(text: str) -> str:
            found = [word for word in words if text and word.startswith(text.lower())]
            exact = [word for word in found if word[:1] == text.lower() or word == text.lower()]
            if text.lower() in {"n", "no"}:
                return NO
            if text.lower() == "?" and unsure:
                return UNSURE
            if len(found) == 1 or exact:
                return (exact or found)[0]
            raise ValueError(f"Type {', '.join(words[:-1])} or {words[-1]}; quit ends it.")

        more = " (yes, no, ? if not sure)" if unsure else " (yes or no)"
        return self.until(f"{question}{more}", parse)
