"""The commands of a script of which it is not known that they change nothing about installing.

A command is known if its program and options are listed, and what it writes and sets decides
nothing. What else a script holds counts as not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from hardenme.exposure.known_expressions import filled
from hardenme.exposure.known_paths import is_known_folder, is_writable
from hardenme.exposure.known_programs import FORMS, WHATEVER
from hardenme.exposure.known_variables import sets_unknown_variable
from hardenme.exposure.replacing import replaces_files, takes_any
from hardenme.workflows.shell import DEEPEST, ShellCommand, is_split, shell_script, unquoted

CLIENTS = frozenset(
    {"npx", "pnpx", "bunx", "npm", "pnpm", "yarn", "yarnpkg", "bun", "deno", "corepack", "pn"}
)
"""Package managers and what runs programs of packages: judged by what they are to do."""
BEFORE = frozenset({"if", "then", "else", "elif", "do", "while", "until", "!", "{"})
"""Words of the shell's grammar before a command."""
WRAPPERS = {
    "sudo": re.compile(r"-[EHnSk]+|--(?:preserve-env|non-interactive|set-home)"),
    "env": re.compile(r"-i"),
    "time": re.compile(r"-p"),
    "command": re.compile(r"-p"),
    "exec": re.compile(r"(?!)"),
    "nohup": re.compile(r"(?!)"),
    "c8": re.compile(r"--?[\w-]+(?:=\S*)?"),
    "nyc": re.compile(r"--?[\w-]+(?:=\S*)?"),
}
"""Programs that run the command after them, with the options that change nothing else."""
DECLARES = frozenset({"export", "declare", "local", "readonly", "typeset"})
READS = frozenset({"read", "mapfile", "readarray"})
FOLDERS = frozenset({"cd", "pushd"})
ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\[\w*\])?\+?=(?P<value>.*)", re.DOTALL)
NAME = re.compile(r"[A-Za-z_]\w*")
FOR_LATER = re.compile(r"\bGITHUB_ENV\b")
SET_LATER = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:=|<<)(?P<value>.*)", re.DOTALL)
"""What a step writes to have later steps get a variable."""
PROGRAM = re.compile(r"[\w.+:\[\]{}-]+")
ARRAY = re.compile(r"[A-Za-z_]\w*\+?=\(")
SUBSTITUTED = re.compile(r"\$\(|`|[<>]\(")
ALIKE = re.compile(
    r"""#[^&|]*|(?:[\w./:@=,+-]+|"[\w ./:@=,+-]*")(?:\s+(?:[\w./:@=,+-]+|"[\w ./:@=,+-]*"|&&))*"""
)
"""A line that bash, PowerShell and cmd take alike."""


@dataclass(frozen=True, slots=True)
class ScriptPlace:
    """Where a script runs.

    Attributes:
        folders: the names of the folders of the commit that have packages.
        any_shell: whether it may be another shell than one of Unix.
    """

    folders: frozenset[str] = frozenset()
    any_shell: bool = False


@dataclass(slots=True)
class ScriptCommands:
    """What a script holds.

    Attributes:
        unknown: what of it is not known to change nothing.
        clients: the commands of package managers, from their program on, without quotes.
    """

    unknown: list[str] = field(default_factory=list)
    clients: list[list[str]] = field(default_factory=list)


def script_commands(script: str, place: ScriptPlace) -> ScriptCommands:
    """Take a script apart into what is known, what is not, and what package managers do."""
    text, expressions = filled(script)
    found = ScriptCommands(expressions)
    if place.any_shell:
        lines = filter(None, map(str.strip, text.splitlines()))
        found.unknown += [one for one in lines if not ALIKE.fullmatch(one)]
    read = shell_script(text)
    nested = text.count("$(") + text.count("`")
    if nested > DEEPEST or any(map(SUBSTITUTED.search, read.arithmetic)):
        found.unknown.append(text)
    judge = _Judge(place, found.clients)
    for command in read.commands:
        if not judge.knows(command):
            found.unknown.append(" ".join([*command.words, *command.writes]))
    return found


def _names_one(command: ShellCommand) -> bool:
    """Whether a command prints one variable for later steps, whose name changes nothing."""
    words = [unquoted(word) for word in command.words]
    printed = [word for word in words[1:] if not word.startswith("-")]
    if words[:1] not in (["echo"], ["printf"]) or not printed or "\\n" in " ".join(printed)[:-2]:
        return False
    named = SET_LATER.fullmatch(printed[0])
    return named is not None and not sets_unknown_variable(named["name"], named["value"])


