"""What an npm account, an organization and a package have: tokens, people, tags, publishers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from hardenme.derive.inventory.items import (
    At,
    ItemSource,
    inside,
    item,
    known,
    named,
    some,
    thing,
    values,
)
from hardenme.derive.suspect_releases import UNKNOWN, carried
from hardenme.facts.npm.access import PackageCollaborators, PackageVisibility
from hardenme.facts.npm.account import NpmAccount, NpmProfile, NpmTwoFactor
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.organization import (
    NpmOrganization,
    NpmOrganizationPackages,
    NpmTeam,
    NpmTeamGrants,
    NpmTeamMembers,
)
from hardenme.facts.npm.package import (
    NewestRelease,
    Package,
    PackageGrant,
    PackageRepository,
    WeeklyDownloads,
)
from hardenme.facts.npm.publishing import StagedVersion, TrustedPublisher
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Fact
from hardenme.model.inventory import InventoryItem
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ACCOUNT, PACKAGE, PUBLISHED = "npm account", "package", "published package"
MEMBER, TEAM, MAINTAINER, WRITER = "member", "team", "maintainer", "writer"
TAG = "dist-tag"
LATEST = "latest"
VERSION, REMOVED = "version", "removed version"
MOST_VERSIONS = 20
"""The newest versions of a package that are listed; a window that reaches beyond them says so."""
ROLES = {"owners": "owner", "admins": "admin", "developers": "developer"}


def _packages(fact: NpmOrganizationPackages) -> Iterator[InventoryItem]:
    for name in some(known(fact, "names")):
        yield item(PACKAGE, Subject("npm", "package", name), name)


def _members(fact: NpmOrganization) -> Iterator[InventoryItem]:
    for field, role in ROLES.items():
        for name in some(known(fact, field)):
            yield item(MEMBER, inside(fact, "npm:member", name), name, name, {"role": role})


def _maintainers(fact: Package) -> Iterator[InventoryItem]:
    for one in some(known(fact, "maintainers")):
        subject = inside(fact, "npm:maintainer", one.name)
        yield item(MAINTAINER, subject, one.name, one.name, {"email": one.email})


def _tag(fact: Fact, tag: str, state: Mapping[str, object]) -> InventoryItem:
    return item(TAG, inside(fact, "npm:dist-tag", tag), tag, tag, state)


def _latest(fact: Package) -> Iterator[InventoryItem]:
    yield _tag(fact, LATEST, {"version": known(fact, "latest")})


def _newest(fact: NewestRelease) -> Iterator[InventoryItem]:
    state = values(fact, "version", "publisher", "trusted_publisher", "approver", "provenance")
    yield _tag(fact, LATEST, {**state, "archive": known(fact, "integrity")})


def _tags(fact: ReleaseHistory) -> Iterator[InventoryItem]:
    tags = known(fact, "tags")
    for tag, version in dict(some(tags)).items():
        yield _tag(fact, tag, {"version": version})


def _versions(fact: ReleaseHistory) -> Iterator[InventoryItem]:
    for one in some(known(fact, "releases"))[-MOST_VERSIONS:]:
        names = f"{fact.subject.name}@{one.version}"
        people = known(one, "maintainers")
        state = {
            **values(
                one,
                *("published_at", "publisher", "trusted_publisher", "approver", "provenance"),
                *("deprecated", "shasum"),
            ),
            "carries": _carried(one),
            "maintainers": (
                people if isinstance(people, Unknown) else [person.name for person in people]
            ),
        }
        yield item(VERSION, Subject("npm", "package", names), one.version, one.version, state)


def _removed_versions(fact: ReleaseHistory) -> Iterator[InventoryItem]:
    """The newest versions of which the registry keeps the time alone."""
    removed = dict(some(known(fact, "removed")))
    newest = sorted(removed.items(), key=lambda one: one[1])[-MOST_VERSIONS:]
    for version, at in newest:
        subject = Subject("npm", "package", f"{fact.subject.name}@{version}")
        yield item(REMOVED, subject, version, version, {"published_at": at})


def _carried(release: PastRelease) -> tuple[str, ...] | Unknown:
    """Digests of the install scripts and addresses in a release, by which it is like another."""
    found = carried(release)
    if UNKNOWN in found:
        return Unknown(Reason.NOT_VISIBLE, "a registry that shows what a release runs")
    return tuple(sha256(repr(one).encode(errors="surrogatepass")).hexdigest()[:16] for one in found)


def _all_versions(fact: ReleaseHistory) -> bool:
    return len(fact.releases) <= MOST_VERSIONS


TABLE: Mapping[type[Fact], tuple[ItemSource, ...]] = {
    NpmAccount: (thing(ACCOUNT),),
    NpmProfile: (thing(ACCOUNT, "email", "email_verified"),),
    NpmTwoFactor: (thing(ACCOUNT, two_factor="mode"),),
    NpmToken: (
        thing(
            "npm token",
            *("name", "classic", "package_write", "publish_policy", "organization_write"),
            *("bypass", "all_packages", "packages", "scopes", "created_at", "expires_at"),
            *("cidr", "revoked"),
            identity="token_key",
        ),
    ),
    PackageGrant: (thing(PACKAGE, "writes"),),
    NpmOrganization: (
        thing("npm organization"),
        ItemSource(MEMBER, _members, needs=tuple(ROLES), at=At.SUBJECT),
    ),
    NpmOrganizationPackages: (ItemSource(PACKAGE, _packages, needs=("names",)),),
    NpmTeam: (thing(TEAM),),
    NpmTeamMembers: (thing(TEAM, "members", lists=False),),
    NpmTeamGrants: (thing(TEAM, "writes", "reads", lists=False),),
    Package: (
        ItemSource(MAINTAINER, _maintainers, needs=("maintainers",)),
        ItemSource(TAG, _latest, lists=False),
        thing(PUBLISHED),
    ),
    PackageRepository: (thing(PUBLISHED, "repository", "directory"),),
    WeeklyDownloads: (thing("use", "weekly", "dependents", lists=False),),
    PackageVisibility: (thing(PUBLISHED, "public"),),
    NewestRelease: (ItemSource(TAG, _newest, lists=False),),
    ReleaseHistory: (
        ItemSource(TAG, _tags, needs=("tags",)),
        ItemSource(VERSION, _versions, needs=("releases",), names_all=_all_versions),
        ItemSource(REMOVED, _removed_versions, needs=("removed",)),
    ),
    PackageCollaborators: (
        named(WRITER, "npm:collaborator", "writers"),
        named("reader", "npm:collaborator", "readers"),
    ),
    TrustedPublisher: (
        thing(
            "trusted publisher",
            *("provider", "repository", "workflow", "environment", "may_publish", "may_stage"),
            identity="publisher_id",
        ),
    ),
    StagedVersion: (
        thing("staged version", "version", "actor", "created_at", "shasum", identity="stage_id"),
    ),
}
