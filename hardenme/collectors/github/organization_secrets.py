"""Reads the names of an organization's secrets, for Actions and for Dependabot."""

from __future__ import annotations

from hardenme.collectors.github.declared import lists
from hardenme.collectors.price import Price
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)

SECRETS = Price(once="secrets of {owner}", endpoint=OrganizationSecret.source)
COLLECTORS = (
    lists(
        "organization secrets for Actions",
        OrganizationSecret,
        priced=(SECRETS,),
    ),
    lists(
        "organization secrets for Dependabot",
        OrganizationDependabotSecret,
    ),
)
