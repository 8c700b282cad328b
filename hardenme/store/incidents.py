"""Incidents: a folder each, with what was frozen when it was opened, and a record of what was done.

A folder gets its name when all of it is on the disk. What was frozen is never written again. Its
digests are in the head, and the head's digest is in the record's first line, so that a changed file
is detected. The record is a chain, like that of statements.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from hardenme.codec.text import parsed, spaced
from hardenme.codec.typed import Codec
from hardenme.codec.version import versioned
from hardenme.ground import clock
from hardenme.ground.errors import (
    ContentError,
    OtherVersionError,
    OutputError,
    StoredError,
    UnsafeFileError,
    UsageError,
)
from hardenme.ground.files import PrivateFile
from hardenme.ground.private import (
    ABSENT,
    demand_private_folder,
    held,
    opened,
    private_folder,
    read_whole,
)
from hardenme.model.incident import EventKind, IncidentEvent
from hardenme.model.secret import redact
from hardenme.store.attestations import moment
from hardenme.store.chain import Chain

FOLDER, DEMO = "incidents", "incidents-demo"
"""Where incidents lie, and those of the demo, which are never taken for the user's own."""
NAME = re.compile(
    r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z))(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?<!\.)"
)
"""What an incident may be called: it is the name of a folder on every system."""
REPORT, RUNBOOK, PAGE, FACTS = "report.json", "runbook.md", "runbook.html", "facts.jsonl"
EXPOSED = "exposed.json"
"""A document of `hardenme exposed`."""
HEAD, FORMAT = "incident.json", 1
"""The file that says which incident it is, and the version of its form."""
DRAFT = ".draft."
LOCK = ".lock"
LEFT = 24 * 3600.0
"""Seconds after which a folder without a name is one of a command that was killed."""
LARGEST = 1 << 20
"""Bytes of a head."""
PIECE = 1 << 16
MEANWHILE = "the record was added to meanwhile; close it again"


