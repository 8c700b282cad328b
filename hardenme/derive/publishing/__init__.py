"""Who can publish a package: every path, what closes it, and what each credential reaches."""

from hardenme.derive.publishing.criterion import listed
from hardenme.derive.publishing.future import publish_future
from hardenme.derive.publishing.paths import publish_paths
from hardenme.derive.publishing.routes import publisher_route
from hardenme.facts.npm.organization import NpmOrganization, NpmTeamGrants, NpmTeamMembers
from hardenme.facts.npm.paths import OrganizationWriters, TeamRight
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.unknown import Reason, Unknown


def organization_writers(
    organization: NpmOrganization,
    grants: Every[NpmTeamGrants] | Unknown,
    members: Every[NpmTeamMembers] | Unknown,
) -> OrganizationWriters:
    """The owners, and what each team may publish."""
    people = {item.subject: field(item, "members") for item in listed(members).facts}
    unread = listed(members).missing or Unknown(Reason.NOT_ASKED, "the members of the team")
    rights = listed(grants)
    seen = tuple(
        TeamRight(
            name=field(item, "team"),
            members=people.get(item.subject, unread),
            writes=field(item, "writes"),
        )
        for item in rights.facts
    )
    whole: tuple[TeamRight, ...] | Unknown = rights.missing or seen
    return OrganizationWriters(
        **organization.placed(),
        name=field(organization, "name"),
        owners=field(organization, "owners"),
        teams=whole,  # type: ignore[arg-type]  # a field may be unknown
        seen=seen,
    )


DERIVATIONS = (publisher_route, organization_writers, publish_paths, publish_future)
