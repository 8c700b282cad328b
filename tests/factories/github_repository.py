"""Valid facts about a repository's people, environments and releases, with all in order."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.collaborators import (
    CollaboratorInvitation,
    RepositoryAdministrators,
)
from hardenme.facts.github.environments import (
    ENVIRONMENT,
    NAMED,
    REPOSITORY,
    Environment,
    EnvironmentGuards,
    EnvironmentSecret,
    EnvironmentSelection,
    InheritedSecret,
    ProtectedPatterns,
    WorkflowSecret,
)
from hardenme.facts.github.releases import (
    ImmutableReleases,
    OidcSubject,
    OrganizationOidcSubject,
    RepositoryImmutableReleases,
)
from hardenme.facts.github.repository_roles import OutsideRole
from hardenme.model.subject import Subject
from tests.factories.github import REPO
from tests.factories.given import ago, made

OF_REPO: dict[str, Any] = {"subject": REPO, "within": REPO, "label": "hazel/catkin"}


def _in_repo(kind: str, name: str) -> dict[str, Any]:
    subject = Subject("github", kind, f"hazel/catkin/{name}")
    return {"subject": subject, "within": REPO, "label": name}


def administrators(count: Any = 2, **overrides: Any) -> RepositoryAdministrators:
    """Two people."""
    least = count if isinstance(count, int) else 0
    logins = frozenset(f"person-{number}" for number in range(least))
    given = {"count": count, "least": least, "writers": count, "logins": logins}
    given["pushers"] = logins
    return RepositoryAdministrators(**OF_REPO | given | overrides)


def outsider(permission: Any = "write", **overrides: Any) -> OutsideRole:
    """Somebody from outside who may push."""
    given = {"login": "stray", "permission": permission}
    return OutsideRole(**_in_repo("collaborator", "stray") | given | overrides)


offer = made(
    CollaboratorInvitation,
    _in_repo("collaborator-invitation", "61"),
    number=61,
    permissions="write",
    created_at=ago(1),
)
"""An invitation that was sent yesterday."""


def environment(name: Any = "release", **overrides: Any) -> Environment:
    """An environment with all three rules."""
    given = {"name": name, "reviewed": True, "prevents_self_review": True, "limited": True}
    return Environment(**_in_repo("environment", str(name)) | given | overrides)


guards = made(
    EnvironmentGuards,
    _in_repo("environment", "release"),
    reviewers=2,
    prevents_self_review=True,
    branches=NAMED,
    patterns=("tag v*",),
    admins_bypass=False,
)
"""Two reviewers, and tags of versions alone."""


def selection(open_to: Any = "", **overrides: Any) -> EnvironmentSelection:
    """A selection of branches and tags."""
    place = _in_repo("environment", "release")
    return EnvironmentSelection(**place | {"open_to": open_to} | overrides)


def protected(*patterns: str, creatable: Any = (), rules: Any = ()) -> ProtectedPatterns:
    """Classic rules under which only named people create branches, but for the others."""
    every = (*patterns, *creatable) if isinstance(creatable, tuple) else patterns
    return ProtectedPatterns(**OF_REPO, patterns=every, rules=rules, creatable=creatable)


def environment_secret(name: Any = "DEPLOY_HOST", **overrides: Any) -> EnvironmentSecret:
    """A secret of the environment release."""
    given = {
        "name": name,
        "environment": "release",
        "created_at": ago(300),
        "updated_at": ago(30),
    }
    place = _in_repo("environment-secret", f"release/{name}")
    return EnvironmentSecret(**place | given | overrides)


def inherited_secret(name: Any = "DEPLOY_HOST", **overrides: Any) -> InheritedSecret:
    """A secret of the organization."""
    return InheritedSecret(**_in_repo("inherited-secret", str(name)) | {"name": name} | overrides)


def workflow_secret(
    name: Any = "DEPLOY_HOST", kept_by: str = REPOSITORY, **overrides: Any
) -> WorkflowSecret:
    """A secret that workflows can read."""
    given = {
        "name": name,
        "kept_by": kept_by,
        "environment": "release" if kept_by == ENVIRONMENT else "",
        "repository": "hazel/catkin",
    }
    return WorkflowSecret(**_in_repo("secret", str(name)) | given | overrides)


own_immutable = made(RepositoryImmutableReleases, OF_REPO, enabled=True)
"""The repository's own setting is on."""
immutable = made(ImmutableReleases, OF_REPO, enabled=True, by_organization=False)
"""Releases cannot be changed."""
oidc = made(OidcSubject, OF_REPO, immutable=True, numbered=True, default=True, claims=())
"""The subject holds the repository's number."""


def organization_oidc(**overrides: Any) -> OrganizationOidcSubject:
    """The organization's setting puts the number into the subject."""
    owner = Subject("github", "org", "hazel")
    return OrganizationOidcSubject(
        **{"subject": owner, "within": owner, "immutable": True, **overrides}
    )