@dataclass(frozen=True, slots=True)
class IncidentHead:
    """Which incident it is.

    Attributes:
        name: as the user calls it.
        opened: when, in UTC.
        run: the number of the kept run that was frozen; 0 for a report from elsewhere.
        files: the digests of what was frozen, by name.
    """

    name: str
    opened: datetime
    demo: bool
    run: int
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident that was opened.

    Attributes:
        folder: the folder that holds it.
        events: the record, in order.
        torn: its last line was not written to its end, and does not count.
    """

    head: IncidentHead
    folder: Path
    events: tuple[IncidentEvent, ...] = ()
    torn: bool = False

    @property
    def name(self) -> str:
        """As the user calls it."""
        return self.head.name

    @property
    def opened(self) -> datetime:
        """When it was opened."""
        return self.head.opened

    @property
    def closed(self) -> datetime | None:
        """When it was closed; None while it is open."""
        return next((one.at for one in self.events if one.kind is EventKind.CLOSED), None)

    def add(self, *events: IncidentEvent) -> None:
        """Write a line for each; they are on the disk when this returns.

        Raises:
            StoredError: it cannot be written, the record is incomplete, or the incident is closed.
        """
        _add(self.folder, *events, refuse=_closed)

    def close(self, event: IncidentEvent) -> None:
        """Write the last line.

        Raises:
            StoredError: as `add`, or what was written meanwhile may leave something open.
        """
        known = len(self.events)
        _add(
            self.folder,
            event,
            refuse=lambda there: _closed(there) or (MEANWHILE if len(there) != known else ""),
        )

    @contextmanager
    def frozen(self, name: str) -> Iterator[BinaryIO]:
        """A file that was frozen, open for reading.

        Raises:
            StoredError: it is gone, was changed, or cannot be read.
        """
        path = self.folder / name
        try:
            with opened(path, os.O_RDONLY) as handle, os.fdopen(os.dup(handle), "rb") as file:
                found = hashlib.sha256()
                while piece := file.read(PIECE):
                    found.update(piece)
                if found.hexdigest() != self.head.files.get(name):
                    raise StoredError(
                        f"{path} was changed after the incident was opened: nothing is shown of it."
                        " Open another incident, by --from with another run"
                    )
                file.seek(0)
                yield file
        except (OSError, UnsafeFileError) as error:
            raise StoredError(f"{path} cannot be read: {_why(error)}") from None


@dataclass(frozen=True, slots=True)
class IncidentList:
    """What there is.

    Attributes:
        incidents: those that can be read, the oldest first.
        unread: what cannot be read, each in a sentence with its folder.
    """

    incidents: tuple[Incident, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Incident, ...]:
        """Those that are not closed."""
        return tuple(one for one in self.incidents if one.closed is None)


class Incidents:
    """The incidents of a state folder.

    Args:
        demo: those of the demo, in place of the user's own.
    """

    def __init__(self, state: Path, *, demo: bool = False) -> None:
        self.folder = state / (DEMO if demo else FOLDER)
        self._state = state
        self._demo = demo

    def all(self) -> IncidentList:
        """What there is; nothing is raised."""
        try:
            names = sorted(one.name for one in self.folder.iterdir())
        except ABSENT:
            return IncidentList()
        except OSError as error:
            return IncidentList(unread=(f"{self.folder} cannot be read: {error.strerror}",))
        found: list[Incident] = []
        unread: list[str] = []
        for name in names:
            if name.startswith("."):
                continue
            try:
                found.append(read(self.folder / name))
            except StoredError as error:
                unread.append(str(error))
        return IncidentList(tuple(sorted(found, key=lambda one: one.opened)), tuple(unread))

    def begin(self, name: str, files: Mapping[str, Iterable[str]], run: int = 0) -> Incident:
        """Make an incident, whole or not at all.

        Args:
            files: what is frozen, in pieces of text, by the name of the file.
            run: the number of the kept run that is frozen.

        Raises:
            UsageError: the name is not one, or there is an incident of that name.
            StoredError: it cannot be written.
        """
        if not NAME.fullmatch(name):
            raise UsageError(
                "a name takes letters, digits, - . and _, 64 at most, begins with a letter or a"
                " digit, and is none that Windows keeps for itself, like con"
            )
        if redact(name) != name:
            # The name of a folder is not redacted.
            raise UsageError("that name looks like a credential: choose another one")
        try:
            base = private_folder(self._state, self.folder.name)
            with opened(base / LOCK, os.O_RDWR | os.O_CREAT) as handle, held(handle):
                self._demand_new(name)
                self._sweep()
                draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=base))
                try:
                    self._fill(draft, name, files, run)
                    draft.rename(base / name)
                except BaseException:
                    shutil.rmtree(draft, ignore_errors=True)
                    raise
        except (OSError, OutputError, StoredError, UnsafeFileError) as error:
            if getattr(error, "errno", None) in {errno.ENOTEMPTY, errno.EEXIST}:
                raise self._known(name) from None
            raise StoredError(f"no incident was opened: {_why(error)}") from None
        return read(base / name)

    def _fill(self, draft: Path, name: str, files: Mapping[str, Iterable[str]], run: int) -> None:
        digests = {}
        for file, pieces in files.items():
            found = hashlib.sha256()
            PrivateFile(draft / file).write(_counted(pieces, found.update))
            digests[file] = found.hexdigest()
        now = clock.now().astimezone(UTC)
        head = IncidentHead(name, now, self._demo, run, digests)
        text = f"{spaced({'format': FORMAT, **FORM.write(head)})}\n"
        PrivateFile(draft / HEAD).write(text)
        data = {"sha256": hashlib.sha256(text.encode()).hexdigest()}
        _add(draft, IncidentEvent(EventKind.OPENED, now, data=data))

    def _demand_new(self, name: str) -> None:
        # Some file systems take names of another case for the same.
        if any(one.name.lower() == name.lower() for one in self.folder.iterdir()):
            raise self._known(name)

    def _known(self, name: str) -> UsageError:
        return UsageError(
            f"there is an incident {name} already, in {self.folder / name}; name this one otherwise"
        )

    def _sweep(self) -> None:
        """Remove what commands left that were killed."""
        with suppress(OSError):
            for one in self.folder.glob(f"{DRAFT}*"):
                if clock.now().timestamp() - one.lstat().st_mtime > LEFT:
                    shutil.rmtree(one, ignore_errors=True)


def read(folder: Path) -> Incident:
    """The incident of a folder, wherever that is.

    Raises:
        StoredError: it holds none, none of this version, or one that was changed; it belongs to
            someone else, or cannot be read.
    """
    try:
        demand_private_folder(folder)
        with opened(folder / HEAD, os.O_RDONLY) as handle:
            data = read_whole(handle, LARGEST)
        head = FORM.read(IncidentHead, versioned(parsed(data), FORMAT, "format"))
        lines = CHAIN.read(folder)
    except ABSENT:
        raise StoredError(f"{folder} is not the folder of an incident") from None
    except OtherVersionError as error:
        raise StoredError(
            f"the incident in {folder} was opened by another version of hardenme: {error}. Its"
            " runbook is there to read"
        ) from None
    except ContentError as error:
        raise StoredError(f"{folder / HEAD} is damaged: {error}") from None
    except (OSError, UnsafeFileError) as error:
        raise StoredError(f"the incident in {folder} is not read: {_why(error)}") from None
    if lines.fault:
        raise StoredError(f"the record in {folder} does not count: {lines.fault}")
    first = lines.items[0] if lines.items else None
    if first is None or first.kind is not EventKind.OPENED:
        raise StoredError(f"the record in {folder} does not begin with its incident")
    if first.data.get("sha256") != hashlib.sha256(data).hexdigest():
        raise StoredError(f"{folder / HEAD} was changed after the incident was opened")
    return Incident(head, folder, lines.items, lines.torn)


def _closed(events: Sequence[IncidentEvent]) -> str:
    """Why nothing is added; empty where something can be."""
    end = next((one for one in events if one.kind is EventKind.CLOSED), None)
    return f"it was closed at {end.at:%Y-%m-%d %H:%M} UTC" if end else ""


def _add(
    folder: Path,
    *events: IncidentEvent,
    refuse: Callable[[Sequence[IncidentEvent]], str] = lambda _there: "",
) -> None:
    lines = [
        (one.kind.value, one.at.isoformat(), one.by, one.about, spaced(DATA.write(one.data)))
        for one in events
    ]
    if lines:
        CHAIN.add(folder, *lines, refuse=refuse)


def _event(raw: Mapping[str, str]) -> IncidentEvent:
    data: Mapping[str, str] = DATA.read(parsed(raw["data"]))
    return IncidentEvent(EventKind(raw["kind"]), moment(raw["at"]), raw["by"], raw["about"], data)


def _counted(pieces: Iterable[str], take: Callable[[bytes], None]) -> Iterator[str]:
    """The pieces, each of them taken on its way to the disk."""
    for piece in pieces:
        take(piece.encode())
        yield piece


def _why(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) else ""
    return told or str(error)


FORM = Codec(objects=True)
DATA = FORM.shape(Mapping[str, str])
CHAIN = Chain(
    name="record",
    noun="record of the incident",
    again="",
    instead="leave the folder as it is, and open another incident",
    fields=("kind", "at", "by", "about", "data"),
    parse=_event,
)
