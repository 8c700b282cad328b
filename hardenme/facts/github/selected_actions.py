"""Which actions are selected, where an organization or a repository allows a selection only.

Source: GitHub's "REST API endpoints for GitHub Actions permissions", and of the patterns "Allowing
select actions and reusable workflows to run".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from hardenme.facts.github.actions import EITHER, ORGANIZATION, REPOSITORY
from hardenme.facts.github.organization import OWNERS_VIEW
from hardenme.facts.github.repository import ADMINISTRATION, RepositoryFact
from hardenme.facts.github.site import GitHubFact, OrganizationFact
from hardenme.facts.github.workflow import CONTENTS
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, key
from hardenme.model.values import listed

BLOCKING = re.compile(r"![^\s,!]+")
"""A pattern that takes actions out of the selection."""
NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/[^\s,!]+")
"""A pattern that names one owner: letters, digits, hyphens, and `_` for managed users."""
WIDE = re.compile(r"(?=[^/@]*\*)[A-Za-z0-9_*-]+(?:[/@][^\s,!]*)?")
"""A pattern with a wildcard in place of the owner, or in the owner's name."""


def understood(value: Any) -> tuple[str, ...]:
    """Patterns of actions, each of a known form.

    Raises:
        TypeError: it is not a list of texts.
        ValueError: a pattern has another form.
    """
    patterns = tuple(listed(value))
    for one in patterns:
        if not any(form.fullmatch(one) for form in (BLOCKING, NAMED, WIDE)):
            raise ValueError("a pattern of another form")
    return patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedActions(GitHubFact):
    """Which actions are selected, where workflows can use selected actions only.

    Attributes:
        github_owned: GitHub's own actions are.
        verified: those of creators that GitHub verified are.
        patterns: those that a pattern matches are, like `OWNER/REPO@REF`, with `*` for any text; a
            pattern that begins with `!` takes actions out again. One pattern that is not understood
            makes all of them unknown.
    """

    github_owned: bool = key("github_owned_allowed")
    verified: bool = key("verified_allowed")
    patterns: tuple[str, ...] = key("patterns_allowed", by=understood)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSelectedActions(SelectedActions, OrganizationFact):
    """Which actions an organization selects for its repositories."""

    requirement = OWNERS_VIEW
    endpoint = Endpoint(f"{ORGANIZATION}/selected-actions")
    gates = ("enabled_repositories", "allowed_actions", "sha_pinning_required")


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositorySelectedActions(SelectedActions, RepositoryFact):
    """Which actions a repository selects."""

    requirement = ADMINISTRATION
    endpoint = Endpoint(f"{REPOSITORY}/selected-actions")
    gates = ("enabled_repositories", "enabled", "allowed_actions", "sha_pinning_required")
    depth = Depth.STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedActionsPolicy(SelectedActions):
    """Which actions are selected in an organization, or in a repository under its organization.

    Its subject is `github:repo/OWNER/REPO`, or the organization.
    """

    requirement = EITHER
    source = (
        "derived from OrganizationSelectedActions, RepositorySelectedActions and"
        " OrganizationActions"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedActions(RepositoryFact):
    """Which actions and reusable workflows of other owners the workflows of a repository use.

    Attributes:
        patterns: what a selection has to allow for them, without GitHub's own.
    """

    requirement = CONTENTS
    source = "derived from Workflow"

    patterns: tuple[str, ...] = key()
