"""Checks of what the account is trusted with: owner roles, and invitations."""

from hardenme.facts.github.account import (
    Account,
    Membership,
    OrganizationContributions,
    PendingInvitation,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count


@check(
    "GHA111",
    "owner-role-used",
    title="Organization owner role is unused",
    severity=Severity.MEDIUM,
    since="0.1",
)
def owner_role_used(
    contributions: OrganizationContributions, membership: Membership, account: Account, now: Now
) -> Verdict:
    """The account is an owner only of organizations in which it is active.

    ## Why
    An owner can delete every repository and let anybody in. A role that you do not use is one more
    account from which all of that can be done; one organization was deleted as a whole by an owner
    who only contributed now and then.

    ## Fix
    Ask to be made a member; another owner, or you yourself, changes the role. See first that at
    least two owners remain.

    ## Limits
    What GitHub counts as contributions is a lower bound: who only reviews settings, answers
    discussions or keeps the role for emergencies looks idle.
    """
    if membership.state != "active":
        return NotApplicable("the membership is not active", {"state": membership.state})
    if membership.role != "admin":
        return NotApplicable("not an owner of the organization", {"role": membership.role})
    seen: Seen = {
        "role": "admin",
        "hasAnyContributions": contributions.any,
        "startedAt": contributions.since.isoformat(),
    }
    days = count(now.days_since(contributions.since), "day")
    if contributions.any:
        return Passed(f"an owner who was active within {days}", seen)
    organization = membership.organization
    return Failed(
        f"an owner in whose name no activity is seen for {days}",
        seen,
        fix=Fix(
            "Change your role to Member, once two other owners remain",
            page=membership.page("org-people", org=organization),
            command=membership.gh(
                "api",
                "-X",
                "PUT",
                f"orgs/{organization}/memberships/{account.login}",
                "-f",
                "role=member",
            ),
            needs="organization owner; the command needs the scope admin:org",
            undo="Another owner sets the role back to Owner",
        ),
    )


@check(
    "GHA112",
    "invitation-answered",
    title="Invitation to this account has been pending too long",
    severity=Severity.LOW,
    since="0.1",
)
def invitation_answered(invitation: PendingInvitation, now: Now, limits: Limits) -> Verdict:
    """The invitation is answered soon after it came.

    ## Why
    An open invitation can be accepted by whoever gets into your account, also years later, and
    brings rights that nobody remembers having offered.

    ## Fix
    Accept it, or decline it where you do not know who asked. Accepting can be undone by leaving.

    ## Limits
    GitHub tells no date of an invitation to an organization: it becomes a question to you.
    """
    organization = invitation.to == "organization"
    page = (
        invitation.page("org-invitation", org=invitation.name)
        if organization
        else invitation.page("repo-invitation", repo=invitation.name)
    )
    if invitation.created_at is None:
        return Manual(
            f"Do you want this invitation? Answer it if it is older than {limits.invitation_days}"
            " days; GitHub does not tell",
            page,
        )
    age = now.days_since(invitation.created_at)
    seen: Seen = {"created_at": invitation.created_at.isoformat()}
    days = count(age, "day")
    if age <= limits.invitation_days:
        return Passed(f"waiting for {days}", seen)
    return Failed(
        f"waiting for {days}",
        seen,
        fix=Fix(
            "Accept or decline the invitation",
            page=page,
            needs="the account's owner",
            undo="Leave again, or ask for a new invitation",
        ),
    )


CHECKS = (owner_role_used, invitation_answered)
