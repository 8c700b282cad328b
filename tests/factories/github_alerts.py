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
from tests.factories.given import made

PLACE: dict[str, Any] = {"subject": REPO, "within": REPO, "label": REPO.name}


dependabot_alerts = made(RepositoryDependabotAlerts, PLACE, open=0, seen=0)
"""No critical alert."""
malware_alerts = made(RepositoryMalwareAlerts, PLACE, open=0, seen=0)
"""No alert of malware."""
secret_alerts = made(RepositorySecretAlerts, PLACE, open=0, seen=0)
"""No secret was found."""
code_scanning = made(RepositoryCodeScanning, PLACE, configured=True, offered=True)
"""The default set-up is on."""
