"""A repository in GraphQL; each field asks for the permission of its REST twin."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.access import role_of
from hardenme.sandbox.github.calls import moment
from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.files import view_code_owners, view_latest, view_release
from hardenme.sandbox.github.graph.refs import view_ref, view_tag
from hardenme.sandbox.github.graph.rules import view_protection, view_ruleset
from hardenme.sandbox.github.graph.seen import Seen, View
from hardenme.sandbox.github.graph.tree import view_object
from hardenme.sandbox.github.permits import PUSH_ACCESS, Permit, administration, readable
from hardenme.sandbox.github.world import (
    DeployKey,
    Environment,
    Repository,
    VulnerabilityAlert,
)

ADMINISTRATION = administration()
METADATA = readable("metadata:read")
CONTENTS = readable("contents:read")
ENVIRONMENTS = readable("actions:read")
ALERTS_STATE = Permit(
    scopes=("repo",),
    permissions=(("administration:read",), ("vulnerability_alerts:read",)),
    role="admin",
)
ALERTS = Permit(
    scopes=("repo", "security_events"),
    permissions=(("vulnerability_alerts:read",),),
    role="admin",
)
COLLABORATORS = Permit(
    scopes=("repo",),
    permissions=(("metadata:read",),),
    role="write",
    without_role=(403, PUSH_ACCESS),
)


def view_repository(seen: Seen, repository: Repository) -> View:
    """A repository that the caller sees."""
    role = seen.caller.role(repository)
    owner = seen.world.organization(repository.owner)

    def owner_view(_info: object) -> View | None:
        if owner is not None:
            return seen.view(owner)
        user = seen.world.user(repository.owner)
        return seen.view(user) if user else None

    def alerts_on(_info: object) -> bool:
        if not _silent_of_alerts(seen):
            seen.need(ALERTS_STATE, repository)
        return repository.vulnerability_alerts_enabled

    def tree(_info: object, expression: str | None = None) -> View | None:
        seen.need(CONTENTS, repository)
        return view_object(repository, expression or "")

    def code_owners(_info: object, **_arguments: Any) -> View | None:
        seen.need(CONTENTS, repository)
        return view_code_owners(repository)

    def latest(_info: object) -> View | None:
        seen.need(CONTENTS, repository)
        return view_latest(repository)

    def ref(_info: object, **arguments: Any) -> View | None:
        name = arguments["qualifiedName"].removeprefix("refs/heads/")
        return view_ref(seen, repository, name) if name in repository.branch_names else None

    return {
        **_plain(seen, repository),
        "owner": owner_view,
        "isInOrganization": owner is not None,
        "viewerPermission": (role or "read").upper() if seen.caller.user else None,
        "viewerCanAdminister": role == "admin",
        "hasVulnerabilityAlertsEnabled": alerts_on,
        "defaultBranchRef": lambda _info: (
            view_ref(seen, repository, repository.default_branch)
            if repository.default_branch
            else None
        ),
        "ref": ref,
        "object": tree,
        "codeowners": code_owners,
        "latestRelease": latest,
        **_lists(seen, repository),
    }


def _plain(seen: Seen, repository: Repository) -> View:
    """The fields that everyone who sees the repository is shown alike."""
    return {
        "__typename": "Repository",
        "id": repository.node_id,
        "databaseId": repository.id,
        "name": repository.name,
        "nameWithOwner": repository.full_name,
        "url": f"{seen.web}/{repository.full_name}",
        "visibility": repository.visibility.upper(),
        "isPrivate": repository.private,
        "isArchived": repository.archived,
        "isFork": repository.fork,
        "isEmpty": repository.empty,
        "isTemplate": repository.template,
        "isDisabled": repository.disabled,
        "isLocked": False,
        "isMirror": False,
        "createdAt": moment(repository.created_at),
        "pushedAt": None if repository.empty else moment(repository.pushed_at),
        "updatedAt": moment(repository.pushed_at),
        "isSecurityPolicyEnabled": repository.security_policy,
        "webCommitSignoffRequired": repository.web_commit_signoff_required,
        "forkingAllowed": repository.allow_forking,
    }


def _lists(seen: Seen, repository: Repository) -> View:
    """The connections of a repository."""

    def protections(_info: object, **arguments: Any) -> View:
        seen.need(ADMINISTRATION, repository)
        offered = seen.world.rules_offered(repository)
        found = repository.protection if offered else []
        return connection(found, lambda p: view_protection(seen, repository, p), arguments)

    def deploy_keys(_info: object, **arguments: Any) -> View:
        seen.need(ADMINISTRATION, repository)
        return connection(repository.deploy_keys, _deploy_key, arguments)

    def environments(_info: object, **arguments: Any) -> View:
        seen.need(ENVIRONMENTS, repository)
        return connection(repository.environments, _environment, arguments)

    def releases(_info: object, **arguments: Any) -> View:
        seen.need(CONTENTS, repository)
        order = arguments.get("orderBy") or {"direction": "DESC"}
        newest = sorted(
            repository.releases,
            key=lambda release: release.created_at,
            reverse=order["direction"] == "DESC",
        )
        return connection(newest, lambda r: view_release(repository, r), arguments)

    def refs(_info: object, **arguments: Any) -> View:
        seen.need(CONTENTS, repository)
        prefix, order = arguments["refPrefix"], arguments.get("orderBy")
        tags = prefix == "refs/tags/"
        names = repository.tag_names if tags else repository.branch_names
        if order is None or order["field"] == "ALPHABETICAL":
            names = sorted(names, reverse=order is not None and order["direction"] == "DESC")
        elif order["direction"] == "ASC":
            names = names[::-1]
        view = view_tag if tags else view_ref
        return connection(names, lambda name: view(seen, repository, name), arguments)

    def rulesets(_info: object, **arguments: Any) -> View:
        seen.need(METADATA, repository)
        parents = arguments.get("includeParents") is not False
        targets = arguments.get("targets") or ["BRANCH", "TAG"]
        offered = seen.world.rules_offered(repository)
        known = seen.world.rulesets_of(repository, parents=parents) if offered else []
        found = [s for s in known if s.target.upper() in targets]
        return connection(found, lambda s: view_ruleset(seen, repository, s), arguments)

    return {
        "branchProtectionRules": protections,
        "deployKeys": deploy_keys,
        "environments": environments,
        "collaborators": lambda _info, **a: _collaborators(seen, repository, a),
        "vulnerabilityAlerts": lambda _info, **a: _alerts(seen, repository, a),
        "releases": releases,
        "refs": refs,
        "rulesets": rulesets,
    }


def _silent_of_alerts(seen: Seen) -> bool:
    """Whether no one says that alerts are not shown; tokens with permissions are refused."""
    token = seen.caller.token
    return seen.world.silent and token is not None and token.scoped


def _alerts(seen: Seen, repository: Repository, arguments: dict[str, Any]) -> View:
    """The alerts; where GitHub is silent, none for whom may not see them."""
    shown = repository.vulnerability_alerts_enabled
    if _silent_of_alerts(seen):
        shown = shown and seen.caller.denial(ALERTS, repository) is None
    else:
        seen.need(ALERTS, repository)
    states = arguments.get("states")
    found = [
        alert
        for alert in repository.vulnerability_alerts
        if shown and (states is None or alert.state.upper() in states)
    ]
    return connection(found, lambda a: _alert(repository, a), arguments)


def _collaborators(seen: Seen, repository: Repository, arguments: dict[str, Any]) -> View:
    seen.need(COLLABORATORS, repository)
    owner = seen.world.organization(repository.owner)
    affiliation = arguments.get("affiliation") or "ALL"
    logins = set(repository.collaborators)
    if affiliation == "OUTSIDE":
        logins -= set(owner.members if owner else {repository.owner})
    elif owner is None:
        logins.add(repository.owner)
    elif affiliation == "ALL":
        logins |= {m for m in owner.members if role_of(seen.world, repository, m)}
    logins = seen.caller.cut(repository, logins)
    people = [user for login in sorted(logins) if (user := seen.world.user(login))]
    return connection(
        people,
        seen.view,
        arguments,
        edge=lambda user: {
            "permission": (role_of(seen.world, repository, user.login) or "read").upper()
        },
    )


def _deploy_key(key: DeployKey) -> View:
    return {
        "id": f"DK_{key.id}",
        "title": key.title,
        "key": key.key,
        "readOnly": key.read_only,
        "createdAt": moment(key.created_at),
        "verified": key.verified,
        "enabled": key.enabled,
    }


def _environment(environment: Environment) -> View:
    rules: list[View] = []
    if environment.wait_timer:
        rules.append({"type": "WAIT_TIMER", "timeout": environment.wait_timer})
    if environment.reviewers:
        self_review = {"preventSelfReview": environment.prevent_self_review}
        rules.append({"type": "REQUIRED_REVIEWERS", "timeout": 0, **self_review})
    if environment.branch_policy:
        rules.append({"type": "BRANCH_POLICY", "timeout": 0})
    numbered = [
        {"databaseId": environment.id * 10 + index, **rule} for index, rule in enumerate(rules)
    ]
    return {
        "id": f"EN_{environment.id}",
        "databaseId": environment.id,
        "name": environment.name,
        "protectionRules": lambda _info, **a: connection(numbered, lambda rule: rule, a),
    }


def _alert(repository: Repository, alert: VulnerabilityAlert) -> View:
    return {
        "id": f"RVA_{repository.id}_{alert.number}",
        "number": alert.number,
        "state": alert.state.upper(),
        "createdAt": moment(alert.created_at),
        "securityVulnerability": {
            "severity": alert.severity.upper(),
            "package": {"name": alert.package},
        },
    }
