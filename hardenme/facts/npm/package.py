"""Packages: what anyone can read in the full packument, and what the account may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hardenme.facts.npm import endpoints, manifest
from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.manifest import Maintainer
from hardenme.facts.npm.names import with_words
from hardenme.facts.npm.rights import OF_ORGANIZATIONS, OF_PACKAGES, RIGHTS, WRITE
from hardenme.facts.npm.site import NpmFact
from hardenme.model import fact
from hardenme.model.depth import Depth
from hardenme.model.fact import key
from hardenme.model.permission import NOTHING
from hardenme.model.values import number


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageGrant(NpmFact):
    """A package that the account or an organization holds (subject `npm:package/PACKAGE`).

    Attributes:
        writes: the account may publish it; unknown in an organization's list.
    """

    requirement = OF_ORGANIZATIONS
    roots = ("npm:user", "npm:org")
    endpoint = endpoints.PACKAGES_OF_USER
    noun = "package"
    listed_by = NpmAccount

    writes: bool = key("*", by=lambda said: bool(with_words(WRITE, RIGHTS)(said)))

    @property
    def name(self) -> str:
        """The package's name."""
        return self.subject.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Package(NpmFact):
    """A package (subject `npm:package/PACKAGE`).

    Attributes:
        name: its name.
        maintainers: who may publish it.
        addresses: their addresses; not known if someone is listed without one.
        latest: the version that `latest` points to.
    """

    requirement = NOTHING
    roots = ("npm:package",)
    endpoint = endpoints.PACKUMENT
    listed_by = PackageGrant

    name: str = key("name")
    maintainers: tuple[Maintainer, ...] = key(
        *manifest.MAINTAINERS, by=manifest.maintainers, beside=True
    )
    addresses: tuple[Maintainer, ...] = key(
        *manifest.MAINTAINERS, "maintainers/email", by=manifest.addresses, beside=True
    )
    latest: str = key("dist-tags/latest")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRepository(NpmFact):
    """The repository that a package says it is made in (subject `npm:package/PACKAGE`).

    Anyone who publishes a package writes this; nothing proves it.

    Attributes:
        named: the address as written; empty if there is none.
        repository: `owner/name` on github.com; empty for another place or none.
        directory: the folder in it; empty for its root.
    """

    requirement = NOTHING
    endpoint = endpoints.PACKUMENT
    listed_by = Package
    joins = "repository"

    named: str = key(
        "repository", by=manifest.named_repository, beside=True, optional=manifest.OF_REPOSITORY
    )
    repository: str = key(
        "repository", by=manifest.on_github, beside=True, optional=manifest.OF_REPOSITORY
    )
    directory: str = key(
        "repository", by=manifest.directory, beside=True, optional=manifest.OF_REPOSITORY
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of the registry over a release.

    Attributes:
        key: the id of the key that it says it was made with.
        value: the signature, in base64.
    """

    key: str = fact.key("keyid")
    value: str = fact.key("sig")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestRelease(NpmFact):
    """The release that `latest` points to; its keys are the manifest's.

    Attributes:
        package: the package's name.
        version: its version.
        published_at: when it was published.
        install_script: it says that it runs code when it is installed, by a script or by node-gyp.
        provenance: the registry lists a statement of where it was built; nothing proves it yet.
        publisher: the account that published it; None if a trusted publisher did.
        trusted_publisher: a workflow published it, without a token.
        approver: the account that approved it out of the staging queue; None for no one.
        integrity: the digests of its archive, as the registry writes them.
        signatures: the registry's own signatures over it; none is verified yet.
    """

    requirement = NOTHING
    endpoint = endpoints.PACKUMENT
    listed_by = Package

    package: str = key("name", hand=True)
    version: str = key("dist-tags/latest", hand=True)
    published_at: datetime = key("time/**", hand=True)
    install_script: bool = key(
        *manifest.WHOLE, by=manifest.runs_code, beside=True, optional=manifest.OF_SCRIPTS
    )
    provenance: bool = key(
        "dist/attestations", by=manifest.provenance, beside=True, optional=manifest.OF_PROVENANCE
    )
    publisher: str | None = key(
        "_npmUser",
        nullable=True,
        by=manifest.newest_publisher,
        beside=True,
        optional=manifest.OF_TRUSTED,
    )
    trusted_publisher: bool = key(
        "_npmUser", by=manifest.is_trusted, beside=True, optional=manifest.OF_TRUSTED
    )
    approver: str | None = key(
        "_npmUser", "_npmUser/approver", by=manifest.newest_approver, beside=True
    )
    integrity: str = key("dist/integrity")
    signatures: tuple[Signature, ...] = key("dist/signatures")


Status = Literal["published", "validating", "staged", "blocked", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStatus(NpmFact):
    """What npm's own scan came to for the release that `latest` points to.

    npm answers anyone who presents a token, with "not found" where that token has no access.

    Attributes:
        package: the package's name.
        version: its version.
        status: `published`, `validating`, `staged`, `blocked` or `deleted`.
    """

    requirement = OF_PACKAGES
    endpoint = endpoints.STATUS
    depth = Depth.DEEP
    listed_by = NewestRelease

    package: str = key("packageName")
    version: str = key("version")
    status: Status = key("status")


def count(said: Any) -> int:
    """A number; the registry writes it as text in some answers."""
    return int(said) if isinstance(said, str) and said.isdigit() else number(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyDownloads(NpmFact):
    """How much depends on a package, as the registry's search counts it.

    Attributes:
        package: the package's name.
        weekly: downloads in the last week.
        dependents: packages that depend on it.
    """

    requirement = NOTHING
    endpoint = endpoints.SEARCH
    listed_by = Package

    package: str = key("package/name")
    weekly: int = key("downloads/weekly")
    dependents: int = key("dependents", by=count)

    def reaches(self, weekly: int, dependents: int) -> bool:
        """Whether a count that is known is at or above its line.

        A count that is not known reaches nothing, so this may only raise a failure's weight.
        """
        unknown = self.unknown_fields()
        return ("weekly" not in unknown and self.weekly >= weekly) or (
            "dependents" not in unknown and self.dependents >= dependents
        )
