"""What `hardenme exposed` is asked: versions and actions, a window, and where to look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hardenme.engine.target import Target
from hardenme.exposure.asked import FORMS, asked, spellings
from hardenme.exposure.judging import Asked
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.locks.contents import PackageVersion

LENGTHS = (
    (re.compile(r"\d{4}-?W\d\d"), timedelta(weeks=1)),
    (re.compile(r"\d{4}-?(?:\d\d-?\d\d|W\d\d-?\d)"), timedelta(days=1)),
    (re.compile(r".{8,10}[T ]\d\d"), timedelta(hours=1)),
    (re.compile(r".{8,10}[T ]\d\d:?\d\d"), timedelta(minutes=1)),
    (re.compile(r".*"), timedelta(seconds=1)),
)
"""How long is what a time names, by how it is written: a week, a day, an hour, a minute."""
ZONE = re.compile(r"(?:Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)$")
"""The zone of a time; a day has none."""
PLACES = "github:OWNER, github:OWNER/REPO, local"
MACHINE = "local"
"""How this machine is named, as in `check`."""


@dataclass(frozen=True, slots=True)
class ExposureQuestion:
    """What is asked.

    Attributes:
        things: versions and actions.
        start: of the window.
        end: of the window.
        targets: repositories and owners, as they were named.
        asked: when it was asked.
        machine: this machine is looked at.
        folders: those with projects on this machine that were named.
    """

    things: tuple[Asked, ...]
    start: datetime
    end: datetime
    targets: tuple[str, ...]
    asked: datetime
    machine: bool = False
    folders: tuple[Path, ...] = ()

    @property
    def still_bad(self) -> bool:
        """Whether only the time of the question ends the window."""
        return self.end == self.asked

    @property
    def packages(self) -> tuple[PackageVersion, ...]:
        """The versions of packages among the things."""
        return tuple(one for one in self.things if isinstance(one, PackageVersion))


def asked_for(words: Sequence[str], between: str, folders: Sequence[Path] = ()) -> ExposureQuestion:
    """What the words ask for.

    Args:
        words: things, targets and the second time of the window, in any order.
        between: the first time, or both with a slash between them.
        folders: those on this machine that were named, which are looked at with it.

    Raises:
        UsageError: one is not of its form, or one is missing.
    """
    things, targets = list[Asked](), list[str]()
    machine = bool(folders)
    if not between:
        raise UsageError("--between takes the time when it became bad, and when it was removed")
    written = between.split("/")
    for word in dict.fromkeys(words):
        if word.startswith("github:"):
            targets.append(Target.parse(word).text)
        elif word == MACHINE:
            machine = True
        elif "@" in word:
            things += spellings(asked(word))
        elif word[:1].isdecimal():
            written.append(word)
        else:
            raise UsageError(f"{word!r} is not {FORMS}, nor a time or where to look: {PLACES}")
    if not things or not (targets or machine):
        raise UsageError(f"name what was bad, like axios@1.14.1, and where to look: {PLACES}")
    if machine and not any(isinstance(one, PackageVersion) for one in things):
        raise UsageError("actions run on GitHub: name repositories in place of this machine")
    now = clock.now()
    start, end = _window(written, now)
    places = tuple(dict.fromkeys(folders))
    return ExposureQuestion(tuple(things), start, end, tuple(targets), now, machine, places)


def _window(written: Sequence[str], now: datetime) -> tuple[datetime, datetime]:
    """The two ends of the window; the second one is now if it is left out.

    Raises:
        UsageError: they do not make a window.
    """
    times = [_time(one) for one in written]
    start, end = (*times, now)[:2]
    if start >= now:
        raise UsageError(f"the window begins after now, {now:%Y-%m-%dT%H:%MZ}: times are in UTC")
    if len(times) > 1:
        # What is named last is a part of the window, to its last second.
        last = end + _length(written[1]) - timedelta(seconds=1)
        end = max(end, min(last, now))
    if len(times) > 2 or end <= start:  # noqa: PLR2004 (a window has two ends)
        raise UsageError("--between takes two times, the earlier one first")
    return start, end


def _length(text: str) -> timedelta:
    """How long is what a time names."""
    bare = ZONE.sub("", text) if ":" in text or "T" in text or " " in text else text
    return next(length for form, length in LENGTHS if form.fullmatch(bare))


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a time like 2026-03-31T00:21Z") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
