"""Checks of npm organizations: their owners, teams, members and who writes from outside."""

from hardenme.facts.npm.organization import (
    DEVELOPERS,
    DevelopersTeam,
    NpmMember,
    NpmOrganization,
    OutsideWriters,
)
from hardenme.model.check import check
from hardenme.model.commands import lines, releasers
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from hardenme_checks.npm.writers import owner_again
from hardenme_checks.wording import CHANNEL, count, these

NAMED = 10
"""Packages or people that a finding names; all are counted."""
OWNER = "owner of the npm organization, with 2FA"


@check(
    "NPO101",
    "npm-org-two-factor-enforced",
    title="npm organization does not enforce 2FA",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def npm_org_two_factor_enforced(organization: NpmOrganization) -> Verdict:
    """The npm organization requires 2FA of every member.

    ## Why
    Each member can publish in your name, and an attacker needs only the one with a reused password.
    The 2FA of the others does not help.

    ## Fix
    Review the list of members first: those without 2FA are removed at once, and you can add them
    again. Then turn enforcement on.

    ## Limits
    - npm has no API for this setting, so a person answers.
    - The page shows which members have 2FA, not which kind.
    """
    name, people = organization.name, count(len(organization.members), "member")
    page = organization.page("org-members", org=name)
    return Manual(
        f"Is 2FA enforced for each member of the npm organization {name}?",
        page=page,
        fix=Fix(
            f'Check that each of the {people} has 2FA, then turn on "2FA Enforcement"',
            page=page,
            needs=OWNER,
            undo="Turn enforcement off on the same page, and add removed members by hand",
        ),
    )


@check(
    "NPO102",
    "npm-org-owner-count",
    title="npm organization has too few or too many owners",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_org_owner_count(organization: NpmOrganization, limits: Limits) -> Verdict:
    """The npm organization has a few owners, and more than one.

    ## Why
    An owner can add people and give them packages, so each one is an account worth stealing. A
    single owner who is ill or locked out leaves no one to remove a bad release.

    ## Fix
    Keep the two or three who would act in an emergency, and demote the others to members. Make an
    owner only of someone you know who uses a security key.

    ## Limits
    - Does not see whether two accounts belong to two people.
    """
    owners, name = list(organization.owners), organization.name
    seen: Seen = {"owners": owners[:NAMED], "count": len(owners)}
    least, most = limits.npm_owners_least, limits.npm_owners_most
    if least <= len(owners) <= most:
        return Passed(f"{count(len(owners), 'owner')}", seen)
    few = len(owners) < least
    return Failed(
        f"{count(len(owners), 'owner')}, {least} to {most} are allowed",
        seen,
        fix=Fix(
            "Make one more member an owner" if few else f"Demote owners until {most} remain",
            page=organization.page("org-members", org=name),
            needs=OWNER,
            undo="Restore the previous role on the same page",
        ),
    )


@check(
    "NPO103",
    "npm-developers-team-read-only",
    title="Every member of the npm organization can publish packages",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_developers_team_read_only(team: DevelopersTeam) -> Verdict:
    """The team that every member joins can publish no package.

    ## Why
    npm adds each new member to the team `developers`, and gives it write access to each new
    package. Unless you change that, everyone who ever joined can publish everything.

    ## Fix
    Create a team for releases, add those who release, and give it the packages. Then set
    `developers` to read-only, one package after the other: no one is locked out in between.

    ## Limits
    - No API shows what the team gets on future packages: check again after each first release.
    - Another team may include everyone as well.
    """
    writes, name = list(team.writes), team.organization
    seen: Seen = {"write": writes[:NAMED], "count": len(writes)}
    if not writes and not team.reads:
        return NotApplicable(f"the team {DEVELOPERS} has no package", seen)
    if not writes:
        reads = count(len(team.reads), "package")
        return Passed(f"the team {DEVELOPERS} can only read {reads}", seen)
    return Failed(
        f"every member can publish {count(len(writes), 'package')}",
        seen,
        fix=Fix(
            f"{releasers(name, these(writes, NAMED, 'package'))}, then set the team {DEVELOPERS} to"
            f" read-only for {'this package' if len(writes) == 1 else 'each of these packages'}",
            page=team.page("org-teams", org=name),
            command=lines(
                team.npm("access", "grant", "read-only", f"{name}:{DEVELOPERS}", package)
                for package in writes
            ),
            needs="owner or admin of the npm organization, with 2FA",
            undo=f"Grant read-write to {name}:{DEVELOPERS} again, in place of read-only",
        ),
    )


@check(
    "NPO104",
    "npm-org-member-needed",
    title="npm organization member has no team and no release",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_org_member_needed(member: NpmMember, limits: Limits) -> Verdict:
    """The member is in a team, or released something within a year.

    ## Why
    No one notices when an unused account is stolen. In June 2026 a contributor's account, idle for
    16 months, published more than 140 Mastra packages.

    ## Fix
    Ask the member, then remove the account from the organization. It keeps its credit, and you can
    add it again in a minute.

    ## Limits
    - The team `developers` does not count, because npm adds every member to it.
    - Counts releases of the packages that the run looked at. A workflow's release counts for no
      one.
    - Owners are left to NPO102.
    """
    name, role = member.name, member.role
    if role == "owner":
        return NotApplicable("an owner, and NPO102 judges those", {"role": role})
    unknown = member.unknown_fields()
    if "releases" not in unknown and member.releases:
        return Passed("released or approved a version recently", {"releases": True})
    if "teams" not in unknown and member.teams:
        return Passed(f"in the team {member.teams[0]}", {"teams": list(member.teams[:NAMED])})
    seen: Seen = {"role": role, "teams": list(member.teams), "releases": member.releases}
    organization = member.organization
    return Failed(
        f"in no team, and no release in {limits.package_active_days} days",
        seen,
        fix=Fix(
            f"Ask {name}, then remove the account from {organization}",
            page=member.page("org-members", org=organization),
            command=member.npm("org", "rm", organization, name),
            needs=OWNER,
            undo=f"Invite it again: `{member.npm('org', 'set', organization, name, role)}`",
        ),
    )


@check(
    "NPO105",
    "npm-outside-writer",
    title="Accounts outside the npm organization can publish",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_outside_writer(writers: OutsideWriters) -> Verdict:
    """Only members of the organization can publish its packages.

    ## Why
    An outside account is not covered by enforced 2FA, or by the review when someone leaves. Most
    such rights are leftovers.

    ## Fix
    Add those who still release to the organization and to a team. Remove the others from the
    packages, by name.

    ## Limits
    - Outside accounts that only read private packages are not checked.
    """
    name = writers.organization
    if not writers.outside:
        seen: Seen = {"packages": writers.packages, "outside": []}
        if not writers.packages:
            return NotApplicable("the organization has no package", seen)
        return Passed(f"{count(writers.packages, 'package')}, which only members can publish", seen)
    people = sorted(writers.outside)
    rights = [(who, package) for who in people for package in writers.outside[who]]
    ended = [f"{who} from {package}" for who, package in rights]
    if not rights:
        return NotApplicable("no outside account has a package", {"outside": []})
    return Failed(
        f"{count(len(people), 'account')} outside {name} can publish"
        f" {count(len({package for _, package in rights}), 'package')}",
        {"outside": [f"{who}: {package}" for who, package in rights[:NAMED]], "count": len(rights)},
        fix=Fix(
            f"Ask those who may still release{CHANNEL}: they join the organization first. Then"
            f" remove {these(ended, NAMED, 'right')}",
            page=writers.page("package-access", package=rights[0][1]),
            command=lines(writers.npm("owner", "rm", who, package) for who, package in rights),
            needs="write access to the packages and 2FA",
            undo=owner_again(writers, rights),
        ),
    )
