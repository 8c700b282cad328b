"""Valid webhooks, with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook
from hardenme.model.subject import Subject
from tests.factories.given import ago

ORGANIZATION = Subject("github", "org", "cedar-labs")
REPOSITORY = Subject("github", "repo", "cedar-labs/cone")
GUARDED: dict[str, Any] = {
    "number": 8201,
    "scheme": "https",
    "host": "chat.example.test",
    "verifies": True,
    "has_secret": True,
    "active": True,
    "events": ("push",),
    "created_at": ago(300),
    "updated_at": ago(90),
}


def organization_hook(**overrides: Any) -> OrganizationHook:
    """A signed webhook of cedar-labs, by https."""
    subject = Subject("github", "org-hook", "cedar-labs/8201")
    given: dict[str, Any] = {
        "subject": subject,
        "within": ORGANIZATION,
        "label": "chat.example.test",
    }
    return OrganizationHook(**given | GUARDED | overrides)


def repository_hook(**overrides: Any) -> RepositoryHook:
    """A signed webhook of one of its repositories."""
    subject = Subject("github", "repo-hook", "cedar-labs/cone/8201")
    given: dict[str, Any] = {"subject": subject, "within": REPOSITORY, "label": "chat.example.test"}
    return RepositoryHook(**given | GUARDED | overrides)
