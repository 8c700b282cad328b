"""All offers that wait for the account's answer, in one list."""

from hardenme.facts.github.account import (
    Account,
    Membership,
    PendingInvitation,
    RepositoryInvitation,
)
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.unknown import Unknown


def pending_invitations(
    account: Account,
    invitations: Every[RepositoryInvitation],
    memberships: Every[Membership],
) -> Every[PendingInvitation]:
    """The offers of repositories, and the memberships in organizations that are pending.

    What is known about one list counts although the other was not read: the result then says why it
    is incomplete. It is complete if both lists are and every membership has a state.
    """
    found = [
        PendingInvitation(
            **item.placed(account.subject),
            to="repository",
            name=field(item, "repository"),
            created_at=field(item, "created_at"),
        )
        for item in invitations.facts
    ]
    missing = invitations.missing or memberships.missing
    for item in memberships.facts:
        state = field(item, "state")
        if isinstance(state, Unknown):
            missing = missing or state
        elif state == "pending":
            found.append(
                PendingInvitation(
                    **item.placed(account.subject),
                    to="organization",
                    name=field(item, "organization"),
                    # GitHub shows the date of such an invitation to the organization's owners only.
                    created_at=None,
                )
            )
    return Every(tuple(found), missing)
