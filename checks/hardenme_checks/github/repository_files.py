"""Checks of what lies in a repository, and of what its releases carry."""

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
    """Why the files of a repository are left as they are; None where they matter."""
    if repository.archived:
        return NotApplicable("archived: nobody can push", {"isArchived": True})
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
    """A valid file of code owners names who looks at changes of workflows.

    ## Why
    Who changes a workflow gets at all that it gets at. Where nobody owns `.github`, any reviewer
    can let such a change through.

    ## Fix
    Add `/.github/ @you @your-team` as the last line of `.github/CODEOWNERS`, and repair the lines
    that GitHub marks. Then require review from code owners in the branch rules: GHB106 looks at
    that.

    ## Limits
    Holds the files that are there against the lines: each workflow file, the `action.yml` of each
    action in the repository, and the file of code owners itself. Takes GitHub's word for which
    lines are wrong. Does not judge who the owners are. With one person alone nobody else can be
    asked, so the solo profile leaves it out.
    """
    idle = _idle(repository)
    if idle is not None:
        return idle
    if limits.solo:
        return NotApplicable(
            f"one person alone asks nobody else; {COMPENSATIONS['GHR121'].controls} stand in",
            {"profile": limits.profile},
        )
    if owners.path is None:
        return _no_owners(owners, "there is no file of code owners", {"path": None})
    seen: Seen = {"path": owners.path}
    if owners.unowned:
        seen["unowned"] = kept(owners.unowned)
        said = f"{owners.path} names no owner of {listed(owners.unowned)}"
        return _no_owners(owners, said, seen)
    seen |= {"unowned": [], "errors": owners.errors}
    if owners.errors:
        wrong = count(owners.errors, "line")
        return _no_owners(owners, f"GitHub does not take {wrong} of {owners.path}", seen)
    if not owners.owns_new:
        said = f"{owners.path} names no owner of a workflow file that is added"
        return replace(_no_owners(owners, said, seen), severity=Severity.LOW)
    return Passed("the workflows have owners", seen)


def _file(fact: GitHubFact, path: str | None) -> str:
    """The page of a file; where it is not there yet, the repository's, where it is added."""
    name = full_name(fact)
    return fact.page("repo-file", repo=name, path=path) if path else fact.page("repo", repo=name)


def _no_owners(owners: WorkflowOwners, message: str, seen: Seen) -> Failed:
    path = owners.path or ".github/CODEOWNERS"
    return Failed(
        message,
        seen,
        fix=Fix(
            f"Name owners of /.github/ on the last line of {path}, without errors",
            page=_file(owners, owners.path),
            needs=f"{WRITE}; each owner needs it too",
            undo="Take the line out again",
        ),
    )


