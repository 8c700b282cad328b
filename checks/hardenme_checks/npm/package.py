"""What anyone can read of the account's packages."""

from hardenme.facts.npm.package import NewestRelease, WeeklyDownloads
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.npm.impact import weight


@check(
    "NPP114",
    "package-without-install-script",
    title="Package runs code when it is installed",
    severity=Severity.LOW,
    since="0.1",
)
def package_without_install_script(
    release: NewestRelease, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """The newest release runs no code when it is installed.

    ## Why
    An install script runs on each user's computer before anyone has read it. The Shai-Hulud worm
    spread this way, and npm 12 no longer runs such scripts by default.

    ## Fix
    Ship what the script builds or downloads, or do it at first use, and delete the script. Set
    `gypfile` to false: npm runs node-gyp for a `binding.gyp` without any script. Run the command in
    the package's folder, test, and publish a release.

    ## Limits
    - Reads what the release declares: its scripts, the registry's own mark, and `gypfile`.
    - Does not read the archive. npm runs node-gyp for a `binding.gyp` in it, even if the release
      declares nothing.
    - Does not see code that runs when the package is first used.
    """
    seen: Seen = {"version": release.version, "install script": release.install_script}
    if not release.install_script:
        return Passed("the newest release declares no install script", seen)
    return Failed(
        "the newest release runs code when it is installed",
        seen,
        fix=Fix(
            step="Delete the install scripts in the package's folder, turn node-gyp off, and"
            " publish a release.",
            page=release.page("package", package=release.subject.name),
            command="npm pkg delete scripts.preinstall scripts.install scripts.postinstall"
            "\nnpm pkg set gypfile=false --json",
            needs="write access to the repository and the package",
            undo="Put the scripts back into package.json, and remove gypfile.",
        ),
        severity=weight(Severity.LOW, downloads, limits),
    )