@dataclass(slots=True)
class _Judge:
    """Judges the commands of one script.

    Attributes:
        clients: takes the commands of package managers.
        listed: the variables that loops set, each with the words that it goes through.
    """

    place: ScriptPlace
    clients: list[list[str]]
    listed: dict[str, Collection[str]] = field(default_factory=dict)

    def knows(self, command: ShellCommand) -> bool:
        """Whether a command is known, apart from what a client in it does."""
        hidden = [*command.fed, *filter(ARRAY.match, command.words)]
        if command.words[:1] == ["[["]:
            hidden += command.words
        if any(map(SUBSTITUTED.search, hidden)):
            return False
        written = [unquoted(one) for one in command.writes]
        if not all(is_writable(one, self.place.folders) for one in written):
            return False
        if any(map(FOR_LATER.search, written)) and not _names_one(command):
            return False
        to_file = command.words[:1] == ["tee"] and any(map(FOR_LATER.search, command.words))
        if to_file and (command.source is None or not _names_one(command.source)):
            return False
        return self._words(list(command.words))

    def _words(self, words: list[str]) -> bool:
        """Whether the words of a command are known, as they are written."""
        while words:
            assigned = ASSIGNED.fullmatch(words[0])
            if words[0] not in BEFORE and assigned is None:
                break
            if assigned and sets_unknown_variable(assigned["name"], unquoted(assigned["value"])):
                return False
            words = words[1:]
        if not words:
            return True
        name, rest = unquoted(words[0]), words[1:]
        if words[0] in {"for", "case", "function"}:
            return self._header(words)
        if name == "command" and rest[:1] in (["-v"], ["-V"]):
            return True
        if name in WRAPPERS:
            while rest and WRAPPERS[name].fullmatch(rest[0]):
                rest = rest[1:]
            return self._words(rest)
        if not PROGRAM.fullmatch(name) or SUBSTITUTED.search(words[0]):
            return False
        return self._program(name, rest)

    def _header(self, words: Sequence[str]) -> bool:
        """The beginning of a loop or of a choice."""
        if words[0] == "for" and words[2:3] == ["in"] and NAME.fullmatch(words[1]):
            self.listed[words[1]] = [unquoted(word) for word in words[3:]]
            return not sets_unknown_variable(words[1], "")
        return words[0] == "case" and words[2:3] == ["in"]

    def _program(self, name: str, rest: Sequence[str]) -> bool:
        given = [unquoted(word) for word in rest]
        if name.removesuffix(".cmd").removesuffix(".exe") in CLIENTS:
            self.clients.append([name.removesuffix(".cmd").removesuffix(".exe"), *given])
            return True
        if name in DECLARES:
            return all(map(self._declares, given))
        if name in READS:
            if not all(re.fullmatch(r"-[rsentdapuN0]+", one) for one in given if one[:1] == "-"):
                return False
            named = [word for word in given if NAME.fullmatch(word)]
            return not any(sets_unknown_variable(one, "") for one in named)
        if name in FOLDERS:
            return all(map(self.is_known_folder, given))
        if name == "trap":
            inner = script_commands(given[0] if given else "", self.place)
            self.clients += inner.clients
            return not inner.unknown
        if name not in WHATEVER and not takes_any([name, *given]) and any(map(is_split, rest)):
            # More words may come of one: options, other files.
            return False
        if name in {"git", "gh"}:
            return not replaces_files([name, *given])
        judge = FORMS.get(name)
        return (
            judge is not None
            and judge(given, self.place.folders)
            and not replaces_files([name, *given])
        )

    def is_known_folder(self, word: str) -> bool:
        """Whether a folder is one of the commit that has packages."""
        name = word.strip('$"{}')
        each = self.listed.get(name) if word.startswith("$") else None
        return all(is_known_folder(one, self.place.folders) for one in each or [word])

    @staticmethod
    def _declares(word: str) -> bool:
        if word.startswith("-"):
            return re.fullmatch(r"-[rxgaA]+", word) is not None
        name, _, value = word.partition("=")
        return NAME.fullmatch(name) is not None and not sets_unknown_variable(name, value)
