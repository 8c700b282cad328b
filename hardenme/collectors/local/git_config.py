"""Reads git's configuration files, and finds them, without git.

Source: git's documentation "git-config", sections "Syntax", "Includes" and "Environment"; git's
`config.c`, and `quote.c` for the quotes of `GIT_CONFIG_PARAMETERS`.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from hardenme.collectors.local.tracking import repository
from hardenme.collectors.local.workstation import Absent, Workstation, tidy
from hardenme.facts.local.git import VARIABLES
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

SPACE = frozenset(" \t\n\r")
KEY = frozenset(string.ascii_letters + string.digits + "-")
ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"'}
TRUE = frozenset({"true", "yes", "on"})
QUOTED = r"'(?:[^']|'\\''|'\\!')*'"
PARAMETER = re.compile(rf"\s*(?P<first>{QUOTED})(?P<equals>=(?P<second>{QUOTED})?)?(?=\s|\Z)")
"""`'name=value'` as git wrote it until 2.30, or `'name'='value'`."""
COUNT, PARAMETERS = VARIABLES
ENVIRONMENT = Path("environment")
"""Stands for the path of what is in no file."""
MOST_SETTINGS = 1000
DEEPEST = 5
MOST_FILES = 50
"""Bounds of files that include files."""


@dataclass(frozen=True, slots=True)
class GitSetting:
    """One setting of a file.

    Attributes:
        line: counted from 1; 0 for a variable of the environment.
        section: in lower case, like `credential`.
        scope: the part in quotes, like an address; empty where there is none.
        name: in lower case, like `helper`.
        value: as text; `true` for a name without a value.
    """

    line: int
    section: str
    scope: str
    name: str
    value: str

    @property
    def full_name(self) -> str:
        """As git's command line names it."""
        return ".".join(part for part in (self.section, self.scope, self.name) if part)

    @property
    def on(self) -> bool:
        """Whether git reads the value as yes."""
        text = self.value.strip().lower()
        return text in TRUE or (text.lstrip("+-").isdecimal() and int(text) != 0)


@dataclass(frozen=True, slots=True)
class GitFile:
    """A configuration that was found.

    Attributes:
        path: where; `ENVIRONMENT` for variables.
        settings: what it says; why that is not known.
        local: it belongs to the repository around the current folder.
        conditional: it counts in some folders only.
        evidence: that it was read, or why it was not.
    """

    path: Path
    settings: tuple[GitSetting, ...] | Unknown
    local: bool = False
    conditional: bool = False
    evidence: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigStep:
    """One setting where it counts, or a file that could have held some and was not read.

    Attributes:
        file: whose it is.
        setting: what it says; why that is not known.
    """

    file: GitFile
    setting: GitSetting | Unknown


@dataclass(slots=True)
class GitConfiguration:
    """All configurations that count here.

    Attributes:
        files: those that there are.
        steps: their settings, in the order in which they take effect.
        absent: where it was looked in vain.
    """

    files: list[GitFile] = field(default_factory=list)
    steps: list[ConfigStep] = field(default_factory=list)
    absent: list[Atom] = field(default_factory=list)


def parse(text: str) -> tuple[GitSetting, ...]:
    """The settings of a file, in its order.

    Raises:
        ValueError: git refuses the file.
    """
    return tuple(_Characters(text.removeprefix("\ufeff")).settings())


