"""The files from which npm takes its settings and credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hardenme.facts.local.machine import LocalFact, LocalFile
from hardenme.model.fact import key

USER = "user"
PROJECT = "project"
GLOBAL = "global"
BUILT_IN = "built-in"
PNPM = "pnpm"
COPY = "copy"
"""A file beside the user's own, such as `~/.npmrc.bak`."""

OWN = frozenset({USER, PNPM, COPY})
"""The levels of files that are for the user alone."""

PLACES = "FILE .npmrc of the user, of the project, and of the npm installation"
NOUN = "npm settings file"


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token that stands in a file in clear text; never its value.

    Attributes:
        line: counted from 1.
        registry: the registry's host and path, like `registry.example.test/npm`; empty for any.
        shown: its ends as npm's list shows them, like `npm_aBcD...7890`; empty where it is too
            short to show any of it.
    """

    line: int
    registry: str
    shown: str


@dataclass(frozen=True, slots=True)
class PasswordLine:
    """A password that stands in a file in clear text; never its value.

    Attributes:
        line: counted from 1.
        name: the setting: `_auth`, `_password` or `key`.
    """

    line: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmrcFile(LocalFile):
    """An npm settings file: its owner and rights (subject `local:npmrc/PATH`).

    Attributes:
        level: `user`, `project`, `global`, `built-in`, `pnpm` or `copy`.
    """

    source: ClassVar[str] = PLACES
    noun: ClassVar[str] = NOUN

    level: str = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmrcSecrets(LocalFact):
    """The credentials in clear text in an npm settings file (subject `local:npmrc/PATH`).

    Attributes:
        level: as in `NpmrcFile`.
        tokens: tokens that stand there themselves; a reference like `${NPM_TOKEN}` is none.
        passwords: the same for passwords and private keys.
    """

    source: ClassVar[str] = PLACES
    noun: ClassVar[str] = NOUN

    level: str = key()
    tokens: tuple[TokenLine, ...] = key()
    passwords: tuple[PasswordLine, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmrcTracking(LocalFact):
    """Whether git keeps an npm settings file (subject `local:npmrc/PATH`).

    Attributes:
        tracked: it stands in the index of the repository around it.
    """

    source: ClassVar[str] = "FILE .git/index"
    noun: ClassVar[str] = NOUN

    tracked: bool = key()
