"""What concerns one person: the checklist that is sent to someone."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.model.finding import Finding
from hardenme.model.subject import Subject

PEOPLE = {"member": 2, "outside-collaborator": 2, "collaborator": 3}
"""Kinds of subject that are a person somewhere, with how many parts their names have: the
organization, or owner and repository, then the login."""


def of_person(findings: Iterable[Finding], login: str) -> tuple[Finding, ...]:
    """The findings about a person, as a member, from outside, or on single repositories.

    Args:
        findings: those of a run.
        login: the account's name, in upper or lower case.
    """
    wanted = login.lower()
    people = ((person_of(one.subject).lower(), one) for one in findings)
    return tuple(one for person, one in people if person and person == wanted)


def person_of(subject: Subject) -> str:
    """The login of the person that a subject is; empty if it is none."""
    if subject.provider != "github" or subject.kind not in PEOPLE:
        return ""
    parts = subject.name.split("/")
    return parts[-1] if len(parts) == PEOPLE[subject.kind] else ""