@check(
    "GHR122",
    "repo-lockfile",
    title="Package in the repository has no lock file",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_lockfile(lock: RepositoryLockFile, repository: Repository) -> Verdict:
    """A package at the root of the repository pins what it installs.

    ## Why
    Without a lock file each install takes the newest versions that fit, a stolen one of an hour ago
    included, on every machine and in every workflow.

    ## Fix
    Run `npm install --package-lock-only` (or what your package manager has), commit the lock file,
    and use `npm ci` in workflows. A library may have one too: it is not published with it.

    ## Limits
    Looks at the root of the default branch only, and not at whether the lock file is up to date.
    """
    idle = _idle(repository)
    if idle is not None:
        return idle
    if not lock.package:
        return NotApplicable("no package.json at the root", {"package.json": False})
    seen: Seen = {"package.json": True, "lock_files": list(lock.lock_files)}
    if lock.lock_files:
        return Passed(f"{lock.lock_files[0]} lies beside package.json", seen)
    return Failed(
        "package.json has no lock file beside it",
        seen,
        fix=Fix(
            "Commit the lock file, and install with it in workflows",
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
    """Dependabot or Renovate keeps dependencies up to date, after some days of waiting.

    ## Why
    Old dependencies keep holes that everybody knows. The newest of all are where stolen accounts
    publish: most such versions are found and withdrawn within days, so waiting costs nothing.

    ## Fix
    Add `.github/dependabot.yml` with an entry for each kind of package, and in each entry
    `cooldown:` with `default-days: 7`. With Renovate, set `minimumReleaseAge: "7 days"`. Security
    updates do not wait.

    ## Limits
    Without `cooldown:`, Dependabot waits three days, and this is counted. How many days are enough
    depends on the profile. Reads the settings on the default branch. Renovate's settings that lie
    in another repository are not looked up. Of its rules, the one that waits longest counts.
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
        said = f"waits {waits}, not {least}," if updates.cooldown_days else "does not wait"
        return _no_updates(updates, f"{path} {said} before a new version is taken", seen)
    days = count(updates.cooldown_days, "day")
    return Passed(f"{path} waits {days} before a new version is taken", seen)


def _no_updates(updates: RepositoryDependencyUpdates, message: str, seen: Seen) -> Failed:
    path = next(iter(updates.settings), None)
    return Failed(
        message,
        seen,
        fix=Fix(
            f"Set up updates with a cooldown in {path or '.github/dependabot.yml'}",
            page=_file(updates, path),
            needs=WRITE,
            undo="Take the change back",
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
    """No credential for npm stands in the repository's `.npmrc`.

    ## Why
    Everybody who can read the repository can use the token, and the history keeps it after it is
    deleted. Thieves watch public pushes for this.

    ## Fix
    Revoke the token on npm first: it is known from now on. Then write `${NPM_TOKEN}` in its place,
    or nothing where trusted publishing does.

    ## Limits
    Looks at `.npmrc` at the root of the default branch: not at the history, and not at other
    folders. The value is neither kept nor shown.
    """
    if repository.default_branch is None:
        return EMPTY
    seen: Seen = {".npmrc": npmrc.committed}
    if not npmrc.committed:
        return Passed("no .npmrc at the root", seen)
    lines = npmrc.credential_lines
    seen["lines"] = list(lines)
    if not lines:
        return Passed("no credential stands in .npmrc itself", seen)
    return Failed(
        f"a credential stands in .npmrc, line {', '.join(map(str, lines))}",
        seen,
        fix=Fix(
            "Revoke the token on npm, then take it out of .npmrc",
            page=_file(npmrc, ".npmrc"),
            needs=f"the npm account that the token belongs to; {WRITE}",
            undo="None: the old token is revoked",
        ),
    )


@check("GHR125", "release-sbom", title="Release has no SBOM", severity=Severity.LOW, since="0.1")
def release_sbom(
    release: RepositoryRelease, export: RepositorySbomExport | Unknown, repository: Repository
) -> Verdict | Unknown:
    """Who uses a release can get a list of what went into it.

    ## Why
    When a hole in some package becomes known, the first question is who uses it. A software bill of
    materials answers it without asking you.

    ## Fix
    Enable the dependency graph: GitHub then gives out an SBOM for everyone who can read the
    repository. Better still, let the release workflow attach one, such as `name.spdx.json`.

    ## Limits
    Goes by the names of the newest release's files, and does not look into them. The dependency
    graph is asked in deep runs only.
    """
    if repository.archived:
        return NotApplicable("archived: nothing is released", {"isArchived": True})
    if release.tag is None:
        return NotApplicable("nothing was released yet", {"latestRelease": None})
    seen: Seen = {"tagName": release.tag}
    if release.sboms:
        seen["assets"] = list(release.sboms)
        return Passed("the newest release carries an SBOM", seen)
    if isinstance(export, Unknown):
        return export
    seen |= {"assets": [], "dependency_graph": export.available}
    if export.available:
        return Passed("the dependency graph gives out an SBOM", seen)
    return Failed(
        "neither the newest release nor the dependency graph has an SBOM",
        seen,
        fix=Fix(
            "Enable Dependency graph",
            page=export.page("repo-security", repo=full_name(export)),
            needs=ADMIN,
            undo="Disable it on the same page",
        ),
    )


CHECKS = (
    repo_code_owners,
    repo_lockfile,
    repo_dependency_updates,
    repo_no_committed_npm_token,
    release_sbom,
)
