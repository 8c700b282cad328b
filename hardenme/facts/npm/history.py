"""All releases of a package, as the full packument shows them to anyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hardenme.facts.npm import endpoints, manifest
from hardenme.facts.npm.manifest import Maintainer
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import key
from hardenme.model.known import Known
from hardenme.model.permission import NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRelease(Known):
    """One release, by its manifest. A field that this does not hold is unknown.

    Attributes:
        version: its version.
        published_at: when it was published.
        publisher: the account that published it; the provider's name for a trusted publisher.
        publisher_email: the address that the release gives for them.
        trusted_publisher: the id of the trusted publisher that released it, or its provider where
            the packument has no id; empty for none.
        approver: the account that approved it out of the staging queue; empty for none.
        provenance: the registry holds a statement of where it was built.
        scripts: the scripts that run at installation, by name, including npm's own for node-gyp.
            The text is empty if the manifest only says that there is one.
        dependencies: what comes with it, by name: optional and peer dependencies included.
        maintainers: who could publish at the time, with their addresses at the time.
        files: how many files it holds.
        size: unpacked, in bytes.
        commit: the commit that it says it was made from; empty for none.
        repository: the repository that it says it is made in, as `owner/name` on github.com; empty
            for another place or none.
        deprecated: it is marked as not to be used.
        shasum: the SHA-1 of its archive, as the registry writes it.
    """

    version: str
    published_at: datetime
    publisher: str = key("_npmUser", "_npmUser/name", by=manifest.publisher_name, beside=True)
    publisher_email: str = key(
        "_npmUser", "_npmUser/email", by=manifest.publisher_email, beside=True
    )
    trusted_publisher: str = key(
        *("_npmUser", "_npmUser/trustedPublisher/oidcConfigId", "_npmUser/trustedPublisher/id"),
        by=manifest.name_in("trustedPublisher", "oidcConfigId", "id"),
        beside=True,
    )
    approver: str = key(
        "_npmUser", "_npmUser/approver/name", by=manifest.name_in("approver", "name"), beside=True
    )
    provenance: bool = key(
        "dist/attestations", by=manifest.provenance, beside=True, optional=manifest.OF_PROVENANCE
    )
    scripts: Mapping[str, str] = key(
        *manifest.WHOLE, by=manifest.install_scripts, beside=True, optional=manifest.OF_SCRIPTS
    )
    dependencies: Mapping[str, str] = key(
        *manifest.WHOLE, by=manifest.dependencies, beside=True, optional=manifest.DEPENDENCIES
    )
    maintainers: tuple[Maintainer, ...] = key(
        *manifest.MAINTAINERS, by=manifest.maintainers, beside=True
    )
    files: int = key("dist/fileCount")
    size: int = key("dist/unpackedSize")
    commit: str = key(*manifest.WHOLE, by=manifest.commit, beside=True, optional=("gitHead",))
    repository: str = key(
        "repository", by=manifest.on_github, beside=True, optional=manifest.OF_REPOSITORY
    )
    deprecated: bool = key(
        *manifest.WHOLE, by=manifest.deprecated, beside=True, optional=("deprecated",)
    )
    shasum: str = key("dist/shasum")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHistory(NpmFact):
    """Every release of a package that is still there (subject `npm:package/PACKAGE`).

    Attributes:
        package: the package's name.
        releases: oldest first.
        tags: the dist-tags, with the version that each points to.
        removed: when versions that no longer exist were published, by version: the registry keeps
            the time of an unpublished release.
    """

    requirement = NOTHING
    endpoint = endpoints.PACKUMENT
    listed_by = Package
    everywhere = True

    package: str = key("name")
    releases: tuple[PastRelease, ...] = key("versions/**", "time/**")
    tags: Mapping[str, str] = key("dist-tags", by=manifest.tags)
    removed: Mapping[str, datetime] = key("time/**", hand=True)
