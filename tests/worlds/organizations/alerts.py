"""What GitHub found: open alerts that nobody looks at, or none, with the code scanned."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import SecretAlert, VulnerabilityAlert, World


def weaken(world: World, now: datetime) -> None:
    """Alerts are on in one repository, and stay open; nothing scans the code."""
    old = now - timedelta(days=60)
    for repository in world.repositories:
        if repository.name == "briar":
            repository.vulnerability_alerts_enabled = True
            repository.security.secret_scanning = "enabled"
            repository.vulnerability_alerts += [
                VulnerabilityAlert(1, "sandglass", old, "critical"),
                VulnerabilityAlert(2, "hourglass", old, "moderate"),
                VulnerabilityAlert(3, "eggtimer", old, "critical", "fixed"),
            ]
            repository.secret_alerts.append(SecretAlert(1, old))


def harden(world: World, now: datetime) -> None:
    """What was found is dealt with, and the default set-up scans the code."""
    old = now - timedelta(days=60)
    for repository in world.repositories:
        repository.code_scanning = "configured"
        repository.vulnerability_alerts.append(
            VulnerabilityAlert(1, "sandglass", old, "critical", "fixed")
        )
        repository.secret_alerts.append(SecretAlert(1, old, state="resolved"))
