"""Practices: what people do, which no API shows and they state."""

from __future__ import annotations

from hardenme.model.subject import Subject

PROVIDER = "practice"
"""The provider of such subjects: a person, not a server."""


def practice_of(account: Subject) -> Subject:
    """The questions for the owners of an account or organization, like `practice:user/hazel`."""
    return Subject(PROVIDER, account.kind, account.name)