@dataclass(slots=True)
class _Characters:
    """Takes a file's characters in order, as git does: each is looked at once.

    Attributes:
        text: the file.
        position: of the next character.
        line: in which the last one was, counted from 1.
    """

    text: str
    position: int = 0
    line: int = 1

    def next(self) -> str:
        """The next character; a line break at the end, and for a line break of two characters."""
        if self.position and self.text[self.position - 1 : self.position] == "\n":
            self.line += 1
        if self.text.startswith("\r\n", self.position):
            self.position += 1
        char = self.text[self.position : self.position + 1] or "\n"
        self.position += 1
        return char

    def settings(self) -> Iterator[GitSetting]:
        """All settings."""
        section = scope = ""
        while self.position < len(self.text):
            char = self.next()
            if char in SPACE:
                continue
            if char in "#;":
                while self.next() != "\n":
                    pass
            elif char == "[":
                section, scope = self.heading()
            elif char.isascii() and char.isalpha():
                line = self.line
                name, value = self.entry(char)
                if section:
                    yield GitSetting(line, section, scope, name, value)
            else:
                raise self.refused()

    def heading(self) -> tuple[str, str]:
        """A section and the part of it in quotes, or behind its first dot as git once wrote it."""
        name: list[str] = []
        while (char := self.next()) in KEY or char == ".":
            name.append(char.lower())
        section, _, below = "".join(name).partition(".")
        if char == "]":
            return section, below
        while char in " \t\r":
            char = self.next()
        if char != '"':
            raise self.refused()
        scope: list[str] = []
        while (char := self.next()) != '"':
            char = self.next() if char == "\\" else char
            if char == "\n":
                raise self.refused()
            scope.append(char)
        if self.next() != "]":
            raise self.refused()
        return section, ".".join(part for part in (below, "".join(scope)) if part)

    def entry(self, first: str) -> tuple[str, str]:
        """A name and its value."""
        name = [first]
        while (char := self.next()) in KEY:
            name.append(char)
        while char in " \t":
            char = self.next()
        if char not in "=\n":
            raise self.refused()
        return "".join(name).lower(), self.value() if char == "=" else "true"

    def value(self) -> str:
        """A value without quotes, escapes, the space around it, and a comment behind it."""
        found: list[str] = []
        quoted = False
        kept = 0
        while (char := self.next()) != "\n" or quoted:
            if char == "\n":
                raise self.refused()
            if char in SPACE and not quoted:
                if kept:
                    found.append(char)
                continue
            if char in "#;" and not quoted:
                while self.next() != "\n":
                    pass
                break
            if char == '"':
                quoted = not quoted
            elif char != "\\":
                found.append(char)
            elif (char := self.next()) != "\n":
                if char not in ESCAPES:
                    raise self.refused()
                found.append(ESCAPES[char])
            kept = len(found)
        return "".join(found[:kept])

    def refused(self) -> ValueError:
        """What is wrong with the file."""
        return ValueError(f"git does not read line {self.line}")


def configuration(station: Workstation) -> GitConfiguration:
    """Every configuration of the machine, of the user, and of the repository around here."""
    found = GitConfiguration()
    for path in _machine_and_user(station):
        _add(station, found, GitFile(path, ()), 0)
    around = repository(station, station.cwd)
    if isinstance(around, Unknown):
        file = GitFile(station.cwd / ".git", around, local=True, evidence=around.evidence)
        found.files.append(file)
        found.steps.append(ConfigStep(file, around))
    elif around is not None:
        _add(station, found, GitFile(_shared(around[1]) / "config", (), local=True), 0)
        _add(station, found, GitFile(around[1] / "config.worktree", (), local=True), 0)
    _add_environment(station, found)
    return found


def _add_environment(station: Workstation, found: GitConfiguration) -> None:
    """What variables set counts after all files."""
    names = [name for name in (COUNT, PARAMETERS) if station.variable(name)]
    if not names:
        return
    evidence = tuple(Atom(f"ENVIRONMENT {name}", 200, clock.now()) for name in names)
    try:
        settings: tuple[GitSetting, ...] | Unknown = tuple(_from_environment(station))
    except ValueError as error:
        settings = Unknown(
            Reason.MALFORMED,
            f"{' and '.join(names)} must be as git writes them; see: git config --list",
            str(error),
            evidence,
        )
    file = GitFile(ENVIRONMENT, settings, evidence=evidence)
    found.files.append(file)
    steps = (settings,) if isinstance(settings, Unknown) else settings
    found.steps.extend(ConfigStep(file, one) for one in steps)


