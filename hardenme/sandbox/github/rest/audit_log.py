"""The audit log of an organization of GitHub Enterprise Cloud."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, owner
from hardenme.sandbox.github.state.staff import AuditEntry


def audit_log(call: PermittedRequest) -> Answer:
    """The entries that a search leaves, the newest first.

    Of the search's words it knows `actor:LOGIN`, `action:NAME` and `created:>=DATE`.
    """
    entries = call.organization.staff.audit_log
    if entries is None:
        return problem(404, NOT_FOUND)
    included = call.option("include", "web")
    words = [word.partition(":") for word in call.option("phrase", "").split()]
    found = [
        entry
        for entry in entries
        if included == "all" or entry.git is (included == "git")
        if all(_fits(entry, name, value) for name, _, value in words)
    ]
    found.sort(key=lambda entry: entry.created_at, reverse=call.option("order", "desc") == "desc")
    return PagedAnswer(found, lambda entry: _shape(call, entry))


def _fits(entry: AuditEntry, name: str, value: str) -> bool:
    if name == "actor":
        return entry.actor.lower() == value.lower()
    if name == "action":
        return entry.action == value
    if name == "created" and value.startswith(">="):
        day = date.fromisoformat(value.removeprefix(">="))
        return entry.created_at >= datetime(day.year, day.month, day.day, tzinfo=UTC)
    return False


def _shape(call: PermittedRequest, entry: AuditEntry) -> dict[str, Any]:
    moment = int(entry.created_at.timestamp() * 1000)
    name = f"{entry.actor} {entry.action} {moment}"
    return {
        "@timestamp": moment,
        "action": entry.action,
        "actor": entry.actor,
        "created_at": moment,
        "org": call.organization.login,
        "_document_id": hashlib.sha256(name.encode()).hexdigest()[:22],
    }


ROUTES = (
    Route(
        "/orgs/{org}/audit-log",
        audit_log,
        owner("organization_administration:read", "read:audit_log"),
    ),
)
