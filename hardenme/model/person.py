"""Whom a finding is about: a member, someone from outside, or the owner of an account."""

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
ACCOUNT = "user"
"""The kind of subject that is a person's account."""
OWNED = frozenset({"org", "package", "repo"})
"""Kinds of subject that an account owns or works on, and that are not about the person."""
ON_NPM = "npm:"
"""How an account of npm is named: on GitHub someone else may have the same login."""


def of_person(findings: Iterable[Finding], login: str) -> tuple[Finding, ...]:
    """The findings about a person: a member, someone from outside, or the owner of an account.

    Args:
        findings: those of a run.
        login: the account's name, in upper or lower case; of npm as `npm:NAME`.
    """
    wanted = login.lower()
    people = ((person_about(one).lower(), one) for one in findings)
    return tuple(one for person, one in people if person and person == wanted)


def person_about(finding: Finding) -> str:
    """Whom a finding is about, of npm as `npm:NAME`; empty for no single person.

    That is the person that its subject is, or whose account, key, token or address it is.
    """
    if person := person_of(finding.subject):
        return person
    if finding.subject.kind in OWNED:
        return ""
    places = finding.subject, finding.within
    account = next((one for one in places if one.kind == ACCOUNT), None)
    if account is None:
        return ""
    # What people do is asked about an account of GitHub.
    return f"{ON_NPM}{account.name}" if account.provider == "npm" else account.name


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
