"""Who can start an organization's workflows, and by which events, under its policies.

Source: GitHub's "REST API endpoints for GitHub Actions policies". GitHub's built-in default policy
is not listed there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.people import OWNER
from hardenme.facts.github.site import OrganizationFact
from hardenme.model.depth import Depth
from hardenme.model.fact import key
from hardenme.model.permission import any_of, classic

ALL, PART, NONE = "all", "part", "none"
"""What active policies cover: every workflow, some of them, or no workflow."""

LISTED = ("id", "name", "enforcement", "rules", "type")
COVERAGE = (
    *LISTED,
    "conditions/**",
    "conditions/repository_name/include",
    "conditions/repository_name/exclude",
    "conditions/workflow_path/include",
    "conditions/workflow_path/exclude",
)


@dataclass(frozen=True, slots=True)
class ListedPolicy:
    """An Actions policy, as the list and its own answer show it."""

    number: int = key("id")
    name: str = key("name")
    enforcement: Literal["active", "evaluate", "disabled"] = key("enforcement")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionPolicies(OrganizationFact):
    """The active Actions policies of an organization (subject `github:org/ORG`).

    A fine-grained token and an app would need a permission to write, so they are not used for it.

    Attributes:
        actors: `all`, `part` or `none`: for what the people and apps that may start it are listed.
        events: the same of the events.
        letting_in: the names of the policies that list the event `pull_request_target`.
    """

    requirement = any_of({classic("admin:org"), OWNER})
    source = f"{endpoints.ACTIONS_POLICIES.source}, {endpoints.ACTIONS_POLICY.source}"
    depth = Depth.STANDARD

    actors: str = key(*COVERAGE, "rules/parameters/allowed_actors")
    events: str = key(*COVERAGE, "rules/parameters/allowed_events")
    letting_in: tuple[str, ...] = key(*LISTED, "rules/parameters/allowed_events")
