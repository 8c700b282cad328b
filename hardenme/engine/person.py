"""What concerns one person: the checklist that is sent to somebody."""

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
    return tuple(finding for finding in findings if _is(finding.subject, login))


def _is(subject: Subject, login: str) -> bool:
    if subject.provider != "github" or subject.kind not in PEOPLE:
        return False
    parts = subject.name.split("/")
    return len(parts) == PEOPLE[subject.kind] and parts[-1].lower() == login.lower()
