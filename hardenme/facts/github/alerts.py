"""What GitHub found in a repository: vulnerable dependencies, secrets, and flaws in its code.

An organization's lists leave out repositories that the token cannot see, and do not say so. So
"none was found" counts only together with a setting of the repository that such a token is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.repository import ADMINISTRATION, RepositoryFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, graphql, key
from hardenme.model.permission import any_of, classic, fine_grained, role

ADMIN = role("repository admin")
DEPENDABOT = any_of(
    {classic("security_events"), ADMIN}, {fine_grained("vulnerability_alerts:read"), ADMIN}
)
SEVERITIES = {"LOW": "low", "MODERATE": "medium", "HIGH": "high", "CRITICAL": "critical"}
State = Literal["open", "fixed", "dismissed", "auto_dismissed"]
SET_UP = {"configured": True, "not-configured": False}


@dataclass(frozen=True, slots=True)
class VulnerabilityAlert:
    """A Dependabot alert about a vulnerability."""

    state: State = key("state")
    severity: Literal["low", "medium", "high", "critical"] = key(
        "security_vulnerability/severity",
        graph=graphql("securityVulnerability/severity", by=SEVERITIES.__getitem__),
    )


@dataclass(frozen=True, slots=True)
class MalwareAlert:
    """A Dependabot alert, about malware or not."""

    state: State = key("state")
    about: Literal["general", "malware"] = key("security_advisory/classification")


@dataclass(frozen=True, slots=True)
class SecretAlert:
    """A secret scanning alert."""

    state: Literal["open", "resolved"] = key("state")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryDependabotAlerts(RepositoryFact):
    """The open critical Dependabot alerts.

    Attributes:
        open: how many there are.
        seen: how many of them were seen; fewer, where not all could be looked at.
    """

    requirement = DEPENDABOT
    source = (
        f"POST /graphql repository.vulnerabilityAlerts,"
        f" {endpoints.ORGANIZATION_DEPENDABOT.source}, {endpoints.DEPENDABOT.source}"
    )

    gates = (
        *("viewerCanAdminister", "vulnerabilityAlerts/nodes/securityVulnerability"),
        "repository",
    )

    open: int = key("totalCount", "severity", "state", "full_name", "security_vulnerability")
    seen: int = key("severity", "state", "full_name", "security_vulnerability")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryMalwareAlerts(RepositoryFact):
    """The open Dependabot malware alerts.

    Attributes:
        open: how many there are.
        seen: how many of them were seen; fewer, where not all could be looked at.
    """

    requirement = DEPENDABOT
    source = f"{endpoints.ORGANIZATION_DEPENDABOT.source}, {endpoints.DEPENDABOT.source}"

    open: int = key("state", "full_name", "security_advisory/classification")
    seen: int = key("state", "full_name", "security_advisory/classification")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositorySecretAlerts(RepositoryFact):
    """The open secret scanning alerts; never the secrets themselves.

    Attributes:
        open: how many there are.
        seen: how many of them were seen; fewer, where not all could be looked at.
    """

    requirement = any_of(
        {classic("security_events"), ADMIN}, {fine_grained("secret_scanning_alerts:read"), ADMIN}
    )
    source = f"{endpoints.ORGANIZATION_SCANNING.source}, {endpoints.SCANNING.source}"

    gates = ("repository",)

    open: int = key("state", "full_name")
    seen: int = key("state", "full_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryCodeScanning(RepositoryFact):
    """The default setup of code scanning.

    Attributes:
        configured: it is on.
        offered: the plan has code scanning for this repository.
    """

    requirement = ADMINISTRATION
    endpoint = Endpoint("/repos/{owner}/{repo}/code-scanning/default-setup")
    depth = Depth.DEEP

    configured: bool = key("state", by=SET_UP.__getitem__)
    offered: bool = key("message", "state")
