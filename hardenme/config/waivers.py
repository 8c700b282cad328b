"""Findings that someone wants to accept, as files write them down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hardenme.config.kinds import Kind
from hardenme.config.names import is_check
from hardenme.ground.names import FULL_NAME
from hardenme.model.subject import Subject
from hardenme.model.waiver import ANY, LONGEST, Waiver

NEEDED = ("check", "subject", "reason", "by", "until")
POSSIBLE = (*NEEDED, "issue")
PROVIDERS = ("github", "npm", "local", "practice")
LONGEST_PART = {"reason": 500, "by": 100, "issue": 300, "subject": 400}
"""Characters of a part, where it takes fewer than any text."""
ISSUE = re.compile(
    r"https://[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9._~@%/?=&#+-]+"
    rf"|{FULL_NAME.pattern}#[0-9]{{1,10}}"
)
"""An address, or an issue on GitHub. Neither holds a user's name and password."""
ENOUGH = 3
"""Characters at the beginning of a pattern that name one of many."""
WHOSE = re.compile(rf"[@~/]*(?:[^@~/]+/|[^@~/][^@~]{{{ENOUGH - 1}}})")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A waiver that a file in the working directory asks for. It is shown and never applied.

    It is a type of its own, so that nothing which takes waivers takes it for one.
    """

    asked: Waiver


def wrong(entry: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with an entry of `[[waivers]]`: the key within it, and why.

    Args:
        entry: as the file has it.
        today: in UTC; a waiver ends a year from then at the latest.
    """
    for key in entry:
        if key not in POSSIBLE:
            yield key, f"is not a part of a waiver; these are: {', '.join(POSSIBLE)}"
    for key in NEEDED:
        if key not in entry:
            yield key, "is missing: a waiver says for what, why, by whom and until when"
    for key in POSSIBLE:
        if key in entry and (why := _wrong_part(key, entry[key], today)):
            yield key, why


def _wrong_part(key: str, value: Any, today: date) -> str:
    if key == "until":
        return _wrong_end(value, today)
    if why := Kind.WORD.wrong(value):
        return why
    if not value.strip():
        return "is empty"
    most = LONGEST_PART.get(key, len(value))
    if len(value) > most:
        return f"takes {most} characters at most"
    if key == "check" and not is_check(value):
        return "takes the code or the slug of one check"
    if key == "subject":
        return wrong_subject(value)
    if key == "issue" and not ISSUE.fullmatch(value):
        return "takes an address that begins with https://, or OWNER/REPO#NUMBER"
    return ""


def _wrong_end(value: Any, today: date) -> str:
    # A moment is a date, too, for Python.
    if type(value) is not date:
        return "takes a date without quotes, like 2027-01-31"
    if value - today > LONGEST:
        return f"is too far off: a waiver ends within a year, by {today + LONGEST} at the latest"
    return ""


def wrong_subject(text: str) -> str:
    """What is wrong with an id or a pattern. One that is not narrow would hide a whole check.

    A pattern begins with an owner and a slash, or with `ENOUGH` characters. What follows does not
    make it narrower: nearly every name contains an "o", or a hyphen.
    """
    form = "takes an id, like github:repo/acme/web, or a pattern, like github:repo/acme/*"
    try:
        subject = Subject.parse(text)
    except ValueError:
        return form
    if subject.provider not in PROVIDERS or not re.fullmatch(r"[a-z]+(-[a-z]+)*", subject.kind):
        return form
    if ANY in subject.name and not WHOSE.match(subject.name.partition(ANY)[0]):
        return f"covers too much: begin with whose, like github:repo/acme/*, or {ENOUGH} characters"
    return ""


def waiver(entry: Mapping[str, Any], origin: str = "") -> Waiver:
    """The waiver of an entry with which nothing is wrong.

    Args:
        entry: as the file has it.
        origin: the file, in words.
    """
    return Waiver(**entry, origin=origin)
