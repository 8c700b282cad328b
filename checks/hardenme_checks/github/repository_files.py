"""Checks of files in a repository and in its releases."""

from dataclasses import replace

from hardenme.facts.github.files import (
    RepositoryDependencyUpdates,
    RepositoryLockFile,
    RepositoryNpmrc,
    RepositoryRelease,
    RepositorySbomExport,
    WorkflowOwners,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import GitHubFact, full_name
from hardenme.model.check import check
from hardenme.model.compensation import COMPENSATIONS
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.github.workflow_words import kept, listed
from hardenme_checks.wording import count

WRITE = "write access to the repository"
ADMIN = "repository admin"
EMPTY = NotApplicable("nothing was pushed yet", {"defaultBranchRef": None})


def _idle(repository: Repository) -> NotApplicable | None:
    """Why the files of a repository are left as they are; None if they matter."""
    if repository.archived:
        return NotApplicable("archived: no one can push", {"isArchived": True})
    if repository.default_branch is None:
        return EMPTY
    return None


@check(
    "GHR121",
    "repo-code-owners",
    title="No valid CODEOWNERS entry covers the workflows",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_code_owners(owners: WorkflowOwners, repository: Repository, limits: Limits) -> Verdict:
    """A valid CODEOWNERS file names owners of the workflows.

    ## Why
    Anyone who changes a workflow gets everything that it can access. Without owners, any reviewer
    can approve that.

    ## Fix
    Add `/.github/` and the logins of its owners as the last line of `.github/CODEOWNERS`, and
    correct lines with errors. Then require review from code owners (GHB106).

    ## Limits
    - Checks each workflow file, each `action.yml` and CODEOWNERS itself. GitHub decides which lines
      are errors.
    - Does not judge who the owners are.
    - Does not apply in the solo profile.
    """
    idle = _idle(repository)
    if idle is not None:
        return idle
    if limits.solo:
        return NotApplicable(
            f"a single maintainer has no other reviewer; use {COMPENSATIONS['GHR121'].controls}",
            {"profile": limits.profile},
        )
    if owners.path is None:
        return _no_owners(owners, "there is no CODEOWNERS file", {"path": None})
    seen: Seen = {"path": owners.path}
    if owners.unowned:
        seen["unowned"] = kept(owners.unowned)
        message = f"{owners.path} names no owner of {listed(owners.unowned)}"
        return _no_owners(owners, message, seen)
    seen |= {"unowned": [], "errors": owners.errors}
    if owners.errors:
        wrong = count(owners.errors, "line")
        return _no_owners(owners, f"GitHub reports errors in {wrong} of {owners.path}", seen)
    if not owners.owns_new:
        message = f"{owners.path} names no owner of new workflow files"
        return replace(_no_owners(owners, message, seen), severity=Severity.LOW)
    return Passed("the workflows have owners", seen)


def _file(fact: GitHubFact, path: str | None, line: int = 0) -> str:
    """The page of a file; where it is not there yet, the repository's, where it is added."""
    name = full_name(fact)
    return fact.file_page(name, path, line) if path else fact.page("repo", repo=name)


def _no_owners(owners: WorkflowOwners, message: str, seen: Seen) -> Failed:
    return Failed(message, seen, fix=name_owners(owners))


def name_owners(owners: WorkflowOwners) -> Fix:
    """The fix after which the workflows have owners, and so have later ones."""
    path = owners.path or ".github/CODEOWNERS"
    correct = ". Correct the lines with errors" if owners.path else ""
    return Fix(
        f"Name two owners of /.github/ on the last line of {path}: people who can push, since no"
        f" one can approve their own change{correct}",
        page=_file(owners, owners.path, owners.line),
        needs=f"{WRITE}; each owner needs it too",
        undo="Remove the line",
    )


@check(
    "GHR122",
    "repo-lockfile",
    title="Package in the repository has no lock file",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_lockfile(lock: RepositoryLockFile, repository: Repository) -> Verdict:
    """The package at the repository's root has a lock file.

    ## Why
    Without a lock file, each install takes the newest versions, even a malicious one that is an
    hour old.

    ## Fix
    Run `npm install --package-lock-only`, or your package manager's equivalent, and commit the lock
    file. Use `npm ci` in workflows.

    ## Limits
    - Reads only the root of the default branch.
    - Does not check whether the file is up to date.
    """
    idle = _idle(repository)
    if idle is not None:
        return idle
    if not lock.package:
        return NotApplicable("no package.json at the root", {"package.json": False})
    seen: Seen = {"package.json": True, "lock_files": list(lock.lock_files)}
    if lock.lock_files:
        return Passed(f"{lock.lock_files[0]} locks the dependencies", seen)
    return Failed(
        "package.json has no lock file",
        seen,
        fix=Fix(
            "Commit a lock file, and use `npm ci` or its equivalent in workflows",
            page=lock.page("repo", repo=full_name(lock)),
            command="npm install --package-lock-only",
            needs=WRITE,
            undo="Delete the lock file",
        ),
    )


@check(
    "GHR123",
    "repo-dependency-updates",
    title="No dependency updates, or updates without a cooldown",
    severity=Severity.LOW,
    since="0.1",
)
def repo_dependency_updates(
    updates: RepositoryDependencyUpdates, repository: Repository, limits: Limits
) -> Verdict:
    """Dependabot or Renovate updates dependencies, after a cooldown.

    ## Why
    Old dependencies have known vulnerabilities. Most malicious new versions are removed within
    days, so a cooldown avoids them.

    ## Fix
    Add `.github/dependabot.yml` with an entry for each package ecosystem, and `cooldown:` with
    `default-days: 7` in each. With Renovate, set `minimumReleaseAge: "7 days"`. Security updates do
    not wait.

    ## Limits
    - Without `cooldown:`, Dependabot waits three days, and this counts. The profile sets how many
      are enough.
    - Reads the default branch, and no Renovate settings elsewhere.
    - Of Renovate's rules, the longest wait counts.
    """
    idle = _idle(repository)
    if idle is not None:
        return idle
    seen: Seen = {"settings": list(updates.settings)}
    if not updates.settings:
        return _no_updates(updates, "neither Dependabot nor Renovate is set up", seen)
    path = updates.settings[0]
    seen["cooldown_days"] = updates.cooldown_days
    least = limits.release_age_days
    if updates.cooldown_days < least:
        waits = count(updates.cooldown_days, "day")
        waiting = f"waits {waits}, not {least}," if updates.cooldown_days else "does not wait"
        return _no_updates(updates, f"{path} {waiting} before updating to a new version", seen)
    days = count(updates.cooldown_days, "day")
    return Passed(f"{path} waits {days} before updating to a new version", seen)


def _no_updates(updates: RepositoryDependencyUpdates, message: str, seen: Seen) -> Failed:
    path = next(iter(updates.settings), None)
    return Failed(
        message,
        seen,
        fix=Fix(
            f"Configure updates with a cooldown in {path or '.github/dependabot.yml'}",
            page=_file(updates, path, updates.line),
            needs=WRITE,
            undo="Revert the commit",
        ),
    )


@check(
    "GHR124",
    "repo-no-committed-npm-token",
    title="npm credential is committed in .npmrc",
    severity=Severity.CRITICAL,
    since="0.1",
)
def repo_no_committed_npm_token(npmrc: RepositoryNpmrc, repository: Repository) -> Verdict:
    """The repository's `.npmrc` contains no npm credential.

    ## Why
    Anyone who can read the repository can use the token, even after you delete it: the history
    keeps it.

    ## Fix
    Revoke the token on npm. Then write `${NPM_TOKEN}` in its place, or nothing with trusted
    publishing.

    ## Limits
    - Reads `.npmrc` at the root of the default branch only.
    - Neither stores nor shows the value.
    """
    if repository.default_branch is None:
        return EMPTY
    seen: Seen = {".npmrc": npmrc.committed}
    if not npmrc.committed:
        return Passed("no .npmrc at the root", seen)
    lines = npmrc.credential_lines
    seen["lines"] = list(lines)
    if not lines:
        return Passed(".npmrc contains no credential", seen)
    return Failed(
        f".npmrc contains a credential in line {', '.join(map(str, lines))}",
        seen,
        fix=Fix(
            "Revoke the token on npm, then remove it from .npmrc",
            page=_file(npmrc, ".npmrc", lines[0]),
            needs=f"the npm account that the token belongs to; {WRITE}",
            undo="Cannot be undone. Create a new token if something still needs it",
        ),
    )


@check("GHR125", "release-sbom", title="Release has no SBOM", severity=Severity.LOW, since="0.1")
def release_sbom(
    release: RepositoryRelease, export: RepositorySbomExport | Unknown, repository: Repository
) -> Verdict | Unknown:
    """A list of a release's components (SBOM) is available.

    ## Why
    When a package has a vulnerability, an SBOM shows users whether your release contains it.

    ## Fix
    Enable "Dependency graph", which exports an SBOM. Better still, have the release workflow attach
    one, such as `name.spdx.json`.

    ## Limits
    - Goes by the names of the newest release's files.
    - Reads the dependency graph with `--depth deep` only.
    """
    if repository.archived:
        return NotApplicable("archived: no new releases", {"isArchived": True})
    if release.tag is None:
        return NotApplicable("nothing was released yet", {"latestRelease": None})
    seen: Seen = {"tagName": release.tag}
    if release.sboms:
        seen["assets"] = list(release.sboms)
        return Passed("the newest release has an SBOM", seen)
    if isinstance(export, Unknown):
        return export
    seen |= {"assets": [], "dependency_graph": export.available}
    if export.available:
        return Passed("the dependency graph exports an SBOM", seen)
    return Failed(
        "neither the newest release nor the dependency graph has an SBOM",
        seen,
        fix=Fix(
            'Enable "Dependency graph"',
            page=export.page("repo-security", repo=full_name(export)),
            needs=ADMIN,
            undo="Disable it on the same page",
        ),
    )
