"""Reads the names of an organization's secrets, for Actions and for Dependabot."""

from __future__ import annotations

from hardenme.collectors.github.declared import lists
from hardenme.collectors.price import Price
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)

COLLECTORS = (
    lists(
        "organization secrets for Actions",
        OrganizationSecret,
        priced=(Price(once="/orgs/{owner}/actions/secrets"),),
    ),
    lists(
        "organization secrets for Dependabot",
        OrganizationDependabotSecret,
    ),
)
