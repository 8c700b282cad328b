"""A Markdown report within a larger file: replaces the text between its two marks.

Everything outside the marks is kept, byte for byte. A ticked box becomes unticked if its item is
still in the report. A remaining tick would claim that something is fixed which is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hardenme.ground.errors import OutputError

BEGIN = "<!-- hardenme:begin (the next report replaces everything down to the end mark) -->"
END = "<!-- hardenme:end -->"
BEGINS = re.compile(r"^<!-- hardenme:begin\b[^\r\n]*-->[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
ENDS = re.compile(r"^<!-- hardenme:end\b[^\r\n]*-->[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
"""The marks, each on a line of its own: no name in a report can be one, since names have no line
breaks."""
TASK = re.compile(r"^(?P<indent> *)- \[(?P<tick>[ xX])\] (?P<text>.*?)\s*$", re.MULTILINE)
CODE = re.compile(r"`[^`]+`")


def marked(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a report between the two marks."""
    yield BEGIN
    yield from lines
    yield END


def has_marks(text: str) -> bool:
    """Whether a file's text has a place for a report.

    Raises:
        OutputError: it is not clear where that begins and ends.
    """
    begins, ends = list(BEGINS.finditer(text)), list(ENDS.finditer(text))
    if not begins and not ends:
        return False
    if len(begins) != 1 or len(ends) != 1 or ends[0].start() < begins[0].end():
        raise OutputError("it has to hold one begin mark and behind it one end mark of a report")
    return True


def updated(text: str, report: str) -> str:
    """The text of a file that has marks, with another report between them.

    Raises:
        OutputError: it is not clear where that begins and ends.
    """
    if not has_marks(text):
        raise OutputError("it holds no marks of a report")
    begins, ends = BEGINS.search(text), ENDS.search(text)
    if begins is None or ends is None:
        raise OutputError("it holds no marks of a report")
    return f"{text[: begins.start()]}{report}{text[ends.end() :]}"


def reopened(text: str, report: str) -> int:
    """How many boxes of the text's report are ticked whose items the other report still has."""
    open_now = {key for key, _ in _tasks(report)}
    return sum(ticked and key in open_now for key, ticked in _tasks(_inner(text)))


def _inner(text: str) -> str:
    begins, ends = BEGINS.search(text), ENDS.search(text)
    return text[begins.end() : ends.start()] if begins and ends else ""


def _tasks(report: str) -> Iterator[tuple[tuple[str, str], bool]]:
    """Each box by the check and the subject that it is about, and whether it is ticked."""
    above = ""
    for match in TASK.finditer(report):
        code = CODE.search(match["text"])
        name = code[0] if code else match["text"]
        if not match["indent"]:
            above = name
        yield (above, name if match["indent"] else ""), match["tick"] != " "
