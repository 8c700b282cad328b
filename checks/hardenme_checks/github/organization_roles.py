"""Checks of organization roles, which give access to all repositories at once."""

from hardenme.facts.github.organization import OrganizationOwners
from hardenme.facts.github.organization_roles import (
    ADMINISTERS,
    CHANGES,
    NO_CHANGE,
    RoleHolders,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import count

OWNER = "organization owner"


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
    if not role.teams and {*map(str.lower, role.logins)} <= {*map(str.lower, owners.logins)}:
        return Passed("only owners hold the role", seen)
    people = "1 person" if len(role.logins) == 1 else f"{len(role.logins)} people"
    groups = count(len(role.teams), "team")
    held = " and ".join([people] * bool(role.logins) + [groups] * bool(role.teams))
    one = len(role.logins) + len(role.teams) == 1
    return Failed(
        f"{held} {'holds' if one else 'hold'} the role {role.name}, which {_what(role.gives)}",
        seen,
        severity=Severity.CRITICAL if role.gives == ADMINISTERS else None,
        fix=_fix(role),
    )


def _what(gives: str) -> str:
    """What a role gives, in words."""
    if gives == CHANGES:
        return "can change repositories or settings of the organization"
    return f"gives {gives} on every repository"


def _fix(role: RoleHolders) -> Fix:
    """How the role is removed: by a command from a single holder, else on the page."""
    org = role.within.name
    path = f"orgs/{org}/organization-roles"
    single = ""
    if not role.teams and len(role.direct) == 1 and not role.by_team:
        single = "/".join((path, "users", role.direct[0], str(role.number)))
    elif len(role.teams) == 1 and not role.above and not role.direct:
        single = "/".join((path, "teams", role.teams[0], str(role.number)))
    return Fix(
        f"Give the access that is needed in single repositories, then remove the role {role.name}"
        " from everyone but owners",
        page=role.page("org-roles", org=org),
        command=role.gh("api", "-X", "DELETE", single) if single else "",
        needs=OWNER,
        undo="Assign the role again on the same page",
    )
