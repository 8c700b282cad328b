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
from tests.factories.given import ago, made

PLACE: dict[str, Any] = {"subject": REPO, "within": REPO, "label": REPO.name}


code_owners = made(
    RepositoryCodeOwners,
    PLACE,
    path=".github/CODEOWNERS",
    errors=0,
    wrong_line=0,
    rules=rules_of("* @hazel"),
)
"""Everything has an owner."""


def action_files(*files: str, **overrides: Any) -> RepositoryActionFiles:
    """What workflows run, as the whole tree has it."""
    return RepositoryActionFiles(**PLACE | {"files": files, "whole": True} | overrides)


workflow_owners = made(
    WorkflowOwners, PLACE, path=".github/CODEOWNERS", errors=0, unowned=(), owns_new=True, line=0
)
"""The workflows have owners."""
lock_file = made(RepositoryLockFile, PLACE, package=True, lock_files=("package-lock.json",))
"""A package with npm's lock file."""
updates = made(
    RepositoryDependencyUpdates,
    PLACE,
    settings=(".github/dependabot.yml",),
    cooldown_days=7,
    line=0,
)
"""Dependabot, which waits a week."""
autorun = made(RepositoryAutorun, PLACE, runs=(), unread=(), line=0)
"""Nothing starts by itself."""
npmrc = made(RepositoryNpmrc, PLACE, committed=True, credential_lines=())
"""A settings file without a credential."""
release = made(
    RepositoryRelease,
    PLACE,
    tag="v1.2.0",
    commit="a" * 40,
    published_at=ago(20),
    sboms=("sbom.spdx.json",),
)
"""A release with an SBOM."""
sbom_export = made(RepositorySbomExport, PLACE, available=True)
"""The dependency graph's list can be had."""
