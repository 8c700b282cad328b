"""What publish paths say where releases look unusual: no path is called intended without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardenme.model.finding import Finding
from hardenme.model.glance import weight
from hardenme.model.publishing import PackagePaths, Publishing
from hardenme.model.severity import Severity

RELEASES = ("REL", "NPP112")
"""How the checks begin of releases, and of versions that wait for approval."""
FAINTEST = Severity.MEDIUM
"""From which severity on a sign counts."""
LOOK = "releases of this package show signs of an attack: look at these first"


def with_attention(publishing: Publishing | None, findings: Iterable[Finding]) -> Publishing | None:
    """The paths, of which the intended ones say so where a release of their package is suspicious.

    Args:
        publishing: who can publish; None where no package was looked at.
        findings: all of the run.
    """
    if publishing is None:
        return None
    suspicious = {
        finding.within.name
        for finding in findings
        if finding.code.startswith(RELEASES) and finding.fails and weight(finding) >= FAINTEST
    }
    packages = tuple(
        _warned(package) if package.package in suspicious else package
        for package in publishing.packages
    )
    return replace(publishing, packages=packages)


def _warned(package: PackagePaths) -> PackagePaths:
    paths = tuple(
        replace(path, reason=f"{path.reason}; {LOOK}") if path.intended else path
        for path in package.paths
    )
    return replace(package, paths=paths)
