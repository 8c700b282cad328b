"""Whether a repository has a security policy and Dependabot alerts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.declared import read
from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.refusal import wanted
from hardenme.facts.github.repository import (
    RepositorySecurityPolicy,
    RepositoryVulnerabilityAlerts,
)
from hardenme.model.fact import Answer
from hardenme.model.unknown import Reason, Unknown


def _policy(node: RepositoryNode) -> Iterator[Answer[Any]]:
    fact = RepositorySecurityPolicy(**node.place, **read(RepositorySecurityPolicy, node.item))
    yield Answer(RepositorySecurityPolicy, node.subject, (fact,), node.atoms)


def _alerts(node: RepositoryNode) -> Iterator[Answer[Any]]:
    enabled = read(RepositoryVulnerabilityAlerts, node.item)["enabled"]
    if enabled is not True and not node.admin:
        # To others than administrators GitHub may say "off" of what they must not see.
        enabled = Unknown(
            Reason.NOT_PERMITTED,
            wanted(RepositoryVulnerabilityAlerts.requirement, node.github.kind),
            evidence=node.atoms,
        )
    fact = RepositoryVulnerabilityAlerts(**node.place, enabled=enabled)
    yield Answer(RepositoryVulnerabilityAlerts, node.subject, (fact,), node.atoms)


PARTS = (
    QueryPart(
        name="SecurityPolicy",
        gives=(RepositorySecurityPolicy,),
        fields="isSecurityPolicyEnabled",
        keys=("isSecurityPolicyEnabled",),
        read=each(_policy),
    ),
    QueryPart(
        name="VulnerabilityAlerts",
        gives=(RepositoryVulnerabilityAlerts,),
        fields="hasVulnerabilityAlertsEnabled",
        keys=("hasVulnerabilityAlertsEnabled",),
        read=each(_alerts),
    ),
)
