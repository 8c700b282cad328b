"""Findings that somebody wants to accept, as files write them down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hardenme.config.kinds import Kind
from hardenme.config.names import is_check
from hardenme.model.subject import Subject
from hardenme.model.waiver import Waiver

WILD = frozenset("*?[]{}")
NEEDED = ("check", "subject", "reason", "until")
POSSIBLE = (*NEEDED, "by")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A waiver that a file in the working directory asks for. It is shown and never applied.

    It is a type of its own, so that nothing which takes waivers takes it for one.

    Attributes:
        asked: what is asked for.
    """

    asked: Waiver


def wrong(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with an entry of `[[waivers]]`: the key within it, and why."""
    for key in entry:
        if key not in POSSIBLE:
            yield key, f"is no part of a waiver; these are: {', '.join(POSSIBLE)}"
    for key in NEEDED:
        if key not in entry:
            yield key, "is missing: a waiver says for what, why and until when"
    for key in POSSIBLE:
        if key in entry and (why := _wrong_part(key, entry[key])):
            yield key, why


def _wrong_part(key: str, value: Any) -> str:
    if key == "until":
        # A moment is a date, too, for Python.
        return "" if type(value) is date else "takes a date without quotes, like 2027-01-31"
    if why := Kind.WORD.wrong(value):
        return why
    if not value.strip():
        return "is empty"
    if key == "check" and not is_check(value):
        return "takes the code or the slug of one check"
    if key == "subject" and not _one_subject(value):
        return "takes the id of one subject, like github:repo/acme/web"
    return ""


def waiver(entry: Mapping[str, Any]) -> Waiver:
    """The waiver of an entry with which nothing is wrong."""
    return Waiver(**entry)


def _one_subject(text: str) -> bool:
    try:
        Subject.parse(text)
    except ValueError:
        return False
    return not WILD & set(text)
