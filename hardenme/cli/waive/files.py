"""Which configuration file `hardenme waive` reads or changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hardenme.cli.options.files import load_here
from hardenme.config.files import look
from hardenme.config.load import Loaded
from hardenme.config.places import FILE, SettingsSource, named
from hardenme.config.trust import Trust
from hardenme.engine.catalogue import find
from hardenme.ground.errors import OutputError, UsageError
from hardenme.ground.places import state_folder
from hardenme.store.edited import edit

PROPOSED = (
    "it is a proposal: runs in this folder show it, and apply it for those alone whose own"
    " configuration file names the folder in trusted-folders"
)
NAMED = "it counts in runs that are given this file, with --config"


@dataclass(frozen=True, slots=True)
class WaiverFile:
    """The file that is changed.

    Attributes:
        words: the same, as messages name it.
        proposal: whether its content is a proposal, and not the user's own decision.
        shared: whether it is for others, too.
        counts: when it counts, in a sentence; empty for always.
    """

    source: SettingsSource
    words: str
    proposal: bool = False
    shared: bool = False
    counts: str = ""

    def change(self, how: Callable[[str, tuple[str, ...]], str]) -> bool:
        """Change it; whether it was changed.

        Args:
            how: from the text, and the keys that lead to the settings in it, to another text.

        Raises:
            OutputError: it cannot be changed; all stays as it was.
        """
        path, table = self.source.path, self.source.table
        try:
            return edit(
                path,
                lambda text: how(text, table),
                locks=state_folder(),
                private=not self.shared,
            )
        except OutputError as error:
            raise OutputError(f"{self.words} cannot be changed: {error}") from None


def in_force() -> Loaded:
    """The waiver files that apply in this folder."""
    return load_here(None, without=False)


def target(file: str, *, project: bool) -> WaiverFile:
    """The file that an option names, or the user's own.

    Raises:
        OutputError: there is none, or its content would not count as it should.
    """
    if file and project:
        raise OutputError("--file and --project name different files; give one of them")
    loaded = in_force()
    if file:
        found = _named(Path(file), loaded)
    elif project:
        found = _of_project(loaded)
    elif loaded.where.own is None:
        raise OutputError("there is no place for a configuration file of your own; use --file")
    else:
        found = _own(loaded.where.own, loaded)
    _demand_usable(found)
    return found


def _own(source: SettingsSource, loaded: Loaded) -> WaiverFile:
    return WaiverFile(source, loaded.where.shown(source.path))


def _named(path: Path, loaded: Loaded) -> WaiverFile:
    where = loaded.where
    source = named(path, where.cwd)
    if where.own is not None and source.path == where.own.path:
        return _own(where.own, loaded)
    if any(source.path == one.path for one in where.folders):
        return _in_a_folder(source.path, loaded)
    return WaiverFile(source, where.shown(source.path), counts=NAMED)


def _of_project(loaded: Loaded) -> WaiverFile:
    """The nearest file that says something to hardenme; a new one in the root where there is none.

    Only the nearest file counts, so that no one would read a second one.
    """
    folders = {source.path for source in loaded.where.folders}
    nearest = (one.source.path for one in loaded.files if one.source.path in folders)
    return _in_a_folder(next(nearest, loaded.where.top / FILE), loaded)


def _in_a_folder(path: Path, loaded: Loaded) -> WaiverFile:
    source = next(one for one in loaded.where.folders if one.path == path)
    trusted = any(one.source.path == path and not one.untrusted for one in loaded.files)
    counts = "" if trusted else PROPOSED
    words = loaded.where.shown(path)
    return WaiverFile(source, words, proposal=not trusted, shared=True, counts=counts)


def _demand_usable(found: WaiverFile) -> None:
    looked = look(found.source)
    if looked is not None and looked.problem:
        raise OutputError(f"{found.words} cannot be used: {looked.problem}")
    if looked is not None and looked.lowered and found.source.trust >= Trust.USER:
        raise OutputError(f"{found.words} does not count as your own: {looked.lowered}")


def code_of(check: object) -> str:
    """The code of a check by whatever a file calls it; the file's own word where there is none."""
    try:
        return find(check).code if isinstance(check, str) else ""
    except UsageError:
        return str(check)
