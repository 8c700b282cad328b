"""Checks of organization roles, which give access to all repositories at once."""

from hardenme.facts.github.organization import OrganizationOwners
from hardenme.facts.github.organization_roles import (
    ADMINISTERS,
    CHANGES,
    NO_CHANGE,
    RoleHolders,
)
from hardenme.model.check import check
from hardenme.model.commands import lines
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import count, listing

OWNER = "organization owner"
NAMED = 20
"""Holders are named up to this number, and counted beyond it."""


@check(
    "GHO133",
    "org-role-minimal",
    title="Organization role gives write access to all repositories",
    severity=Severity.HIGH,
    since="0.1",
)
def org_role_minimal(role: RoleHolders, owners: OrganizationOwners) -> Verdict:
    """Only owners hold an organization role that can change repositories or settings.

    ## Why
    An organization role applies to every repository, also to new ones. No repository lists it among
    its collaborators and teams.

    ## Fix
    1. Give people and teams the access that they need, in the repositories where they need it.
    2. Remove the role from them under "Role assignments".

    ## Limits
    - Critical for a role that administers all repositories.
    - Includes CI/CD admins and app managers, whose roles reach secrets, runners and apps.
    - A custom role counts if its base role is write or higher.
    - It also counts if a permission of it changes more than issues and pull requests.
    - If GitHub does not show the roles, you are asked once for the organization.
    """
    seen: Seen = {
        "users": list(role.logins),
        "teams": list(role.teams),
        "owners": list(owners.logins),
    }
    if not role.logins and not role.teams:
        # Who holds a role that changes nothing is not asked.
        if role.gives == NO_CHANGE:
            return Passed("the role gives no write access", {"gives": "no changes"})
        return Passed("no one holds the role", seen)
    seen["gives"] = role.gives
    owning = {*map(str.lower, owners.logins)}
    if not role.teams and {*map(str.lower, role.logins)} <= owning:
        return Passed("only owners hold the role", seen)
    people = "1 person" if len(role.logins) == 1 else f"{len(role.logins)} people"
    groups = count(len(role.teams), "team")
    held = " and ".join([people] * bool(role.logins) + [groups] * bool(role.teams))
    who = [listing([*role.direct], NAMED)] * bool(role.direct)
    who += [f"through a team {listing([*role.by_team], NAMED)}"] * bool(role.by_team)
    who += [
        f"{'team' if len(role.teams) == 1 else 'teams'} {listing([*role.teams], NAMED)}"
    ] * bool(role.teams)
    one = len(role.logins) + len(role.teams) == 1
    return Failed(
        f"{held} {'holds' if one else 'hold'} the role {role.name}, which {_what(role.gives)}:"
        f" {'; '.join(who)}",
        seen,
        severity=Severity.CRITICAL if role.gives == ADMINISTERS else None,
        fix=_fix(role, [one for one in role.direct if one.lower() not in owning]),
    )


def _what(gives: str) -> str:
    """What a role gives, in words."""
    if gives == CHANGES:
        return "can change repositories or settings of the organization"
    return f"gives {gives} on every repository"


def _fix(role: RoleHolders, others: list[str]) -> Fix:
    """How the role is removed from each who was given it, except owners.

    Args:
        others: those of them that do not own the organization.
    """
    org = role.within.name
    path = f"orgs/{org}/organization-roles"
    teams = [one for one in role.teams if one not in role.above]
    removed = [("users", one) for one in others] + [("teams", one) for one in teams]
    named = listing([*others, *(f"the team {one}" for one in teams)], NAMED)
    step = (
        f"Give the access that is needed in single repositories, then remove the role {role.name}"
        f" from {named or 'everyone but owners'}"
    )
    if role.above:
        step += (
            f". An owner of the enterprise removes it from {listing([*role.above], NAMED)}: that is"
            " the enterprise's"
        )
    return Fix(
        step,
        page=role.page("org-roles", org=org),
        command=lines(
            role.gh("api", "-X", "DELETE", f"{path}/{kind}/{name}/{role.number}")
            for kind, name in removed
        ),
        needs=OWNER,
        undo="Assign the role to them again on the same page",
    )
