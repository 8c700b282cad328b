"""Waivers: findings that somebody accepts, for a reason and until a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Waiver:
    """Failures of one check that are accepted until a day, as somebody wrote it down.

    Attributes:
        check: the check, by its code or slug.
        subject: the subjects, by id or by a pattern with `*`, like `github:repo/acme/*`.
        reason: why it is accepted.
        until: the first day on which it is not accepted any more.
        by: who says so.
        issue: where it is talked about; empty for nowhere.
        origin: the file that it stands in, in words; empty where it came by no file.
    """

    check: str
    subject: str
    reason: str
    until: date
    by: str = ""
    issue: str = ""
    origin: str = field(default="", compare=False)

    def covers(self, code: str, slug: str, subject: str) -> bool:
        """Whether it is about this check and subject, at whatever time."""
        named = self.check in {code, slug}
        return named and fnmatchcase(subject, self.subject.replace("[", "[[]"))

    def expired(self, today: date) -> bool:
        """Whether it has stopped counting."""
        return today >= self.until


@dataclass(frozen=True, slots=True)
class Waivers:
    """What became of the waivers of a run.

    Attributes:
        unused: in force, and no failure that was looked at is covered by them.
        expired: not in force any more, whether or not a failure is covered.
        proposed: asked for by a file in the working directory; shown, never applied.
    """

    unused: tuple[Waiver, ...] = ()
    expired: tuple[Waiver, ...] = ()
    proposed: tuple[Waiver, ...] = ()
