"""What npm itself found in a package's newest release."""

from hardenme.facts.npm.package import VersionStatus
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict

OPEN = {
    "validating": "npm is still scanning the newest release",
    "staged": "the newest release waits for approval",
    "deleted": "the newest release was deleted",
}


@check(
    "NPP117",
    "package-version-not-blocked",
    title="npm blocked the newest release",
    severity=Severity.CRITICAL,
    since="0.1",
)
def package_version_not_blocked(release: VersionStatus) -> Verdict:
    """The newest release of the package is not blocked by npm.

    ## Why
    npm blocks what it considers malware: if you did not intend this release, someone else can
    publish as you. npm scans every release.

    ## Fix
    Find out who and what published it. Unless you know why npm blocked it, revoke every token that
    can publish the package, and review its trusted publishers.

    ## Limits
    - Looks at the release that `latest` points to. While npm is scanning it, nothing is decided.
    - npm does not say which of its checks blocked a release.
    - npm shows the status only to tokens that may see it. With others it is unknown.
    """
    seen: Seen = {
        "packageName": release.package,
        "version": release.version,
        "status": release.status,
    }
    if release.status == "published":
        return Passed("npm does not block the newest release", seen)
    if release.status in OPEN:
        return NotApplicable(OPEN[release.status], seen)
    return Failed(
        f"npm blocked {release.version}",
        seen,
        fix=Fix(
            "Find out who published the blocked version. Unless you know why npm blocked it, revoke"
            " every token that can publish the package, and ask npm support",
            page=release.page("support"),
            needs="write access to the package, and the accounts of those who publish it",
            undo="Cannot be undone. Create a new token if something still needs it",
        ),
    )
