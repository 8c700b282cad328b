"""The keys of GitHub's payloads, event by event.

Source: `@octokit/webhooks-schemas` 7.6.1, the properties of each event's payloads; events by which
people without write access can start a workflow. The tests compare this table with the package.
"""

from __future__ import annotations

ANY_EVENT = frozenset({"installation", "organization", "repository", "sender"})
"""What any payload has."""

KEYS: dict[str, dict[str, str]] = {
    "check_run": dict.fromkeys(
        ("completed", "created", "requested_action", "rerequested"), "check_run requested_action"
    ),
    "check_suite": dict.fromkeys(("completed", "requested", "rerequested"), "check_suite"),
    "discussion": {
        "answered": "discussion answer",
        "category_changed": "discussion changes",
        "created": "discussion",
        "deleted": "discussion",
        "edited": "discussion changes",
        "labeled": "discussion label",
        "locked": "discussion",
        "pinned": "discussion",
        "transferred": "discussion changes",
        "unanswered": "discussion old_answer",
        "unlabeled": "discussion label",
        "unlocked": "discussion",
        "unpinned": "discussion",
    },
    "discussion_comment": {
        "created": "comment discussion",
        "deleted": "comment discussion",
        "edited": "comment discussion changes",
    },
    "fork": {"": "forkee"},
    "gollum": {"": "pages"},
    "issue_comment": {
        "created": "comment issue",
        "deleted": "comment issue",
        "edited": "comment issue changes",
    },
    "issues": {
        "assigned": "issue assignee",
        "closed": "issue",
        "deleted": "issue",
        "demilestoned": "issue milestone",
        "edited": "issue changes label",
        "labeled": "issue label",
        "locked": "issue",
        "milestoned": "issue milestone",
        "opened": "issue changes",
        "pinned": "issue",
        "reopened": "issue",
        "transferred": "issue changes",
        "unassigned": "issue assignee",
        "unlabeled": "issue label",
        "unlocked": "issue",
        "unpinned": "issue",
    },
    "pull_request": {
        "assigned": "assignee",
        "auto_merge_disabled": "reason",
        "auto_merge_enabled": "reason",
        "closed": "",
        "converted_to_draft": "",
        "demilestoned": "milestone",
        "dequeued": "reason",
        "edited": "changes",
        "enqueued": "",
        "labeled": "label",
        "locked": "",
        "milestoned": "milestone",
        "opened": "",
        "ready_for_review": "",
        "reopened": "",
        "review_request_removed": "requested_reviewer requested_team",
        "review_requested": "requested_reviewer requested_team",
        "synchronize": "after before",
        "unassigned": "assignee",
        "unlabeled": "label",
        "unlocked": "",
    },
    "pull_request_review": {
        "dismissed": "pull_request review",
        "edited": "pull_request review changes",
        "submitted": "pull_request review",
    },
    "pull_request_review_comment": {
        "created": "comment pull_request",
        "deleted": "comment pull_request",
        "edited": "comment pull_request changes",
    },
    "status": {
        "": "avatar_url branches commit context created_at description id name sha state target_url"
        " updated_at"
    },
    "watch": {"started": ""},
    "workflow_run": dict.fromkeys(
        ("completed", "in_progress", "requested"), "workflow workflow_run"
    ),
}
"""The keys of each event's payload, by the type of the event; empty if it has none."""
KEYS["pull_request"] = {k: f"number pull_request {v}" for k, v in KEYS["pull_request"].items()}
KEYS["pull_request_target"] = KEYS["pull_request"]

ELSEWHERE = frozenset(
    {"after", "base_ref", "before", "branch", "build", "client_payload", "commits"}
    | {"compare", "created", "deleted", "deployment", "deployment_status", "description"}
    | {"environment", "forced", "head_commit", "inputs", "master_branch", "merge_group"}
    | {"package", "project", "project_card", "project_column", "pusher", "pusher_type"}
    | {"ref", "ref_type", "registry_package", "release", "rule"}
)
"""Further keys, of events that take write access."""
KNOWN = ELSEWHERE.union(
    {"action"},
    *(keys.split() for types in KEYS.values() for keys in types.values()),
)
"""Keys of which is known which payloads have them."""

BY_DEFAULT = {"pull_request_target": ("opened", "reopened", "synchronize")}
"""The types that start a workflow which names none, where not all of them do.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows"""


def keys_of(event: str, kind: str) -> frozenset[str] | None:
    """The keys of an event's payload; None if the table does not have its type."""
    types = KEYS.get(event)
    if types is None or kind not in types:
        return None
    action = ("action",) if kind else ()
    return ANY_EVENT.union(types[kind].split(), action)


def keys_of_others(event: str, kind: str) -> frozenset[str]:
    """The keys that the payloads of an event have with other types alone."""
    own = keys_of(event, kind) or frozenset()
    others = (keys.split() for keys in KEYS.get(event, {}).values())
    return frozenset().union(*others) - own
