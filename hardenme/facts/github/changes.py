"""What happened in a repository recently: pushes, runs of workflows, changed workflow files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hardenme.facts.github import endpoints
from hardenme.facts.github.environments import ACTIONS
from hardenme.facts.github.repository import RepositoryFact
from hardenme.facts.github.workflow import CONTENTS
from hardenme.model.depth import Depth
from hardenme.model.fact import Endpoint, given, key
from hardenme.model.values import number, objects, text

HEADS = "refs/heads/"


def _login(told: Mapping[str, Any]) -> str:
    return text(told["login"])


def _approvers(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The people who may approve deployments to an environment."""
    rules = [one for one in objects(told["protection_rules"]) if one.get("reviewers") is not None]
    entries = [entry for rule in rules for entry in objects(rule["reviewers"])]
    people = [entry["reviewer"] for entry in entries if text(entry["type"]) == "User"]
    return tuple(_login(one) for one in people if one is not None)


def _of_fork(told: Mapping[str, Any]) -> bool:
    """Whether a run's commit is of another repository; a fork that is gone is null.

    Only pull requests bring commits of forks: null in another run shows nothing.
    """
    head = told["head_repository"]
    if head is None:
        if not text(told["event"]).startswith("pull_request"):
            raise ValueError("no repository of the commit")
        return True
    return number(head["id"]) != number(told["repository"]["id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryChange(RepositoryFact):
    """A push or another change of a branch (subject `github:repo-activity/OWNER/REPO/ID`).

    GitHub records when it accepted the push. No one can backdate that, as a commit can be.

    Attributes:
        number: GitHub's number for it.
        change: what was done.
        at: when GitHub took it.
        ref: of what, like `refs/heads/main`.
        before: the commit that the branch was at; zeros where it was not there.
        after: the commit that it is at since; zeros where it is gone.
        actor: who did it; None for an account that is gone.
    """

    requirement = CONTENTS
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/activity",
        "repo-activity",
        named="{scope}/{identity}",
        label=("ref",),
    )
    noun = "push"

    number: int = key("id")
    change: Literal[
        "push",
        "force_push",
        "branch_creation",
        "branch_deletion",
        "pr_merge",
        "merge_queue_merge",
    ] = key("activity_type")
    at: datetime = key("timestamp")
    ref: str = key("ref")
    before: str = key("before")
    after: str = key("after")
    actor: str | None = key("actor", by=_login, nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRun(RepositoryFact):
    """A run of a workflow (subject `github:workflow-run/OWNER/REPO/ID`).

    Attributes:
        number: GitHub's number for it.
        file: the path of the workflow's file.
        event: what started it.
        branch: the branch that it ran on; None if it has none.
        created_at: when it was started.
        actor: who started it first; None if GitHub names no one.
        from_fork: its commit is of another repository than this one.
        head: its commit.
        ordinary: the file that ran is the default branch's, as it is or was before the window.
    """

    requirement = ACTIONS
    endpoint = Endpoint(
        "/repos/{owner}/{repo}/actions/runs",
        "workflow-run",
        named="{scope}/{identity}",
        label=("name",),
        counted=True,
    )
    noun = "run of a workflow"
    gates = ("total_count", "c*", "r*/entries/name")

    number: int = key("id")
    file: str = key("path", by=lambda path: text(path).partition("@")[0])
    event: str = key("event")
    branch: str | None = key("head_branch", nullable=True)
    created_at: datetime = key("created_at")
    actor: str | None = key("actor", by=_login, nullable=True)
    from_fork: bool = key("head_repository", "repository", "event", by=_of_fork, beside=True)
    head: str = key("head_sha")
    ordinary: bool = given("the workflow files of its commit and of the default branch")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFileChange(RepositoryFact):
    """A workflow file on the default branch that changed within the window, or was put back.

    Its subject is the file's, `github:workflow/OWNER/REPO/FILE`. The files are compared, so that a
    commit with a false date hides nothing.

    Attributes:
        file: its name.
        added: it was not there before.
        removed: it is not there now.
        restored: it is as it was before the window, and was changed in between.
        commit: the newest commit of it.
        at: when GitHub took the push that brought it, or the last one that can have.
        author: the account of who wrote that commit; None if GitHub names none.
    """

    requirement = CONTENTS
    source = "POST /graphql repository.object, Commit.history"
    noun = "changed workflow file"
    gates = (
        "repository/base",
        "was/entries",
        "now/entries",
        "defaultBranchRef/target/f*",
    )

    file: str = key("was/entries/*/name", "now/entries/*/name", hand=True)
    added: bool = key("was/entries/*/oid", "now/entries/*/oid", hand=True)
    removed: bool = key("was/entries/*/name", "now/entries/*/oid", hand=True)
    restored: bool = key(
        *("was/entries/*/oid", "now/entries/*/oid", "nodes/*/oid", "nodes/*/committedDate"),
        hand=True,
    )
    commit: str = key("nodes/*/oid", hand=True)
    at: datetime = key("nodes/*/committedDate", hand=True)
    author: str | None = key("nodes/*/author/user/login", hand=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentAge(RepositoryFact):
    """When an environment was created (subject `github:environment/OWNER/REPO/ENVIRONMENT`).

    Attributes:
        created_at: when it was made.
        updated_at: when its rules were last changed.
        approvers: the people who may approve; teams are left out, and who is gone.
    """

    requirement = ACTIONS
    endpoint = endpoints.ENVIRONMENTS
    depth = Depth.STANDARD
    noun = "environment"

    created_at: datetime = key("created_at")
    updated_at: datetime = key("updated_at")
    approvers: tuple[str, ...] = key(
        "protection_rules",
        "protection_rules/reviewers/type",
        "protection_rules/reviewers/reviewer/login",
        by=_approvers,
        beside=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledRuns(RepositoryFact):
    """As whom the scheduled workflows of a repository run (subject `github:repo/OWNER/REPO`).

    GitHub runs a schedule as who last changed its file, and ends it where that account leaves.

    Attributes:
        files: the workflow files that ran, each with its actor as `FILE LOGIN`: of the newest run
            of each among the newest hundred.
    """

    requirement = ACTIONS
    endpoint = WorkflowRun.endpoint.asking("event=schedule")
    depth = Depth.STANDARD
    noun = "scheduled workflow"
    gates = ("workflow_runs",)

    files: tuple[str, ...] = key("path", "actor/login", hand=True)
