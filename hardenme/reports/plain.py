"""Values made fit to print: no secret, no control or hidden character, ASCII where asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hardenme.model.secret import redact
from hardenme.model.text import LONGEST, visible

LONGEST_TEXT = 4000
"""Characters of a sentence, an address or a command that are shown; names are cut far earlier."""

ASCII = str.maketrans(
    {"…": "...", "·": "-", "\u2014": "-", "\u2013": "-", "→": "->", "≥": ">=", "≤": "<="}
    | dict.fromkeys("\u2018\u2019", "'")
    | dict.fromkeys("\u201c\u201d", '"')
)
"""ASCII replacements for the punctuation of our own sentences; everything else is escaped."""

AFTER_NOUN = re.compile(r" (?:of|in|for|with|on|to|that|behind) ")
"""Text after the noun of a name: from here on nothing has a plural."""
ENDS_IN_Y = re.compile(r"[^aeiou]y$")
IRREGULAR = {"person": "people"}

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'`(])")
NUMBERED = re.compile(r"; (?=\d+\. )")
"""What is between the things that the end of a text numbers."""


def plain(text: str, *, longest: int = LONGEST_TEXT, ascii_only: bool = False) -> str:
    """The text on one line, without secrets and hidden characters.

    Secrets go first: cutting or escaping could leave a part of one that is no longer recognised.
    """
    shown = visible(redact(text), longest=longest)
    return to_ascii(shown) if ascii_only else shown


def to_ascii(text: str) -> str:
    """The text with every other character written as its escape."""
    if text.isascii():
        return text
    return text.translate(ASCII).encode("ascii", "backslashreplace").decode("ascii")


def showable(text: str, *, ascii_only: bool) -> str:
    """A whole text, line by line as it is, without secrets and in characters that can be shown."""
    text = redact(text)
    return to_ascii(text) if ascii_only else text


def plain_name(text: str, *, ascii_only: bool = False) -> str:
    """The same for a name; one that is empty says so."""
    return plain(text, longest=LONGEST, ascii_only=ascii_only) or "(no name)"


def flowing(text: str) -> str:
    """The text with every run of white space as one space.

    Secrets go first: one that was broken by a line would be two ordinary words.
    """
    return " ".join(redact(text).split())


def in_lines(text: str) -> tuple[str, ...]:
    """A text whose end numbers several things, with a line for each."""
    before, first, after = text.partition(": 1. ")
    if not first or "; 2. " not in after:
        return (text,)
    rest = NUMBERED.split(f"1. {after}")
    return (f"{before}:", *rest)


def begun(text: str) -> str:
    """The text as a sentence begins, with a capital letter; an address stays as it is."""
    if "://" in text.partition(" ")[0]:
        return text
    return f"{text[:1].upper()}{text[1:]}"


def counted(number: int, thing: str, things: str = "") -> str:
    """A number of things; without a plural of its own, the name has its regular one."""
    return f"{number:,} {things if things and number != 1 else plural(thing, number)}"


def plural(thing: str, number: int = 2) -> str:
    """What so many things are called: `deploy keys`, `repositories`, `people with a role`."""
    if number == 1:
        return thing
    match = AFTER_NOUN.search(thing)
    noun, after = (thing[: match.start()], thing[match.start() :]) if match else (thing, "")
    if noun in IRREGULAR:
        return f"{IRREGULAR[noun]}{after}"
    if noun.endswith("s"):
        return thing
    return f"{noun[:-1]}ies{after}" if ENDS_IN_Y.search(noun) else f"{noun}s{after}"


def first_sentence(text: str) -> str:
    """The first sentence of a text that may have several paragraphs."""
    return SENTENCE_END.split(flowing(text), maxsplit=1)[0]


def timestamp(moment: datetime) -> str:
    """The moment in UTC, as `2026-11-24T16:03:00Z`; one without a zone is taken for UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