def _from_environment(station: Workstation) -> Iterator[GitSetting]:
    count = station.variable(COUNT).strip() or "0"
    if not count.isdecimal() or int(count) > MOST_SETTINGS:
        raise ValueError(f"`{COUNT}` is not a number of settings")
    for number in range(int(count)):
        pair = [station.environ.get(f"GIT_CONFIG_{part}_{number}") for part in ("KEY", "VALUE")]
        if pair[0] is None or pair[1] is None:
            raise ValueError(f"`GIT_CONFIG_KEY_{number}` or its value is missing")
        yield _named(pair[0], pair[1])
    rest, position = station.variable(PARAMETERS).rstrip(), 0
    while position < len(rest):
        match = PARAMETER.match(rest, position)
        if match is None:
            raise ValueError(f"`{PARAMETERS}` is not understood")
        name = _unquoted(match["first"])
        if match["equals"] is None:
            name, equals, value = name.partition("=")
            yield _named(name, value if equals else "true")
        else:
            yield _named(name, _unquoted(match["second"]) if match["second"] else "true")
        position = match.end()


def _unquoted(text: str) -> str:
    return re.sub(r"'\\(['!])'", r"\1", text[1:-1])


def _named(key: str, value: str) -> GitSetting:
    """A setting by its whole name, like `http.https://host/.extraheader`."""
    section, dot, rest = key.partition(".")
    scope, _, name = rest.rpartition(".")
    if not (section and dot and name):
        raise ValueError("a setting has no name")
    return GitSetting(0, section.lower(), scope, name.lower(), value)


def _machine_and_user(station: Workstation) -> Iterator[Path]:
    if not station.variable("GIT_CONFIG_NOSYSTEM"):
        named = station.variable("GIT_CONFIG_SYSTEM")
        yield tidy(station.cwd / named) if named else _machine_file(station)
    named = station.variable("GIT_CONFIG_GLOBAL")
    if named:
        yield tidy(station.cwd / named)
        return
    yield station.config / "git" / "config"
    yield station.home / ".gitconfig"


def _machine_file(station: Workstation) -> Path:
    if station.windows:
        return station.folder("PROGRAMFILES", "Git") / "Git" / "etc" / "gitconfig"
    return Path("/etc/gitconfig")


def _shared(folder: Path) -> Path:
    """The git folder that a further work tree shares with the first one."""
    return folder.parent.parent if folder.parent.name == "worktrees" else folder


def _add(station: Workstation, found: GitConfiguration, file: GitFile, depth: int) -> None:
    """Read a file, and in their places those that it includes."""
    known = any(other.path == file.path for other in found.files)
    if known or depth > DEEPEST or len(found.files) >= MOST_FILES:
        return
    text = station.text(file.path)
    if isinstance(text, Absent):
        found.absent.append(text.atom)
        return
    evidence = text.evidence if isinstance(text, Unknown) else (text[1],)
    settings = text if isinstance(text, Unknown) else _settings(text[0], evidence)
    file = replace(file, settings=settings, evidence=evidence)
    found.files.append(file)
    if isinstance(settings, Unknown):
        found.steps.append(ConfigStep(file, settings))
        return
    for item in settings:
        if item.name == "path" and item.section in {"include", "includeif"}:
            path = _included(station, file.path, item.value)
            conditional = file.conditional or item.section == "includeif"
            _add(station, found, GitFile(path, (), file.local, conditional), depth + 1)
        else:
            found.steps.append(ConfigStep(file, item))


def _settings(text: str, evidence: tuple[Atom, ...]) -> tuple[GitSetting, ...] | Unknown:
    try:
        return parse(text)
    except ValueError as error:
        lacking = "a git configuration that git reads; see: git config --list"
        return Unknown(Reason.MALFORMED, lacking, str(error), evidence)


def _included(station: Workstation, by: Path, value: str) -> Path:
    if value.startswith("~/"):
        return tidy(station.home / value[2:])
    return tidy(by.parent / value)
