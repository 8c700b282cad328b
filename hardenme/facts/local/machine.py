"""What all facts about this workstation have: the file, and commands that name it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from hardenme.model.fact import Fact, key

OTHERS = 0o007
GROUP = 0o070
READ = 0o044
WRITE = 0o022
HOME = "~/"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What a shell takes for the name of a variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFact(Fact):
    """The base of facts about this workstation.

    Attributes:
        path: the file that it is about, as `~/…` within the user's home; empty if it is none.
    """

    asked_at = "local"
    roots = ("local:workstation",)

    path: str = ""

    def command(self, *words: str) -> str:
        """A command with each word quoted for a shell, except `~/`, which the shell expands."""
        return command(*words)

    def edit(self, line: int) -> str:
        """A command that opens the file at a line."""
        return edit(self.path, line)

    def unset(self, *names: str) -> str:
        """A command that takes variables out of the session.

        A shell cannot name all of them: one like `npm_config_//host/:_authToken` takes a new shell.
        """
        if all(map(NAME.fullmatch, names)):
            return self.command("unset", *names)
        words = [word for name in names for word in ("-u", name)]
        return f'{self.command("exec", "env", *words)} "$SHELL"'


def command(*words: str) -> str:
    """A command with each word quoted for a shell, except `~/`, which the shell expands."""
    return " ".join(map(_quoted, words))


def edit(path: str, line: int) -> str:
    """A command that opens a file at a line."""
    return command("vi", f"+{line}", path)


def _quoted(word: str) -> str:
    if word in {HOME, HOME.rstrip("/")}:
        return word
    if word.startswith(HOME):
        return HOME + shlex.quote(word.removeprefix(HOME))
    return shlex.quote(word)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile(LocalFact):
    """A file's owner and who else may use it.

    Attributes:
        mode: the nine bits of rights.
        owned: it belongs to the user, or to the machine's administrator.
        own_group: its group is taken to be private to the user. The group has the owner's number,
            as on systems that give each user a group, and no access list adds others.
    """

    mode: int = key()
    owned: bool = key()
    own_group: bool = key()

    @property
    def octal(self) -> str:
        """The rights as a command writes them, like `0644`."""
        return f"{self.mode:04o}"

    def seize(self) -> str:
        """A command that makes the file the user's own."""
        return f'sudo chown "$(id -un)" {self.command(self.path)}'

    @property
    def shared_bits(self) -> int:
        """The rights of everyone but the user."""
        return self.mode & (OTHERS if self.own_group else OTHERS | GROUP)

    @property
    def read_by_others(self) -> bool:
        """Someone else may read it."""
        return bool(self.shared_bits & READ)

    @property
    def written_by_others(self) -> bool:
        """Someone else may change it."""
        return bool(self.shared_bits & WRITE)
