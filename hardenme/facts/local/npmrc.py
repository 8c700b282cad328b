"""The files from which npm takes its settings and credentials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFact, LocalFile, command, edit
from hardenme.model.fact import key

USER = "user"
PROJECT = "project"
GLOBAL = "global"
BUILT_IN = "built-in"
PNPM = "pnpm"
COPY = "copy"
"""A copy of the user's own file, such as `~/.npmrc.bak`."""

OWN = frozenset({USER, PNPM, COPY})
"""The levels of files that are for the user alone."""

LOCATIONS = {USER: "user", PROJECT: "project", GLOBAL: "global"}
"""How npm's command line names the files that it can change."""
SETTINGS = ".npmrc"
"""The name of a project's own file."""

PLACES = "FILE .npmrc of the user, of the project, and of the npm installation"
NOUN = "npm settings file"


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A plain-text token in a file; never its value.

    Attributes:
        line: counted from 1.
        registry: the registry's host and path, like `registry.example.test/npm`; empty for any.
        shown: its ends as npm's list shows them, like `npm_aBcD...7890`; empty if it is too short
            to show any of it.
        setting: the key, as npm's command line takes it; empty if it cannot take it.
    """

    line: int
    registry: str
    shown: str
    setting: str


@dataclass(frozen=True, slots=True)
class PasswordLine:
    """A plain-text password in a file; never its value.

    Attributes:
        line: counted from 1.
        name: the setting, like `_auth`, `_password`, `key` or `registry`; `address` for that of
            another setting.
    """

    line: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmrcFile(LocalFile):
    """An npm settings file: its owner and rights (subject `local:npmrc/PATH`).

    Attributes:
        level: `user`, `project`, `global`, `built-in`, `pnpm` or `copy`.
    """

    source = PLACES
    noun = NOUN

    level: str = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmrcSecrets(LocalFact):
    """The credentials in plain text in an npm settings file (subject `local:npmrc/PATH`).

    Attributes:
        level: as in `NpmrcFile`.
        tokens: literal tokens; a reference like `${NPM_TOKEN}` does not count.
        passwords: literal passwords, private keys, and credentials before the host of an address.
    """

    source = PLACES
    noun = NOUN

    level: str = key()
    tokens: tuple[TokenLine, ...] = key()
    passwords: tuple[PasswordLine, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmrcTracking(LocalFact):
    """Whether git keeps an npm settings file (subject `local:npmrc/PATH`).

    Attributes:
        tracked: it is in the index of the repository around it.
        kept_as: the tracked file, as `~/…`: the target of a link, or the file itself.
    """

    source = "FILE .git/index"
    noun = NOUN

    tracked: bool = key()
    kept_as: str = key()


def removal(path: str, level: str, lines: Iterable[tuple[int, str]]) -> str:
    """The command that removes lines of a settings file: by npm, where it takes all their keys.

    Args:
        path: the file, as `~/…`.
        level: as in `NpmrcFile`.
        lines: the number of each, and its key as npm's command line takes it; empty for none.
    """
    if level == COPY:
        return command("rm", path)
    (first, _), *_ = found = [*lines]
    settings = dict.fromkeys(setting for _, setting in found)
    folder, _, name = path.rpartition("/")
    in_reach = level in LOCATIONS and (level != PROJECT or name == SETTINGS)
    if not in_reach or "" in settings:
        return edit(path, first)
    # npm would go by the current folder, and change the file of the workspace around a package.
    within = [f"--prefix={folder}/"] if level == PROJECT else []
    return command("npm", "config", "delete", *settings, f"--location={LOCATIONS[level]}", *within)
