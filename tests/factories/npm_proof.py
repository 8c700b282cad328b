"""Valid facts of what is proved of a release; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.npm.package import PackageRepository
from hardenme.facts.npm.provenance import VALID, VERIFIED, RegistrySignature, ReleaseProvenance
from hardenme.model.subject import Subject
from tests.factories.npm import PACKAGE, USER

REPOSITORY = "hazel/catkin"
ADDRESS = f"https://github.com/{REPOSITORY}"


def release_provenance(name: str = PACKAGE, **overrides: Any) -> ReleaseProvenance:
    """A release that was built in the package's repository."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "package": name,
        "version": "1.4.0",
        "outcome": VERIFIED,
        "why": "",
        "provider": "github",
        "address": ADDRESS,
        "repository": REPOSITORY,
        "workflow": ".github/workflows/release.yml",
        "ref": "refs/heads/main",
        "commit": "0" * 40,
    }
    return ReleaseProvenance(**given | overrides)


def registry_signature(name: str = PACKAGE, **overrides: Any) -> RegistrySignature:
    """A signature that holds."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "package": name,
        "version": "1.4.0",
        "outcome": VALID,
        "keys": ("SHA256:CANARY",),
        "expires": None,
    }
    return RegistrySignature(**given | overrides)


def package_repository(name: str = PACKAGE, **overrides: Any) -> PackageRepository:
    """The repository that the package names."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "named": f"git+{ADDRESS}.git",
        "repository": REPOSITORY,
        "directory": "",
    }
    return PackageRepository(**given | overrides)
