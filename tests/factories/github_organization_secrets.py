"""Valid secrets of an organization; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.organization_secrets import (
    ACTIONS,
    OrganizationDependabotSecret,
    OrganizationSecret,
    SharedSecret,
)
from hardenme.model.subject import Subject
from tests.factories.given import ago

ORGANIZATION = Subject("github", "org", "cedar-labs")


def _part(name: str) -> dict[str, Any]:
    subject = Subject("github", "org-secret", f"cedar-labs/{name}")
    return {"subject": subject, "within": ORGANIZATION, "label": name.rpartition("/")[2]}


def shared_secret(called: str = "RELEASE_TOKEN", **overrides: Any) -> SharedSecret:
    """A secret for chosen repositories that was set last month."""
    given = {
        "name": called,
        "kept_for": ACTIONS,
        "visibility": "selected",
        "updated_at": ago(30),
    }
    return SharedSecret(**_part(called) | given | overrides)


def actions_secret(name: str = "RELEASE_TOKEN", **overrides: Any) -> OrganizationSecret:
    """The same, as the list for Actions has it."""
    given = {"name": name, "visibility": "selected", "created_at": ago(300), "updated_at": ago(30)}
    return OrganizationSecret(**_part(name) | given | overrides)


def dependabot_secret(name: str = "NPM_TOKEN", **overrides: Any) -> OrganizationDependabotSecret:
    """A secret of the list for Dependabot."""
    given = {"name": name, "visibility": "all", "created_at": ago(300), "updated_at": ago(30)}
    return OrganizationDependabotSecret(**_part(f"dependabot/{name}") | given | overrides)
