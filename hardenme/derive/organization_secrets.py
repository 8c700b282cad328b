"""All secrets of an organization, for Actions and for Dependabot, in one list."""

from hardenme.facts.github.organization import OrganizationProfile
from hardenme.facts.github.organization_secrets import (
    ACTIONS,
    DEPENDABOT,
    OrganizationDependabotSecret,
    OrganizationSecret,
    SharedSecret,
)
from hardenme.model.fact import Every
from hardenme.model.known import field


def shared_secrets(
    organization: OrganizationProfile,
    actions: Every[OrganizationSecret],
    dependabot: Every[OrganizationDependabotSecret],
) -> Every[SharedSecret]:
    """The secrets of both lists; what is known about one counts although the other was not read."""
    kept: tuple[tuple[str, tuple[OrganizationSecret, ...]], ...] = (
        (ACTIONS, actions.facts),
        (DEPENDABOT, dependabot.facts),
    )
    found = tuple(
        SharedSecret(
            **secret.placed(organization.subject),
            name=field(secret, "name"),
            kept_for=kept_for,
            visibility=field(secret, "visibility"),
            updated_at=field(secret, "updated_at"),
        )
        for kept_for, secrets in kept
        for secret in secrets
    )
    return Every(found, actions.missing or dependabot.missing)
