"""Who belongs to an organization, as one list of names."""

from hardenme.facts.github.collaborators import OrganizationRoster
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.people import OrganizationMember
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Unknown


def organization_roster(
    organization: OrganizationProfile, members: Every[OrganizationMember]
) -> OrganizationRoster | Unknown:
    """The names of all members; unknown if not all of them are known."""
    logins = [field(member, "login") for member in members.facts]
    lost = first_unknown(logins)
    missing = members.missing or lost
    if missing is not None:
        return missing
    return OrganizationRoster(
        **organization.placed(organization.subject),
        logins=frozenset(login.lower() for login in logins),
    )
