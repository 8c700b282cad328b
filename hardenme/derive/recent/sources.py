"""What `recent` looks at: each kind, its place, and the fields that date it.

Items without a date in any answer are included: they are compared with a stored run, or listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from hardenme.derive.attacker_changes import ATTACKER_CHANGES
from hardenme.derive.inventory import TABLE
from hardenme.derive.inventory.account import EMAIL, RUNNER
from hardenme.derive.inventory.npm import REMOVED
from hardenme.derive.inventory.settings import CONFIGURATION
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.tag_rules import NewestTags
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.facts.npm.package import Package
from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.inventory import (
    ACCESS,
    ARCHIVED,
    BYPASSED,
    CODE_OWNERS,
    DELIVERY,
    OF_MEMBER,
    ROLE,
    ROLE_TEAM,
    ROLE_USER,
)

ACCOUNT, ORGANIZATION, REPOSITORY = "github:user", "github:org", "github:repo"
NPM_ACCOUNT, NPM_ORGANIZATION, PACKAGE = "npm:user", "npm:org", "npm:package"
OWNERS = (ACCOUNT, ORGANIZATION)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing that a thief leaves behind.

    Attributes:
        kind: what the inventory calls it.
        places: in which kinds of place it is looked for, like `github:repo`.
        plural: what the list is called.
        made: the field with the time when one appeared; empty if no answer has it.
        changed: the field with the time of the last change; empty if no answer has it.
        by: the field with who did it; empty if no answer has it.
        allows: what one allows, `{place}` standing for where it is.
        page: the name of the page where it is taken away.
        verb: what happened where one appeared.
    """

    kind: str
    places: tuple[str, ...]
    plural: str
    made: str = ""
    changed: str = ""
    by: str = ""
    allows: str = ""
    page: str = ""
    verb: str = "added"

    @property
    def dated(self) -> bool:
        """Whether an answer shows when one appeared."""
        return bool(self.made)


