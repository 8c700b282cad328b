"""Classic branch protection and rulesets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from fnmatch import translate
from typing import Any, Literal

from hardenme.sandbox.github.state.people import node_id

Enforcement = Literal["active", "evaluate", "disabled"]
ROLES = {1: "read", 2: "maintain", 3: "triage", 4: "write", 5: "admin"}
"""GitHub's numbers of the built-in roles, as a bypass list has them."""


@dataclass(slots=True)
class ReviewProtection:
    """The pull request part of classic protection."""

    required_approving_review_count: int = 1
    dismiss_stale_reviews: bool = False
    require_code_owner_reviews: bool = False
    require_last_push_approval: bool = False
    bypass_users: list[str] = field(default_factory=list)


@dataclass(slots=True)
class StatusChecks:
    """Required checks: each a context and the id of the app that must report it, or None."""

    checks: list[tuple[str, int | None]]
    strict: bool = False


@dataclass(slots=True)
class BranchProtection:
    """Classic protection of the branches that match `pattern`; defaults are GitHub's."""

    pattern: str
    id: int = 1
    enforce_admins: bool = False
    reviews: ReviewProtection | None = None
    status_checks: StatusChecks | None = None
    push_users: list[str] | None = None
    force_push_users: list[str] = field(default_factory=list)
    required_signatures: bool = False
    required_linear_history: bool = False
    allow_force_pushes: bool = False
    allow_deletions: bool = False
    block_creations: bool = False
    required_conversation_resolution: bool = False
    lock_branch: bool = False
    allow_fork_syncing: bool = False

    def covers(self, branch: str) -> bool:
        """Whether it applies to this branch."""
        return self.pattern == branch or _matches(self.pattern, branch)


@dataclass(slots=True)
class BypassActor:
    """Who may pass by a ruleset."""

    actor_type: Literal[
        "Integration",
        "OrganizationAdmin",
        "RepositoryRole",
        "Team",
        "DeployKey",
        "User",
        "EnterpriseOwner",
        "EnterpriseRole",
    ]
    actor_id: int | None = None
    bypass_mode: Literal["always", "pull_request", "exempt"] = "always"


@dataclass(slots=True)
class Rule:
    """One rule of a ruleset, in REST's words; None if the type has no parameters."""

    type: str
    parameters: dict[str, Any] | None = None


@dataclass(slots=True)
class Ruleset:
    """A ruleset of a repository or of an organization.

    Attributes:
        source: a repository's full name or an organization's login.
        include: reference patterns, `~DEFAULT_BRANCH` and `~ALL` among them.
        repositories: organization rulesets only: patterns of repository names.
    """

    id: int
    name: str
    source: str
    created_at: datetime
    updated_at: datetime
    source_type: Literal["Repository", "Organization"] = "Repository"
    target: Literal["branch", "tag"] = "branch"
    enforcement: Enforcement = "active"
    include: list[str] = field(default_factory=lambda: ["~DEFAULT_BRANCH"])
    exclude: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    bypass_actors: list[BypassActor] = field(default_factory=list)
    repositories: list[str] = field(default_factory=lambda: ["~ALL"])
    excluded_repositories: list[str] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        """The ruleset's global node id."""
        return node_id("RRS", self.id)

    def concerns(self, repository: str) -> bool:
        """Whether an organization's ruleset concerns the repository of this name."""
        return _any(self.repositories, repository) and not _any(
            self.excluded_repositories, repository
        )

    def covers(self, branch: str, default_branch: str | None) -> bool:
        """Whether its conditions name this branch; says nothing about its enforcement."""
        if self.target != "branch":
            return False
        reference = f"refs/heads/{branch}"

        def named(pattern: str) -> bool:
            if pattern == "~DEFAULT_BRANCH":
                return branch == default_branch
            return pattern == "~ALL" or _matches(pattern, reference)

        return any(map(named, self.include)) and not any(map(named, self.exclude))

    def covers_tag(self, tag: str) -> bool:
        """The same of a tag."""
        reference = f"refs/tags/{tag}"
        return (
            self.target == "tag"
            and _any(self.include, reference)
            and not _any(self.exclude, reference)
        )


@dataclass(slots=True)
class RuleSuite:
    """One evaluation of the rules that bind a reference: what a push came to."""

    id: int
    actor: str
    pushed_at: datetime
    ref: str = "refs/heads/main"
    result: Literal["pass", "fail", "bypass"] = "pass"


def _any(patterns: list[str], name: str) -> bool:
    return any(pattern == "~ALL" or _matches(pattern, name) for pattern in patterns)


def _matches(pattern: str, name: str) -> bool:
    """Match as Ruby's `File::FNM_PATHNAME` does: `*` stops at a slash and `**` does not."""
    parts = re.split(r"(\*\*/|\*\*)", pattern)
    expression = "".join(
        {"**/": "(?:.*/)?", "**": ".*"}.get(part) or _inner(translate(part)).replace(".*", "[^/]*")
        for part in parts
    )
    return re.fullmatch(expression, name) is not None


def _inner(translated: str) -> str:
    """The expression without the frame that `fnmatch.translate` puts around it."""
    found = re.fullmatch(r"\(\?s:(.*)\)\\[zZ]", translated, re.DOTALL)
    if found is None:
        raise ValueError(f"unexpected frame around a translated pattern: {translated}")
    return found.group(1)
