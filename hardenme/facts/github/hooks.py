"""Webhooks of organizations and of repositories: of an address, only the host is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from hardenme.facts.github.repository import RepositoryFact
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import any_of, classic, fine_grained, role

SSL = {"0": True, "1": False}
"""What `insecure_ssl` says of the check of certificates; GitHub writes it as text or as a number.
"""


def parted(address: str) -> tuple[str, str]:
    """The scheme and the host of an address of the web.

    Raises:
        ValueError: it is none.
    """
    address.encode()
    parts = urlsplit(address)
    scheme, host = parts.scheme.lower(), parts.hostname or ""
    if scheme not in {"http", "https"} or not host:
        raise ValueError("not a web address")
    return scheme, host


def verifies(value: str | int) -> bool:
    """Whether GitHub checks the receiver's certificate.

    Raises:
        ValueError: the value is none that GitHub documents.
    """
    if isinstance(value, bool) or str(value) not in SSL:
        raise ValueError("not shown")
    return SSL[str(value)]


def has_secret(config: Mapping[str, Any]) -> bool:
    """Whether there is a secret: GitHub shows asterisks for one, and no key where there is none.

    That it is left out counts only in a configuration that is shown: one that holds its address.

    Raises:
        KeyError: it is left out of a configuration that is not shown.
        ValueError: it is neither asterisks nor empty.
    """
    url = config.get("url")
    if "secret" not in config and isinstance(url, str) and url:
        return False
    value = config["secret"]
    if not isinstance(value, str) or set(value) - {"*"}:
        raise ValueError("not shown")
    return bool(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(GitHubFact):
    """A webhook, of an organization or of a repository.

    Attributes:
        number: GitHub's number for it.
        scheme: `https` or `http`.
        host: the host of its address; the rest of the address is not kept.
        verifies: GitHub checks the receiver's certificate.
        has_secret: what is sent is signed with a secret.
        active: it is sent events at all.
        events: which; `*` is all.
        created_at: when it was added.
        updated_at: when it was last changed.
    """

    noun = "webhook"

    number: int = key("id")
    scheme: str = key("config/url", by=lambda address: parted(address)[0])
    host: str = key("config/url", by=lambda address: parted(address)[1])
    verifies: bool = key("config/insecure_ssl", by=verifies)
    has_secret: bool = key("config/secret", by=has_secret, beside=True)
    active: bool = key("active")
    events: tuple[str, ...] = key("events")
    created_at: datetime = key("created_at")
    updated_at: datetime = key("updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationHook(Webhook, OrganizationFact):
    """A webhook of an organization (subject `github:org-hook/ORG/ID`)."""

    requirement = any_of(
        {classic("admin:org_hook"), role("organization owner")},
        {fine_grained("organization_hooks:read"), role("organization owner")},
    )
    endpoint = Endpoint(
        "/orgs/{org}/hooks", "org-hook", named="{scope}/{identity}", label=("host",)
    )
    noun = "webhook of the organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryHook(Webhook, RepositoryFact):
    """A webhook of a repository (subject `github:repo-hook/OWNER/REPO/ID`)."""

    requirement = any_of(
        {classic("read:repo_hook"), role("repository admin")},
        {classic("repo"), role("repository admin")},
        {fine_grained("repository_hooks:read"), role("repository admin")},
    )
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/hooks", "repo-hook", named="{scope}/{identity}", label=("host",)
    )
    noun = "webhook of the repository"
    depth = Depth.STANDARD
