"""How much a finding about a package weighs: one step more where much depends on the package."""

from hardenme.facts.npm.package import WeeklyDownloads
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown


def weight(base: Severity, downloads: WeeklyDownloads | Unknown, limits: Limits) -> Severity:
    """The severity: one step up for a package that much depends on, where that is known."""
    if isinstance(downloads, Unknown):
        return base
    high = downloads.reaches(limits.high_impact_downloads, limits.high_impact_dependents)
    return Severity(base + 1) if high and base < Severity.CRITICAL else base
