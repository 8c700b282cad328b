"""Facts about a repository's alerts with everything in order."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.alerts import (
    RepositoryCodeScanning,
    RepositoryDependabotAlerts,
    RepositoryMalwareAlerts,
    RepositorySecretAlerts,
)
from tests.factories.github import REPO

PLACE: dict[str, Any] = {"subject": REPO, "within": REPO, "label": REPO.name}


def dependabot_alerts(**overrides: Any) -> RepositoryDependabotAlerts:
    """No critical alert."""
    return RepositoryDependabotAlerts(**PLACE | {"open": 0, "seen": 0} | overrides)


def malware_alerts(**overrides: Any) -> RepositoryMalwareAlerts:
    """No alert of malware."""
    return RepositoryMalwareAlerts(**PLACE | {"open": 0, "seen": 0} | overrides)


def secret_alerts(**overrides: Any) -> RepositorySecretAlerts:
    """No secret was found."""
    return RepositorySecretAlerts(**PLACE | {"open": 0, "seen": 0} | overrides)


def code_scanning(**overrides: Any) -> RepositoryCodeScanning:
    """The default set-up is on."""
    return RepositoryCodeScanning(**PLACE | {"configured": True, "offered": True} | overrides)
