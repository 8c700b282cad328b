"""The repositories that a package and its trusted publishers name."""

import re

from hardenme.facts.github.environments import Environment
from hardenme.facts.github.named import GONE, OWNER_GONE, RENAMED, THERE, NamedRepository
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.package import Package, PackageRepository, WeeklyDownloads
from hardenme.facts.npm.publishing import GITHUB, TrustedPublisher
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.npm.trust_fix import (
    NEEDS,
    ReleasePlace,
    gone,
    place_of,
    set_up_again,
    set_up_next_to,
)

ELSEWHERE = re.compile(
    r"(?!(?:[^/]*//(?:[^@/]*@)?(?:www\.)?|git@)github\.com[:/])"
    r"(?:(?:git\+)?(?:https?|ssh|git)://[^/\s]+/|git@[^/\s]+:|(?:gitlab|bitbucket|gist):)\S+",
    re.IGNORECASE,
)
"""The address of a repository that is not on GitHub, in the forms that npm takes.

What is none, or leads to GitHub under a name that GitHub could not have, names no repository.
"""
STATES = {
    OWNER_GONE: "the owner's name is not visible on GitHub, so anyone could take it",
    GONE: "the repository is gone, and another one can be created under its name",
    RENAMED: "the repository was renamed, and its old name can be reused",
}


@check(
    "NPP104",
    "trusted-publisher-repository",
    title="Trusted publisher names a missing or unrelated repository",
    severity=Severity.CRITICAL,
    since="0.1",
)
def trusted_publisher_repository(  # noqa: PLR0913, PLR0917 (what decides, what weighs, and what fills the fix)
    publisher: TrustedPublisher,
    standing: NamedRepository | Unknown,
    source: PackageRepository | Unknown,
    workflows: Every[Workflow] | Unknown,
    environments: Every[Environment] | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """The trusted publisher names an existing repository, the same one as the package.

    ## Why
    npm trusts a name: after a rename or deletion, anyone who takes it can publish from there. All
    it takes is a workflow in the new repository.

    ## Fix
    Remove the publisher at once if its repository is gone or renamed. Then set one up with the
    present name. If the package's own entry is outdated, correct `repository` in package.json.
    Otherwise set up a second publisher for the repository that releases come from. Remove the old
    one after a release through the new one was seen.

    ## Limits
    - A private repository that the token cannot see looks like a deleted one, unless the token's
      account would own it.
    - A renamed repository counts as another one until the package follows.
    - A package that names no repository weighs less.
    """
    seen: Seen = {"type": publisher.provider}
    if publisher.provider != GITHUB:
        return NotApplicable("it is not on GitHub", seen)
    named = publisher.repository
    seen["repository"] = named
    if not isinstance(standing, Unknown) and standing.state != THERE:
        seen["state"] = standing.state
        owner = named.partition("/")[0].lower()
        kept = standing.state == RENAMED and standing.current.lower().startswith(f"{owner}/")
        fix = gone(publisher)
        if standing.state == RENAMED:
            fix = set_up_again(publisher, standing.current, place_of(workflows, environments))
        return Failed(
            STATES.get(standing.state, "the repository does not exist"),
            seen,
            fix=fix,
            severity=Severity.HIGH if kept else Severity.CRITICAL,
        )
    if isinstance(source, Unknown):
        return source
    seen["package's repository"] = source.repository
    if source.repository.lower() != named.lower():
        return Failed(
            f"{named} publishes a package that names {source.named or 'no repository'}",
            seen,
            fix=_corrected(publisher, source.repository),
            severity=weight(Severity.HIGH if source.named else Severity.MEDIUM, downloads, limits),
        )
    if isinstance(standing, Unknown):
        return standing
    return Passed(f"{named} exists, and the package names it too", seen)


def _corrected(publisher: TrustedPublisher, repository: str) -> Fix:
    """What to do about a publisher and a package that name two repositories, or one."""
    if repository:
        return set_up_next_to(
            publisher,
            f"Correct what package.json names, or set up a publisher for {repository}.",
            ReleasePlace(),
            repository=repository,
        )
    return Fix(
        step="Name the repository in package.json, and publish a release. If the publisher's"
        " repository is not yours, remove the publisher.",
        page=publisher.page("package-access", package=publisher.package),
        command=publisher.npm("pkg", "set", f"repository=github:{publisher.repository}"),
        needs=NEEDS,
        undo="Restore package.json.",
    )


@check(
    "NPP115",
    "package-repository-matches",
    title="Package names a missing repository, or one that is not yours",
    severity=Severity.MEDIUM,
    since="0.1",
)
def package_repository_matches(  # noqa: PLR0913, PLR0917 (the account and the package show whose it is)
    source: PackageRepository,
    standing: NamedRepository | Unknown,
    repository: Repository | Unknown,
    account: NpmAccount | Unknown,
    package: Package | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """The package names a repository on GitHub that exists and that you administer.

    ## Why
    People look for the source and report vulnerabilities at this address. A name that is no longer
    yours leads them to someone else, and trusted publishing relies on it.

    ## Fix
    Correct `repository` in package.json, before you set up a trusted publisher: npm compares them.
    Then publish a release.

    ## Limits
    - Does not judge a repository that the token cannot see.
    - For packages that others publish, checks only that they name a repository, and that its name
      is current.
    """
    seen: Seen = {"repository": source.named}
    fix = Fix(
        step="Correct the repository in package.json, and commit it: the next release carries it.",
        page=source.page("package", package=source.subject.name),
        needs="write access to the package",
        undo="Put the old name back into package.json.",
    )
    severity = weight(Severity.MEDIUM, downloads, limits)
    if not source.repository and ELSEWHERE.fullmatch(source.named):
        return NotApplicable("its repository is not on GitHub", seen)
    if not source.repository:
        return Failed("it names no repository", seen, fix=fix, severity=severity)
    if not isinstance(standing, Unknown) and standing.state != THERE:
        seen["state"] = standing.state
        message = STATES.get(standing.state, "the repository does not exist")
        return Failed(message, seen, fix=fix, severity=severity)
    if isinstance(repository, Unknown):
        return repository
    if isinstance(standing, Unknown):
        return standing
    seen["viewer_is_admin"] = repository.viewer_is_admin
    if repository.viewer_is_admin:
        return Passed("the repository exists, and you administer it", seen)
    if isinstance(account, Unknown):
        return account
    if isinstance(package, Unknown):
        return package
    if account.name not in {one.name for one in package.maintainers}:
        return NotApplicable("you do not publish this package", seen)
    return Failed("you do not administer the repository", seen, fix=fix, severity=severity)
