"""What the commands of a ticket take: the programs, what signs in, and as which account."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator

from hardenme.reports.calls import ProgramCall, plain_calls
from hardenme.reports.ticket.ticket import Ticket

PROGRAMS = "The commands need {}."
SIGN_IN = " Sign in with {}{}."
WHOSE = ", as {}"
ANYONE = 'someone who has what "You need" names'
GH, NPM = "gh", "npm"
GRANTS = re.compile(r"\bneeds the scope ([a-z]+(?:[_:][a-z_]+)*)")
"""How a right names a scope that the command needs."""
USUAL = frozenset({"repo", "read:org", "gist"})
"""The scopes that gh asks for by itself.

Source: https://cli.github.com/manual/gh_auth_login
"""
LOCAL = frozenset({"audit", "config", "install", "pkg", "view"})
"""Commands of npm that change files or only read what is public."""
HOST = {GH: "--hostname", NPM: "--registry"}
"""The options that name the host, for a command and for what signs in to it."""


def signed_in(ticket: Ticket) -> str:
    """What the commands of a ticket take, in sentences; empty if it has none.

    A reader may have none of the programs, or be signed in with another account.
    """
    calls = [call for line in _commands(ticket) for call in _calls(line)]
    programs = dict.fromkeys(call.words[0] for call in calls)
    if not programs:
        return ""
    ways = dict.fromkeys(
        _way(call, scopes_of(ticket)) for call in calls if _takes_an_account(call.words)
    )
    text = PROGRAMS.format(_joined(programs))
    if not ways:
        return text
    needed = any(one for one in _needs(ticket))
    whose = WHOSE.format(ticket.account or ANYONE) if ticket.account or needed else ""
    return text + SIGN_IN.format(_joined(ways), whose)


def scopes_of(ticket: Ticket) -> tuple[str, ...]:
    """The scopes that the rights of a ticket name, and that gh does not ask for by itself."""
    found = (name for text in _needs(ticket) for name in GRANTS.findall(text))
    return tuple(dict.fromkeys(name for name in found if name not in USUAL))


def _commands(ticket: Ticket) -> Iterator[str]:
    for task in ticket.tasks:
        for one in task.actions:
            yield from one.commands


def _needs(ticket: Ticket) -> Iterator[str]:
    yield ticket.needs
    for task in ticket.tasks:
        yield task.needs
        yield from (one.needs for one in task.actions)


def _calls(line: str) -> Iterable[ProgramCall]:
    """The calls of a command; of one that is not understood, its last program alone."""
    return plain_calls(line) or (ProgramCall(tuple(line.rpartition(" | ")[2].split())),)


def _takes_an_account(words: tuple[str, ...]) -> bool:
    return words[0] == GH or (words[0] == NPM and words[1:2] != () and words[1] not in LOCAL)


def _way(call: ProgramCall, scopes: Iterable[str]) -> str:
    """The command that signs in to the host of a call."""
    program, words = call.words[0], call.words
    more = ["auth", "login"] if program == GH else ["login"]
    option = HOST[program]
    if option in words[:-1]:
        more += [option, words[words.index(option) + 1]]
    if program == GH and (names := ",".join(scopes)):
        more += ["--scopes", names]
    return shlex.join([program, *more])


def _joined(names: Iterable[str]) -> str:
    *first, last = (f"`{one}`" for one in names)
    return f"{', '.join(first)} and {last}" if first else last
