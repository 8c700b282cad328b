"""What concerns one person: the checklist that is sent to someone."""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.model.finding import Finding
from hardenme.model.subject import Subject

PEOPLE = {
    ("github", "member"): 2,
    ("github", "outside-collaborator"): 2,
    ("github", "collaborator"): 3,
    ("npm", "member"): 2,
}
"""Kinds of subject that are a person somewhere, with how many parts their names have: the
organization, or owner and repository, then the login."""
ON_NPM = "npm:"
"""How an account of npm is named: on GitHub someone else may have the same login."""


def of_person(findings: Iterable[Finding], login: str) -> tuple[Finding, ...]:
    """The findings about a person, as a member, from outside, or on single repositories.

    Args:
        findings: those of a run.
        login: the account's name, in upper or lower case; of npm as `npm:NAME`.
    """
    wanted = login.lower()
    people = ((person_of(one.subject).lower(), one) for one in findings)
    return tuple(one for person, one in people if person and person == wanted)


def person_of(subject: Subject) -> str:
    """The login of the person that a subject is, of npm as `npm:NAME`; empty if it is none."""
    parts = subject.name.split("/")
    if len(parts) != PEOPLE.get((subject.provider, subject.kind)):
        return ""
    return f"{ON_NPM}{parts[-1]}" if subject.provider == "npm" else parts[-1]


def login_of(person: str) -> str:
    """The account's own name."""
    return person.removeprefix(ON_NPM)


def named(person: str) -> str:
    """An account in words: one of npm says so."""
    return f"{login_of(person)} on npm" if person.startswith(ON_NPM) else person
