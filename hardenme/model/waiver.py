"""Waivers: findings that someone accepts, for a reason and until a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase

from hardenme.model.subject import Subject
from hardenme.model.text import visible

LONGEST = timedelta(days=366)
"""How far ahead the end of a waiver may lie: the same day of the next year is always allowed."""
ANY = "*"
"""Matches any text in a pattern, slashes included; no other character is special."""
ESCAPE = 10
r"""Characters of the longest escape of one character, like `\U000e0001`."""
NAMED = 2
"""Parts of a name on GitHub that have no case: `owner/repository`, `organization/login`."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Failures of one check that are accepted until a day, as someone wrote it down.

    Attributes:
        check: the check, by its code or slug.
        subject: the subjects, by id or by a pattern with `*`, like `github:repo/acme/*`.
        reason: why it is accepted.
        until: the first day, in UTC, on which it is not accepted any more.
        by: who says so.
        issue: where it is talked about; empty for nowhere.
        origin: a description of the file that holds it; empty if no file does.
    """

    check: str
    subject: str
    reason: str
    until: date
    by: str = ""
    issue: str = ""
    origin: str = field(default="", compare=False)

    def covers(self, subject: Subject | str) -> bool:
        """Whether it is about this subject, at whatever time."""
        return fits(shown_id(subject), plain_id(self.subject))

    def expired(self, today: date) -> bool:
        """Whether it has stopped counting."""
        return today >= self.until

    def days_left(self, today: date) -> int:
        """The days on which it still counts, this one included; none or fewer where it expired."""
        return (self.until - today).days


def plain_id(subject: str) -> str:
    """An id, or a pattern, by which two spellings of one subject are the same.

    GitHub's logins and repository names are case-insensitive. Names within a repository, such as
    those of files, may be case-sensitive, and so are names on npm.
    """
    provider, colon, rest = subject.partition(":")
    kind, slash, name = rest.partition("/")
    if provider != "github":
        return subject
    parts = name.split("/")
    folded = [*map(str.lower, parts[:NAMED]), *parts[NAMED:]]
    return f"{provider}{colon}{kind}{slash}{'/'.join(folded)}"


def shown_id(subject: Subject | str) -> str:
    """What patterns are compared with: the plain id as reports show it.

    So a subject whose name has hidden characters can be named by its visible form.
    """
    text = str(subject)
    return plain_id(visible(text, longest=ESCAPE * len(text)))


def fits(text: str, pattern: str) -> bool:
    """Whether a plain id is the one that a plain pattern means, or one of them."""
    if ANY not in pattern:
        return text == pattern
    return fnmatchcase(text, pattern.replace("[", "[[]").replace("?", "[?]"))


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers of a run that accept nothing in it, by reason.

    Attributes:
        unused: in force, and what they cover was looked at and did not fail.
        expired: of the selected checks: not in force any more, whether or not a failure is covered.
        proposed: asked for by a file in the working directory; shown, never applied.
    """

    unused: tuple[Waiver, ...] = ()
    expired: tuple[Waiver, ...] = ()
    proposed: tuple[Waiver, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unused or self.expired or self.proposed)