CREATED, UPDATED = "created_at", "updated_at"
SOURCES = (
    Source(
        *("SSH key", (ACCOUNT,), "SSH keys", CREATED),
        allows="pushes to every repository that {place} can push to",
        page="account-keys",
    ),
    Source(
        *("SSH signing key", (ACCOUNT,), "SSH signing keys", CREATED),
        allows="signs commits as {place}",
        page="account-keys",
    ),
    Source(
        *("GPG key", (ACCOUNT,), "GPG keys", CREATED),
        allows="signs commits as {place}",
        page="account-keys",
    ),
    Source(EMAIL, (ACCOUNT,), "email addresses", page="account-emails"),
    Source("membership", (ACCOUNT,), "memberships", page="account-organizations"),
    Source(
        *("pending invitation", (ACCOUNT,), "invitations to you", CREATED),
        allows="nothing until you accept it",
        page="account-organizations",
        verb="sent",
    ),
    Source(
        *("repository", OWNERS, "repositories", CREATED),
        verb="created",
        page="repo-settings",
    ),
    Source("owner", (ORGANIZATION,), "owners", page="org-owners"),
    Source("member", (ORGANIZATION,), "owners and members", page="org-people"),
    Source(
        *("outside collaborator", (ORGANIZATION,), "outside collaborators"),
        page="org-outside-collaborators",
    ),
    Source(
        *("pending invitation", (ORGANIZATION,), "invitations", CREATED),
        allows="makes the person who accepts it a member",
        page="org-pending-invitations",
        verb="sent",
    ),
    Source(
        *("app", (ORGANIZATION,), "installed apps", CREATED, UPDATED),
        allows="acts in {place} without a person",
        page="org-installation",
        verb="installed",
    ),
    Source(
        *("fine-grained token of a member", (ORGANIZATION,), "members' tokens", "granted_at"),
        by="login",
        allows="reads or changes what its member let it",
        page="org-active-tokens",
        verb="let in",
    ),
    Source(
        *("credential for single sign-on", (ORGANIZATION,), "credentials for single sign-on"),
        made="authorized_at",
        by="login",
        allows="acts as its member in {place}",
        page="org-people",
        verb="authorized",
    ),
    Source(
        *("webhook", (ORGANIZATION,), "webhooks", CREATED, UPDATED),
        allows="is sent what happens in {place}",
        page="org-hooks",
    ),
    Source(
        *(DELIVERY, (ORGANIZATION,), "deliveries of webhooks", "at"),
        page="org-hooks",
        verb="sent",
    ),
    Source(
        *("secret", (ORGANIZATION,), "secrets", CREATED, UPDATED),
        allows="workflows read it",
        page="org-secrets",
    ),
    Source(
        *("Dependabot secret", (ORGANIZATION,), "Dependabot secrets", CREATED, UPDATED),
        allows="Dependabot's runs read it",
        page="org-dependabot-secrets",
    ),
    Source(ROLE, (ORGANIZATION,), "organization roles", page="org-roles"),
    Source(
        *(ROLE_USER, (ORGANIZATION,), "people with organization roles"),
        page="org-roles",
    ),
    Source(
        *(ROLE_TEAM, (ORGANIZATION,), "teams with organization roles"),
        page="org-roles",
    ),
    Source("team", (ORGANIZATION,), "teams", page="org-teams"),
    Source(
        *(OF_MEMBER, (ORGANIZATION,), "newest public repositories of members", CREATED),
        by="login",
        page="org-people",
        verb="created",
    ),
    Source(
        *("variable", (ORGANIZATION,), "variables", CREATED, UPDATED),
        allows="workflows use its value",
        page="org-actions-variables",
    ),
    Source(RUNNER, (ORGANIZATION,), "self-hosted runners by name", page="org-runner-groups"),
    Source("runner group", (ORGANIZATION,), "runner groups", page="org-runner-groups"),
    Source(
        *(CONFIGURATION, (ORGANIZATION,), "default security configurations"),
        page="org-security-configurations",
    ),
    Source(
        *(ARCHIVED, OWNERS, "archived repositories", "at"),
        page="repo-settings",
    ),
    Source(
        *("deploy key", (REPOSITORY,), "deploy keys", CREATED),
        by="added_by",
        allows="reads {place}",
        page="repo-keys",
    ),
    Source(
        *("webhook", (REPOSITORY,), "webhooks", CREATED, UPDATED),
        allows="is sent what happens in {place}",
        page="repo-hooks",
    ),
    Source(
        *(DELIVERY, (REPOSITORY,), "deliveries of webhooks", "at"),
        page="repo-hooks",
        verb="sent",
    ),
    Source(
        *("secret", (REPOSITORY,), "secrets", CREATED, UPDATED),
        allows="workflows of {place} read it",
        page="repo-secrets",
    ),
    Source(
        *("environment", (REPOSITORY,), "environments", CREATED, UPDATED),
        allows="its jobs read its secrets",
        page="repo-environments",
        verb="created",
    ),
    Source(
        *("secret of an environment", (REPOSITORY,), "secrets of environments", CREATED, UPDATED),
        allows="jobs of the environment read it",
        page="repo-environments",
    ),
    Source(
        *("branch ruleset", (REPOSITORY, ORGANIZATION), "branch rulesets", CREATED, UPDATED),
        page="repo-rules",
        verb="created",
    ),
    Source(
        *("tag ruleset", (REPOSITORY, ORGANIZATION), "tag rulesets", CREATED, UPDATED),
        page="repo-rules",
        verb="created",
    ),
    Source("branch protection", (REPOSITORY,), "branch protections", page="repo-branches"),
    Source(
        *("pending invitation", (REPOSITORY,), "invitations", CREATED),
        allows="gives the person who accepts it access to {place}",
        page="repo-access",
        verb="sent",
    ),
    Source("outside collaborator", (REPOSITORY,), "outside collaborators", page="repo-access"),
    Source(ACCESS, (REPOSITORY,), "who can push, by any way", page="repo-access"),
    Source("self-hosted runners", (REPOSITORY,), "self-hosted runners", page="repo-runners"),
    Source(
        *("newest release", (REPOSITORY,), "releases", "published_at"),
        page="repo-tags",
        verb="released",
    ),
    Source("release tag", (REPOSITORY,), "tags", page="repo-tags"),
    Source(CODE_OWNERS, (REPOSITORY,), "CODEOWNERS", page="repo"),
    Source(
        *(BYPASSED, (REPOSITORY,), "pushes that bypassed a rule", "newest"),
        page="repo-rules",
        verb="happened",
    ),
    Source("push", (REPOSITORY,), "pushes", "at", by="actor", page="repo-activity"),
    Source(
        *("workflow run", (REPOSITORY,), "runs of workflows", CREATED),
        by="actor",
        page="repo-workflow-runs",
    ),
    Source(
        *("changed workflow", (REPOSITORY,), "workflow files", "at"),
        by="author",
        allows="runs with the secrets of {place}",
        page="repo-workflows",
    ),
    Source(
        *("npm token", (NPM_ACCOUNT,), "npm tokens", CREATED),
        allows="publishes as {place}",
        page="tokens",
        verb="created",
    ),
    Source("package", (NPM_ACCOUNT, NPM_ORGANIZATION), "packages", page="packages"),
    Source("member", (NPM_ORGANIZATION,), "owners and members", page="org-members"),
    Source("team", (NPM_ORGANIZATION,), "teams", page="org-teams"),
    Source(
        *("version", (PACKAGE,), "versions", "published_at"),
        by="publisher",
        page="package",
        verb="published",
    ),
    Source(
        *(REMOVED, (PACKAGE,), "versions that were removed", "published_at"),
        page="package",
        verb="published, and removed since",
    ),
    Source(
        *("staged version", (PACKAGE,), "staged versions", CREATED),
        by="actor",
        allows="is published once a person approves it",
        page="staged",
        verb="staged",
    ),
    Source("maintainer", (PACKAGE,), "maintainers", page="package-access"),
    Source("writer", (PACKAGE,), "who else can publish", page="package-access"),
    Source("trusted publisher", (PACKAGE,), "trusted publishers", page="package-access"),
    Source("dist-tag", (PACKAGE,), "dist-tags", page="package"),
)
"""All sources, in the order of output where nothing else decides."""
BY_PLACE: Mapping[tuple[str, str], Source] = {
    (place, source.kind): source for source in SOURCES for place in source.places
}
NAMED_ONLY = frozenset({ARCHIVED})
"""Kinds that are named where they show: what a run leaves out is measured against nothing."""
UNLISTED = frozenset({"owner", "member", "self-hosted runners", "branch ruleset", "tag ruleset"})
"""Kinds that one of several lists shows, or that no list names by itself."""
BEYOND_LISTS = frozenset({("github:org", "owner"), ("github:repo", "newest release")})
"""Kinds without a list of their own in such a place, so that absence means nothing. An
organization's owners are among its members, and a release that is not the newest any more still
exists."""

