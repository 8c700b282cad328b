"""Checks of what only Enterprise Cloud has: single sign-on, IP allow lists, audit log streams."""

from hardenme.facts.github.access_policies import OrganizationIpAllowList, OrganizationSignOn
from hardenme.facts.github.organization import OrganizationPlan
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict

OWNER = "organization owner"
LESSER = NotApplicable(
    "the organization is not on GitHub Enterprise Cloud", {"enterprise_cloud": False}
)


@check(
    "GHO134",
    "org-single-sign-on-enforced",
    title="Organization does not require single sign-on",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def org_single_sign_on_enforced(
    plan: OrganizationPlan, sign_on: OrganizationSignOn | Unknown
) -> Verdict | Unknown:
    """Every member signs in with single sign-on (SAML).

    ## Why
    An identity provider ends access when someone leaves, and holds all members to the same sign-in.
    Where it is optional, members can go around it.

    ## Fix
    1. Set up the identity provider, and ask members to sign in with it once.
    2. Tick "Require SAML SSO authentication for all members": members who never did are removed.

    ## Limits
    - No API shows whether it is required: you are asked. A provider alone does not pass.
    - An answer counts for as long as the organization keeps its provider, or stays without one.
    - Applies to GitHub Enterprise Cloud only.
    """
    if not plan.enterprise_cloud:
        return LESSER
    if isinstance(sign_on, Unknown):
        return sign_on
    page = plan.page("org-security", org=plan.subject.name)
    if sign_on.provider:
        return Manual("Does the organization require SAML single sign-on of all members?", page)
    return Manual(
        "Does the enterprise require single sign-on of all members? The organization has no"
        " identity provider of its own",
        page,
    )


@check(
    "GHO135",
    "org-ip-allow-list-covers-apps",
    title="IP allow list allows every address",
    severity=Severity.LOW,
    since="0.1",
)
def org_ip_allow_list_covers_apps(
    plan: OrganizationPlan, addresses: OrganizationIpAllowList | Unknown
) -> Verdict | Unknown:
    """An IP allow list that is on leaves out addresses, for people and for apps.

    ## Why
    An active entry for all addresses turns the list off without showing that it is off. A stolen
    token then works from anywhere.

    ## Fix
    Add the networks in use first, then delete the entry that allows all addresses.

    ## Limits
    - Applies to GitHub Enterprise Cloud only, and only where the organization's own list is on.
    - Does not read the list of the enterprise.
    - Ranges count together: two halves of the internet are all of it. Smaller ones are not judged.
    - Apps are held to the list too. With `from_apps`, each also comes from its owner's addresses.
    """
    if not plan.enterprise_cloud:
        return LESSER
    if isinstance(addresses, Unknown):
        return addresses
    if not addresses.enabled:
        return NotApplicable("the organization's own IP allow list is off", {"enabled": False})
    every: list[str] = [*addresses.open_to]
    seen: Seen = {"open_to": every, "from_apps": addresses.from_apps}
    if not every:
        return Passed("the active entries of the IP allow list leave out addresses", seen)
    return Failed(
        f"the IP allow list allows every {' and every '.join(every)} address",
        seen,
        fix=Fix(
            "Add the networks in use to the IP allow list, then delete the entries that together"
            " allow all addresses",
            page=plan.page("org-security", org=plan.subject.name),
            needs=OWNER,
            undo="Add the deleted entries again on the same page",
        ),
    )


@check(
    "GHO136",
    "org-audit-log-streamed",
    title="Audit log is not streamed",
    severity=Severity.LOW,
    since="0.1",
    asks=True,
)
def org_audit_log_streamed(plan: OrganizationPlan) -> Verdict:
    """The audit log is streamed to storage outside of GitHub.

    ## Why
    GitHub keeps Git events for 7 days and other events for 180 days. After that, only a stream
    shows what an intruder did.

    ## Fix
    Set up a stream in the settings of the enterprise, and watch that events arrive.

    ## Limits
    - A stream belongs to the enterprise, and no organization shows its enterprise: you are asked.
    - Applies to GitHub Enterprise Cloud only.
    """
    if not plan.enterprise_cloud:
        return LESSER
    return Manual(
        "Is the organization's audit log streamed by its enterprise, and do events arrive?",
        page=plan.page("org-audit-log", org=plan.subject.name),
    )
