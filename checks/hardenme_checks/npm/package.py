"""What anyone can read of the account's packages."""

from hardenme.facts.npm.package import NewestRelease, Package, WeeklyDownloads
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.wording import count


@check("NPP109", "package-writers-minimal", severity=Severity.MEDIUM, since="0.1")
def package_writers_minimal(
    package: Package, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """Few people can publish the package.

    ## Why
    Each of them can publish anything and add others, so the weakest account counts. In June 2026
    the forgotten rights of one former contributor published more than 140 Mastra packages.

    ## Fix
    Ask who still releases, and remove the others, by name. They keep their credit and lose only the
    right; it can be given back in a minute.

    ## Limits
    It counts the maintainers that the registry shows to anyone. A team's members may be missing
    there, and it does not see who has a second factor.
    """
    names = sorted({one.name for one in package.maintainers})
    seen: Seen = {"maintainers": names}
    if not names:
        return NotApplicable("the registry names no maintainers", seen)
    if len(names) <= limits.package_writers:
        return Passed(f"{count(len(names), 'account')} can publish", seen)
    name = package.subject.name
    return Failed(
        f"{count(len(names), 'account')} can publish, {limits.package_writers} are allowed",
        seen,
        fix=Fix(
            step="Remove everybody who does not release, one at a time: fill in each name.",
            page=package.page("package-access", package=name),
            command=package.npm("owner", "rm", "USER", name),
            needs="write access to the package and the second factor",
            undo="Add the person again with npm owner add.",
        ),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )


@check("NPP111", "package-has-second-owner", severity=Severity.LOW, since="0.1")
def package_has_second_owner(
    package: Package, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """A second account can stop a bad release of the package.

    ## Why
    When the only owner's account is taken or its owner is away, nobody can remove a malicious
    release or move the tags back. The wait for npm's support is counted in hours or days.

    ## Fix
    Add one person you know and trust who uses a security key, by a name they told you in person.
    An owner has your full power over the package: rather none than the wrong one.

    ## Limits
    It cannot tell whether two accounts belong to two people. A team's members may be missing from
    the public list.
    """
    names = sorted({one.name for one in package.maintainers})
    seen: Seen = {"maintainers": names}
    if not names:
        return NotApplicable("the registry names no maintainers", seen)
    if len(names) > 1:
        return Passed(f"{len(names)} accounts can publish", seen)
    name = package.subject.name
    return Failed(
        "one account alone can publish",
        seen,
        fix=Fix(
            step="Add a second owner whom you know and trust: fill in the name.",
            page=package.page("package-access", package=name),
            command=package.npm("owner", "add", "USER", name),
            needs="write access to the package and the second factor",
            undo="Remove the person with npm owner rm.",
        ),
        severity=weight(Severity.LOW, downloads, limits),
    )


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


CHECKS = (
    package_writers_minimal,
    package_has_second_owner,
    package_without_install_script,
)
