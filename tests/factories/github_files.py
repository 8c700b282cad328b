"""Facts about a repository's files with everything in order."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.code_owners import rules_of
from hardenme.facts.github.files import (
    RepositoryActionFiles,
    RepositoryAutorun,
    RepositoryCodeOwners,
    RepositoryDependencyUpdates,
    RepositoryLockFile,
    RepositoryNpmrc,
    RepositoryRelease,
    RepositorySbomExport,
    WorkflowOwners,
)
from tests.factories.github import REPO
from tests.factories.given import ago

PLACE: dict[str, Any] = {"subject": REPO, "within": REPO, "label": REPO.name}


def code_owners(**overrides: Any) -> RepositoryCodeOwners:
    """Everything has an owner."""
    given = {"path": ".github/CODEOWNERS", "errors": 0, "rules": rules_of("* @hazel")}
    return RepositoryCodeOwners(**PLACE | given | overrides)


def action_files(*files: str, **overrides: Any) -> RepositoryActionFiles:
    """What workflows run, as the whole tree has it."""
    return RepositoryActionFiles(**PLACE | {"files": files, "whole": True} | overrides)


def workflow_owners(**overrides: Any) -> WorkflowOwners:
    """The workflows have owners."""
    given = {"path": ".github/CODEOWNERS", "errors": 0, "unowned": (), "owns_new": True}
    return WorkflowOwners(**PLACE | given | overrides)


def lock_file(**overrides: Any) -> RepositoryLockFile:
    """A package with npm's lock file."""
    given = {"package": True, "lock_files": ("package-lock.json",)}
    return RepositoryLockFile(**PLACE | given | overrides)


def updates(**overrides: Any) -> RepositoryDependencyUpdates:
    """Dependabot, which waits a week."""
    given = {"settings": (".github/dependabot.yml",), "cooldown_days": 7}
    return RepositoryDependencyUpdates(**PLACE | given | overrides)


def autorun(**overrides: Any) -> RepositoryAutorun:
    """Nothing starts by itself."""
    return RepositoryAutorun(**PLACE | {"runs": (), "unread": ()} | overrides)


def npmrc(**overrides: Any) -> RepositoryNpmrc:
    """A settings file without a credential."""
    return RepositoryNpmrc(**PLACE | {"committed": True, "credential_lines": ()} | overrides)


def release(**overrides: Any) -> RepositoryRelease:
    """A release with an SBOM."""
    given = {
        "tag": "v1.2.0",
        "commit": "a" * 40,
        "published_at": ago(20),
        "sboms": ("sbom.spdx.json",),
    }
    return RepositoryRelease(**PLACE | given | overrides)


def sbom_export(**overrides: Any) -> RepositorySbomExport:
    """The dependency graph's list can be had."""
    return RepositorySbomExport(**PLACE | {"available": True} | overrides)
