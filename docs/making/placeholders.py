"""What stands on a page where a run has the name of an account, a repository or a package."""

from __future__ import annotations

import re
from functools import cache

from hardenme.model.commands import REPOSITORY
from hardenme.model.fact import Fact
from hardenme.model.subject import Subject

SAID = re.compile(r"\bsubject\b[^`.]*`([a-z]+:[a-z-]+/[^`]+)`")
NUMBER = 4040404040
"""Stands for `ID` in facts: what has a number goes into a command by a number alone."""
TYPICAL = {"ID": str(NUMBER), "ENVIRONMENT": "release"}
"""What stands in facts for a placeholder, where that one would not do."""
HOLDERS = {"OWNER/REPO": "repo", "ORG": "org", "PACKAGE": "package"}
"""How the name of what is within a repository, organization or package begins."""
TEXTS = {
    "NamedRepository.state": "there",
    "PendingInvitation.name": "OWNER/REPO",
    "full_name": "OWNER/REPO",
    "idle": "LOGIN",
    "level": "user",
    "names": "NAME",
    "of outside": "PACKAGE",
    "organization": "ORG",
    "outcome": "absent",
    "outside": "LOGIN",
    "patterns": "PATTERN",
    "powerful": "OWNER/REPO",
    "publisher": "LOGIN",
    "publisher_id": "ID",
    "repository": REPOSITORY,
    "runs": "PATH",
    "setting": "//REGISTRY/:_authToken",
    "settings": "PATH",
    "stage_id": "ID",
    "tags": "latest",
    "token_key": "ID",
    "workflow": "FILE",
    "writes": "PACKAGE",
    "young": "DEPENDENCY",
}
"""What the text of a field is, where the name of the field does not say it: a placeholder, or a
typical value."""


@cache
def subject_of(kind: type[Fact]) -> Subject:
    """The subject that a fact's documentation names, or that of what lists it.

    Raises:
        LookupError: no documentation names one.
    """
    for documented in kind.__mro__:
        if found := SAID.search(documented.__doc__ or ""):
            words = re.split(r"\b", found[1])
            return Subject.parse("".join(TYPICAL.get(word, word) for word in words))
    if kind.listed_by is None:
        raise LookupError(f"{kind.__name__} does not say its subject")
    return subject_of(kind.listed_by)


@cache
def within(kind: type[Fact]) -> Subject:
    """What the subject of a fact belongs to."""
    subject = subject_of(kind)
    for name, holder in HOLDERS.items():
        if subject.name.startswith(name):
            return Subject(subject.provider, holder, name)
    return subject_of(kind.listed_by) if kind.listed_by else subject


def label(subject: Subject) -> str:
    """What a subject is called."""
    last = subject.name.rpartition("/")[2]
    return "NAME" if last == str(NUMBER) else last


def text_of(name: str, at: int = 0) -> str:
    """What the text of a field is.

    Args:
        name: the field's.
        at: its place in a list, in which each is another one.
    """
    text = TEXTS.get(name, name.upper())
    return f"{text}{at + 1}" if at else text


def shown(text: str) -> str:
    """A text as it stands on a page."""
    return text.replace(str(NUMBER), "ID")
