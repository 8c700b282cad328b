"""Text without escapes and invisible characters, and the positions of its parts in the original.

A token may be percent-encoded, escaped for JSON or HTML, or broken by a line wrap, a colour code or
a zero-width character. To anyone who copies it, it is still that token. A `View` is the text
without one such layer. It maps positions in it back to positions in the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

Span = tuple[int, int]

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    "\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Ranges of control and format characters (Unicode's Cc and Cf), and of others that show nothing.
Blanks and line breaks are not among them."""
BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
STEERING = re.compile(
    r"\x1b(?:\[[0-?]*+[ -/]*+[@-~]|\][^\x07\x1b]*+(?:\x07|\x1b\\)|[ -/]++[0-~]|[0-Z\\^-~])"
    rf"|[{INVISIBLE}]++"
)
"""Control sequences of a terminal (ECMA-48), and runs of invisible characters."""
WRAP = re.compile(rf"[{BREAKS}][{BREAKS} \t]*+(?!gh[pousr]_|github_pat_|npm_)")
"""A line break with the indentation of the next line, unless that begins with a token."""
ESCAPE = re.compile(
    r"%(?:[Cc][2-9A-Fa-f]|[Dd][0-9A-Fa-f])%[89ABab][0-9A-Fa-f]"
    r"|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}|%[Ff][0-4](?:%[89ABab][0-9A-Fa-f]){3}"
    r"|%[0-9A-Fa-f]{2}"
    r"|\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|U[0-9A-Fa-f]{8}|[nrtbfv\\])"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos|shy|zwn?j|[lr]rm);"
)
"""Percent-encoding (RFC 3986), the escapes of JSON and Python, the references of HTML. An escaped
quote or slash is left alone: JSON is full of them, and a value's own are among the forms that are
looked for."""
AS_BLANKS = str.maketrans("\t\n\r", "   ")
NAMED = {
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "quot": '"',
    "apos": "'",
    "shy": "\u00ad",
    "zwnj": "\u200c",
    "zwj": "\u200d",
    "lrm": "\u200e",
    "rlm": "\u200f",
}
LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}


class View:
    """A text with one layer taken off. Positions are computed when they are needed.

    Attributes:
        text: what is left.
    """

    __slots__ = ("_layer", "_meaning", "_source", "_stretches", "text")

    def __init__(
        self,
        source: str,
        layer: re.Pattern[str],
        meaning: Callable[[re.Match[str]], str] | None = None,
    ) -> None:
        self._source = source
        self._layer = layer
        self._meaning = meaning
        self._stretches: tuple[list[int], list[Span]] | None = None
        self.text = layer.sub("" if meaning is None else meaning, source)

    def origin(self, span: Span) -> Span:
        """The span of the source behind a span of the text, with what was removed inside it."""
        starts, _ = self._worked_out()
        start, end = span
        return (
            self._place(bisect_right(starts, start) - 1, start)[0],
            self._place(bisect_right(starts, end - 1) - 1, end - 1)[1],
        )

    def joints(self) -> list[int]:
        """The places in the text where something was taken away, in order."""
        return self._worked_out()[0][1:]

    def _worked_out(self) -> tuple[list[int], list[Span]]:
        """Where each stretch begins in the text, and where it begins and ends in the source."""
        if self._stretches is None:
            starts: list[int] = []
            origins: list[Span] = []
            length = last = 0
            for match in self._layer.finditer(self._source):
                start, end = match.span()
                meant = len(self._meaning(match)) if self._meaning else 0
                for size, origin in ((start - last, (last, start)), (meant, (start, end))):
                    if size:
                        starts.append(length)
                        origins.append(origin)
                        length += size
                last = end
            starts.append(length)
            origins.append((last, len(self._source)))
            self._stretches = starts, origins
        return self._stretches

    def _place(self, number: int, at: int) -> Span:
        """The position in the source of one character of a span."""
        starts, origins = self._worked_out()
        begin, end = origins[number]
        size = (starts[number + 1] if number + 1 < len(starts) else len(self.text)) - starts[number]
        if size != end - begin:  # an escape, which is longer than the character that it encodes
            return begin, end
        place = begin + at - starts[number]
        return place, place + 1


def unescaped(text: str) -> View | None:
    """The text with its escapes read, each once; None if it has none."""
    if "%" not in text and "\\" not in text and "&" not in text:
        return None
    return View(text, ESCAPE, _meaning) if ESCAPE.search(text) else None


def strip_controls(text: str) -> View | None:
    """The text without control sequences and invisible characters; None if it has none."""
    if text.isascii() and text.translate(AS_BLANKS).isprintable():
        return None
    return View(text, STEERING) if STEERING.search(text) else None


def unwrapped(text: str) -> View | None:
    """The text as one line; None if it is one."""
    return View(text, WRAP) if WRAP.search(text) else None


def _meaning(match: re.Match[str]) -> str:
    """The character that an escape encodes."""
    escape = match[0]
    if escape == "\\\\":
        return "\\"
    if escape[0] == "%":
        code = bytes.fromhex(escape.replace("%", ""))
        return code.decode("utf-8", "replace") if len(code) > 1 else chr(code[0])
    if escape[0] == "&":
        name = escape[1:-1]
        if name[0] != "#":
            return NAMED[name]
        number = int(name.lstrip("#xX"), 16) if name[1] in "xX" else int(name[1:])
    elif escape[1] in "uxU":
        number = int(escape.lstrip("\\uxU"), 16)
    else:
        return LETTERS.get(escape[1], escape[1])
    return chr(number) if number <= 0x10FFFF else ""  # noqa: PLR2004 (Unicode's last)
