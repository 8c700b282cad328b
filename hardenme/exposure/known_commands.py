"""The commands of a script of which it is not known that they change nothing about installing.

A command is known if its program and options are listed, and what it writes and sets decides
nothing. What else a script holds counts as not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, partial

from hardenme.exposure.known_expressions import filled
from hardenme.exposure.known_numbers import computes_unknown, numbers_of
from hardenme.exposure.known_paths import alike, is_known_folder, is_writable
from hardenme.exposure.known_programs import ANY_OPTION, FORMS, PROGRAM_TEXT, VALUES, WHATEVER
from hardenme.exposure.known_variables import sets_unknown_variable
from hardenme.exposure.replacing import replaces_files, takes_any
from hardenme.workflows.shell import (
    DEEPEST,
    ShellCommand,
    fills_in,
    is_split,
    may_be_option,
    shell_script,
    unquoted,
)

CLIENTS = frozenset(
    {"npx", "pnpx", "bunx", "npm", "pnpm", "yarn", "yarnpkg", "bun", "deno", "corepack", "pn"}
)
"""Package managers and what runs programs of packages: judged by what they are to do."""
BEFORE = frozenset({"if", "then", "else", "elif", "do", "while", "until", "!", "{"})
"""Words of the shell's grammar before a command."""
COVERS = re.compile(
    r"--(?:100|all|branches|check-coverage|clean|exclude|functions|include|lines|per-file|report-dir"
    r"|reporter|silent|skip-full|src|statements)(?:=\S*)?"
)
"""Options of programs that count which lines run, which load no code."""
WRAPPERS = {
    "sudo": re.compile(r"-[EHnSk]+|--(?:preserve-env|non-interactive|set-home)"),
    "env": re.compile(r"-i"),
    "time": re.compile(r"-p"),
    "command": re.compile(r"-p"),
    "exec": re.compile(r"(?!)"),
    "nohup": re.compile(r"(?!)"),
    **dict.fromkeys(("c8", "nyc"), COVERS),
}
"""Programs that run the command after them, with the options that change nothing else."""
DECLARES = frozenset({"export", "declare", "local", "readonly", "typeset"})
READS = frozenset({"read", "mapfile", "readarray"})
READ_VALUES = frozenset("dnptuN")
"""The options of `read` whose value is the next word; the others have a `-t` without one."""
FOLDERS = frozenset({"cd", "pushd"})
FOLDERS_WHOLE = frozenset({"cp", "mv", "ln"})
"""Programs that write what is in a folder into another one."""
NO_NAMES = frozenset({"", ".", ".."})
PATTERN = re.compile(r"[*?\[{]")
ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\[\w*\])?\+?=(?P<value>.*)", re.DOTALL)
NAME = re.compile(r"[A-Za-z_]\w*")
FOR_LATER = re.compile(r"\bGITHUB_ENV\b")
SET_LATER = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:=|<<)(?P<value>.*)", re.DOTALL)
"""What a step writes to have later steps get a variable."""
ONE_LINE = re.compile(
    r"\$\((?:git (?:describe|rev-parse)|date|nproc|pwd|uname)\b[^$`;&|()]*\)"
    r"|\$(?:\{(?:GITHUB_\w+|RUNNER_\w+|PWD)\b[^$`}]*\}|(?:GITHUB_\w+|RUNNER_\w+|PWD)\b)"
)
"""What is filled in and is one line: refs, digests, times, paths of the runner."""
VARIABLE = re.compile(r"\$(?P<brace>\{)?(?P<name>[A-Za-z_]\w*)(?(brace)\})")
PROGRAM = re.compile(r"[\w.+:\[\]{}-]+")
ARRAY = re.compile(r"[A-Za-z_]\w*\+?=\(")
SUBSTITUTED = re.compile(r"\$\(|`|[<>]\(")
ALIKE = re.compile(
    r"""#[^&|]*|(?:(?!/)[\w./:@=,+-]+|"(?!/)[\w ./:@=,+-]*")"""
    r"""(?:\s+(?:(?!/)[\w./:@=,+-]+|"(?!/)[\w ./:@=,+-]*"|&&))*"""
)
"""A line that bash, PowerShell and cmd take alike; options of Windows begin with a slash."""