SEEN_BELOW = frozenset({("github:org", "branch ruleset"), ("github:org", "tag ruleset")})
"""What GitHub shows on an organization's repositories alone, so that no list of it is complete."""


def places_of(kind: str) -> Iterator[Source]:
    """The sources of one kind of place."""
    return (source for (place, _), source in BY_PLACE.items() if place == kind)


@cache
def facts_of(place: str, kind: str) -> frozenset[type[Fact]]:
    """The facts about a kind in a kind of place."""
    found = (fact for fact, told in TABLE.items() if any(one.kind == kind for one in told))
    return frozenset(fact for fact in found if place in _places(fact))


def _places(fact: type[Fact]) -> frozenset[str]:
    """The kinds of place that can contain what a fact shows."""
    if fact is Repository:
        return frozenset(OWNERS)
    above: type[Fact] | None = fact
    while above is not None:
        if above is Repository:
            return frozenset({REPOSITORY})
        if above in {Package, ReleaseHistory, PackageCollaborators}:
            return frozenset({PACKAGE})
        if above.roots and above is not fact:
            break
        above = above.listed_by
    named = above or fact
    return frozenset(named.roots) | ({PACKAGE} if issubclass(fact, Package) else frozenset())


def depth_of(place: str, kind: str) -> Depth:
    """The least depth at which a run can read a kind in a kind of place."""
    found = [fact.depth for fact in facts_of(place, kind)]
    return min(found, default=Depth.FAST)


def _facts() -> frozenset[type[Fact]]:
    kinds = {source.kind for source in SOURCES}
    listed = {fact for fact, told in TABLE.items() if any(one.kind in kinds for one in told)}
    shown = {fact for one in ATTACKER_CHANGES for fact in one.facts}
    # `TagCommits` has these tags and more.
    return frozenset((listed | shown) - {NewestTags})


FACTS = _facts()
"""The facts about everything that is looked at."""
