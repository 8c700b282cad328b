"""Checks of what the account is trusted with: owner roles, and invitations."""

from hardenme.facts.github.account import (
    Membership,
    OrganizationContributions,
    PendingInvitation,
)
from hardenme.model.access_change import OWN_LAST
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
    contributions: OrganizationContributions, membership: Membership, now: Now
) -> Verdict:
    """The account owns only organizations in which it is active.

    ## Why
    An owner can delete every repository and invite anyone, so an unused owner role is one more
    account to steal.

    ## Fix
    Check that at least two other owners remain, then change your role to "Member". Do it last: you
    cannot undo it yourself.

    ## Limits
    - GitHub counts contributions only: owners who review settings or are kept for emergencies look
      inactive.
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
        return Passed(f"owner, active within the last {days}", seen)
    organization = membership.organization
    return Failed(
        f"owner without visible activity for {days}",
        seen,
        fix=Fix(
            f'Check that two other owners remain, then change your role to "Member". {OWN_LAST}',
            page=membership.page("org-people", org=organization),
            needs="organization owner",
            undo='Ask another owner to set the role back to "Owner"',
        ),
    )


@check(
    "GHA112",
    "invitation-answered",
    title="Invitation to this account has been pending too long",
    severity=Severity.LOW,
    since="0.1",
    asks=True,
)
def invitation_answered(invitation: PendingInvitation, now: Now, limits: Limits) -> Verdict:
    """The invitation was accepted or declined in time.

    ## Why
    Anyone who gets into your account can accept a pending invitation, even years later.

    ## Fix
    Accept the invitation, or decline it if you do not know the sender.

    ## Limits
    - GitHub does not date invitations to an organization: you are asked.
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
            " days. GitHub does not show its date",
            page,
        )
    age = now.days_since(invitation.created_at)
    seen: Seen = {"created_at": invitation.created_at.isoformat()}
    days = count(age, "day")
    if age <= limits.invitation_days:
        return Passed(f"pending for {days}", seen)
    return Failed(
        f"pending for {days}",
        seen,
        fix=Fix(
            "Accept or decline the invitation",
            page=page,
            needs="the account's owner",
            undo="Leave again if you accepted; ask for a new invitation if you declined",
        ),
    )
