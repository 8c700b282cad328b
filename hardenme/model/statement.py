"""What a person answered to a question that no API answers: dated, and for a limited time."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hardenme.model.subject import Subject
from hardenme.model.text import visible

LONGEST = timedelta(days=180)
"""How long an answer may count."""
LONGER = {"ATT104": timedelta(days=365)}
"""The same for checks whose answer stays true for longer: whom to call back changes rarely."""

WITHOUT_CASE = ("github:", "practice:")
"""How the ids begin whose names are GitHub's, which are the same in any case."""


class Word(StrEnum):
    """What was answered; the questions are put so that "yes" is the good answer."""

    YES = "yes"
    NO = "no"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer to the question of a check about a subject.

    Attributes:
        code: the check's code.
        subject: the subject's id.
        question: what was asked, word for word.
        answer: what was answered.
        by: who says so.
        account: for which account, like `npm:hazel`; with the address where that is not the
            provider's own.
        at: when it was made.
        until: when it stops counting.
        evidence: what the person who answered wants to be remembered.
        owner: GitHub's number of the account or organization that it is about, which no other has;
            empty if it was not known.
    """

    code: str
    subject: str
    question: str
    answer: Word
    by: str
    account: str
    at: datetime
    until: datetime
    evidence: str = ""
    owner: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What it is about: a later statement of the same key takes its place."""
        return key_of(self.code, self.subject)

    @property
    def within_bounds(self) -> bool:
        """Whether it counts for no longer than it may."""
        return timedelta(0) <= self.until - self.at <= longest_of(self.code)

    def counts(self, now: datetime) -> bool:
        """Whether it is a yes that counts at a moment."""
        return self.answer is Word.YES and self.within_bounds and self.at <= now < self.until


def longest_of(code: str) -> timedelta:
    """How long an answer to a check may count."""
    return LONGER.get(code, LONGEST)


def key_of(code: str, subject: Subject | str) -> tuple[str, str]:
    """By what a statement is found again. GitHub's names are the same in any case."""
    name = str(subject)
    return code, name.lower() if name.startswith(WITHOUT_CASE) else name


def github_owner_of(subject: str) -> str:
    """The GitHub account or organization that a subject is of, in lower case; else empty.

    Args:
        subject: its id.
    """
    if not subject.startswith(WITHOUT_CASE):
        return ""
    return subject.split(":", 1)[1].partition("/")[2].partition("/")[0].lower()


def lasting(subject: Subject) -> bool:
    """Whether a subject's id names the same thing in a later run.

    The asking GitHub token is identified by its kind alone, so another token of that kind would
    inherit statements about this one.
    """
    return (subject.provider, subject.kind) != ("github", "token")


def attest_command(code: str, *subjects: Subject | str) -> str:
    """The command that records an answer, the same for all the subjects."""
    return shlex.join(["hardenme", "attest", code, *(visible(str(one)) for one in subjects)])
