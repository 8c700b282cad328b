"""What the commands of a script install from npm, and whether a lock file decides it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

from hardenme.exposure.client_calls import FAMILY, ClientCall, Lookup, program_installs
from hardenme.exposure.client_options import FLAGS, FOLDER
from hardenme.exposure.client_verbs import client_installs
from hardenme.exposure.install_kind import LONGEST, Install, InstallKind
from hardenme.exposure.known_commands import CLIENTS, ScriptPlace, script_commands
from hardenme.exposure.known_paths import is_known_folder
from hardenme.exposure.known_variables import changing_lines
from hardenme.workflows.scripts import commands, program

DEEPEST = 6
"""Scripts of `package.json` within one another."""
NOWHERE = ScriptPlace()
RUNNERS = frozenset({"npx", "pnpx", "bunx"})
"""What runs a program of a package, by the name of the client that brings it."""


def installs(
    script: str, lookup: Lookup, place: ScriptPlace = NOWHERE, depth: int = 0
) -> Iterator[Install]:
    """The commands of a script that install, those of `package.json`'s scripts included.

    A command that is not known to install nothing is one that was not read.
    """
    if depth > DEEPEST:
        yield Install(InstallKind.UNREAD, "scripts that call each other")
        return
    for line in changing_lines(script):
        yield Install(InstallKind.UNREAD, line[:LONGEST])
    read = script_commands(script, place)
    for text in read.unknown:
        yield Install(InstallKind.UNREAD, text[:LONGEST])
    # A client that another program runs counts as well, in whatever quotes.
    named = [part for words in commands(script) for part in _from_client(words)]
    for words in dict.fromkeys(map(tuple, [*read.clients, *named])):
        yield from _command(words, lookup, place, depth)


def _from_client(words: Sequence[str]) -> Iterator[Sequence[str]]:
    names = [program(word).removesuffix(".cmd").removesuffix(".exe") for word in words]
    place = next((n for n, name in enumerate(names) if name in CLIENTS), None)
    if place is not None:
        after = [word for word in words[place + 1 :] if word not in {"(", ")"}]
        yield [names[place], *after]


def _command(
    words: Sequence[str], lookup: Lookup, place: ScriptPlace, depth: int
) -> Iterator[Install]:
    """What a command of a client does.

    Args:
        words: from its program on.
    """
    text, after = " ".join(words)[:LONGEST], words[1:]
    given = [word for word in after if not FLAGS.fullmatch(word)]
    folders = [b for a, b in pairwise(after) if a in FOLDER]
    pairs = [word.partition("=") for word in after]
    folders += [value for flag, sign, value in pairs if sign and flag in FOLDER]
    linked = any(map(place.is_linked, after))
    if linked or not all(is_known_folder(one, place.folders) for one in folders):
        yield Install(InstallKind.UNREAD, text)
    if any("$" in word or "__" in word for word in given[:1]):
        yield Install(InstallKind.UNREAD, text)
    elif words[0] in RUNNERS:
        yield from program_installs(text, given[:1], after)
    else:
        client = FAMILY[words[0]]
        follow = partial(installs, lookup=lookup, place=place, depth=depth + 1)
        yield from client_installs(
            ClientCall(client, "", tuple(after), text, lookup, place, follow)
        )
