"""Checks of an organization itself: its second factor and its owners."""

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
    """The organization demands a second factor of everybody in it.

    ## Why
    One member's stolen password is enough to push to whatever that member may push to. What is not
    demanded is forgotten by somebody.

    ## Fix
    Tell people a week ahead, and look who has none (GHO102, GHO104). As soon as it is required,
    members without a second factor are kept out until they set one up, and outside collaborators
    without one are removed. On the same page secure methods alone can be demanded.

    ## Limits
    Text messages count as a second factor here; GHO103 looks at those. Where single sign-on is
    required, the identity provider's own second factor does not show.
    """
    seen: Seen = {"two_factor_requirement_enabled": org.two_factor_required}
    if org.two_factor_required:
        return Passed("two-factor authentication is required", seen)
    return Failed(
        "two-factor authentication is not required",
        seen,
        fix=Fix(
            "Require two-factor authentication for everyone, once nobody is left without it",
            page=org.page("org-security", org=org.subject.name),
            needs=OWNER,
            undo="Untick it on the same page; who was removed has to be invited again",
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
    """The organization has more than one owner, and few.

    ## Why
    An owner can delete the organization and everything in it, and so can whoever takes over an
    owner's account. With one owner alone, a lost account is a lost organization.

    ## Fix
    Make somebody whom you trust a second owner, or make members of those who do not need the role
    every day: for security work and billing there are roles of their own.

    ## Limits
    Whether the owners are different people does not show: one person may have two accounts.
    """
    count = len(owners.logins)
    seen: Seen = {"owners": count}
    if limits.owners_least <= count <= limits.owners_most:
        return Passed(f"{count} owners" if count > 1 else "one owner", seen)
    few = count < limits.owners_least
    role, step = (
        ("admin", f"Make a trusted member an owner: {limits.owners_least} at the least")
        if few
        else ("member", f"Make members of owners until {limits.owners_most} are left at the most")
    )
    path = f"orgs/{owners.subject.name}/memberships/USER"
    return Failed(
        ("one owner alone" if count == 1 else f"{count} owners") if few else f"{count} owners",
        seen,
        fix=Fix(
            step,
            page=owners.page("org-owners", org=owners.subject.name),
            command=owners.gh("api", "-X", "PUT", path, "-f", f"role={role}"),
            needs=OWNER,
            undo="Give the account its former role again on the same page",
        ),
    )


CHECKS = (org_two_factor_required, org_owner_count)
