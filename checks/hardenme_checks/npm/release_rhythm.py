"""When a release came out, and what came out with it."""

from hardenme.facts.npm.release import Release, ReleaseBurst
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now, SafeVersions
from hardenme.model.severity import Severity
from hardenme.model.verdict import Passed, Verdict
from hardenme_checks.npm.release_response import alert, first_release
from hardenme_checks.wording import count


@check(
    "REL107",
    "release-burst",
    title="Many releases were published at once",
    severity=Severity.HIGH,
    since="0.2",
)
def release_burst(burst: ReleaseBurst, now: Now, safe: SafeVersions, limits: Limits) -> Verdict:
    """The release is not one of many that came out at once, unless that is how they come out.

    ## Why
    Who has an account publishes all that it can within minutes: 18 packages with chalk and debug,
    84 versions in six minutes with TanStack.

    ## Fix
    Stop the way by which they come out before looking at each one.

    ## Limits
    Of other packages it sees those of this run. Packages that usually come out together, a day or
    more before, on the same path and as many, are no burst; the first time is one.
    """
    if burst.first:
        return first_release(burst)
    many = burst.packages >= limits.burst_packages and not burst.usual_packages
    often = burst.versions >= limits.burst_versions and not burst.usual_versions
    seen: Seen = {"packages": burst.packages, "versions": burst.versions}
    if not many and not often:
        return Passed("it came out as the package's releases do", seen)
    message = (
        f"{count(burst.packages, 'package')} of one publisher came out within ten minutes"
        if many
        else f"{count(burst.versions, 'version')} came out within an hour"
    )
    return alert(burst, now, safe, message, seen, "Stop who or what publishes before all else.")


@check(
    "REL108",
    "release-after-dormancy",
    title="First release after a long pause",
    severity=Severity.MEDIUM,
    since="0.2",
)
def release_after_dormancy(
    release: Release, now: Now, safe: SafeVersions, limits: Limits
) -> Verdict:
    """The release did not end a long silence.

    ## Why
    Nobody watches a package that rests. Those of coa and rc came out after years, from accounts
    without a second factor.

    ## Fix
    Ask who woke it up. What rests for good is better deprecated, with its tokens revoked.

    ## Limits
    A maintainer who comes back after a year looks the same.
    """
    if release.first:
        return first_release(release)
    silent = release.silent_days
    seen: Seen = {"silent days": silent}
    if silent <= limits.release_dormant_days:
        return Passed(f"the silence before it lasted {count(silent, 'day')}", seen)
    return alert(
        release,
        now,
        safe,
        f"nothing had come out for {count(silent, 'day')}",
        seen,
        "Ask who released it after so long.",
    )