@dataclass(frozen=True, slots=True)
class ScriptPlace:
    """Where a script runs.

    Attributes:
        folders: the names of the folders of the commit that have packages.
        any_shell: whether it may be another shell than one of Unix.
        links: the paths of the symbolic links of the commit.
    """

    folders: frozenset[str] = frozenset()
    any_shell: bool = False
    links: frozenset[str] = frozenset()

    def is_linked(self, word: str, *, within: bool = False) -> bool:
        """Whether a path may lead through a symbolic link of the commit.

        Args:
            within: what is in a folder counts as well.
        """
        parts = {alike(part) for part in word.split("/")} - NO_NAMES
        if not (self.links and parts):
            return False
        names = _around(self.links) if within else _names(self.links)
        patterns = [part for part in parts if PATTERN.search(part)]
        return not parts.isdisjoint(names) or any(
            fnmatchcase(name, part) for part in patterns for name in names
        )


@cache
def _names(links: frozenset[str]) -> frozenset[str]:
    return frozenset(alike(link.rpartition("/")[2]) for link in links)


@cache
def _around(links: frozenset[str]) -> frozenset[str]:
    return frozenset(alike(part) for link in links for part in link.split("/"))


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
    if nested > DEEPEST:
        found.unknown.append(text)
    found.unknown += [*read.unclear, *computes_unknown(read)]
    judge = _Judge(place, found.clients, numbers_of(read))
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
    if any(map(fills_in, (ONE_LINE.sub("", word) for word in command.words[1:]))):
        # A value of two lines sets two variables.
        return False
    return named is not None and not sets_unknown_variable(named["name"], named["value"])


def _first(name: str, rest: Sequence[str]) -> Iterator[str]:
    """The words in which a program looks for options: not their values, nor what follows `--`."""
    before = ""
    for word in rest:
        if word == "--":
            return
        if before not in VALUES.get(name, ()):
            yield word
            if name == "git" and before == "config" and not word.startswith("-"):
                # What follows the name of a setting is its value.
                return
        before = before if name == "git" and before == "config" else word


def _may_be_others(name: str, rest: Sequence[str], given: Sequence[str]) -> bool:
    """Whether what is filled in may be further options or files, or a part of a program.

    Args:
        given: the words without their quotes.
    """
    if name in PROGRAM_TEXT and any(map(fills_in, rest)):
        return True
    if name in WHATEVER or takes_any([name, *given]):
        return False
    options = name not in ANY_OPTION and any(map(may_be_option, _first(name, rest)))
    return options or any(map(is_split, rest))


def _reads(given: Sequence[str], with_value: frozenset[str]) -> bool:
    """Whether what reads input sets variables by names that are written, which change nothing.

    Args:
        with_value: letters of its options whose value is the next word.
    """
    value = False
    for word in given:
        if word.startswith("-") and not value:
            if not re.fullmatch(r"-[rsentdapuN0]+", word):
                return False
            value = word[-1:] in with_value
        elif value:
            value = False
        elif not NAME.fullmatch(word) or sets_unknown_variable(word, ""):
            return False
    return True


@dataclass(slots=True)
class _Judge:
    """Judges the commands of one script.

    Attributes:
        clients: takes the commands of package managers.
        numbers: the variables that are numbers.
        listed: the variables that loops set, each with the words that it goes through.
    """

    place: ScriptPlace
    clients: list[list[str]]
    numbers: frozenset[str] = frozenset()
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
        if any(map(self.place.is_linked, written)):
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
        if name not in WHATEVER | {"git", "gh"} and any(map(self._is_linked(name), given)):
            return False
        if name in DECLARES:
            return all(map(self._declares, given))
        if name in READS:
            return _reads(given, READ_VALUES - {"t"} if name != "read" else READ_VALUES)
        if name in FOLDERS:
            return all(map(self.is_known_folder, given))
        if name == "trap":
            inner = script_commands(given[0] if given else "", self.place)
            self.clients += inner.clients
            return not inner.unknown
        if _may_be_others(name, [VARIABLE.sub(self._number, word) for word in rest], given):
            return False
        if name in {"git", "gh"}:
            return not replaces_files([name, *given], self.place.folders)
        judge = FORMS.get(name)
        return (
            judge is not None
            and judge(given, self.place.folders)
            and not replaces_files([name, *given], self.place.folders)
        )

    def _number(self, variable: re.Match[str]) -> str:
        """A digit in place of a variable that is a number; any other one as it is."""
        return "0" if variable["name"] in self.numbers else variable[0]

    def _is_linked(self, name: str) -> Callable[[str], bool]:
        return partial(self.place.is_linked, within=name in FOLDERS_WHOLE)

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
