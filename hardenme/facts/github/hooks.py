"""Webhooks of organizations and of repositories: of an address, only the host is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact, key
from hardenme.model.permission import Requirement, any_of, classic, fine_grained, role


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(GitHubFact):
    """What there is to tell of a webhook, whoever owns it.

    Attributes:
        number: GitHub's number for it.
        scheme: `https` or `http`.
        host: the host of its address; the rest of the address is not kept.
        verifies: GitHub checks the receiver's certificate.
        has_secret: what is sent is signed with a secret.
        updated_at: when it was last changed.
    """

    noun: ClassVar[str] = "webhook"

    number: int = key("id")
    scheme: str = key("config", "url")
    host: str = key("config", "url")
    verifies: bool = key("config", "insecure_ssl")
    has_secret: bool = key("config", "secret")
    updated_at: datetime = key("updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationHook(Webhook):
    """A webhook of an organization (subject `github:org-hook/ORG/ID`)."""

    requirement: ClassVar[Requirement] = any_of(
        {classic("admin:org_hook"), role("organization owner")},
        {fine_grained("organization_hooks:read"), role("organization owner")},
    )
    source: ClassVar[str] = "GET /orgs/{org}/hooks"
    noun: ClassVar[str] = "webhook of the organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryHook(Webhook):
    """A webhook of a repository (subject `github:repo-hook/OWNER/NAME/ID`)."""

    requirement: ClassVar[Requirement] = any_of(
        {classic("read:repo_hook"), role("repository admin")},
        {classic("repo"), role("repository admin")},
        {fine_grained("repository_hooks:read"), role("repository admin")},
    )
    source: ClassVar[str] = "GET /repos/{owner}/{repo}/hooks"
    listed_by: ClassVar[type[Fact] | None] = Repository
    noun: ClassVar[str] = "webhook of the repository"
    depth: ClassVar[Depth] = Depth.STANDARD
