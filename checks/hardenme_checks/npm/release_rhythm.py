"""When a release was published, and what was published with it."""

from hardenme.facts.npm.release import Release, ReleaseBurst
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now, SafeVersions
from hardenme.model.severity import Severity
from hardenme.model.verdict import Passed, Verdict
from hardenme_checks.npm.release_response import alert, asked, first_release
from hardenme_checks.wording import count, listing

NAMED = 20
"""What was published together is named up to this number, and counted beyond it."""


@check(
    "REL107",
    "release-burst",
    title="Many releases were published at once",
    severity=Severity.HIGH,
    since="0.1",
)
def release_burst(burst: ReleaseBurst, now: Now, safe: SafeVersions, limits: Limits) -> Verdict:
    """The release is not one of unusually many published at once.

    ## Why
    An attacker with an account publishes all that it can within minutes. It was 18 packages at
    chalk and debug, and 84 versions in six minutes at TanStack.

    ## Fix
    Stop the account or workflow that publishes before you look at each release.

    ## Limits
    - Sees only the packages of this run.
    - Packages that are usually published together do not count, if they were before, on the same
      path and as many. The first time does.
    """
    if burst.first:
        return first_release(burst)
    many = burst.packages >= limits.burst_packages and not burst.usual_packages
    often = burst.versions >= limits.burst_versions and not burst.usual_versions
    seen: Seen = {"packages": burst.packages, "versions": burst.versions}
    if not many and not often:
        return Passed("it was published as the package's releases usually are", seen)
    message = (
        f"one publisher published {count(burst.packages, 'package')} within ten minutes:"
        f" {listing([*burst.same_minutes], NAMED)}"
        if many
        else f"{count(burst.versions, 'version')} published within an hour:"
        f" {listing([*burst.same_hour], NAMED)}"
    )
    first = "Stop the account or workflow that publishes first."
    versions = burst.installable if often else ()
    return alert(burst, now, safe, message, seen, first, versions)


@check(
    "REL108",
    "release-after-dormancy",
    title="First release after a long pause",
    severity=Severity.MEDIUM,
    since="0.1",
)
def release_after_dormancy(
    release: Release, now: Now, safe: SafeVersions, limits: Limits
) -> Verdict:
    """The release did not follow a long pause.

    ## Why
    No one watches an inactive package, and attackers use that. coa and rc got malicious releases
    after years, from accounts without 2FA.

    ## Fix
    Ask who published it. Deprecate a package that is no longer maintained, and revoke its tokens.

    ## Limits
    - A maintainer who returns after a year looks the same.
    """
    if release.first:
        return first_release(release)
    silent = release.silent_days
    seen: Seen = {"silent days": silent}
    if silent <= limits.release_dormant_days:
        return Passed(f"the pause before it lasted {count(silent, 'day')}", seen)
    return alert(
        release,
        now,
        safe,
        f"nothing was published for {count(silent, 'day')} before it",
        seen,
        asked(release),
    )
