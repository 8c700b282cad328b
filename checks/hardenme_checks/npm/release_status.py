"""What npm itself found in a package's newest release."""

from hardenme.facts.npm.package import VersionStatus
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict

OPEN = {
    "validating": "npm is still scanning the newest release",
    "staged": "the newest release waits for its approval",
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
    """Npm has not blocked the newest release of the package.

    ## Why
    npm scans what is published, and blocks what it takes for malware. A blocked release of yours
    that you did not mean to make means that somebody else can publish.

    ## Fix
    Find out who and what published it. Unless you know why npm blocked it, revoke every token that
    can publish the package, and go through its trusted publishers.

    ## Limits
    Looks at the release that `latest` points to. While npm is scanning it, nothing is decided. npm
    does not say which of its checks blocked a release, and shows the status only to those whose
    token may know it: the rest is not known.
    """
    seen: Seen = {
        "packageName": release.package,
        "version": release.version,
        "status": release.status,
    }
    if release.status == "published":
        return Passed("npm lets the newest release through", seen)
    if release.status in OPEN:
        return NotApplicable(OPEN[release.status], seen)
    return Failed(
        f"npm blocked {release.version}",
        seen,
        fix=Fix(
            "Find out who published the blocked version; unless you know why npm blocked it, revoke"
            " every token that can publish the package, and ask npm's support",
            page=release.page("support"),
            needs="write access to the package, and the accounts of those who publish it",
            undo="None: a revoked token stays revoked",
        ),
    )
