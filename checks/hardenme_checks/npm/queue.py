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
from hardenme_checks.wording import count


@check(
    "NPP112",
    "package-stage-queue-known",
    title="Staged version is old, or from someone who may not publish",
    severity=Severity.HIGH,
    since="0.2",
)
def package_stage_queue_known(  # noqa: PLR0913, PLR0917 (who may stage is told in three places)
    staged: StagedVersion,
    package: Package | Unknown,
    writers: PackageCollaborators | Unknown,
    publishers: Every[TrustedPublisher],
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict | Unknown:
    """A version that waits for approval was handed in by somebody known, and lately.

    ## Why
    A token or workflow that may only stage needs one more approval by a person in a hurry. What
    lies in the queue for weeks is approved by whoever tidies up.

    ## Fix
    Look at the version and download it. Reject what you did not expect, and end the access of who
    handed it in.

    ## Limits
    Who ran the workflow is not shown, only that a trusted publisher's workflow staged it. A
    granular token that only reads is enough to see versions that wait; that none waits takes a
    session. npm approves no version before its scan has ended.
    """
    what = f"{staged.package}@{staged.version}"
    seen: Seen = {
        "packageName": staged.package,
        "version": staged.version,
        "actor": staged.actor,
        "actorType": "trusted automation" if staged.automated else "user",
        "days": now.days_since(staged.created_at),
    }
    fix = Fix(
        step=(
            "Reject the version, unless you expected it:"
            f" {staged.npm('stage', 'view', staged.stage_id)} shows what is in it."
        ),
        page=staged.page("staged"),
        command=staged.npm("stage", "reject", staged.stage_id),
        needs="write access to the package and the second factor",
        undo="Stage the version again.",
    )
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
    if not known:
        return Failed(
            f"{staged.actor} handed in {what} and is not among those who may",
            seen,
            fix=fix,
            severity=weight(Severity.HIGH, downloads, limits),
        )
    waits = now.days_since(staged.created_at)
    if waits > limits.staged_days:
        message = f"{what} has waited for {count(waits, 'day')}"
        return Failed(message, seen, fix=fix, severity=Severity.LOW)
    return Passed(f"{staged.actor} handed in {what}, and may", seen)
