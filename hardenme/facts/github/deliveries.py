"""Deliveries of webhooks: what GitHub sent, to which host, and whether it arrived.

GitHub keeps three days of them. They show changes that were undone since, and what someone did to
read or to stop what a webhook sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook
from hardenme.facts.github.site import GitHubFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key


def arrived(status: int) -> bool:
    """Whether the receiver took a delivery, by its code: 0 where it gave no answer."""
    return 200 <= status < 400  # noqa: PLR2004 (HTTP's numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookDelivery(GitHubFact):
    """A delivery that shows what someone did, of a webhook of an organization or a repository.

    Attributes:
        number: GitHub's number for it.
        event: the event that it reports.
        action: what of the event happened; None where the event has one kind alone.
        delivered_at: when it was sent.
        redelivery: someone had it sent again.
        arrived: the receiver took it.
        failing: it is the first of those that did not arrive, up to the newest.
        elsewhere: the host that it went to, where that is not the webhook's; empty if it is.
    """

    noun = "webhook delivery"
    depth = Depth.DEEP

    number: int = key("id")
    event: str = key("event")
    action: str | None = key("action", nullable=True)
    delivered_at: datetime = key("delivered_at")
    redelivery: bool = key("redelivery")
    arrived: bool = key("status_code", by=arrived)
    failing: bool = key("status_code", hand=True)
    elsewhere: str = key("url", hand=True)


def _endpoint(path: str, kind: str) -> Endpoint:
    return Endpoint(path, kind, named="{scope}/{identity}", label=("event",))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationDelivery(HookDelivery):
    """A delivery of an organization's webhook (subject `github:org-delivery/ORG/HOOK/ID`)."""

    requirement = OrganizationHook.requirement
    endpoint = _endpoint("/orgs/{org}/hooks/{hook_id}/deliveries", "org-delivery")
    source = f"{endpoint.source}, {endpoint.source}/{{delivery_id}}"
    listed_by = OrganizationHook


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryDelivery(HookDelivery):
    """A delivery of a repository's webhook (subject `github:repo-delivery/OWNER/REPO/HOOK/ID`)."""

    requirement = RepositoryHook.requirement
    endpoint = _endpoint("/repos/{owner}/{repo}/hooks/{hook_id}/deliveries", "repo-delivery")
    source = f"{endpoint.source}, {endpoint.source}/{{delivery_id}}"
    listed_by = RepositoryHook
