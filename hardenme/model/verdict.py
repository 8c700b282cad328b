"""What a check can say: passed, failed, not applicable, or a question for a person.

A check cannot return that it does not know. A verdict cannot be made without its evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.model.evidence import Seen
from hardenme.model.secret import redact
from hardenme.model.severity import Severity
from hardenme.model.shell import is_whole


def _demand(message: str, seen: Seen) -> None:
    if not message.strip():
        raise ValueError("a verdict needs a message")
    if not seen:
        raise ValueError("a verdict needs the fields that decided it")


STARTS = re.compile(r"(?:npm|gh|git|vi) |rm [^-]|echo '\{")
"""How each of several lines begins that a check prints."""


@dataclass(frozen=True, slots=True)
class Fix:
    """How to close a finding: printed, never run.

    Attributes:
        step: the exact step, as an imperative sentence.
        page: the address where it is clicked.
        command: the same on the command line, where a command exists. Each line runs independently
            of the others; `&&` joins commands of which the second is useless without the first.
        needs: what the person who fixes must hold.
        undo: how to take it back.
        wider: the one step at the organization that closes the same finding on all of its
            repositories; None if there is none.
    """

    step: str
    page: str = ""
    command: str = ""
    needs: str = ""
    undo: str = ""
    wider: Fix | None = None

    def __post_init__(self) -> None:
        if not self.step.strip() or not (self.page or self.command):
            raise ValueError("a fix needs a step, and a page or a command")

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines of the command, each of which is run by itself.

        A line break within quotes is a part of a name, and parts nothing; nor does one that no
        check could have written. Secrets are removed first: one that was broken by a line is found
        in the whole alone.
        """
        text = redact(self.command)
        lines = text.split("\n")
        plain = all(STARTS.match(line) and is_whole(line) for line in lines)
        return tuple(lines) if plain else (text,) if text else ()


@dataclass(frozen=True, slots=True)
class Passed:
    """The control is in place.

    Raises:
        ValueError: without a message, or without the fields that decided.
    """

    message: str
    seen: Seen

    def __post_init__(self) -> None:
        _demand(self.message, self.seen)


@dataclass(frozen=True, slots=True)
class Failed:
    """The control is missing.

    Attributes:
        severity: in place of the check's own, where the evidence makes it better or worse.

    Raises:
        ValueError: without a message, or without the fields that decided.
    """

    message: str
    seen: Seen
    fix: Fix
    severity: Severity | None = None

    def __post_init__(self) -> None:
        _demand(self.message, self.seen)


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The check has no object here, by positive evidence.

    Raises:
        ValueError: without a message, or without the fields that decided.
    """

    message: str
    seen: Seen

    def __post_init__(self) -> None:
        _demand(self.message, self.seen)


@dataclass(frozen=True, slots=True)
class Manual:
    """No API shows it: a question for a person, and the page that has the answer.

    A person's answer is recorded by `hardenme attest`; the question is put so that "yes" is the
    good answer.

    Attributes:
        question: what to answer.
        page: the page that has the answer.
        fix: what to do if the answer is "no"; None if the page and the question say it.

    Raises:
        ValueError: without a question, or without a page.
    """

    question: str
    page: str
    fix: Fix | None = None

    def __post_init__(self) -> None:
        if not self.question.strip() or not self.page.strip():
            raise ValueError("a manual check needs a question and a page")


Verdict = Passed | Failed | NotApplicable | Manual
