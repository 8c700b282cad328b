"""Valid facts of npm organizations and of who can publish; a test overrides what it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hardenme.facts.npm.access import PackageCollaborators, WriterActivity
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.organization import (
    DevelopersTeam,
    NpmMember,
    NpmOrganization,
    NpmOrganizationPackages,
    NpmTeamGrants,
    NpmTeamMembers,
    OutsideWriters,
)
from hardenme.model.subject import Subject
from tests.factories.given import ago, made
from tests.factories.npm import PACKAGE, USER, maintainer

ORG = Subject("npm", "org", "hazel-grove")
LAMP = "@hazel-grove/lamp"
ABOUT_PACKAGE = {"subject": Subject("npm", "package", PACKAGE), "within": USER}
ABOUT_ORG = {"subject": ORG, "within": USER, "organization": ORG.name}


def collaborators(name: str = PACKAGE, **overrides: Any) -> PackageCollaborators:
    """Two accounts that can publish."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "writers": ("hazel", "rowan"),
        "readers": (),
    }
    return PackageCollaborators(**given | overrides)


def writer_activity(**overrides: Any) -> WriterActivity:
    """Two accounts that could release for a year, and did."""
    both = ("hazel", "rowan")
    return WriterActivity(**ABOUT_PACKAGE | {"hands": both, "held": both, "idle": ()} | overrides)


def past_release(version: str, published_at: datetime | Any, **overrides: Any) -> PastRelease:
    """A release of hazel's, by hand."""
    given = {
        "version": version,
        "published_at": published_at,
        "publisher": "hazel",
        "publisher_email": "hazel@hazel-grove.example",
        "trusted_publisher": "",
        "approver": "",
        "provenance": False,
        "scripts": {},
        "dependencies": {},
        "maintainers": (maintainer("hazel"), maintainer("rowan")),
        "files": 4,
        "size": 2048,
        "commit": "",
        "repository": "hazel/catkin",
        "deprecated": False,
        "shasum": "0" * 40,
    }
    return PastRelease(**given | overrides)


def release_history(
    *releases: PastRelease, name: str = PACKAGE, **overrides: Any
) -> ReleaseHistory:
    """Releases by hazel and by rowan within the year, after one that is older."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "package": name,
        "releases": releases
        or (
            past_release("1.0.0", ago(500)),
            past_release("1.1.0", ago(200)),
            past_release("1.2.0", ago(20), publisher="rowan"),
        ),
        "tags": {"latest": "1.2.0"},
        "removed": {},
    }
    return ReleaseHistory(**given | overrides)


npm_organization = made(
    NpmOrganization,
    subject=ORG,
    within=USER,
    owners=("hazel", "rowan"),
    admins=("aspen",),
    developers=("alder",),
)
"""Two owners, an admin and a developer."""


def organization_packages(*names: str, **overrides: Any) -> NpmOrganizationPackages:
    """The organization has two packages."""
    given = {"subject": ORG, "within": ORG, "names": names or (PACKAGE, LAMP)}
    return NpmOrganizationPackages(**given | overrides)


def _of_team(team: str) -> dict[str, Any]:
    return {
        "subject": Subject("npm", "team", f"{ORG.name}/{team}"),
        "within": ORG,
    }


def team_members(team: str, *members: str, **overrides: Any) -> NpmTeamMembers:
    """Who is in a team."""
    return NpmTeamMembers(**_of_team(team) | {"members": members} | overrides)


def team_grants(team: str, **overrides: Any) -> NpmTeamGrants:
    """What a team may do; it reads a package."""
    return NpmTeamGrants(**_of_team(team) | {"writes": (), "reads": (PACKAGE,)} | overrides)


developers_team = made(DevelopersTeam, ABOUT_ORG, writes=(), reads=(PACKAGE, LAMP))
"""The team of everybody, which reads two packages."""
npm_member = made(
    NpmMember,
    subject=Subject("npm", "member", f"{ORG.name}/alder"),
    within=ORG,
    organization=ORG.name,
    name="alder",
    role="developer",
    teams=("release",),
    releases=True,
)
"""A developer in a team who released."""
outside_writers = made(OutsideWriters, ABOUT_ORG, packages=2, outside={})
"""Nobody outside writes."""
