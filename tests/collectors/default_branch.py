"""A repository as the batch tells it, with its default branch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github import repositories
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import github

PAT = "github_pat_CANARY00000000000000_" + "0" * 54
HERE = Subject("github", "repo", "hazel/lantern")
REST = "/repos/hazel/lantern/branches/main/protection"
RULE = {
    "isAdminEnforced": True,
    "requiresApprovingReviews": True,
    "requiredApprovingReviewCount": 1,
    "dismissesStaleReviews": True,
    "requiresCodeOwnerReviews": False,
    "requireLastPushApproval": True,
    "requiresStatusChecks": True,
    "requiredStatusCheckContexts": ["test"],
    "requiresCommitSignatures": True,
    "requiresLinearHistory": True,
    "requiresConversationResolution": True,
    "allowsForcePushes": False,
    "allowsDeletions": False,
    "restrictsPushes": False,
    "bypassPullRequestAllowances": {"totalCount": 0},
    "bypassForcePushAllowances": {"totalCount": 0},
}
NODE = {
    "nameWithOwner": "hazel/lantern",
    "visibility": "PUBLIC",
    "isArchived": False,
    "isFork": False,
    "isEmpty": False,
    "pushedAt": "2026-11-01T00:00:00Z",
    "viewerCanAdminister": True,
    "hasVulnerabilityAlertsEnabled": True,
    "isSecurityPolicyEnabled": True,
    "deployKeys": {"totalCount": 0, "nodes": []},
    "defaultBranchRef": {
        "name": "main",
        "branchProtectionRule": None,
        "rules": {"totalCount": 0, "nodes": []},
    },
}


def branch(**change: Any) -> dict[str, Any]:
    return NODE | {"defaultBranchRef": NODE["defaultBranchRef"] | change}  # type: ignore[operator]  # a dict


def seen(
    node: Any, errors: Iterable[Any] = (), *, scopes: str = "repo", **how: Any
) -> list[Answer[Any]]:
    """What the batch tells of one repository."""
    said = {"data": {"repository": node}, "errors": list(errors)}
    headers = {"X-OAuth-Scopes": scopes} if "token" not in how else {}
    with github({"graphql": Reply(data=said, headers=headers)}, **how) as (client, _):
        return list(repositories.one(client, HERE, FactStore()))


def booked(answers: list[Answer[Any]]) -> FactStore:
    store = FactStore()
    for answer in answers:
        store.put(answer)
    return store


def kinds(answers: list[Answer[Any]]) -> set[str]:
    return {answer.kind.__name__ for answer in answers}
