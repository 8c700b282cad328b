"""Branches and their classic protection."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import administration, readable
from hardenme.sandbox.github.rest.shapes import named_user
from hardenme.sandbox.github.world import BranchProtection, StatusChecks
from hardenme.sandbox.http import Reply

UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."
EPOCH = "2020-01-01T00:00:00Z"


def _base(call: PermittedRequest, branch: str) -> str:
    return f"{call.api}/repos/{call.repository.full_name}/branches/{branch}"


def _is_protected(call: PermittedRequest, branch: str) -> bool:
    offered = call.world.rules_offered(call.repository)
    return offered and call.repository.protection_of(branch) is not None


def _entry(call: PermittedRequest, branch: str) -> dict[str, Any]:
    sha = call.repository.head(branch)
    return {
        "name": branch,
        "commit": {
            "sha": sha,
            "url": f"{call.api}/repos/{call.repository.full_name}/commits/{sha}",
        },
        "protected": _is_protected(call, branch),
    }


def branches(call: PermittedRequest) -> Answer:
    """The branches."""
    only = call.option("protected", "")
    found = [
        name
        for name in call.repository.branch_names
        if not only or (only == "true") == _is_protected(call, name)
    ]
    return PagedAnswer(found, lambda name: _entry(call, name))


def branch(call: PermittedRequest) -> Answer:
    """One branch with a summary of its protection that every reader sees."""
    name = call.names["branch"]
    if name not in call.repository.branch_names:
        return problem(404, "Branch not found")
    entry = _entry(call, name)
    sha, url = entry["commit"]["sha"], entry["commit"]["url"]
    person = {"name": "A contributor", "email": "contributor@example.test", "date": EPOCH}
    page = f"{call.web}/{call.repository.full_name}"
    protection = call.repository.protection_of(name) if entry["protected"] else None
    checks = protection.status_checks if protection else None
    return entry | {
        "commit": {
            "sha": sha,
            "node_id": f"C_{sha}",
            "url": url,
            "html_url": f"{page}/commit/{sha}",
            "comments_url": f"{url}/comments",
            "commit": {
                "author": person,
                "committer": person,
                "message": "The newest commit",
                "tree": {"sha": sha, "url": url},
                "url": url,
                "comment_count": 0,
                "verification": {
                    "verified": False,
                    "reason": "unsigned",
                    "signature": None,
                    "payload": None,
                    "verified_at": None,
                },
            },
            "author": None,
            "committer": None,
            "parents": [],
        },
        "_links": {"self": _base(call, name), "html": f"{page}/tree/{name}"},
        "protection": {
            "enabled": protection is not None,
            "required_status_checks": {
                "enforcement_level": _enforcement(protection) if checks else "off",
                "contexts": [context for context, _ in checks.checks] if checks else [],
                "checks": _checks(checks),
            },
        },
        "protection_url": f"{_base(call, name)}/protection",
    }


def _enforcement(protection: BranchProtection | None) -> str:
    return "everyone" if protection and protection.enforce_admins else "non_admins"


def _checks(checks: StatusChecks | None) -> list[dict[str, Any]]:
    return [{"context": c, "app_id": app} for c, app in checks.checks] if checks else []


def protection(call: PermittedRequest) -> Answer:
    """Classic protection; its three kinds of 404 and the 403 of the plan are GitHub's."""
    name = call.names["branch"]
    if not call.world.rules_offered(call.repository):
        return problem(403, UPGRADE)
    if name not in call.repository.branch_names:
        return problem(404, "Branch not found")
    found = call.repository.protection_of(name)
    if found is None:
        return problem(404, "Branch not protected")
    base = f"{_base(call, name)}/protection"
    data: dict[str, Any] = {
        "url": base,
        "enforce_admins": {"url": f"{base}/enforce_admins", "enabled": found.enforce_admins},
        "required_signatures": {
            "url": f"{base}/required_signatures",
            "enabled": found.required_signatures,
        },
    }
    for switch in (
        "required_linear_history",
        "allow_force_pushes",
        "allow_deletions",
        "block_creations",
        "required_conversation_resolution",
        "lock_branch",
        "allow_fork_syncing",
    ):
        data[switch] = {"enabled": getattr(found, switch)}
    return data | _reviews(call, base, found) | _status(base, found) | _pushes(call, base, found)


def _reviews(call: PermittedRequest, base: str, found: BranchProtection) -> dict[str, Any]:
    if found.reviews is None:
        return {}
    reviews: dict[str, Any] = {
        "url": f"{base}/required_pull_request_reviews",
        "required_approving_review_count": found.reviews.required_approving_review_count,
        "dismiss_stale_reviews": found.reviews.dismiss_stale_reviews,
        "require_code_owner_reviews": found.reviews.require_code_owner_reviews,
        "require_last_push_approval": found.reviews.require_last_push_approval,
    }
    if found.reviews.bypass_users:
        reviews["bypass_pull_request_allowances"] = {
            "users": [named_user(call, login) for login in found.reviews.bypass_users],
            "teams": [],
            "apps": [],
        }
    return {"required_pull_request_reviews": reviews}


def _status(base: str, found: BranchProtection) -> dict[str, Any]:
    if found.status_checks is None:
        return {}
    url = f"{base}/required_status_checks"
    return {
        "required_status_checks": {
            "url": url,
            "strict": found.status_checks.strict,
            "contexts": [context for context, _ in found.status_checks.checks],
            "contexts_url": f"{url}/contexts",
            "checks": _checks(found.status_checks),
        }
    }


def _pushes(call: PermittedRequest, base: str, found: BranchProtection) -> dict[str, Any]:
    if found.push_users is None:
        return {}
    url = f"{base}/restrictions"
    return {
        "restrictions": {
            "url": url,
            "users_url": f"{url}/users",
            "teams_url": f"{url}/teams",
            "apps_url": f"{url}/apps",
            "users": [named_user(call, login) for login in found.push_users],
            "teams": [],
            "apps": [],
        }
    }


def matching_refs(call: PermittedRequest) -> Answer:
    """The branches and tags whose names begin like that, all at once."""
    repo = call.repository
    names = [
        *(f"heads/{name}" for name in repo.branch_names),
        *(f"tags/{name}" for name in repo.tag_names),
    ]
    found = sorted(name for name in names if name.startswith(call.names["ref"]))
    base = f"{call.api}/repos/{repo.full_name}/git"
    refs = [
        {
            "ref": f"refs/{name}",
            "node_id": f"REF_{repo.id}_{name}",
            "url": f"{base}/refs/{name}",
            "object": {
                "sha": repo.head(name),
                "type": "commit",
                "url": f"{base}/commits/{repo.head(name)}",
            },
        }
        for name in found
    ]
    return Reply(data=refs)


CONTENTS = readable("contents:read")

ROUTES = (
    Route("/repos/{owner}/{repo}/branches", branches, CONTENTS),
    Route("/repos/{owner}/{repo}/branches/{branch}", branch, CONTENTS),
    Route("/repos/{owner}/{repo}/git/matching-refs/{ref}", matching_refs, CONTENTS),
    Route(
        "/repos/{owner}/{repo}/branches/{branch}/protection",
        protection,
        administration(hidden=True),
    ),
)
