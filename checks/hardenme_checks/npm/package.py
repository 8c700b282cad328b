"""What anyone can read of the account's packages."""

from hardenme.facts.npm.package import NewestRelease, WeeklyDownloads
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.npm.impact import weight


@check("NPP114", "package-without-install-script", severity=Severity.LOW, since="0.1")
def package_without_install_script(
    release: NewestRelease, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """The newest release runs no code when it is installed.

    ## Why
    An install script runs on each user's computer before anyone has looked at it, which is where
    the Shai-Hulud worm put itself. npm 12 no longer runs such scripts of dependencies by default.

    ## Fix
    Ship what the script builds or fetches, or do it at first use, and delete the script. Run the
    command in the package's folder, test, and release.

    ## Limits
    It goes by the registry's own mark. Code that runs when the package is first used is not seen.
    """
    seen: Seen = {"version": release.version, "hasInstallScript": release.install_script}
    if not release.install_script:
        return Passed("the newest release has no install script", seen)
    return Failed(
        "the newest release has an install script",
        seen,
        fix=Fix(
            step="Delete the install scripts in the package's folder, and release.",
            page=release.page("package", package=release.subject.name),
            command="npm pkg delete scripts.preinstall scripts.install scripts.postinstall",
            needs="write access to the repository and the package",
            undo="Put the scripts back into package.json.",
        ),
        severity=weight(Severity.LOW, downloads, limits),
    )


CHECKS = (package_without_install_script,)
