"""What the user gave a command: the values of its options, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hardenme.cli.options.origins import SETTLED, Settled
from hardenme.config.kinds import Kind
from hardenme.config.option import Option
from hardenme.ground.errors import UsageError
from hardenme.model.text import visible

if TYPE_CHECKING:
    from hardenme.cli.terminal.console import Console

T = TypeVar("T")
LONGEST = 100
"""Characters of a value that a sentence repeats."""


@dataclass(frozen=True, slots=True)
class OptionValues:
    """The values of options: `given[DEPTH]` is the given value, or the default.

    Attributes:
        values: the value of each option that the command has, by the option's key.
        context: the command's context; None if no command line was read.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    context: Any = None

    def __getitem__(self, option: Option[T]) -> T:
        value: Any = self.values.get(option.key, option.default)
        return value  # type: ignore[no-any-return]

    def where_it_is(self, option: Option[T]) -> T | None:
        """The value of an option; None if the command does not have it."""
        return self[option] if option.key in self.values else None

    def but(self, values: Mapping[Option[Any], Any]) -> OptionValues:
        """The same with other values of some options."""
        others = {option.key: value for option, value in values.items()}
        return OptionValues({**self.values, **others}, self.context)

    def stated(self, option: Option[Any]) -> bool:
        """Whether the command line, a variable or a file gives the option a value."""
        if self.context is None:
            return False
        source = self.context.get_parameter_source(option.key)
        typed = source is not None and source.name != "DEFAULT"
        return typed or option.name in self.settled.origins

    def typed(self, options: Iterable[Option[Any]]) -> list[str]:
        """Those of the options that are on the command line, as they can be given again.

        Files are named by their whole paths: another process may run in another folder.
        """
        found: list[str] = []
        for option in options:
            source = self.context.get_parameter_source(option.key) if self.context else None
            if source is None or source.name != "COMMANDLINE":
                continue
            value: Any = self[option]
            if value is False:
                found.append(f"--no-{option.option.removeprefix('--')}")
            elif value is True:
                found.append(option.option)
            else:
                values = value if isinstance(value, tuple) else (value,)
                texts = [_from_here(option, str(one)) for one in values]
                found += [part for text in texts for part in (option.option, text)]
        return found

    def one_of(self, option: Option[str], allowed: Iterable[str]) -> str:
        """The value of an option that has one of these.

        Raises:
            UsageError: it has another.
        """
        with self.naming_origins():
            demand_choice(f"--{option.name}", self[option], allowed)
        return self[option]

    @property
    def console(self) -> Console:
        """The other end."""
        console: Console = self.context.obj
        return console

    @property
    def settled(self) -> Settled:
        """What files and variables set in addition to the values of options."""
        found: Settled = self.context.meta.get(SETTLED, Settled()) if self.context else Settled()
        return found

    @contextmanager
    def naming_origins(self) -> Iterator[None]:
        """While it lasts, errors about an option name the file or the variable that set it."""
        try:
            yield
        except UsageError as error:
            raise UsageError(self.settled.hint(str(error)), error.exit_code) from None


def split(names: Iterable[str]) -> list[str]:
    """The single names of options that take several, with commas between them or repeated."""
    return [part.strip() for name in names for part in name.split(",") if part.strip()]


def demand_choice(option: str, value: str, allowed: Iterable[str]) -> None:
    """See to it that an option has one of its values.

    Raises:
        UsageError: it has another; the text names those, and one that is close.
    """
    known = tuple(allowed)
    if value not in known:
        from hardenme.cli.options.subjects import suggestion  # noqa: PLC0415 (start-up)

        names, near = ", ".join(filter(None, known)), suggestion(value[:LONGEST], known)
        shown = visible(value, longest=LONGEST)
        raise UsageError(f"{option} takes one of: {names}; not {shown!r}{near}")


def _from_here(option: Option[Any], value: str) -> str:
    """What an option takes, with the whole path of the file that it names.

    One that begins with `~` is in the home of each process's own account.
    """
    provider, colon, path = value.partition(":") if option.kind is Kind.FILES else ("", "", value)
    if option.kind not in {Kind.PATH, Kind.FILES} or not path or path.startswith("~"):
        return value
    return f"{provider}{colon}{Path(path).absolute()}"
