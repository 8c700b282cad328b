"""Which configuration file `hardenme waive` reads or changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from hardenme.config.editing import EditError
from hardenme.config.files import Found, files, look
from hardenme.config.places import FILE, PYTHON_PROJECT, Places, Source, places
from hardenme.config.trust import Trust
from hardenme.engine.catalogue import SelectionError, find
from hardenme.model.text import visible
from hardenme.store.edited import edit
from hardenme.store.files import OutputError
from hardenme.store.places import NOWHERE, config_folder, home, state_folder

PROPOSED = (
    "it is a proposal: runs in this folder show it, and apply it for those alone whose own"
    " configuration file trusts the folder"
)
NAMED = "it counts in runs that are given this file, with --config"


class FileError(Exception):
    """A file that cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Target:
    """The file that is changed.

    Attributes:
        source: where it is.
        proposal: whether what stands in it is a proposal, and not the user's own word.
        counts: when it counts, as the end of a sentence; empty for always.
    """

    source: Source
    proposal: bool = False
    counts: str = ""

    def change(self, how: Callable[[str, tuple[str, ...]], str]) -> bool:
        """Change it; whether it was changed.

        Args:
            how: from the text, and the keys that lead to the settings in it, to another text.

        Raises:
            FileError: it cannot be changed; all stays as it was.
        """
        path, table = self.source.path, self.source.table
        try:
            return edit(
                path,
                lambda text: how(text, table),
                locks=state_folder(),
                private=not self.proposal,
            )
        except EditError as error:
            raise FileError(f"{path} cannot be changed: {error}") from None
        except OutputError as error:
            raise FileError(str(error)) from None


def today() -> date:
    """The day in UTC, by this machine's clock."""
    return datetime.now(UTC).date()


def where() -> Places:
    """Where configuration files may be for this user, in this folder."""
    try:
        folder = Path.cwd()
    except OSError:
        folder = NOWHERE
    own = config_folder()
    return places(folder, home(), None if own == NOWHERE else own)


def in_force() -> tuple[Found, ...]:
    """The files that count, in the order in which they do."""
    return tuple(files(where()))


def target(file: str, *, project: bool) -> Target:
    """The file that an option names, or the user's own.

    Raises:
        FileError: there is none, or what stands in it would not count as it should.
    """
    if file and project:
        raise FileError("--file and --project name different files; give one of them")
    known = where()
    if file:
        found = _named(Path(file), known)
    elif project:
        found = _of_project(known)
    elif known.own is None:
        raise FileError("there is no place for a configuration file of your own; use --file")
    else:
        found = Target(known.own)
    _demand_usable(found)
    return found


def _named(path: Path, known: Places) -> Target:
    if known.own is not None and path.absolute() == known.own.path:
        return Target(known.own)
    for source in known.folders:
        if path.absolute() == source.path:
            return Target(source, proposal=True, counts=PROPOSED)
    table = ("tool", "hardenme") if path.name == PYTHON_PROJECT else ()
    return Target(Source(path, Trust.USER, table), counts=NAMED)


def _of_project(known: Places) -> Target:
    """The nearest file that says something to hardenme; a new one in the root where there is none.

    The nearest file counts alone, so that a second one beside it would be read by nobody.
    """
    said = (source for source in known.folders if look(source) is not None)
    nearest = next(said, Source(known.top / FILE, Trust.FOLDER))
    return Target(nearest, proposal=True, counts=PROPOSED)


def _demand_usable(found: Target) -> None:
    looked = look(found.source)
    shown = visible(str(found.source.path))
    if looked is not None and looked.problem:
        raise FileError(f"{shown} cannot be used: {looked.problem}")
    if looked is not None and looked.lowered:
        raise FileError(f"{shown} does not count as your own: {looked.lowered}")


def in_words(path: Path) -> str:
    """A file as a person writes it, fit to be shown."""
    own = home()
    if own is not None and path.is_relative_to(own):
        path = Path("~") / path.relative_to(own)
    return visible(str(path))


def code_of(check: object) -> str:
    """The code of a check by whatever a file calls it; the file's own word where there is none."""
    try:
        return find(check).code if isinstance(check, str) else ""
    except SelectionError:
        return str(check)
