"""A release compared with the history of its package: what is new about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hardenme.facts.npm import endpoints
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import given, key
from hardenme.model.permission import NOTHING

BY_HAND, PROVENANCE, TRUSTED, APPROVED = range(4)
"""How a release can be trusted to be meant, from least to most."""
HISTORY = "derived from ReleaseHistory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed(NpmFact):
    """A release that is looked at.

    Its subject is `npm:package/PACKAGE@VERSION`.

    Attributes:
        package: the package's name.
        version: the release's version.
        published_at: when it was published.
        tags: the dist-tags that point to it.
        first: no release before it is there to hold it against.
        trust: how it was published: 3 approved by a person, 2 by a trusted publisher, 1 with
            provenance, 0 with none of these.
        publisher: the account that published it; the provider's name for a trusted publisher.
        approver: the account that approved it out of the staging queue; empty for none.
        provenance: the registry holds a statement of where it was built.
    """

    requirement = NOTHING
    noun = "recent release"
    listed_by = ReleaseHistory

    package: str = key("name")
    version: str = key("versions")
    published_at: datetime = key("time")
    tags: tuple[str, ...] = key("dist-tags")
    first: bool = key("versions")
    trust: int = key("_npmUser")
    publisher: str = key("_npmUser")
    approver: str = key("_npmUser")
    provenance: bool = key("dist/attestations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Observed):
    """A recent release, compared with everything that was published before it.

    Attributes:
        trust_before: the most of the ten releases before it of its kind, stable or not.
        path: by whom and how it was published, to be compared with that of others.
        maintains: a trusted publisher published it, or someone who was a maintainer then.
        published_before: the same account or trusted publisher published the first release, or one
            that was at least a week old.
        away_days: how long that account had published nothing while others did; 0 for no such time.
        scripts_changed: the scripts of its installation that are new or other than before.
        addresses_added: dependencies from another address than the registry that are new, each as
            `name address`.
        maintainers_added: who was not a maintainer a week before.
        addresses_changed: whose address is another than before.
        silent_days: days since the previous release; 0 for the first.
        compared: with how many releases its size can be compared; 0 if they are too few.
        size: unpacked, in bytes.
        usual_size: the middle of those releases.
        files: how many files it holds.
        usual_files: the middle of those releases.
        outside: which of the two is far outside, by the registry's names.
    """

    source = HISTORY

    trust_before: int = key("_npmUser")
    path: str = key("_npmUser")
    maintains: bool = key("_npmUser", "maintainers")
    published_before: bool = key("_npmUser")
    away_days: int = key("_npmUser", "time")
    scripts_changed: tuple[str, ...] = key("_id")
    addresses_added: tuple[str, ...] = key("_id")
    maintainers_added: tuple[str, ...] = key("maintainers")
    addresses_changed: tuple[str, ...] = key("maintainers", "_npmUser")
    silent_days: int = key("time")
    compared: int = key("unpackedSize", "fileCount")
    size: int = key("unpackedSize")
    usual_size: int = key("unpackedSize")
    files: int = key("fileCount")
    usual_files: int = key("fileCount")
    outside: tuple[str, ...] = key("unpackedSize", "fileCount")


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyAge(NpmFact):
    """When a dependency that is new in a recent release was first published.

    Its subject is `npm:dependency/PACKAGE@VERSION/DEPENDENCY`.

    Attributes:
        version: the release's version.
        dependency: the name by which the release knows it.
        created: when its own first release was published.
    """

    requirement = NOTHING
    endpoint = endpoints.PACKUMENT
    noun = "new dependency"
    listed_by = ReleaseHistory

    version: str = given("ReleaseHistory")
    dependency: str = given("ReleaseHistory")
    created: datetime = key("time/created")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDependencies(Observed):
    """What a recent release newly needs.

    Attributes:
        patch: it shares the first two numbers of its version with the release before.
        added: the dependencies that are new.
        young: those of them that were themselves at most a few days old, or were published after
            it.
    """

    source = "derived from ReleaseHistory and DependencyAge"

    patch: bool = key("versions")
    added: tuple[str, ...] = key("_id")
    young: tuple[str, ...] = key("created")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingTimes(NpmFact):
    """When, by whom and how the releases of a package were published (`npm:package/PACKAGE`).

    Attributes:
        package: its name.
        by_path: the times, sorted, by the path of the release.
        unclear: the times of releases whose path is not known.
        whole: all times, sorted, those of removed releases among them.
    """

    requirement = NOTHING
    source = HISTORY
    listed_by = ReleaseHistory
    everywhere = True

    package: str = key("name")
    by_path: Mapping[str, tuple[datetime, ...]] = key("time", "_npmUser")
    unclear: tuple[datetime, ...] = key("time", "_npmUser")
    whole: tuple[datetime, ...] = key("time")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBurst(Observed):
    """What else was published around the time of a recent release.

    Attributes:
        packages: how many packages of the run were published on the same path within ten minutes,
            including this one.
        usual_packages: a day or more before, as many were published together on the same path.
        versions: how many versions of this package were published within an hour.
        usual_versions: a day or more before, as many did on the same path.
        same_minutes: the packages of these ten minutes, in the order of their names; none where
            they are too few for a burst.
        same_hour: the versions of that hour in their order, those that were removed included; none
            where they are too few for a burst.
        installable: those of that hour that were not removed.
    """

    source = HISTORY

    packages: int = key("time", "_npmUser")
    usual_packages: bool = key("time", "_npmUser")
    versions: int = key("time")
    usual_versions: bool = key("time")
    same_minutes: tuple[str, ...] = key("time", "_npmUser")
    same_hour: tuple[str, ...] = key("time")
    installable: tuple[str, ...] = key("time", "versions")


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestTag(NpmFact):
    """What a package's `latest` points to (subject `npm:package/PACKAGE@latest`).

    Attributes:
        package: the package's name.
        version: the version that it points to.
        published_at: when that was published.
        stable: it is not a prerelease, or all releases are prereleases.
        ahead: the highest stable version that it is behind, and that it once was not; empty for
            none.
    """

    requirement = NOTHING
    source = HISTORY
    listed_by = ReleaseHistory

    package: str = key("name")
    version: str = key("dist-tags")
    published_at: datetime = key("time")
    stable: bool = key("dist-tags")
    ahead: str = key("dist-tags")
