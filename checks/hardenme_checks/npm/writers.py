"""Checks of who can publish a package: how many, whether they do, and whether one is alone."""

from hardenme.facts.npm.access import PackageCollaborators, WriterActivity
from hardenme.facts.npm.package import Package, WeeklyDownloads
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.wording import count, listing

NAMED = 10
"""People that a finding names; all are counted."""
NEEDS = "write access to the package and the second factor"


def _writers(
    package: Package, collaborators: PackageCollaborators | Unknown
) -> tuple[str, list[str]]:
    """Where it stands who can publish, and who: the public list may lack members of teams."""
    if not isinstance(collaborators, Unknown) and "writers" not in collaborators.unknown_fields():
        return "collaborators", sorted(set(collaborators.writers))
    return "maintainers", sorted({one.name for one in package.maintainers})


@check(
    "NPP109",
    "package-writers-minimal",
    title="Too many accounts can publish the package",
    severity=Severity.MEDIUM,
    since="0.1",
)
def package_writers_minimal(
    package: Package,
    collaborators: PackageCollaborators | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """Few people can publish the package.

    ## Why
    Each of them can publish anything and add others, so the weakest account counts. In June 2026
    the forgotten rights of one former contributor published more than 140 Mastra packages.

    ## Fix
    Ask who still releases, and remove the others, by name. They keep their credit and lose only the
    right; it can be given back in a minute.

    ## Limits
    Where npm does not tell the collaborators, the maintainers that anyone can see may be too many,
    and never few enough: a team's members may be missing there. It does not see who has a second
    factor.
    """
    where, names = _writers(package, collaborators)
    seen: Seen = {where: names}
    number = len(names)
    if not names:
        return NotApplicable("the registry names nobody who can publish", seen)
    if number <= limits.package_writers:
        if isinstance(collaborators, Unknown):
            return collaborators
        return Passed(
            f"{count(number, 'account')} can publish",
            {"collaborators": sorted(set(collaborators.writers))},
        )
    name = package.subject.name
    return Failed(
        f"{count(number, 'account')} can publish, {limits.package_writers} are allowed",
        seen,
        fix=Fix(
            step="Remove everybody who does not release, one at a time: fill in each name.",
            page=package.page("package-access", package=name),
            command=package.npm("owner", "rm", "USER", name),
            needs=NEEDS,
            undo="Add the person again with npm owner add.",
        ),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )


@check(
    "NPP110",
    "package-writer-active",
    title="Inactive accounts can publish the package",
    severity=Severity.MEDIUM,
    since="0.1",
)
def package_writer_active(
    activity: WriterActivity, downloads: WeeklyDownloads | Unknown, limits: Limits
) -> Verdict:
    """Whoever could publish the package for a year released or approved a version in it.

    ## Why
    A right that is not used is not missed when it is stolen. In June 2026 an account that had been
    idle for 16 months published more than 140 Mastra packages; the Ledger library of 2023 went out
    by a former employee's account.

    ## Fix
    Ask, then remove the account, by name. Keep a second one for emergencies, and know that it is.

    ## Limits
    It is judged only where somebody released or approved a version in that time: a workflow's
    release is nobody's, and a package at rest needs nobody. Who got the right within the time is
    not judged. A release tells the maintainers of its day, and not the members of teams.
    """
    days = limits.package_active_days
    unknown = activity.unknown_fields()
    if "hands" not in unknown and not activity.hands:
        return NotApplicable(f"nobody released or approved a version in {days} days", {"hands": []})
    idle, name = list(activity.idle), activity.subject.name
    if not idle:
        held = list(activity.held)
        seen: Seen = {"held": held[:NAMED], "idle": []}
        if not held:
            return NotApplicable(f"nobody could publish it for all of {days} days", seen)
        return Passed(f"whoever could publish for {days} days did", seen)
    return Failed(
        f"{count(len(idle), 'account')} could publish for {days} days and did not",
        {"idle": idle[:NAMED], "count": len(idle)},
        fix=Fix(
            f"Ask {listing(idle, NAMED)}, and remove who does not release",
            page=activity.page("package-access", package=name),
            command=activity.npm("owner", "rm", idle[0] if len(idle) == 1 else "USER", name),
            needs=NEEDS,
            undo="Add the person again with npm owner add",
        ),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )


@check(
    "NPP111",
    "package-has-second-owner",
    title="Only one account can publish the package",
    severity=Severity.LOW,
    since="0.1",
)
def package_has_second_owner(
    package: Package,
    collaborators: PackageCollaborators | Unknown,
    downloads: WeeklyDownloads | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """A second account can stop a bad release of the package.

    ## Why
    When the only owner's account is taken or its owner is away, nobody can remove a malicious
    release or move the tags back. The wait for npm's support is counted in hours or days.

    ## Fix
    Add one person you know and trust who uses a security key, by a name they told you in person.
    An owner has your full power over the package: rather none than the wrong one.

    ## Limits
    It cannot tell whether two accounts belong to two people. Where npm does not tell the
    collaborators, one name on the public list may not be all: a team's members may be missing.
    """
    where, names = _writers(package, collaborators)
    seen: Seen = {where: names}
    number = len(names)
    if not names:
        return NotApplicable("the registry names nobody who can publish", seen)
    if number > 1:
        return Passed(f"{number} accounts can publish", seen)
    if isinstance(collaborators, Unknown):
        return collaborators
    name = package.subject.name
    return Failed(
        "one account alone can publish",
        {"collaborators": sorted(set(collaborators.writers))},
        fix=Fix(
            step="Add a second owner whom you know and trust: fill in the name.",
            page=package.page("package-access", package=name),
            command=package.npm("owner", "add", "USER", name),
            needs=NEEDS,
            undo="Remove the person with npm owner rm.",
        ),
        severity=weight(Severity.LOW, downloads, limits),
    )
