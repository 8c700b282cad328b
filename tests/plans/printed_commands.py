"""The commands that a text prints, as they are pasted, and what hardenme's parser says of ours."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from typer import Exit, TyperException

from benchmarks.walks import OURS, TITLES
from hardenme.cli.main import root
from hardenme.cli.terminal.console import Console
from hardenme.reports.columns import width_of

ALONE = re.compile(
    r"(?P<indent>\s*)(?:[-*•] (?:\[[ x]\] )?|\$ |\d+\. )?(?P<tick>`*)"
    r"(?P<line>(?:sudo )?(?:npm|gh|git|echo|ssh-keygen|chmod|sed) \S.*?)(?P=tick)$"
)
"""A line that is a command of another client, behind its bullet or its prompt."""
SPAN = re.compile(r"`((?:npm|gh|git|hardenme) [^`]+)`")
"""A command in a sentence, as Markdown marks it."""
NAMED = re.compile(r"npm(?: [a-z-]+){1,2}")
"""The name of a command of npm, without what it is about."""
PROSE = re.compile(
    r"[.,?]$|[.;] [A-Z]|^\w+ \w+:"
    r"|^npm (?:accepts|asks|does|has|keeps|lists|shows|takes|tokens|\d[.\d]*)\b"
)
"""What sentences have that begin with a client's name, and commands do not."""
ENDED = re.compile(r"^$|[.:]$|^\s*(?:(?:npm|gh|git|echo) |https://)|^\s*[A-Z][a-z]+ {2,}")
"""What stands above a command, if not a sentence that goes on with it."""
SENTENCE = re.compile(r"hardenme (?:can|cannot|could|does|finds|saw|writes)\b")
"""How sentences about hardenme begin."""


def subcommands(help_of_npm: str) -> frozenset[str]:
    """The commands that `npm help` lists."""
    listed = help_of_npm.partition("All commands:")[2].partition("Specify")[0]
    return frozenset(re.findall(r"[a-z-]+", listed))


class _Code(HTMLParser):
    """The texts of a page that are marked as code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "code":
            self._within += 1
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.found[-1] += data


def of_page(page: str) -> Iterator[str]:
    """The commands of a page in HTML: what it marks as code and begins with a client's name."""
    reader = _Code()
    reader.feed(page)
    for text in reader.found:
        yield from others(text.splitlines())
        yield from ours(text)


def of_text(text: str, columns: int = 80, *, prose: bool = False) -> Iterator[str]:
    """The commands of a screen; of one whose sentences name clients, `prose` leaves these out."""
    yield from others(text.splitlines(), columns, prose=prose)
    yield from ours(text)


def of_markdown(text: str) -> Iterator[str]:
    """The commands of Markdown: what it marks as code."""
    marked = [found[1] for found in SPAN.finditer(text)]
    yield from others([*marked, *"\n".join(text.split("```")[1::2]).splitlines()])
    yield from ours("\n".join(marked))


def others(lines: Iterable[str], columns: int = 0, *, prose: bool = False) -> Iterator[str]:
    """The lines that are a command of npm, gh, git or a shell.

    Args:
        lines: of a text.
        columns: where sentences are wrapped: one may go on with the name of a client; 0 for
            nowhere.
        prose: leave out lines that read like a sentence or like the end of one, too.
    """
    before = ""
    for line in lines:
        found = ALONE.fullmatch(line)
        if found is not None:
            indent = len(before) - len(before.lstrip())
            full = width_of(before) + 5 > columns or (prose and not ENDED.search(before))
            wrapped = indent == len(found["indent"]) and full
            command = found["line"]
            sentence = command.endswith(".") or NAMED.fullmatch(command)
            sentence = sentence or (prose and PROSE.search(command))
            if not (columns and wrapped) and not sentence:
                yield command
        before = line


def ours(text: str) -> Iterator[str]:
    """The commands of hardenme, wherever they stand."""
    for found in OURS.finditer(text):
        line = found.group().strip().rstrip(".,:;")
        if not (TITLES.fullmatch(line) or SENTENCE.match(line)):
            yield line


def refusal(line: str) -> str:
    """What hardenme's own parser has against one of its commands; empty for nothing."""
    _, *words = shlex.split(line)
    if words[:1] == ["--help"]:
        return ""
    command: Any = root()
    name = "hardenme"
    while words and hasattr(command, "get_command"):
        name, *words = words
        command = command.get_command(None, name)
        if command is None:
            return f"there is no command {name}"
    if hasattr(command, "get_command") or not words:
        # By itself it runs, or prints its help.
        return ""
    try:
        command.make_context(name, words, obj=Console(io.StringIO(), io.StringIO(), {}))
    except Exit:
        # It was asked for help.
        return ""
    except TyperException as error:
        return error.format_message()
    return ""
