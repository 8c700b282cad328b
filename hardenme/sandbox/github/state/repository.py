"""Repositories of the sandbox."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime  # a dataclass's field types are part of its interface
from typing import Any, Literal

from hardenme.sandbox.github.state.actions import ActionsPolicy  # the same
from hardenme.sandbox.github.state.changes import (
    NOWHERE,
    Activity,
    ActivityType,
    Commit,
    Pull,
    Run,
    StoredCache,
    commit_id,
)
from hardenme.sandbox.github.state.connected import Hook, Runner
from hardenme.sandbox.github.state.people import node_id
from hardenme.sandbox.github.state.rules import (  # the same
    BranchProtection,
    Ruleset,
    RuleSuite,
)

Role = Literal["read", "triage", "write", "maintain", "admin"]
ROLES: tuple[Role, ...] = ("read", "triage", "write", "maintain", "admin")
Status = Literal["enabled", "disabled"]


@dataclass(slots=True)
class DeployKey:
    """A deploy key; `last_used` None is never."""

    id: int
    title: str
    key: str
    created_at: datetime
    read_only: bool = True
    added_by: str | None = None
    last_used: datetime | None = None
    enabled: bool = True
    verified: bool = True


@dataclass(slots=True)
class RepositorySecret:
    """The name of a secret; its value is nowhere."""

    name: str
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class Environment:
    """A deployment environment.

    Attributes:
        reviewers: logins whose approval a deployment needs; empty means no such rule.
        wait_timer: minutes; 0 means no such rule.
        branch_policy: which branches may deploy: every branch (None), the protected
            branches, or those that a custom policy names.
        policies: what a custom policy names: `branch` or `tag`, and a pattern.
        admins_bypass: administrators can pass by the rules, as GitHub has it until someone unticks
            it; None if the server does not show it.
    """

    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    reviewers: list[str] = field(default_factory=list)
    prevent_self_review: bool = False
    wait_timer: int = 0
    branch_policy: Literal["protected", "custom"] | None = None
    secrets: list[RepositorySecret] = field(default_factory=list)
    policies: list[tuple[Literal["branch", "tag"], str]] = field(default_factory=list)
    admins_bypass: bool | None = True


@dataclass(slots=True)
class SecurityAndAnalysis:
    """Security features; the names are those of `security_and_analysis`."""

    secret_scanning: Status = "disabled"  # noqa: S105  # a feature's state
    secret_scanning_push_protection: Status = "disabled"  # noqa: S105  # a feature's state
    dependabot_security_updates: Status = "disabled"
    secret_scanning_non_provider_patterns: Status = "disabled"  # noqa: S105  # a feature's state
    secret_scanning_validity_checks: Status = "disabled"  # noqa: S105  # a feature's state


@dataclass(slots=True)
class RepositoryInvitation:
    """A pending invitation to work on a repository."""

    id: int
    invitee: str
    inviter: str
    created_at: datetime
    permissions: Role = "write"


@dataclass(slots=True)
class VulnerabilityAlert:
    """A Dependabot alert."""

    number: int
    package: str
    created_at: datetime
    severity: Literal["low", "moderate", "high", "critical"] = "high"
    state: Literal["open", "fixed", "dismissed", "auto_dismissed"] = "open"
    classification: Literal["general", "malware"] = "general"


@dataclass(slots=True)
class SecretAlert:
    """A secret that scanning found. `secret` is what it found, visibly false here."""

    number: int
    created_at: datetime
    secret_type: str = "npm_access_token"  # noqa: S105  # a kind of secret
    secret: str = "npm_CANARYfoundbyscanning0000000000000"  # noqa: S105  # worth nothing
    state: Literal["open", "resolved"] = "open"


@dataclass(slots=True)
class Release:
    """A release; `assets` are the names of the files that it carries."""

    id: int
    tag: str
    created_at: datetime
    author: str
    draft: bool = False
    immutable: bool = False
    assets: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Repository:
    """A repository.

    Attributes:
        owner: a user's or organization's login.
        default_branch: None if nothing was pushed yet.
        branches: the other branches.
        former_names: full names that it had: they redirect.
        collaborators: a login to the role that was given directly.
        protection: classic protection, one a pattern.
        files: a path to its content, on the default branch.
        code_scanning: the state of its default set-up; `not offered` where the plan lacks it.
        dependency_graph: whether a list of what it is made of can be had.
        code_owners_errors: lines of CODEOWNERS that GitHub does not take, with the kind of error.
        immutable_releases: the repository's own setting.
        immutable_subject: tokens of its workflows name it by a number; None if it has no value of
            its own and the organization's counts.
        subject_claims: of what their subject is made; None for GitHub's own template.
        tags: the tags that no release has, the newest first.
        moved_tags: the commits of tags that do not point to the one that was made up for them.
        annotated_tags: tags that are objects of their own, with a message.
        rule_suites: what pushes came to, the newest first.
        activity: the changes of branches, as GitHub took them.
        commits: of the default branch, the newest last, as far as they are listed.
        runs: of workflows.
        caches: what runs stored for later ones.
        trees: the files of commits other than the newest, by commit.
        pulls: its pull requests.
        workflow_states: the state of each workflow file that is not active.
        heads: the commits that branches are at, where that is not the one that was made up.
        past: the files of the default branch, as they were at a commit that it was at before.
        plain: differences of its plain objects, by path (`rest/plain.py`).
    """

    owner: str
    name: str
    id: int
    created_at: datetime
    pushed_at: datetime
    visibility: Literal["public", "private", "internal"] = "public"
    description: str | None = None
    archived: bool = False
    fork: bool = False
    template: bool = False
    disabled: bool = False
    default_branch: str | None = "main"
    branches: list[str] = field(default_factory=list)
    former_names: list[str] = field(default_factory=list)
    collaborators: dict[str, Role] = field(default_factory=dict)
    invitations: list[RepositoryInvitation] = field(default_factory=list)
    protection: list[BranchProtection] = field(default_factory=list)
    rulesets: list[Ruleset] = field(default_factory=list)
    deploy_keys: list[DeployKey] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    runners: list[Runner] = field(default_factory=list)
    secrets: list[RepositorySecret] = field(default_factory=list)
    environments: list[Environment] = field(default_factory=list)
    actions: ActionsPolicy = field(default_factory=ActionsPolicy)
    security: SecurityAndAnalysis = field(default_factory=SecurityAndAnalysis)
    vulnerability_alerts_enabled: bool = False
    vulnerability_alerts: list[VulnerabilityAlert] = field(default_factory=list)
    secret_alerts: list[SecretAlert] = field(default_factory=list)
    code_scanning: Literal["configured", "not-configured", "not offered"] = "not-configured"
    private_vulnerability_reporting: bool = False
    immutable_releases: bool = False
    immutable_subject: bool | None = False
    subject_claims: list[str] | None = None
    releases: list[Release] = field(default_factory=list)
    web_commit_signoff_required: bool = False
    allow_forking: bool = True
    files: dict[str, bytes] = field(default_factory=dict)
    dependency_graph: bool = True
    code_owners_errors: list[tuple[int, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    moved_tags: dict[str, str] = field(default_factory=dict)
    annotated_tags: set[str] = field(default_factory=set)
    rule_suites: list[RuleSuite] = field(default_factory=list)
    activity: list[Activity] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    trees: dict[str, dict[str, bytes]] = field(default_factory=dict)
    pulls: list[Pull] = field(default_factory=list)
    caches: list[StoredCache] = field(default_factory=list)
    workflow_states: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    past: dict[str, dict[str, bytes]] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Owner and name."""
        return f"{self.owner}/{self.name}"

    @property
    def node_id(self) -> str:
        """The repository's global node id."""
        return node_id("R", self.id)

    @property
    def private(self) -> bool:
        """Whether only some can see it."""
        return self.visibility != "public"

    @property
    def empty(self) -> bool:
        """Whether nothing was pushed yet."""
        return self.default_branch is None

    @property
    def branch_names(self) -> list[str]:
        """Every branch that exists, the default branch first."""
        return [] if self.default_branch is None else [self.default_branch, *self.branches]

    @property
    def tag_names(self) -> list[str]:
        """Every tag, the newest first."""
        releases = sorted(self.releases, key=lambda r: r.created_at, reverse=True)
        return [*(r.tag for r in releases if not r.draft), *self.tags]

    def first_commit(self, tag: str) -> str:
        """The commit id that a tag was made at: made up."""
        return hashlib.sha256(f"{self.id}@{tag}".encode()).hexdigest()[:40]

    def tag_commit(self, tag: str) -> str:
        """The commit id that a tag points to: the same until it is moved."""
        return self.moved_tags.get(tag) or self.first_commit(tag)

    @property
    def security_policy(self) -> bool:
        """Whether there is a SECURITY.md where GitHub looks for it."""
        return any(f"{place}SECURITY.md" in self.files for place in ("", ".github/", "docs/"))

    @property
    def code_owners_path(self) -> str | None:
        """The file of code owners that counts: the first of three places."""
        places = (f"{place}CODEOWNERS" for place in (".github/", "", "docs/"))
        return next((path for path in places if path in self.files), None)

    def protection_of(self, branch: str) -> BranchProtection | None:
        """The classic protection that applies to a branch: an exact name comes first."""
        exact = (p for p in self.protection if p.pattern == branch)
        return next(exact, next((p for p in self.protection if p.covers(branch)), None))

    def head(self, branch: str) -> str:
        """The commit id that a branch points to: made up, and the same until it is pushed to."""
        return self.heads.get(branch) or commit_id(self.full_name, branch)

    def files_at(self, revision: str) -> dict[str, bytes] | None:
        """The files of a branch or of a commit; None if there is no such."""
        if revision in self.trees:
            return self.trees[revision]
        if revision in self.branch_names or revision in map(self.head, self.branch_names):
            return self.files
        return self.past.get(revision)

    def push(  # noqa: PLR0913 (what a push is made of, by name)
        self,
        at: datetime,
        actor: str | None,
        *,
        files: dict[str, bytes | None] | None = None,
        branch: str = "",
        committed: datetime | None = None,
        force: bool = False,
    ) -> Activity:
        """Push to a branch; one that is not there is created.

        Args:
            at: when the server takes it.
            actor: who pushes and writes the commit.
            files: what the commit changes on the default branch; None removes a file.
            branch: the default branch where it is empty.
            committed: the date that the commit says, where that is another.
            force: it rewrites what was there.
        """
        branch = branch or self.default_branch or "main"
        new = branch not in self.branch_names
        before = NOWHERE if new else self.head(branch)
        number = len(self.activity)
        after = commit_id(self.full_name, branch, "push", number)
        if new:
            self.branches.append(branch)
        elif branch == self.default_branch:
            self.past[before] = dict(self.files)
            paths = tuple(files or ("README.md",))
            self.commits.append(Commit(after, committed or at, actor, paths))
            changed = {**self.files, **(files or {})}
            self.files = {path: body for path, body in changed.items() if body is not None}
        self.heads[branch] = after
        self.pushed_at = max(self.pushed_at, at)
        changed_by: ActivityType = "force_push" if force else "push"
        kind: ActivityType = "branch_creation" if new else changed_by
        found = Activity(
            self.id * 1000 + number, kind, at, f"refs/heads/{branch}", before, after, actor
        )
        self.activity.append(found)
        return found
