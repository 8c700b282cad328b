"""The words of a message, and how names in them are escaped.

A message is read by services that make more of a text than its characters: links, mentions of
everyone, formatting. Names come from providers, so anyone may have chosen them. They are written so
that no service that hardenme knows makes anything of them, whatever form it reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.model.finding import Finding
from hardenme.model.message import Form
from hardenme.model.text import LONGEST
from hardenme.reports.inert import code, prose
from hardenme.reports.plain import flowing, plain, plain_name

LONGEST_SENTENCE = 400
"""Characters of a sentence that are sent."""
BRACKETS = str.maketrans({"<": "\uff1c", ">": "\uff1e"})
"""Wide forms of the brackets that HTML, and Slack's and Google's mentions, are made with."""
EVERYBODY = re.compile(r"@(?=everyone|here|(?:channel|all|room|team)\b)", re.IGNORECASE)
"""What Discord, Slack, Mattermost, Zulip, Matrix and Google Chat call everyone by. Discord does not
wait for the end of a word."""
WIDE_AT = "\uff20"
TICK = "\u02cb"
"""In place of a backtick within a code span: not every service knows spans of more than three."""


@dataclass(frozen=True, slots=True)
class Name:
    """A part of a line that someone else chose.

    Attributes:
        text: as it came.
        quoted: whether it can be anything at all, and so could be taken for the words around it.
    """

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence that may hold names."""

    text: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """The address of a page at a host that the run asked, which a reader may follow."""

    address: str


@dataclass(frozen=True, slots=True)
class Command:
    """One of our own commands, with nothing in it that someone else chose."""

    text: str


Part = str | Name | Prose | PageLink | Command
Line = tuple[Part, ...]
"""A line: our own words, names, sentences, addresses and commands."""


def shown(line: Line, form: Form) -> str:
    """The line as a form has it."""
    return "".join(_part(part, form) for part in line)


def on_terminal(line: Line) -> str:
    """The line for a terminal, where nothing is made of a text but what it says."""
    return "".join(part if isinstance(part, str) else _typed(part) for part in line)


def _typed(part: Name | Prose | PageLink | Command) -> str:
    if isinstance(part, Name):
        name = plain_name(part.text)
        return '"{}"'.format(name.replace('"', "'")) if part.quoted else name
    if isinstance(part, Prose):
        return plain(flowing(part.text))
    return plain(part.address if isinstance(part, PageLink) else part.text)


def _part(part: Part, form: Form) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, PageLink):
        # Whatever follows an at sign may be called, in an address as well.
        return plain(part.address).replace("@", "%40")
    if isinstance(part, Command):
        return code(part.text) if form is Form.MARKDOWN else part.text
    if isinstance(part, Name):
        name = defused(part.text) or "(no name)"
        if form is Form.MARKDOWN:
            return code(name.replace("`", TICK))
        return '"{}"'.format(name.replace('"', "'")) if part.quoted else name
    sentence = defused(flowing(part.text), longest=LONGEST_SENTENCE)
    return prose(sentence) if form is Form.MARKDOWN else sentence


def titled(finding: Finding) -> Line:
    """The problem that a finding names, before its subjects."""
    return (Prose(finding.title), " (", Name(finding.code), "): ")


def defused(text: str, *, longest: int = LONGEST) -> str:
    """The text without secrets, and with nothing in it that becomes a link, a mention or a tag.

    What is done shows: `https[:]//`, `www[.]`, wide brackets, and a wide at sign before words that
    call everyone.
    """
    shown_text = plain(text, longest=longest).translate(BRACKETS)
    # The redactor's own mark stays as it is: it holds nothing of what is replaced here.
    shown_text = shown_text.replace("://", "[:]//").replace("](", "] (")
    shown_text = re.sub(r"\bwww\.", "www[.]", shown_text, flags=re.IGNORECASE)
    return EVERYBODY.sub(WIDE_AT, shown_text)


def number(count: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"
