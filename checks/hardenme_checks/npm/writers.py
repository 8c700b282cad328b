"""Checks of who can publish a package: how many, whether they do, and whether one is alone."""

from collections.abc import Sequence

from hardenme.facts.npm.access import PackageCollaborators, WriterActivity
from hardenme.facts.npm.package import Package, WeeklyDownloads
from hardenme.facts.npm.site import NpmFact
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.wording import CHANNEL, count

ENOUGH = 2
"""Accounts that have to be left."""
NAMED = 10
"""People that a finding names; all are counted."""
NEEDS = "write access to the package and 2FA"


def _writers(
    package: Package, collaborators: PackageCollaborators | Unknown
) -> tuple[str, list[str]]:
    """Which list shows who can publish, and who: the public one may lack members of teams."""
    if not isinstance(collaborators, Unknown) and "writers" not in collaborators.unknown_fields():
        return "collaborators", sorted(set(collaborators.writers))
    return "maintainers", sorted({one.name for one in package.maintainers})


def owner_again(fact: NpmFact, rights: Sequence[tuple[str, str]]) -> str:
    """How accounts that were removed may publish again, as an undo; of several, by an example.

    Args:
        fact: one of the registry.
        rights: accounts, each with a package.
    """
    command = fact.npm("owner", "add", *rights[0])
    if not command:
        return "Add the person again on the same page"
    if len(rights) == 1:
        return f"Add the person again: `{command}`"
    return f"Add a person again, as in `{command}`"


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
    """Few accounts can publish the package.

    ## Why
    Each account can publish anything and add others, so the weakest one counts. In June 2026 a
    former contributor's forgotten rights published more than 140 Mastra packages.

    ## Fix
    Ask who still releases, and remove the others, by name. They keep their credit, and you can add
    them again in a minute.

    ## Limits
    - If npm does not show the collaborators, the public list of maintainers can show too many,
      never few enough. It may lack members of teams.
    - Does not see who has 2FA.
    """
    where, names = _writers(package, collaborators)
    seen: Seen = {where: names}
    number = len(names)
    if not names:
        return NotApplicable("the registry names no one who can publish", seen)
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
            step=f"Find out which of {', '.join(names)} still release. Ask each account's owner"
            f"{CHANNEL}, then remove each account that does not release. Keep at least two.",
            page=package.page("package-access", package=name),
            needs=NEEDS,
            undo=f"{owner_again(package, [(one, name) for one in names])}.",
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
    """Every account that could publish for a year released or approved a version in it.

    ## Why
    In June 2026 an account that was idle for 16 months published more than 140 Mastra packages. In
    2023 a former employee's account published Ledger's library.

    ## Fix
    Ask the account's owner, then remove the account by name. Keep a second account for emergencies,
    and know that you have it.

    ## Limits
    - Judged only if a person released or approved a version in that time. A workflow's release
      counts for no one, and an inactive package needs no one.
    - Accounts that got the right within the year are not judged.
    - A release names the maintainers of its day, and not the members of teams.
    """
    days = limits.package_active_days
    unknown = activity.unknown_fields()
    if "hands" not in unknown and not activity.hands:
        return NotApplicable(
            f"no person released or approved a version in {days} days", {"hands": []}
        )
    idle, name = list(activity.idle), activity.subject.name
    if not idle:
        held = list(activity.held)
        seen: Seen = {"held": held[:NAMED], "idle": []}
        if not held:
            return NotApplicable(f"no account could publish it for all of {days} days", seen)
        return Passed(f"every account that could publish for {days} days did", seen)
    kept = () if "held" in unknown else activity.held
    others = len(set(kept) - set(idle))
    ask = f"Ask {', '.join(idle)}{CHANNEL}, and remove those who do not release"
    remove = activity.npm("owner", "rm", idle[0], name) if len(idle) == 1 else ""
    if others < ENOUGH:
        # Anyone who is left alone fails NPP111, and no one can stop a release of theirs.
        ask = (
            f"Ask {', '.join(idle)}{CHANNEL}. If they do not release, add another owner who"
            " does, then remove them"
        )
        remove = ""
    return Failed(
        f"{count(len(idle), 'account')} could publish for {days} days and did not:"
        f" {', '.join(idle)}",
        {"idle": idle[:NAMED], "count": len(idle), "left": others},
        fix=Fix(
            ask,
            page=activity.page("package-access", package=name),
            command=remove,
            needs=NEEDS,
            undo=owner_again(activity, [(one, name) for one in idle]),
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
    If the only owner is away or loses the account, no one can remove a malicious release. Waiting
    for npm support takes hours or days.

    ## Fix
    Add one person you know and trust who uses a security key. Get the account name from them in
    person. An owner has full power over the package: the wrong one is worse than none.

    ## Limits
    - Does not see whether two accounts belong to two people.
    - If npm does not show the collaborators, one name on the public list may not be all. Members of
      teams may be missing.
    """
    where, names = _writers(package, collaborators)
    seen: Seen = {where: names}
    number = len(names)
    if not names:
        return NotApplicable("the registry names no one who can publish", seen)
    if number > 1:
        return Passed(f"{number} accounts can publish", seen)
    if isinstance(collaborators, Unknown):
        return collaborators
    name = package.subject.name
    return Failed(
        "only one account can publish",
        {"collaborators": sorted(set(collaborators.writers))},
        fix=Fix(
            step="Add a second owner whom you know and trust: ask them for their account name.",
            page=package.page("package-access", package=name),
            needs=NEEDS,
            undo=f"Remove the person again: `npm owner rm`, the account name and {name}.",
        ),
        severity=weight(Severity.LOW, downloads, limits),
    )
