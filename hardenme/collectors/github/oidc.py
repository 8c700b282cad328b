"""Reads what the tokens of a repository's workflows call it."""

from __future__ import annotations

from hardenme.collectors.github.declared import of_scope
from hardenme.facts.github.releases import OidcSubject, OrganizationOidcSubject

COLLECTORS = (
    of_scope("OIDC subject", OidcSubject),
    of_scope("OIDC subject of an organization", OrganizationOidcSubject),
)
