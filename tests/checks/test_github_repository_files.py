from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.files import RepositorySbomExport
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.repository_autorun import repo_without_autorun
from hardenme_checks.github.repository_files import (
    release_sbom,
    repo_code_owners,
    repo_dependency_updates,
    repo_lockfile,
    repo_no_committed_npm_token,
)
from tests.factories.github import repository
from tests.factories.github_files import (
    autorun,
    lock_file,
    npmrc,
    release,
    sbom_export,
    updates,
    workflow_owners,
)
from tests.factories.given import SOLO, STRICT, TEAM

MISSING: Any = Unknown(Reason.NOT_PERMITTED, "contents: read")
IDLE = [{"archived": True}, {"default_branch": None}]
PAGE = "https://github.com/hazel/catkin"


def failed(verdict: Any) -> Failed:
    assert isinstance(verdict, Failed)
    return verdict


@pytest.mark.parametrize("idle", IDLE)
def test_what_nobody_pushes_to_is_left_alone(idle: dict[str, Any]) -> None:
    where = repository(**idle)
    unknown = workflow_owners(path=MISSING)
    assert isinstance(repo_code_owners(unknown, where, TEAM), NotApplicable)
    assert isinstance(repo_lockfile(lock_file(package=MISSING), where), NotApplicable)
    assert isinstance(
        repo_dependency_updates(updates(settings=MISSING), where, TEAM), NotApplicable
    )


def test_code_owners() -> None:
    where = repository()
    assert isinstance(repo_code_owners(workflow_owners(), where, TEAM), Passed)
    none = failed(repo_code_owners(workflow_owners(path=None, unowned=("a",)), where, TEAM))
    assert none.message == "there is no CODEOWNERS file"
    assert none.fix.page == PAGE
    assert ".github/CODEOWNERS" in none.fix.step
    files = (".github/workflows/ci.yml", "tools/action.yml")
    bare = failed(repo_code_owners(workflow_owners(path="CODEOWNERS", unowned=files), where, TEAM))
    assert bare.message == (
        "CODEOWNERS names no owner of .github/workflows/ci.yml, tools/action.yml"
    )
    assert bare.seen["unowned"] == list(files)
    assert bare.fix.page == f"{PAGE}/blob/HEAD/CODEOWNERS"
    wrong = failed(repo_code_owners(workflow_owners(errors=1), where, TEAM))
    assert wrong.message == "GitHub reports errors in 1 line of .github/CODEOWNERS"
    new = failed(repo_code_owners(workflow_owners(owns_new=False), where, TEAM))
    assert new.severity is Severity.LOW
    solo = repo_code_owners(workflow_owners(path=None), where, SOLO)
    assert isinstance(solo, NotApplicable)


@pytest.mark.parametrize("field", ["path", "errors", "unowned", "owns_new"])
def test_code_owners_that_are_not_known(field: str) -> None:
    with pytest.raises(NotKnownError):
        repo_code_owners(workflow_owners(**{field: MISSING}), repository(), TEAM)


def test_a_file_without_an_owner_counts_without_the_errors() -> None:
    fact = workflow_owners(unowned=("action.yml",), errors=MISSING, owns_new=MISSING)
    assert isinstance(repo_code_owners(fact, repository(), TEAM), Failed)


def test_lock_file() -> None:
    where = repository()
    assert isinstance(repo_lockfile(lock_file(), where), Passed)
    assert isinstance(repo_lockfile(lock_file(package=False, lock_files=()), where), NotApplicable)
    bare = failed(repo_lockfile(lock_file(lock_files=()), where))
    assert bare.fix.command == "npm install --package-lock-only"
    for field in ("package", "lock_files"):
        with pytest.raises(NotKnownError):
            repo_lockfile(lock_file(**{field: MISSING}), where)


