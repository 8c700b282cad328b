"""Valid facts about who can publish a package, everything in order: one guarded workflow."""

from __future__ import annotations

from typing import Any

from hardenme.derive.publishing.future import publish_future
from hardenme.derive.publishing.paths import publish_paths
from hardenme.derive.publishing.routes import publisher_route
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.github.named import THERE, NamedRepository
from hardenme.facts.github.workflow import Job, Workflow
from hardenme.facts.npm.acceptance import PublisherRelease
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.package import PackageRepository
from hardenme.facts.npm.paths import (
    OrganizationWriters,
    PublisherRoute,
    PublishFuture,
    PublishPaths,
    TeamRight,
)
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.fact import Every
from hardenme.model.publishing import State
from hardenme.model.subject import Subject
from hardenme.model.way import Way
from tests.factories import github_workflow
from tests.factories.github import branch_rules, repository
from tests.factories.github_files import workflow_owners
from tests.factories.github_repository import environment, guards, selection
from tests.factories.given import NOW, REFUSED, every, made
from tests.factories.npm import (
    PACKAGE,
    newest_release,
    npm_account,
    npm_two_factor,
    package,
    weekly_downloads,
)

SUBJECT = Subject("npm", "package", PACKAGE)
OF_PACKAGE: dict[str, Any] = {"subject": SUBJECT, "within": SUBJECT, "label": PACKAGE}
HOME = "hazel/catkin"
PUBLISHER = "7d3c2b1a-0000-4000-8000-000000000001"


def trusted_publisher(number: str = PUBLISHER, **overrides: Any) -> TrustedPublisher:
    """The release workflow, in its environment, which may only stage."""
    given: dict[str, Any] = {
        "subject": Subject("npm", "trusted-publisher", f"{PACKAGE}/{number}"),
        "within": SUBJECT,
        "publisher_id": number,
        "provider": "github",
        "repository": HOME,
        "workflow": "release.yml",
        "environment": "release",
        "may_publish": False,
        "may_stage": True,
    }
    return TrustedPublisher(**given | overrides)


release_job = made(
    github_workflow.job, name="release", writes=("id-token",), publishes=("npm publish",)
)
"""A job that fetches and stages, and alone holds the identity token."""


def release_workflow(*jobs: Job, file: str = "release.yml", **overrides: Any) -> Workflow:
    """The workflow that runs on tags."""
    subject = Subject("github", "workflow", f"{HOME}/{file}")
    given = {"subject": subject, "label": file, "releases": ("push of tags",)}
    return github_workflow.workflow(*(jobs or (release_job(),)), **given | overrides)


there = made(
    NamedRepository,
    {"subject": SUBJECT, "within": SUBJECT},
    named=HOME,
    state=THERE,
    current=HOME,
)
"""The repository that the publisher names."""


def route(publisher: TrustedPublisher | None = None, **overrides: Any) -> PublisherRoute:
    """How that publisher is guarded."""
    given = {
        "repository": repository(),
        "workflows": every(release_workflow()),
        "environments": every(environment()),
        "guards": every(guards()),
        "selections": every(selection()),
        "rules": branch_rules(),
        "owners": workflow_owners(),
        "named": there(),
    }
    return publisher_route(publisher or trusted_publisher(), **given | overrides)


setting = made(PublishingAccess, OF_PACKAGE, package=PACKAGE, disallows_tokens=True)
"""The package takes no tokens, as a person stated."""


def collaborators(*names: str, **overrides: Any) -> PackageCollaborators:
    """Two writers."""
    given = {"writers": names or ("hazel", "rowan"), "readers": ()}
    return PackageCollaborators(**OF_PACKAGE | given | overrides)


package_repository = made(
    PackageRepository, OF_PACKAGE, named=f"https://github.com/{HOME}", repository=HOME, directory=""
)
"""The repository that the package names."""


def team(name: str = "release", **overrides: Any) -> TeamRight:
    """A team of those who release."""
    given = {"name": name, "members": ("hazel", "rowan"), "writes": (PACKAGE,)}
    return TeamRight(**given | overrides)


def organization_writers(*teams: TeamRight, **overrides: Any) -> OrganizationWriters:
    """The organization of the package's scope."""
    subject = Subject("npm", "org", "hazel-grove")
    given: dict[str, Any] = {
        "subject": subject,
        "within": subject,
        "name": "hazel-grove",
        "owners": ("hazel",),
        "teams": teams,
        "seen": teams,
    }
    return OrganizationWriters(**given | overrides)


GIVEN: dict[str, Any] = {
    "now": NOW,
    "collaborators": collaborators(),
    "organizations": Every((organization_writers(team()),)),
    "factor": npm_two_factor(),
    "own_tokens": Every(()),
    "routes": Every((route(),)),
    "setting": setting(),
    "repository": package_repository(),
    "workflows": Every((release_workflow(),)),
    "secrets": Every(()),
    "newest": newest_release(),
    "downloads": weekly_downloads(),
}


def paths(**overrides: Any) -> PublishPaths:
    """A package of which all is known, and only the intended path is open."""
    return publish_paths(package(), **GIVEN | overrides)


def future(**overrides: Any) -> PublishFuture:
    """A package that a trusted publisher releases."""
    given: dict[str, Any] = {
        "now": NOW,
        "own_tokens": Every(()),
        "publishers": Every((trusted_publisher(),)),
        "newest": newest_release(),
        "history": REFUSED,
        "account": npm_account(),
        "factor": npm_two_factor(),
        "repository": package_repository(),
        "workflows": Every((release_workflow(),)),
    }
    given |= overrides
    publishers = given.pop("publishers")
    given.setdefault(
        "routes", Every(tuple(route(one) for one in publishers.facts), publishers.missing)
    )
    given.setdefault(
        "releases", Every(tuple(publisher_release(one) for one in given["routes"].facts))
    )
    return publish_future(package(), **given)


def publisher_release(of: PublisherRoute, verdict: str = "accepted", **fields: Any) -> Any:
    """Whether the next release by the publisher of a route is accepted."""
    name = "release.yml of hazel/catkin"
    way = ReleaseWay("publisher/7d3c", Way.PUBLISHER, name, AcceptanceState(verdict), **fields)
    return PublisherRelease(**of.placed(), package=PACKAGE, release=way)


def left_open(found: PublishPaths) -> set[str]:
    """What stays open when all steps are taken."""
    closed = {key for step in found.told.steps for key in step.closes}
    still = {
        item.key
        for item in found.told.paths
        if item.state is not State.CLOSED and not item.intended
    }
    return still - closed
