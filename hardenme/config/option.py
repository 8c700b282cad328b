"""An option: what it is called, takes, means and defaults to, and how far who sets it is trusted.

The command line, configuration files, variables, completion and the manual all take it from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypedDict, TypeVar, Unpack

from hardenme.config.kinds import Kind
from hardenme.config.trust import Guard, Trust

PREFIX = "HARDENME_"
"""With it begin the variables that set something."""
T_co = TypeVar("T_co", covariant=True)
SEVERAL = frozenset({Kind.WORDS, Kind.FILES, Kind.FOLDERS})
"""The kinds of which an option may be repeated."""


class Columns(TypedDict, total=False):
    """The columns of the table that an option may leave out; `Option` says what they are."""

    spelled: str
    metavar: str
    heading: str
    least: Trust
    guard: Guard
    in_files: str
    words: tuple[str, ...]
    bounds: tuple[int, int | None]
    commands: frozenset[str]
    instead: str
    offers: str
    shows_default: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Option(Generic[T_co]):
    """An option or argument of the command line, a setting of files, or both.

    Attributes:
        name: as files spell it, and not otherwise.
        kind: the form of its value.
        help: what it means, for who types it.
        default: what holds where no one says anything; several values are a tuple.
        spelled: as it is typed: `--format -f`, `--local/--no-local`; without a hyphen it is help's
            word for an argument; empty if the command line has none.
        metavar: what help has in place of its value.
        heading: under which help shows it; empty for none of its own.
        least: the least trust that may set it; None if the command line alone does, and no setting
            goes by its name.
        guard: what it decides that a folder must never decide; None for nothing of that.
        in_files: what it means, for who writes a file; empty for the same as `help`.
        words: the only values there are; empty for any.
        bounds: the least and the greatest value of a number; None for any, or for no greatest.
        commands: those for which files and variables set it, by their last word; empty for all that
            have it.
        instead: where it is set, if neither a file nor an option sets it.
        offers: which words a shell offers for it, as a function of `cli/completion/words.py`; empty
            for none.
        shows_default: help says what it defaults to.
        required: an argument that has to be there.

    Raises:
        ValueError: a file in the working directory could set what is guarded.
    """

    name: str
    kind: Kind
    help: str
    default: Any = None
    spelled: str = ""
    metavar: str = ""
    heading: str = ""
    least: Trust | None = None
    guard: Guard | None = None
    in_files: str = ""
    words: tuple[str, ...] = ()
    bounds: tuple[int, int | None] | None = None
    commands: frozenset[str] = frozenset()
    instead: str = ""
    offers: str = ""
    shows_default: bool = True
    required: bool = False

    def __post_init__(self) -> None:
        if self.guard is not None and self.least is not None and self.least <= Trust.FOLDER:
            raise ValueError(f"{self.name} decides {self.guard}, which is not for a folder")

    def but(self, **columns: Any) -> Self:
        """The same option as one command has it: with another help, heading or default."""
        return replace(self, **columns)

    @property
    def key(self) -> str:
        """Its name in code."""
        return self.name.replace("-", "_")

    @property
    def option(self) -> str:
        """How it is named on the command line; empty if it is not there."""
        return self.spelled.split(" ")[0].partition("/")[0].strip("[].")

    @property
    def doc(self) -> str:
        """What it means, for who writes a file."""
        return self.in_files or self.help

    @property
    def where(self) -> str:
        """The places that may set it."""
        if self.instead:
            return self.instead
        places = [str(Trust.USER)] if self.is_for(Trust.USER) else []
        return " or ".join([*places, *([self.option] if self.option else [])])

    @property
    def variable(self) -> str:
        """The variable that sets it; empty if none does.

        No variable sets anything guarded. Others than the user often make an environment: a job's
        definition, or a file that a shell loads.
        """
        if self.guard is not None or not self.is_for(Trust.USER) or self.option[:2] != "--":
            return ""
        return PREFIX + self.option.removeprefix("--").replace("-", "_").upper()

    def is_for(self, trust: Trust) -> bool:
        """Whether who is trusted so far may set it."""
        return self.least is not None and self.least <= trust

    def counts_for(self, command: str) -> bool:
        """Whether files and variables set it for a command, which goes by its last word."""
        return self.least is not None and (not self.commands or command in self.commands)

    def wrong(self, value: object) -> str:
        """What is wrong with a value of a file; empty for nothing. The value is never quoted."""
        if why := self.kind.wrong(value):
            return why
        if self.words and value not in self.words:
            return f"takes one of: {', '.join(self.words)}"
        if self.bounds and isinstance(value, int):
            low, high = self.bounds
            if value < low or (high is not None and value > high):
                return f"takes a whole number from {low}" + ("" if high is None else f" to {high}")
        return ""


def text(name: str, told: str, default: str = "", **columns: Unpack[Columns]) -> Option[str]:
    """One that takes a text."""
    return Option(name, Kind.WORD, told, default, **_spelled(name, columns))


def path(name: str, told: str, default: str = "", **columns: Unpack[Columns]) -> Option[str]:
    """One that takes the path of a file."""
    columns.setdefault("metavar", "FILE")
    return Option(name, Kind.PATH, told, default, **_spelled(name, columns))


def texts(name: str, told: str, **columns: Unpack[Columns]) -> Option[tuple[str, ...]]:
    """One that takes several texts."""
    return Option(name, Kind.WORDS, told, (), **_spelled(name, columns))


def number(name: str, told: str, default: int, **columns: Unpack[Columns]) -> Option[int]:
    """One that takes a whole number."""
    return Option(name, Kind.NUMBER, told, default, **_spelled(name, columns))


def maybe_number(name: str, told: str, **columns: Unpack[Columns]) -> Option[int | None]:
    """The same, without a default."""
    return Option(name, Kind.NUMBER, told, None, **_spelled(name, columns))


def switch(
    name: str, told: str, *, default: bool = False, **columns: Unpack[Columns]
) -> Option[bool]:
    """One that is there or not."""
    return Option(name, Kind.SWITCH, told, default, **_spelled(name, columns))


def _spelled(name: str, columns: Columns) -> Columns:
    columns.setdefault("spelled", f"--{name}")
    return columns
