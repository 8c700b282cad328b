"""From where, and after which sign-in, an organization's private data can be reached.

Both are of GitHub Enterprise Cloud.

Source: GitHub's GraphQL reference ("Organization"), and its pages "Managing allowed IP addresses
for your organization" and "About IP address allow lists for GitHub Apps".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hardenme.facts.github.organization import OWNERS_VIEW
from hardenme.facts.github.people import MEMBERS_AS_OWNER, MEMBERSHIP
from hardenme.facts.github.site import OrganizationFact
from hardenme.model.fact import key

QUERY = "(query OrganizationAccess)"
PLAN = ("plan", "name")
"""Nothing is asked unless the plan is Enterprise Cloud: others have neither."""


def switched_on(told: str) -> bool:
    """Whether a setting is on.

    Raises:
        ValueError: it has another value.
    """
    if told not in {"ENABLED", "DISABLED"}:
        raise ValueError("neither on nor off")
    return told == "ENABLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSignOn(OrganizationFact):
    """Whether an organization has a SAML identity provider (subject `github:org/ORG`).

    Whether members have to use it is not shown. A refusal does not prove it: anyone who signed in
    with it once needs an authorized token, also where it is optional.

    Attributes:
        provider: it has one of its own. False says nothing about its enterprise's.
    """

    requirement = MEMBERS_AS_OWNER
    source = f"POST /graphql organization.samlIdentityProvider {QUERY}"

    gates = (*PLAN, *MEMBERSHIP, "provider")

    provider: bool = key("samlIdentityProvider", hand=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationIpAllowList(OrganizationFact):
    """The IP allow list of an organization (subject `github:org/ORG`).

    Attributes:
        enabled: it is on. An enterprise's list counts also where this one is off.
        from_apps: addresses that the owner of an installed GitHub App lists are added to it. They
            let in that app alone.
        open_to: `IPv4`, `IPv6`, or both: the active entries together allow every such address.
    """

    requirement = OWNERS_VIEW
    source = f"POST /graphql organization.ipAllowListEntries {QUERY}"

    gates = (*PLAN, "addresses")

    enabled: bool = key("ipAllowListEnabledSetting", by=switched_on)
    from_apps: bool = key("ipAllowListForInstalledAppsEnabledSetting", by=switched_on)
    open_to: tuple[Literal["IPv4", "IPv6"], ...] = key(
        "ipAllowListEntries/totalCount",
        "ipAllowListEntries/nodes/*/id",
        "ipAllowListEntries/nodes/*/allowListValue",
        "ipAllowListEntries/nodes/*/isActive",
        hand=True,
    )
