"""Reads what the tokens of a repository's workflows call it."""

from __future__ import annotations

from hardenme.collectors.github.declared import objects
from hardenme.facts.github.releases import OidcSubject, OrganizationOidcSubject
from hardenme.facts.github.repository import Repository

COLLECTORS = (
    objects("OIDC subject", OidcSubject, of=(Repository,)),
    objects("OIDC subject of an organization", OrganizationOidcSubject, roots=("github:org",)),
)
