"""Packages, their releases and what waits to be released: a part of the npm sandbox's state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Access = Literal["read", "write"]


PROVING = timedelta(hours=48)
"""Within this time a new publisher has to publish."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name and an address as packuments show them; for a CI run the name is the provider's."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a release with a provenance attestation says that it was built."""

    repository: str
    workflow: str = ".github/workflows/release.yml"
    ref: str = "refs/heads/main"


@dataclass(slots=True)
class Version:
    """One release.

    Attributes:
        version: the version's text.
        published_at: when it was published.
        publisher: `_npmUser`; a trusted publisher's release carries the provider's name.
        trusted_publisher: `_npmUser.trustedPublisher`, or None.
        approver: who approved a staged release with 2FA, or None.
        provenance: what the provenance attestation says, or None when there is none.
        binding_gyp: the archive holds a `binding.gyp`, for which npm runs node-gyp.
        gypfile: what the manifest says of that; None leaves the key out.
        signed: whether the registry's signature is in `dist.signatures`.
        maintainers: the snapshot taken at publication; None is the package's of today.
        file_count, unpacked_size: what `dist` declares; the size is in bytes.
        deprecated: the deprecation's text, or None.
        commit: `gitHead`, or None if the client sent none.
        status: what npm's scan came to.
        optional_dependencies: they are separate; some clients repeat them in `dependencies`.
    """

    version: str
    published_at: datetime
    publisher: Person
    trusted_publisher: Mapping[str, str] | None = None
    approver: Person | None = None
    provenance: Provenance | None = None
    signed: bool = True
    has_install_script: bool = False
    binding_gyp: bool = False
    gypfile: bool | None = None
    scripts: Mapping[str, str] = field(default_factory=dict)
    dependencies: Mapping[str, str] = field(default_factory=dict)
    maintainers: tuple[Person, ...] | None = None
    file_count: int = 4
    unpacked_size: int = 2048
    deprecated: str | None = None
    commit: str | None = None
    optional_dependencies: Mapping[str, str] = field(default_factory=dict)
    status: Literal["published", "validating", "staged", "blocked", "deleted"] = "published"


@dataclass(slots=True)
class TrustedPublisher:
    """One trusted publishing configuration.

    Attributes:
        id: a UUID.
        type: `github`, `gitlab` or `circleci`.
        claims: the claims in npm's own format; `workflow_ref` may be a string or an object.
        permissions: `createPackage`, `createStagedPackage`; None leaves the key out, as
            configurations made before May 2026 do.
        created_at: when it was added; None for long ago.
        proven: a release was published through it. npm lets it expire where none was within 48
            hours.
    """

    id: str
    type: str
    claims: Mapping[str, Any]
    permissions: tuple[str, ...] | None = ("createStagedPackage",)
    created_at: datetime | None = None
    proven: bool = True

    def live(self, now: datetime) -> bool:
        """Whether it counts: it was proven, or may still be."""
        return self.proven or self.created_at is None or now - self.created_at < PROVING


@dataclass(slots=True)
class Package:
    """A package and its releases, oldest first.

    Attributes:
        collaborators: who may read or write it, by login.
        private: hidden from everyone who is not a collaborator: such a reader gets a 404.
        repository: as in package.json: a string, an object with `type` and `url`, or None.
        dist_tags: None is `latest` on the last release.
        publishers: the trusted publishing configurations.
        mfa: what publishing asks for, in the words of `npm access set mfa=`; None was never set,
            and no request reads it.
        weekly_downloads, dependents: what the search shows.
        removed: when unpublished versions were published: `time` keeps them.
    """

    name: str
    versions: list[Version]
    maintainers: list[Person]
    collaborators: dict[str, Access]
    description: str = ""
    private: bool = False
    readme: str = ""
    license: str = "MIT"
    repository: Mapping[str, str] | str | None = None
    dist_tags: dict[str, str] | None = None
    publishers: list[TrustedPublisher] = field(default_factory=list)
    mfa: str | None = None
    weekly_downloads: int = 0
    dependents: int = 0
    removed: dict[str, datetime] = field(default_factory=dict)

    @property
    def tags(self) -> dict[str, str]:
        """The dist-tags in force."""
        if self.dist_tags is not None:
            return self.dist_tags
        return {"latest": self.versions[-1].version} if self.versions else {}

    def version(self, name: str) -> Version | None:
        """The release with this version or dist-tag."""
        wanted = self.tags.get(name, name)
        return next((v for v in self.versions if v.version == wanted), None)


@dataclass(slots=True)
class StagedVersion:
    """A version that waits for its approval.

    Attributes:
        actor_type: `user` or `trusted automation`.
        shasum: the SHA-1 of its archive; empty for one that follows from its name.
    """

    id: str
    package: str
    version: str
    created_at: datetime
    actor: str
    actor_type: str = "user"
    tag: str = "latest"
    access: Literal["public", "private"] = "public"
    shasum: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
