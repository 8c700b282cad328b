"""The workflows that npm lets publish a package: what they may do, and what binds them."""

from hardenme.facts.github.environments import Environment
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.package import NewestRelease, PackageRepository, WeeklyDownloads
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.npm.trust_fix import NEEDS, end, revoke_command, set_up_again, trust_command
from hardenme_checks.wording import count

CIRCLE = "circleci"


@check(
    "NPP101",
    "package-trusted-publisher",
    title="Package has no trusted publisher",
    severity=Severity.HIGH,
    since="0.2",
)
def package_trusted_publisher(  # noqa: PLR0913, PLR0917 (what decides, what weighs, and what fills the fix)
    release: NewestRelease,
    publishers: Every[TrustedPublisher],
    source: PackageRepository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict:
    """A package that is released has a trusted publisher.

    ## Why
    A workflow that npm trusts needs no token, so that there is none to steal. Most takeovers of the
    last years, from eslint-scope to axios, began with a token or a session that could publish.

    ## Fix
    Name the repository, the workflow's file and an environment, and let it hand in releases that
    you approve. Afterwards end the tokens that published until now.

    ## Limits
    npm shows trusted publishers only to somebody who is there: run with --interactive. A package
    without a release in a year is left out.
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
            step="Let the release workflow hand in releases as a trusted publisher.",
            page=release.page("package-access", package=release.subject.name),
            command=trust_command(release, release.subject.name, repository, "", ""),
            needs=NEEDS,
            undo="List publishers with npm trust list, end one with npm trust revoke.",
        ),
        severity=weight(Severity.HIGH, downloads, limits),
    )


@check(
    "NPP102",
    "trusted-publisher-stages",
    title="Trusted publisher can publish without approval",
    severity=Severity.MEDIUM,
    since="0.2",
)
def trusted_publisher_stages(
    publisher: TrustedPublisher, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """The trusted publisher only hands in releases that a person approves.

    ## Why
    A workflow that publishes by itself is enough for a release. In May 2026 a poisoned cache in
    TanStack's pipeline published 84 versions in six minutes, each with valid provenance.

    ## Fix
    Set it up again with the right to stage alone, and approve each version with npm stage approve
    and 2FA. npm cannot change a trusted publisher: remove it, then set it up again. A
    package may have ten of them; a new one stages alone unless you allow it to publish.

    ## Limits
    Reviewers on the environment guard a release as well; that is looked at in the publish paths.
    """
    seen: Seen = {
        "createPackage": publisher.may_publish,
        "createStagedPackage": publisher.may_stage,
    }
    if not publisher.may_publish:
        return Passed("it may hand in releases, not publish them", seen)
    return Failed(
        "it publishes without anybody's approval",
        seen,
        fix=set_up_again(publisher, "End it, and set it up again with the right to stage alone."),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )


@check(
    "NPP103",
    "trusted-publisher-environment",
    title="Trusted publisher is not bound to an existing environment",
    severity=Severity.MEDIUM,
    since="0.2",
)
def trusted_publisher_environment(
    publisher: TrustedPublisher,
    environments: Every[Environment],
    repository: Repository | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict:
    """The trusted publisher is bound to an environment that exists.

    ## Why
    npm looks at the repository and the file, not at the branch. Without an environment, whoever may
    push any branch can change the file there, run it, and release.

    ## Fix
    Make an environment with reviewers that only release tags may use, name it in the workflow's
    job, and set the publisher up again with it.

    ## Limits
    What guards the environment is told by GHR118. Environments of GitLab are not read;
    CircleCI has none.
    """
    seen: Seen = {"type": publisher.provider}
    if publisher.provider == CIRCLE:
        return NotApplicable("CircleCI has no environments", seen)
    wanted = publisher.environment
    seen["environment"] = wanted
    severity = weight(Severity.MEDIUM, downloads, limits)
    step = "Make an environment with reviewers, for release tags alone, and bind it to that."
    if wanted is None:
        fix = set_up_again(publisher, step)
        return Failed("it may run in no environment at all", seen, fix=fix, severity=severity)
    if any(found.name.lower() == wanted.lower() for found in environments):
        return Passed(f"it is bound to the environment {wanted}", seen)
    fix = set_up_again(publisher, step)
    if not isinstance(repository, Unknown):
        fix = Fix(
            step="Make the environment, with reviewers and for release tags alone.",
            page=repository.page("repo-environments", repo=publisher.repository),
            needs="administration of the repository",
            undo="Delete the environment.",
        )
    return Failed(
        f"the environment {wanted} does not exist, and GitHub makes it without guards at first use",
        seen,
        fix=fix,
        severity=severity,
    )


@check(
    "NPP105",
    "trusted-publisher-workflow",
    title="Trusted publisher names a missing workflow, or none",
    severity=Severity.HIGH,
    since="0.2",
)
def trusted_publisher_workflow(
    publisher: TrustedPublisher,
    workflows: Every[Workflow],
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict:
    """The trusted publisher names a workflow that exists on the default branch.

    ## Why
    A name without a file waits for somebody to add one: a branch is enough, which no rule of the
    default branch guards. One that names no file lets every workflow of the repository publish.

    ## Fix
    End a publisher that is no longer used. Where releases come from another file now, set it up
    again with that.

    ## Limits
    It does not look into the file; the publish paths do. Files of GitLab are not read, and CircleCI
    names a pipeline in place of a file.
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
        fix = set_up_again(publisher, "End it; set it up again with the file that releases.")
        return Failed("every workflow may publish", seen, fix=fix, severity=severity)
    return Failed(
        f"there is no workflow {file} on the default branch",
        seen,
        fix=end(publisher, "End it; where releases come from another file, set that one up."),
        severity=severity,
    )


@check(
    "NPP116",
    "trusted-publisher-needed",
    title="Package has unused trusted publishers",
    severity=Severity.MEDIUM,
    since="0.2",
)
def trusted_publisher_needed(
    history: ReleaseHistory,
    publishers: Every[TrustedPublisher],
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict:
    """A package has no more trusted publishers than its releases use.

    ## Why
    Each of them is a way to publish. One that is left over from a move is watched by nobody, while
    its repository and its workflow go on to exist.

    ## Fix
    List them, end those that no release of the last year came from, and keep the rest.

    ## Limits
    One that was just added has released nothing yet. A single publisher is not judged: NPP101 asks
    for one.
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
        return NotApplicable("the releases do not tell by which publisher they came", seen)
    if len(found) <= len(used):
        return Passed("releases of the last year came by each of them", seen)
    idle = [one for one in found if one.publisher_id not in used]
    name = history.subject.name
    return Failed(
        f"{count(len(found), 'trusted publisher')}, of which releases of a year used {len(used)}",
        seen,
        fix=Fix(
            step="End those that no release comes from.",
            page=history.page("package-access", package=name),
            command=revoke_command(idle[0])
            if len(found) - len(idle) == len(used) > 0
            else history.npm("trust", "list", name),
            needs=NEEDS,
            undo="Set it up again with npm trust github.",
        ),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )
