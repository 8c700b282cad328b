"""Checks of an organization itself: its 2FA requirement and its owners."""

from hardenme.facts.github.organization import (
    OrganizationOwners,
    OrganizationSecurity,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

OWNER = "organization owner"


@check(
    "GHO101",
    "org-two-factor-required",
    title="Organization does not require 2FA",
    severity=Severity.CRITICAL,
    since="0.1",
)
def org_two_factor_required(org: OrganizationSecurity) -> Verdict:
    """The organization requires 2FA for everyone.

    ## Why
    One member's stolen password is enough to push to all repositories of that member.

    ## Fix
    1. Find people without 2FA (GHO102, GHO104) and warn them.
    2. Choose "Require two-factor authentication for everyone". Members without 2FA lose access at
       once. Outside collaborators without 2FA are removed.
    3. Choose to allow only secure methods, on the same page.

    ## Limits
    - Text messages count as 2FA here (GHO103 checks those).
    - An identity provider's 2FA is not visible.
    """
    seen: Seen = {"two_factor_requirement_enabled": org.two_factor_required}
    if org.two_factor_required:
        return Passed("2FA is required", seen)
    return Failed(
        "2FA is not required",
        seen,
        fix=Fix(
            'Choose "Require two-factor authentication for everyone", once all members have 2FA',
            page=org.page("org-security", org=org.subject.name),
            needs=OWNER,
            undo="Untick it on the same page, and invite removed people again",
        ),
    )


@check(
    "GHO105",
    "org-owner-count",
    title="Organization has too few or too many owners",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_owner_count(owners: OrganizationOwners, limits: Limits) -> Verdict:
    """The organization has more than one owner, and not too many.

    ## Why
    A stolen owner's account can delete the organization. If the only owner loses their account, it
    is lost too.

    ## Fix
    Add a second owner whom you trust, or demote owners: security and billing managers need no owner
    role.

    ## Limits
    - Counts accounts: one person may have two.
    """
    count = len(owners.logins)
    seen: Seen = {"owners": count}
    if limits.owners_least <= count <= limits.owners_most:
        return Passed(f"{count} owners" if count > 1 else "one owner", seen)
    few = count < limits.owners_least
    step = (
        f"Add owners whom you trust until there are at least {limits.owners_least}"
        if few
        else f"Demote owners until at most {limits.owners_most} remain"
    )
    return Failed(
        ("only one owner" if count == 1 else f"{count} owners") if few else f"{count} owners",
        seen,
        fix=Fix(
            step,
            page=owners.page("org-owners", org=owners.subject.name),
            needs=OWNER,
            undo="Set the former role again on the same page",
        ),
    )
