"""Checks of npm organizations: their owners, teams, members and who writes from outside."""

from hardenme.facts.npm.organization import (
    DEVELOPERS,
    DevelopersTeam,
    NpmMember,
    NpmOrganization,
    OutsideWriters,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count, listing

NAMED = 10
"""Packages or people that a finding names; all are counted."""
OWNER = "owner of the npm organization, with the second factor"


@check(
    "NPO101",
    "npm-org-two-factor-enforced",
    title="npm organization does not enforce 2FA",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_org_two_factor_enforced(organization: NpmOrganization) -> Verdict:
    """The organization on npm lets nobody in who has no second factor.

    ## Why
    Each member publishes in your name. The one with a reused password is the way in, and the
    security keys of the others do not help against that.

    ## Fix
    Look through the list of members first: who has no second factor is removed at once, and can be
    added again. Then turn enforcement on.

    ## Limits
    No API of npm tells it. The page also shows which members have a second factor, not which kind.
    """
    name, people = organization.name, count(len(organization.members), "member")
    page = organization.page("org-members", org=name)
    return Manual(
        f"Is 2FA enforced for each member of the npm organization {name}?",
        page=page,
        fix=Fix(
            f"See that each of the {people} has a second factor, then turn on 2FA Enforcement",
            page=page,
            needs=OWNER,
            undo="Turn enforcement off on the same page; who was removed is added again by hand",
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
    """The organization on npm has a few owners, and not one alone.

    ## Why
    An owner adds people, gives them packages and can hand everything over: the more there are, the
    more accounts are worth taking. A single one who is ill, or whose account is taken, leaves
    nobody to remove a bad release.

    ## Fix
    Keep the two or three who would act in an emergency, and make members of the others. A new owner
    is somebody you know, who uses a security key.

    ## Limits
    It cannot tell whether two accounts belong to two people.
    """
    owners, name = list(organization.owners), organization.name
    seen: Seen = {"owners": owners[:NAMED], "count": len(owners)}
    least, most = limits.npm_owners_least, limits.npm_owners_most
    if least <= len(owners) <= most:
        return Passed(f"{count(len(owners), 'owner')}", seen)
    few = len(owners) < least
    role, step = (
        ("owner", "Make one more person an owner") if few else ("developer", "Make members")
    )
    return Failed(
        f"{count(len(owners), 'owner')}, {least} to {most} are right",
        seen,
        fix=Fix(
            f"{step}: fill in the name"
            if few
            else f"{step} of all owners but {most}, one at a time: fill in each name",
            page=organization.page("org-members", org=name),
            command=organization.npm("org", "set", name, "USER", role),
            needs=OWNER,
            undo=f"Give the former role back with npm org set {name} USER ROLE",
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
    """The team that every member is put into publishes no package.

    ## Why
    npm puts each new member into the team `developers`, and gives that team write access to each
    new package. Unless you change it, everybody who ever joined publishes everything.

    ## Fix
    Make a team for releases, put into it who releases, and give it the packages. Then let
    `developers` only read them, one after the other: nobody is shut out in between.

    ## Limits
    What the team gets of packages that are yet to come is not shown by any API: look again after
    each first release. Other teams may hold everybody as well.
    """
    writes, name = list(team.writes), team.organization
    seen: Seen = {"write": writes[:NAMED], "count": len(writes)}
    if not writes and not team.reads:
        return NotApplicable(f"the team {DEVELOPERS} reaches no package", seen)
    if not writes:
        reads = count(len(team.reads), "package")
        return Passed(f"the team {DEVELOPERS} only reads {reads}", seen)
    return Failed(
        f"every member can publish {count(len(writes), 'package')}",
        seen,
        fix=Fix(
            f"Give a team of those who release {listing(writes, NAMED)}, then let {DEVELOPERS} only"
            " read each of them",
            page=team.page("org-teams", org=name),
            command=" && ".join(
                team.npm("access", "grant", "read-only", f"{name}:{DEVELOPERS}", package)
                for package in writes[:NAMED]
            ),
            needs="owner or admin of the npm organization, with the second factor",
            undo=f"Grant read-write to {name}:{DEVELOPERS} in the same way",
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
    Accounts that nobody uses are not missed when they are taken. In June 2026 the rights of a
    contributor who had been away for 16 months published more than 140 Mastra packages.

    ## Fix
    Ask, then remove the account from the organization. It keeps its name on what it released, and
    is added again in a minute.

    ## Limits
    The team `developers` does not count, since npm puts everybody into it. Releases are those of
    the packages that the run looked at; a release that a workflow made is nobody's. Owners are left
    to NPO102.
    """
    name, role = member.name, member.role
    if role == "owner":
        return NotApplicable("an owner, of whom there are few", {"role": role})
    unknown = member.unknown_fields()
    if "releases" not in unknown and member.releases:
        return Passed("released or approved a version lately", {"releases": True})
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
            undo=f"Invite the account again with npm org set {organization} {name} {role}",
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
    """Nobody outside the organization publishes its packages.

    ## Why
    Who is not in the organization escapes what binds its members: the enforced second factor, and
    the list that is looked through when somebody leaves. Such rights are mostly left over.

    ## Fix
    Take who still releases into the organization and into a team. Remove the others from the
    packages, by name.

    ## Limits
    Outsiders who only read private packages are not looked at.
    """
    name = writers.organization
    if not writers.outside:
        seen: Seen = {"packages": writers.packages, "outside": []}
        if not writers.packages:
            return NotApplicable("the organization has no package", seen)
        return Passed(f"{count(writers.packages, 'package')}, written by members alone", seen)
    people = sorted(writers.outside)
    rights = [(who, package) for who in people for package in writers.outside[who]]
    if not rights:
        return NotApplicable("nobody outside has a package", {"outside": []})
    return Failed(
        f"{count(len(people), 'account')} outside {name} can publish"
        f" {count(len({package for _, package in rights}), 'package')}",
        {"outside": [f"{who}: {package}" for who, package in rights[:NAMED]], "count": len(rights)},
        fix=Fix(
            f"Remove {listing([f'{who} from {package}' for who, package in rights], NAMED)}",
            page=writers.page("package-access", package=rights[0][1]),
            command=" && ".join(
                writers.npm("owner", "rm", who, package) for who, package in rights[:NAMED]
            ),
            needs="write access to the packages and the second factor",
            undo="Add the person again with npm owner add",
        ),
    )
