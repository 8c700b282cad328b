"""The versions of a package that wait for a person's approval."""

from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.package import Package, WeeklyDownloads
from hardenme.facts.npm.publishing import StagedVersion, TrustedPublisher
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.wording import CHANNEL, count


def _end(staged: StagedVersion, *, known: bool) -> str:
    """What ends the way by which a version was staged.

    An account that has no right to is not asked: it may be an attacker's.
    """
    if staged.automated:
        return f"Then remove the trusted publisher that staged it, on {_access(staged)}"
    if known:
        return f"Then ask {staged.actor}{CHANNEL} which token staged it, and have that one revoked"
    return (
        f"Then see on {_access(staged)} which account, team or trusted publisher let {staged.actor}"
        f" stage it, and remove that one. Do not ask {staged.actor}: it may be an attacker's"
    )


def _access(staged: StagedVersion) -> str:
    """The page that lists who and what may publish the package."""
    return staged.page("package-access", package=staged.package)


@check(
    "NPP112",
    "package-stage-queue-known",
    title="Staged version is old, or from someone who may not publish",
    severity=Severity.HIGH,
    since="0.1",
)
def package_stage_queue_known(  # noqa: PLR0913, PLR0917 (three places show who may stage)
    staged: StagedVersion,
    package: Package | Unknown,
    writers: PackageCollaborators | Unknown,
    publishers: Every[TrustedPublisher],
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict | Unknown:
    """Each staged version is recent, and from someone who may stage it.

    ## Why
    A stolen token that can only stage needs one more approval, from a person in a hurry. A version
    that waits for weeks gets approved during a clean-up.

    ## Fix
    Look at the version. Reject what you did not expect. Then revoke the token or trusted publisher
    that staged it.

    ## Limits
    - npm shows that a trusted publisher's workflow staged a version, not who ran the workflow.
    - A granular token that reads is enough to see staged versions. To know that there are none
      takes a session.
    - npm approves no version before its scan has ended.
    """
    what = f"{staged.package}@{staged.version}"
    seen: Seen = {
        "packageName": staged.package,
        "version": staged.version,
        "actor": staged.actor,
        "actorType": "trusted automation" if staged.automated else "user",
        "days": now.days_since(staged.created_at),
    }
    if staged.automated:
        known = any(one.may_stage for one in publishers)
    elif not isinstance(writers, Unknown):
        known = staged.actor in writers.writers
    elif isinstance(package, Unknown):
        return package
    elif staged.actor in {one.name for one in package.maintainers}:
        known = True
    else:
        # A member of a team may be missing among the maintainers.
        return writers
    fix = Fix(
        step=(
            f"Save the archive: `{staged.npm('stage', 'download', staged.stage_id)}`. Look at it,"
            " and do not install it. Reject the version, unless you expected it."
            f" {_end(staged, known=known)}"
        ),
        page=staged.page("staged"),
        command=staged.npm("stage", "reject", staged.stage_id),
        needs="write access to the package and 2FA",
        undo="Stage the downloaded archive again: `npm stage publish` and its file name.",
    )
    if not known:
        return Failed(
            f"{staged.actor} staged {what} and has no right to",
            seen,
            fix=fix,
            severity=weight(Severity.HIGH, downloads, limits),
        )
    waits = now.days_since(staged.created_at)
    if waits > limits.staged_days:
        message = f"{what} has waited for approval for {count(waits, 'day')}"
        return Failed(message, seen, fix=fix, severity=Severity.LOW)
    return Passed(f"{staged.actor} staged {what}, and has the right to", seen)
