"""Documents of `hardenme exposed`: the last one is kept, and an incident takes one."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hardenme.cli.stored.incidents import proposed
from hardenme.cli.stored.runs import kept as runs_kept
from hardenme.cli.stored.runs import runs, wanted
from hardenme.cli.terminal.console import Console
from hardenme.ground import clock
from hardenme.ground.errors import (
    ContentError,
    OtherVersionError,
    OutputError,
    StoredError,
    UnsafeFileError,
)
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.exposed_record import ExposedRecord
from hardenme.model.incident import COMMAND
from hardenme.model.text import visible
from hardenme.reports.exposure import ExposureShown, render
from hardenme.reports.reading.exposed import LARGEST, exposed_record
from hardenme.reports.style import Style
from hardenme.store.exposures import keep_exposure, last_exposure
from hardenme.store.incidents import EXPOSED, Incident, Incidents

LAST = "last"
"""How `incident open --from-exposed` names the last answer."""
WIDTH = 100


def kept(
    console: Console, shown: ExposureShown, places: Sequence[str], access: Sequence[str]
) -> ExposureShown:
    """An answer that was kept for an incident, with the commands that open one.

    One that looked at nothing is not kept, so that it does not replace one that did. A failure to
    keep an answer is printed, not raised.

    Args:
        places: what was looked at, as it was named.
        access: the options by which GitHub was asked, as they were typed.
    """
    if shown.unread or not wanted(console.environ, asked=True):
        return shown
    try:
        keep_exposure(state_folder(), render(shown, "json", Style(WIDTH)))
    except (OutputError, UnsafeFileError, OSError) as error:
        console.say(f"This answer is not kept, so no incident can be opened from it: {error}")
        return shown
    if shown.exit_code is Exit.CLEAN:
        return shown
    return replace(shown, following=tuple(_following(shown, [*places, *access])))


def _following(shown: ExposureShown, checked: Sequence[str]) -> Iterator[str]:
    """The commands that open an incident, or the one that shows what is open.

    An incident freezes a kept run, so where there is none a check comes first.

    Args:
        checked: what the check is of, and how it asks.
    """
    there = Incidents(state_folder()).all()
    if there.open:
        yield f"{COMMAND} status"
        return
    if not (runs_kept(runs()) or runs_kept(runs(lately=True))):
        yield shlex.join(["hardenme", "check", *checked])
    taken = (one.name for one in there.incidents)
    about = shown.found.asked[0].rpartition("@")[0]
    name = proposed(about, clock.now(), taken)
    yield shlex.join([*COMMAND.split(), "open", name, "--from-exposed", LAST])


def document(source: str) -> tuple[str, ExposedRecord]:
    """A document as it was written, and what it says.

    Raises:
        StoredError: it cannot be read.
    """
    name = "the last answer" if source == LAST else visible(source)
    try:
        data = last_exposure(state_folder()) if source == LAST else _file(Path(source))
        return data.decode("utf-8"), exposed_record(data)
    except OtherVersionError as error:
        raise StoredError(f"{name} is not read: {error}") from None
    except (ContentError, UnicodeDecodeError) as error:
        raise StoredError(f"{name} is not a document of `hardenme exposed`: {error}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file has such a name"
        raise StoredError(f"{name} cannot be read: {why}") from None


def _file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def frozen_exposure(incident: Incident) -> ExposedRecord | None:
    """The document that an incident froze; None if it was opened without one.

    Raises:
        StoredError: it was changed, or cannot be read.
    """
    if EXPOSED not in incident.head.files:
        return None
    with incident.frozen(EXPOSED) as file:
        data = file.read(LARGEST + 1)
    try:
        return exposed_record(data)
    except ContentError as error:
        raise StoredError(f"{incident.folder / EXPOSED} cannot be read: {error}") from None