def test_dependency_updates() -> None:
    where = repository()
    assert isinstance(repo_dependency_updates(updates(), where, TEAM), Passed)
    none = failed(repo_dependency_updates(updates(settings=(), cooldown_days=0), where, TEAM))
    assert none.message == "neither Dependabot nor Renovate is set up"
    assert none.fix.page == PAGE
    fast = failed(repo_dependency_updates(updates(cooldown_days=0), where, TEAM))
    assert fast.message == ".github/dependabot.yml does not wait before updating to a new version"
    assert fast.fix.page == f"{PAGE}/blob/HEAD/.github/dependabot.yml"
    for field in ("settings", "cooldown_days"):
        with pytest.raises(NotKnownError):
            repo_dependency_updates(updates(**{field: MISSING}), where, TEAM)


@pytest.mark.parametrize(
    ("days", "profiles"),
    [(1, ()), (2, ()), (3, ("team",)), (6, ("team",)), (7, ("team", "strict"))],
)
def test_how_long_is_enough_depends_on_the_profile(days: int, profiles: tuple[str, ...]) -> None:
    for name, limits in (("team", TEAM), ("strict", STRICT)):
        verdict = repo_dependency_updates(updates(cooldown_days=days), repository(), limits)
        assert isinstance(verdict, Passed if name in profiles else Failed), name


def test_committed_npm_token() -> None:
    where = repository()
    assert isinstance(repo_no_committed_npm_token(npmrc(), where), Passed)
    absent = npmrc(committed=False, credential_lines=())
    assert isinstance(repo_no_committed_npm_token(absent, where), Passed)
    bad = failed(repo_no_committed_npm_token(npmrc(credential_lines=(2, 5)), where))
    assert bad.message == ".npmrc contains a credential in line 2, 5"
    assert bad.fix.page == f"{PAGE}/blob/HEAD/.npmrc#L2"
    for field in ("committed", "credential_lines"):
        with pytest.raises(NotKnownError):
            repo_no_committed_npm_token(npmrc(**{field: MISSING}), where)


def test_an_archived_repository_still_shows_its_token() -> None:
    where = repository(archived=True)
    assert isinstance(repo_no_committed_npm_token(npmrc(credential_lines=(1,)), where), Failed)
    empty = repository(default_branch=None)
    assert isinstance(repo_no_committed_npm_token(npmrc(), empty), NotApplicable)


def test_sbom() -> None:
    where, bare = repository(), release(sboms=())
    assert isinstance(release_sbom(release(), MISSING, where), Passed)
    assert isinstance(release_sbom(bare, sbom_export(), where), Passed)
    bad = failed(release_sbom(bare, sbom_export(available=False), where))
    assert bad.fix.page == f"{PAGE}/settings/security_analysis"
    assert release_sbom(bare, MISSING, where) is MISSING
    assert isinstance(release_sbom(release(tag=None, sboms=()), MISSING, where), NotApplicable)
    assert isinstance(release_sbom(bare, MISSING, repository(archived=True)), NotApplicable)


@pytest.mark.parametrize("field", ["tag", "sboms"])
def test_a_release_that_is_not_known(field: str) -> None:
    with pytest.raises(NotKnownError):
        release_sbom(release(**{field: MISSING}), sbom_export(), repository())


def test_an_export_that_is_not_known() -> None:
    export: RepositorySbomExport = sbom_export(available=MISSING)
    with pytest.raises(NotKnownError):
        release_sbom(release(sboms=()), export, repository())


@pytest.mark.parametrize("line", [0, 4])
def test_a_finding_about_a_file_shows_its_line(line: int) -> None:
    where, at = repository(), f"#L{line}" if line else ""
    owners = failed(repo_code_owners(workflow_owners(errors=1, line=line), where, TEAM))
    assert owners.fix.page == f"{PAGE}/blob/HEAD/.github/CODEOWNERS{at}"
    fast = failed(repo_dependency_updates(updates(cooldown_days=0, line=line), where, TEAM))
    assert fast.fix.page == f"{PAGE}/blob/HEAD/.github/dependabot.yml{at}"
    started = autorun(runs=(".envrc (a command)",), line=line)
    assert failed(repo_without_autorun(started, where)).fix.page == f"{PAGE}/blob/HEAD/.envrc{at}"
