"""Checks of a repository's admins, outside collaborators and pending invitations."""

from dataclasses import replace

from hardenme.facts.github.collaborators import (
    AllAdministrators,
    CollaboratorInvitation,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.repository_roles import OutsideRole
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.compensation import until_then
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import TRANSFER, count

ADMIN = "repository admin"
PEOPLE = {1: "1 admin"}
POWERFUL = frozenset({"admin", "maintain"})


def _administer(number: int) -> str:
    return PEOPLE.get(number, f"{number} admins")


def _named(logins: frozenset[str]) -> Seen:
    return {"by_organization_role": sorted(logins)} if logins else {}


@check(
    "GHR112",
    "repo-admin-count",
    title="Repository has too few or too many admins",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_admin_count(
    admins: AllAdministrators,
    repository: Repository,
    limits: Limits,
) -> Verdict:
    """The repository has more than one admin, and not too many.

    ## Why
    Each admin is an account that can turn off every rule. If the only admin loses their account, no
    one can manage the repository.

    ## Fix
    Change most people to "Write" or "Maintain", or add a second admin whom you trust. A personal
    repository has one admin: transfer it to an organization.

    ## Limits
    - Counts people by any path: directly, team, owner role or base permission. Does not count apps.
    - Holders of an organization role count if the run reads them. Otherwise GHO133 is unknown.
    - Does not apply to archived repositories.
    - For a single maintainer (profile solo) it is information.
    """
    if repository.archived:
        return NotApplicable("archived: no one can push", {"isArchived": True})
    page = admins.page("repo-access", repo=full_name(admins))
    more = frozenset() if "by_role" in admins.unknown_fields() else admins.by_role
    least = admins.least
    if least > limits.repository_admins_most:
        return Failed(
            f"at least {least} admins",
            {"administrators": least} | _named(more),
            fix=Fix(
                'Change people who need not change settings to the role "Write" or "Maintain"',
                page=page,
                needs=ADMIN,
                undo='Choose the role "Admin" again on the same page',
            ),
        )
    number = admins.count
    seen: Seen = {"administrators": number} | _named(admins.by_role)
    if limits.repository_admins_least <= number:
        return Passed(_administer(number), seen)
    if repository.in_organization:
        fix = Fix(
            'Choose the role "Admin" for a second person whom you trust',
            page=page,
            needs=ADMIN,
            undo="Choose the former role again on the same page",
        )
    else:
        fix = Fix(
            TRANSFER,
            page=admins.page("repo-settings", repo=full_name(admins)),
            needs="the repository's owner",
            undo="Transfer it back",
        )
    alone = limits.solo and number == 1
    if alone:
        fix = replace(fix, step=f"{fix.step}{until_then('GHR112')}")
    return Failed(_administer(number), seen, fix=fix, severity=Severity.INFO if alone else None)


@check(
    "GHR113",
    "repo-outside-collaborator-minimal",
    title="Outside collaborator has the admin or maintain role",
    severity=Severity.HIGH,
    since="0.1",
)
def repo_outside_collaborator_minimal(person: OutsideRole) -> Verdict:
    """The outside collaborator has neither the admin nor the maintain role.

    ## Why
    With these roles an outside account can change settings and access, and no one notices when its
    owner leaves.

    ## Fix
    Change the role to the one that the work needs, usually "Write" or "Triage". Invite people who
    manage the repository as members.

    ## Limits
    - A custom role counts as the role it is based on. One that gives more makes the result unknown:
      GitHub does not show who has it.
    - Custom roles count if the run looks at the organization. Otherwise GHO123 is unknown.
    - Does not apply to personal repositories.
    """
    seen: Seen = {"permission": person.permission}
    if person.permission not in POWERFUL:
        return Passed(f"outside collaborator with the role {person.permission}", seen)
    name, login = full_name(person), person.login
    path = f"repos/{name}/collaborators/{login}"
    return Failed(
        f"outside collaborator with the role {person.permission}",
        seen,
        fix=Fix(
            'Choose the role "Write" or a lower one, or remove the person',
            page=person.page("repo-access", repo=name),
            command=person.gh("api", "-X", "PUT", path, "-f", "permission=push"),
            needs=ADMIN,
            undo=f"Choose the role {person.permission} again on the same page",
        ),
    )


@check(
    "GHR114",
    "repo-invitation-recent",
    title="Repository invitation has been pending too long",
    severity=Severity.LOW,
    since="0.1",
)
def repo_invitation_recent(offer: CollaboratorInvitation, now: Now, limits: Limits) -> Verdict:
    """No invitation to the repository has been pending for long.

    ## Why
    Anyone who gets the invited account can accept a forgotten invitation.

    ## Fix
    Ask the person, or cancel the invitation.

    ## Limits
    - GitHub may still list an expired invitation. Cancel it too.
    """
    age = now.days_since(offer.created_at)
    seen: Seen = {"created_at": offer.created_at.isoformat(), "permissions": offer.permissions}
    sent = f"sent {count(age, 'day')} ago, with the role {offer.permissions}"
    if age <= limits.invitation_days:
        return Passed(sent, seen)
    return Failed(
        f"pending: {sent}",
        seen,
        fix=Fix(
            "Cancel the invitation, unless the person is about to accept",
            page=offer.page("repo-access", repo=full_name(offer)),
            command=offer.deletes(),
            needs=ADMIN,
            undo="Invite the person again",
        ),
    )
