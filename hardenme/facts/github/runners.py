"""Self-hosted runners: groups of an organization, and those of a repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hardenme.facts.github.people import OWNER
from hardenme.facts.github.repository import ADMINISTRATION, RepositoryFact
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key
from hardenme.model.permission import any_of, classic, fine_grained
from hardenme.model.values import number, objects

RUNNERS = any_of(
    {classic("admin:org"), OWNER},
    {fine_grained("organization_self_hosted_runners:read"), OWNER},
)


def _counted(told: Mapping[str, Any]) -> int:
    """How many runners there are, where the count and the list do not differ."""
    total = number(told["total_count"])
    if (total > 0) is not bool(objects(told["runners"])):
        raise ValueError("a count of something else")
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerGroup(OrganizationFact):
    """A group of an organization's runners (subject `github:runner-group/ORG/ID`).

    Attributes:
        number: GitHub's number for it.
        name: what it is called.
        visibility: which repositories it serves: `all`, `private` or `selected`.
        allows_public: public repositories may be among them.
        inherited: it is the enterprise's.
    """

    requirement = RUNNERS
    endpoint = Endpoint(
        "/orgs/{org}/actions/runner-groups",
        "runner-group",
        named="{scope}/{identity}",
        label=("name",),
        counted=True,
    )
    noun = "runner group"

    number: int = key("id")
    name: str = key("name")
    visibility: Literal["all", "private", "selected"] = key("visibility")
    allows_public: bool = key("allows_public_repositories")
    inherited: bool = key("inherited")

    @property
    def open(self) -> bool:
        """Whether it may serve a public repository."""
        return self.allows_public and self.visibility != "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRunner(OrganizationFact):
    """A self-hosted runner of an organization (subject `github:runner/ORG/ID`).

    Attributes:
        number: GitHub's number for it.
        name: what the machine called itself.
        one_job: it is gone once it has run one job.
    """

    requirement = RUNNERS
    endpoint = Endpoint(
        "/orgs/{org}/actions/runners",
        "runner",
        named="{scope}/{identity}",
        label=("name",),
        counted=True,
    )
    noun = "self-hosted runner of the organization"

    number: int = key("id")
    name: str = key("name")
    one_job: bool = key("ephemeral")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerGroupRunners(GitHubFact):
    """How many runners a group has that public repositories can use.

    Its subject is `github:runner-group/ORG/ID`. Nothing is asked of the other groups.

    Attributes:
        count: how many self-hosted runners.
    """

    requirement = RUNNERS
    # The count is what is asked for; one runner shows that it counts runners.
    endpoint = Endpoint("/orgs/{org}/actions/runner-groups/{runner_group_id}/runners?per_page=1")
    noun = "runner of such a group"
    listed_by = RunnerGroup

    count: int = key("total_count", "runners", by=_counted, beside=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerGroupRepositories(GitHubFact):
    """The selected repositories of a group that allows public repositories.

    Its subject is `github:runner-group/ORG/ID`. Nothing is asked of the other groups.

    Attributes:
        repositories: lower-case `owner/name`.
    """

    requirement = RUNNERS
    endpoint = Endpoint(
        "/orgs/{org}/actions/runner-groups/{runner_group_id}/repositories", counted=True
    )
    noun = "repository of such a group"
    listed_by = RunnerGroup

    repositories: tuple[str, ...] = key("full_name")


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group with runners that public repositories can use.

    Attributes:
        number: GitHub's number for it.
        name: what it is called.
        repositories: lower-case `owner/name` of those it serves; None for all.
    """

    number: int
    name: str
    repositories: tuple[str, ...] | None = None

    def serves(self, full_name: str) -> bool:
        """Whether it serves a repository, if that is public."""
        return self.repositories is None or full_name.lower() in self.repositories


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRunners(GitHubFact):
    """An organization's runners that public repositories can use (subject `github:org/ORG`).

    Derived from other facts.

    Attributes:
        groups: those that may serve one, and have a runner.
    """

    requirement = RUNNERS
    source = "derived from RunnerGroup and what it serves"
    noun = "answer about the organization's runner groups"

    groups: tuple[OpenGroup, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRunners(RepositoryFact):
    """How many runners a public repository has of its own. Others are not asked.

    Attributes:
        count: how many self-hosted runners.
    """

    requirement = ADMINISTRATION
    endpoint = Endpoint("/repos/{owner}/{repo}/actions/runners?per_page=1")
    noun = "runner of a public repository"
    depth = Depth.DEEP

    count: int = key("total_count", "runners", by=_counted, beside=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachableRunners(RepositoryFact):
    """The self-hosted runners that a repository can use. Derived from other facts.

    Attributes:
        visibility: `public`, `private` or `internal`.
        own: how many runners it has of its own; asked of public ones only.
        groups: the organization's groups that serve it as a public one.
    """

    requirement = ADMINISTRATION
    source = "derived from RepositoryRunners and SharedRunners"

    visibility: str = key("visibility")
    own: int = key("total_count")
    groups: tuple[OpenGroup, ...] = key()
