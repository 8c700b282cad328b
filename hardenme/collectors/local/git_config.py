"""Reads git's configuration files, and finds them, without git.

Source: git's documentation "git-config", sections "Includes" and "Environment"; git's `quote.c` for
the quotes of `GIT_CONFIG_PARAMETERS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from hardenme.collectors.local.git_syntax import GitSetting, parse
from hardenme.collectors.local.tracking import repository
from hardenme.collectors.local.workstation import Absent, Workstation, tidy
from hardenme.facts.local.git import VARIABLES
from hardenme.ground import clock
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

QUOTED = r"'(?:[^']|'\\''|'\\!')*'"
PARAMETER = re.compile(rf"\s*(?P<first>{QUOTED})(?P<equals>=(?P<second>{QUOTED})?)?(?=\s|\Z)")
"""`'name=value'` as git wrote it until 2.30, or `'name'='value'`."""
COUNT, PARAMETERS = VARIABLES
ENVIRONMENT = Path("environment")
"""The path of a setting that is not in a file."""
MOST_SETTINGS = 1000
DEEPEST = 5
MOST_FILES = 50
"""Bounds of files that include files."""


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
