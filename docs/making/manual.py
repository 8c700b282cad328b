"""The page of the manual, `hardenme(1)`: from the command line's own help."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

from hardenme import __version__
from hardenme.cli import main
from hardenme.cli.check import command as check

WIDTH = 78
"""Bytes of a line of the source."""
DAY = date(2026, 11, 25)
CODE = re.compile(r"(\d+) ([^,]+(?:, [^,\d]+)*?)(?=, \d+ |\.|$)")
ENVIRONMENT = (
    ("HARDENME_GITHUB_TOKEN", "A token for GitHub, bound to the host that is asked."),
    (
        "HARDENME_GITHUB_TOKEN__OWNER",
        "A token for what that owner has, in capitals and with underscores for hyphens.",
    ),
    ("HARDENME_NPM_TOKEN", "A token for the registry that is asked."),
    ("HARDENME_DEBUG", "As --debug."),
    ("GH_TOKEN, GITHUB_TOKEN", "A token for github.com, where the ones above are not set."),
    ("NPM_TOKEN, NODE_AUTH_TOKEN", "A token for npm's own registry, likewise."),
    ("CREDENTIALS_DIRECTORY", "Where systemd hands over tokens."),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "The proxy, and what is asked without it."),
    ("NO_COLOR, FORCE_COLOR, COLUMNS", "Whether output has colours, and how wide it is."),
)
FILES = (
    ("~/.config/hardenme/", "Your own settings."),
    ("~/.cache/hardenme/", "Answers that were kept, each for one token alone."),
    (
        "~/.local/state/hardenme/",
        "The last runs, statements, the journal of runs, locks, and crash files.",
    ),
    ("~/.npmrc", "A token for the registry is looked for here, after all other places."),
)


def page() -> str:
    """The page, in the language of man(7)."""
    lines = [
        f'.TH HARDENME 1 {DAY.isoformat()} "hardenme {__version__}" "User Commands"',
        ".SH NAME",
        r"hardenme \- audit npm and GitHub accounts, and print what to change",
        ".SH SYNOPSIS",
        *_synopsis(),
        ".SH DESCRIPTION",
        *_text(main.WELCOME),
        ".SH COMMANDS",
        *_commands(),
        ".SH EXIT STATUS",
        *_codes(),
        ".SH ENVIRONMENT",
        *_terms(ENVIRONMENT),
        ".SH FILES",
        "The folders are those of Linux; other systems have their own.",
        *_terms(FILES),
        ".SH SEE ALSO",
        ".BR gh (1),",
        ".BR npm (1)",
    ]
    return "\n".join(lines) + "\n"


def _synopsis() -> Iterator[str]:
    yield ".B hardenme"
    yield ".RI [ options ]"
    yield ".I command"
    yield ".RI [ arguments ]"


def _commands() -> Iterator[str]:
    root = main.root()
    context = _context(root, "hardenme", None)
    yield "Options before the command:"
    yield from _options(root, context)
    for path, command, inner in _leaves(root, context):
        yield f".SS hardenme {path}"
        yield from _help(command.help or command.short_help or "")
        yield from _options(command, inner)
        if command.epilog:
            yield ".PP"
            yield from _text(command.epilog)


def _leaves(group: Any, context: Any, before: str = "") -> Iterator[tuple[str, Any, Any]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = _context(command, name, context)
        path = f"{before}{name}"
        if command.hidden:
            continue
        if hasattr(command, "list_commands"):
            yield from _leaves(command, inner, f"{path} ")
        else:
            yield path, command, inner


def _context(command: Any, name: str, parent: Any) -> Any:
    made = command.context_class(command, info_name=name, parent=parent, resilient_parsing=True)
    made.help_option_names = ["-h", "--help"]
    return made


def _options(command: Any, context: Any) -> Iterator[str]:
    """The arguments and options, under the headings that help has."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is None:
            continue
        argument = parameter.param_type_name == "argument"
        heading = getattr(parameter, "rich_help_panel", None) or (
            "Arguments" if argument else "Options"
        )
        groups.setdefault(heading, []).append(record)
    for heading, rows in groups.items():
        yield ".PP"
        yield f"{_escaped(heading)}:"
        yield from _terms(rows)


def _terms(rows: Any) -> Iterator[str]:
    for term, text in rows:
        yield ".TP"
        yield f".B {_quoted(term)}"
        yield from _text(text)


def _help(text: str) -> Iterator[str]:
    """The text of a command; what stands behind a mark of its own keeps its lines."""
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip())):
        kept = part.lstrip().startswith("\b")
        if number:
            yield ".PP"
        if kept:
            yield ".nf"
            yield from (_escaped(line.rstrip()) for line in part.strip("\b\n ").splitlines())
            yield ".fi"
        else:
            yield from _text(part)


def _text(text: str) -> Iterator[str]:
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number:
            yield ".PP"
        yield from _sentences(_escaped(" ".join(part.split())))


def _sentences(text: str) -> Iterator[str]:
    """Each sentence begins a line, as the language wants it; long ones are broken."""
    for sentence in re.split(r"(?<=[.:;?]) (?=[A-Z])", text):
        lines = textwrap.wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False)
        yield from map(_safe, lines)


def _codes() -> Iterator[str]:
    yield "Of"
    yield '.BR "hardenme check" ;'
    yield "each command lists its own."
    rest = check.EPILOG.removeprefix("Exit codes: ")
    yield from _terms(CODE.findall(rest.rstrip(".")))


def _escaped(text: str) -> str:
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return _safe(escaped.replace("`", r"\(ga").replace("~", r"\(ti").replace("^", r"\(ha"))


def _safe(text: str) -> str:
    """A line that is text, whatever it begins with."""
    return rf"\&{text}" if text.startswith((".", "'")) else text


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'.replace('""', '"')
