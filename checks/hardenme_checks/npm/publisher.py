"""The workflows that npm lets publish a package: what they may do, and what binds them."""

from hardenme.facts.github.environments import Environment
from hardenme.facts.github.named import NamedRepository
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.package import NewestRelease, PackageRepository, WeeklyDownloads
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.check import check
from hardenme.model.commands import REMOVED, STAGES
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.npm.trust_fix import (
    NEEDS,
    ReleasePlace,
    checked_first,
    end,
    next_or_end,
    place_of,
    revoke_command,
    trust_command,
)
from hardenme_checks.wording import count

CIRCLE = "circleci"


@check(
    "NPP101",
    "package-trusted-publisher",
    title="Package has no trusted publisher",
    severity=Severity.HIGH,
    since="0.1",
)
def package_trusted_publisher(  # noqa: PLR0913, PLR0917 (what decides, what weighs, and what fills the fix)
    release: NewestRelease,
    publishers: Every[TrustedPublisher],
    source: PackageRepository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict:
    """A package with releases in the last year has a trusted publisher.

    ## Why
    A workflow that npm trusts needs no token, so there is none to steal. Most recent takeovers,
    from eslint-scope to axios, began with a token or session that could publish.

    ## Fix
    Name the repository, the workflow file and an environment, and let it only stage releases that
    you approve. Then revoke the tokens that published until now.

    ## Limits
    - npm shows trusted publishers only with a one-time password: run with `--interactive`.
    - A package without a release in a year is left out.
    """
    seen: Seen = {"version": release.version, "days": now.days_since(release.published_at)}
    if now.days_since(release.published_at) > limits.package_active_days:
        return NotApplicable("no release in a year", seen)
    seen["trusted publishers"] = len(publishers)
    if publishers:
        return Passed(f"{count(len(publishers), 'trusted publisher')}", seen)
    known = not isinstance(source, Unknown) and "repository" not in source.unknown_fields()
    repository = source.repository if known and not isinstance(source, Unknown) else ""
    return Failed(
        "no trusted publisher is set up",
        seen,
        fix=Fix(
            step=checked_first(
                f"Make the release workflow a trusted publisher that only stages. {STAGES}.",
                *(repository, "", ""),
            ),
            page=release.page("package-access", package=release.subject.name),
            command=trust_command(release, release.subject.name, repository, "", ""),
            needs=NEEDS,
            undo=f"{REMOVED.format(release.subject.name)}.",
        ),
        severity=weight(Severity.HIGH, downloads, limits),
    )


@check(
    "NPP102",
    "trusted-publisher-stages",
    title="Trusted publisher can publish without approval",
    severity=Severity.MEDIUM,
    since="0.1",
)
def trusted_publisher_stages(  # noqa: PLR0913, PLR0917 (what decides, what weighs, and what fills the fix)
    publisher: TrustedPublisher,
    workflows: Every[Workflow] | Unknown,
    environments: Every[Environment] | Unknown,
    standing: NamedRepository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict:
    """The trusted publisher can only stage releases, which a person approves.

    ## Why
    A workflow that publishes without approval is enough for an attack. In May 2026 a poisoned cache
    in TanStack's pipeline published 84 versions in six minutes, with valid provenance.

    ## Fix
    Set up a second publisher that may only stage, since npm cannot change one. Give it an
    environment of its own: npm takes no second one of the same workflow and environment. Remove
    this one after a release through the new one was seen. Approve each version with `npm stage
    approve` and 2FA.

    ## Limits
    - Required reviewers on the environment guard a release too. PUB101 looks at those.
    """
    seen: Seen = {
        "createPackage": publisher.may_publish,
        "createStagedPackage": publisher.may_stage,
    }
    if not publisher.may_publish:
        return Passed("it can stage releases, but not publish them", seen)
    place = place_of(workflows, environments)
    first = "Create another environment with reviewers."
    if publisher.says("environment") and publisher.environment is None:
        first = _guarded(place)
    return Failed(
        "it can publish without approval",
        seen,
        fix=next_or_end(
            publisher,
            f"{first} Set up a publisher with it that may only stage.",
            standing,
            place,
        ),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )


@check(
    "NPP103",
    "trusted-publisher-environment",
    title="Trusted publisher is not bound to an existing environment",
    severity=Severity.MEDIUM,
    since="0.1",
)
def trusted_publisher_environment(  # noqa: PLR0913, PLR0917 (what decides, what weighs, and what fills the fix)
    publisher: TrustedPublisher,
    environments: Every[Environment],
    workflows: Every[Workflow] | Unknown,
    repository: Repository | Unknown,
    standing: NamedRepository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict:
    """The trusted publisher is bound to an environment that exists.

    ## Why
    Without an environment, anyone who can push a branch can change the workflow file there and
    publish. npm checks the repository and the file, not the branch.

    ## Fix
    Create an environment with required reviewers that only release tags may use. Set up a second
    publisher with it, and name it in the workflow's job. Remove this publisher after a release
    through the new one was seen.

    ## Limits
    - GHR118 checks what guards the environment.
    - Environments of GitLab are not read, and CircleCI has none.
    """
    seen: Seen = {"type": publisher.provider}
    if publisher.provider == CIRCLE:
        return NotApplicable("CircleCI has no environments", seen)
    wanted = publisher.environment
    seen["environment"] = wanted
    severity = weight(Severity.MEDIUM, downloads, limits)
    if wanted is not None and any(one.name.lower() == wanted.lower() for one in environments):
        return Passed(f"it is bound to the environment {wanted}", seen)
    place = place_of(workflows, environments)
    step = (
        f"{_guarded(ReleasePlace() if wanted else place)} Set up a publisher that is bound to it."
    )
    fix = next_or_end(publisher, step, standing, place)
    if wanted is None:
        return Failed("it is bound to no environment", seen, fix=fix, severity=severity)
    if not isinstance(repository, Unknown):
        fix = Fix(
            step="Create the environment, with reviewers and for release tags only.",
            page=repository.page("repo-environments", repo=publisher.repository),
            needs="repository admin",
            undo="Delete the environment.",
        )
    return Failed(
        f"the environment {wanted} does not exist; GitHub creates it unprotected at first use",
        seen,
        fix=fix,
        severity=severity,
    )


def _guarded(place: ReleasePlace) -> str:
    """The environment that a publisher should be bound to, which is to be made or guarded first."""
    if place.environment:
        return (
            f"Give the environment {place.environment} reviewers, and let only release tags use it."
        )
    return "Create an environment with reviewers, for release tags only."


@check(
    "NPP105",
    "trusted-publisher-workflow",
    title="Trusted publisher names no existing workflow",
    severity=Severity.HIGH,
    since="0.1",
)
def trusted_publisher_workflow(  # noqa: PLR0913, PLR0917 (what decides, what weighs, and what fills the fix)
    publisher: TrustedPublisher,
    workflows: Every[Workflow],
    environments: Every[Environment] | Unknown,
    standing: NamedRepository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict:
    """The trusted publisher names a workflow that exists on the default branch.

    ## Why
    If the file does not exist, anyone who can push a branch can add it there and publish. If no
    file is named, every workflow of the repository can publish.

    ## Fix
    Remove the publisher, if no release comes through it. If releases come from another file, first
    set up a publisher with that file, and release once through it.

    ## Limits
    - Does not read the file; PUB101 does.
    - Files of GitLab are not read, and CircleCI names a pipeline instead of a file.
    """
    seen: Seen = {"type": publisher.provider}
    if publisher.provider == CIRCLE:
        return NotApplicable("CircleCI names no file", seen)
    file = publisher.workflow
    seen["file"] = file
    if file and any(found.subject.name.rpartition("/")[2] == file for found in workflows):
        return Passed(f"the workflow {file} exists", seen)
    severity = weight(Severity.HIGH, downloads, limits)
    if not file:
        fix = next_or_end(
            publisher,
            "Set up a publisher with the file that releases.",
            standing,
            place_of(workflows, environments),
        )
        return Failed(
            "every workflow of the repository can publish", seen, fix=fix, severity=severity
        )
    return Failed(
        f"there is no workflow {file} on the default branch",
        seen,
        fix=end(
            publisher,
            "Remove it. If releases come from another file, first set up a publisher with that"
            " file, and release once through it.",
        ),
        severity=severity,
    )


@check(
    "NPP116",
    "trusted-publisher-needed",
    title="Package has unused trusted publishers",
    severity=Severity.MEDIUM,
    since="0.1",
)
def trusted_publisher_needed(
    history: ReleaseHistory,
    publishers: Every[TrustedPublisher],
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict:
    """The package has no more trusted publishers than its releases use.

    ## Why
    Each trusted publisher can publish, and no one watches a leftover one. Its repository and
    workflow still exist.

    ## Fix
    List them, remove those that published no release in the last year, and keep the rest.

    ## Limits
    - One that was just added has released nothing yet.
    - A single publisher is not judged: NPP101 requires one.
    """
    found = list(publishers)
    seen: Seen = {"package": history.package, "trusted publishers": len(found)}
    if not found:
        return NotApplicable("there is no trusted publisher", seen)
    if len(found) == 1:
        return Passed("there is one trusted publisher", seen)
    recent = (
        release.trusted_publisher.removeprefix("oidc:")
        for release in history.releases
        if now.days_since(release.published_at) <= limits.package_active_days
    )
    used = sorted(set(recent) - {""})
    seen["used in a year"] = used
    if {one.provider for one in found} & set(used):
        return NotApplicable("the releases do not show which publisher published them", seen)
    if len(found) <= len(used):
        return Passed("each of them published in the last year", seen)
    idle = [one for one in found if one.publisher_id not in used]
    name = history.subject.name
    return Failed(
        f"{count(len(found), 'trusted publisher')}, and {len(used)} published in the last year",
        seen,
        fix=Fix(
            step="Remove those that no release comes from.",
            page=history.page("package-access", package=name),
            command=revoke_command(idle[0])
            if len(found) - len(idle) == len(used) > 0
            else history.npm("trust", "list", name),
            needs=NEEDS,
            undo=f"{idle[0].set_up_again}.",
        ),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )
