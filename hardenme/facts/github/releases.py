"""Whether releases are immutable, and the OIDC subject of workflows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardenme.facts.github import endpoints
from hardenme.facts.github.environments import ACTIONS
from hardenme.facts.github.organization import CONFIGURATIONS
from hardenme.facts.github.repository import ADMINISTRATION, RepositoryFact
from hardenme.facts.github.site import OrganizationFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key
from hardenme.model.values import listed, text

NUMBERED = re.compile(r"repo:[^/@:]+@\d+/[^/@:]+@\d+")
"""The beginning of a subject that has the numbers of the owner and of the repository."""


def _claims(told: Mapping[str, Any]) -> tuple[str, ...]:
    """What a repository's own template is made of; none if it has no such template."""
    if told.get("use_default") is True:
        return ()
    return tuple(map(text, listed(told["include_claim_keys"])))


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryImmutableReleases(RepositoryFact):
    """Whether a repository's own setting makes published releases immutable.

    GitHub answers with the same 404 where the setting is off and where it is not shown. It is taken
    for "off" only where another request that takes the same right was answered.

    Attributes:
        enabled: new releases cannot be changed.
    """

    requirement = ADMINISTRATION
    source = f"{endpoints.IMMUTABLE_RELEASES.source}, or {endpoints.ACTIONS.source}"
    depth = Depth.DEEP
    gates = ("enforced_repositories",)

    enabled: bool = key("enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmutableReleases(RepositoryFact):
    """Whether published releases and their tags are immutable, by any setting.

    Attributes:
        enabled: new releases cannot be changed.
        by_organization: the organization's setting decides it, for all of its repositories.
    """

    requirement = ADMINISTRATION
    source = "derived from OrganizationImmutableReleases and RepositoryImmutableReleases"

    enabled: bool = key("enabled", "enforced_repositories")
    by_organization: bool = key("enforced_repositories")


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSubject(RepositoryFact):
    """The OIDC subject of a repository's workflows.

    Attributes:
        immutable: its own setting names it by numbers that no one else ever gets.
        numbered: the subject begins with such numbers, by whosever setting.
        default: GitHub's template is used, or the organization's; not one of its own.
        claims: what its own template is made of; none if it has no such template.
    """

    requirement = ACTIONS
    endpoint = Endpoint("/repos/{owner}/{repo}/actions/oidc/customization/sub")
    depth = Depth.DEEP

    immutable: bool = key("use_immutable_subject")
    numbered: bool = key(
        "sub_claim_prefix", by=lambda prefix: NUMBERED.fullmatch(text(prefix)) is not None
    )
    default: bool = key("use_default")
    claims: tuple[str, ...] = key("include_claim_keys", "use_default", by=_claims, beside=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationOidcSubject(OrganizationFact):
    """The OIDC subject of repositories without their own value (subject an org).

    Attributes:
        immutable: it is named by numbers that no one else ever gets.
    """

    requirement = CONFIGURATIONS
    endpoint = Endpoint("/orgs/{org}/actions/oidc/customization/sub")
    depth = Depth.DEEP

    immutable: bool = key("use_immutable_subject")
