"""Alerts of Dependabot and of secret scanning, and the default set-up of code scanning."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import CursorListing
from hardenme.sandbox.github.permits import NOT_FOUND, Permit, administration
from hardenme.sandbox.github.rest.shapes import minimal_repository
from hardenme.sandbox.github.world import Repository, SecretAlert, VulnerabilityAlert

DISABLED = "Dependabot alerts are disabled for this repository."
ARCHIVED = "Dependabot alerts are not available for archived repositories."
SCANNING_DISABLED = "Secret scanning is disabled on this repository."
NOT_OFFERED = "Code Security must be enabled for this repository to use code scanning."
SEVERITIES = {"moderate": "medium"}
"""GraphQL and REST name one of the severities differently."""
Found = tuple[Repository, Any]


def _within(call: PermittedRequest) -> list[Repository]:
    """The organization's repositories that the token was given."""
    scoped = call.caller.token is not None and call.caller.token.scoped
    return [
        repository
        for repository in call.world.repositories_of(call.organization.login)
        if call.caller.sees(repository) and (scoped or call.caller.reaches(repository))
    ]


def _chosen(call: PermittedRequest, name: str, value: str) -> bool:
    wanted = call.option(name, "")
    return not wanted or value in wanted.split(",")


def _severity(alert: VulnerabilityAlert) -> str:
    return SEVERITIES.get(alert.severity, alert.severity)


def _vulnerable(call: PermittedRequest, repositories: list[Repository]) -> list[Found]:
    return [
        (repository, alert)
        for repository in repositories
        if repository.vulnerability_alerts_enabled and not repository.archived
        for alert in repository.vulnerability_alerts
        if _chosen(call, "state", alert.state)
        and _chosen(call, "severity", _severity(alert))
        and _chosen(call, "classification", alert.classification)
    ]


def organization_dependabot(call: PermittedRequest) -> Answer:
    """The alerts of all repositories where they are on; the others are silently left out."""
    found = _vulnerable(call, _within(call))
    return CursorListing(
        found, lambda pair: _dependabot(call, *pair) | {"repository": _repository(call, pair[0])}
    )


def dependabot(call: PermittedRequest) -> Answer:
    """The alerts of one repository."""
    if call.repository.archived:
        return problem(403, ARCHIVED)
    if not call.repository.vulnerability_alerts_enabled:
        return problem(403, DISABLED)
    found = _vulnerable(call, [call.repository])
    return CursorListing(found, lambda pair: _dependabot(call, *pair))


def organization_secrets(call: PermittedRequest) -> Answer:
    """The secrets that scanning found in all repositories where it is on."""
    found = _leaked(call, _within(call))
    return CursorListing(
        found, lambda pair: _secret(call, *pair) | {"repository": _repository(call, pair[0])}
    )


def secrets(call: PermittedRequest) -> Answer:
    """The secrets that scanning found in one repository."""
    if call.repository.security.secret_scanning != "enabled":  # noqa: S105 (a feature's state)
        return problem(404, SCANNING_DISABLED)
    return CursorListing(_leaked(call, [call.repository]), lambda pair: _secret(call, *pair))


def _leaked(call: PermittedRequest, repositories: list[Repository]) -> list[Found]:
    return [
        (repository, alert)
        for repository in repositories
        if repository.security.secret_scanning == "enabled"  # noqa: S105 (a feature's state)
        for alert in repository.secret_alerts
        if _chosen(call, "state", alert.state)
    ]


def default_setup(call: PermittedRequest) -> Answer:
    """The default set-up of code scanning."""
    state = call.repository.code_scanning
    if state == "not offered":
        return problem(403, NOT_OFFERED)
    configured = state == "configured"
    return {
        "state": state,
        "languages": ["javascript-typescript"],
        "query_suite": "default",
        "threat_model": "remote",
        "updated_at": moment(call.repository.created_at) if configured else None,
        "schedule": "weekly" if configured else None,
    }


def _repository(call: PermittedRequest, repository: Repository) -> dict[str, Any]:
    data = minimal_repository(call, repository)
    for name in ("security_and_analysis", "permissions"):
        data.pop(name, None)
    return data


def _dependabot(
    call: PermittedRequest, repository: Repository, alert: VulnerabilityAlert
) -> dict[str, Any]:
    tail = f"{repository.full_name}/security/dependabot/{alert.number}"
    package = {"ecosystem": "npm", "name": alert.package}
    when, severity = moment(alert.created_at), _severity(alert)
    vulnerability = {
        "package": package,
        "severity": severity,
        "vulnerable_version_range": "< 2.0.0",
        "first_patched_version": {"identifier": "2.0.0"},
    }
    return {
        "number": alert.number,
        "state": alert.state,
        "dependency": {
            "package": package,
            "manifest_path": "package-lock.json",
            "scope": "runtime",
            "relationship": "direct",
        },
        "security_advisory": {
            "ghsa_id": f"GHSA-0000-0000-{alert.number:04}",
            "cve_id": None,
            "summary": f"A hole in {alert.package}",
            "description": f"A hole in {alert.package}",
            "vulnerabilities": [vulnerability],
            "severity": severity,
            "classification": alert.classification,
            "cvss": {"vector_string": None, "score": 0},
            "cwes": [],
            "identifiers": [{"type": "GHSA", "value": f"GHSA-0000-0000-{alert.number:04}"}],
            "references": [],
            "published_at": when,
            "updated_at": when,
            "withdrawn_at": None,
        },
        "security_vulnerability": vulnerability,
        "url": f"{call.api}/repos/{repository.full_name}/dependabot/alerts/{alert.number}",
        "html_url": f"{call.web}/{tail}",
        "created_at": when,
        "updated_at": when,
        "dismissed_at": when if alert.state == "dismissed" else None,
        "dismissed_by": None,
        "dismissed_reason": "not_used" if alert.state == "dismissed" else None,
        "dismissed_comment": None,
        "fixed_at": when if alert.state == "fixed" else None,
    }


def _secret(call: PermittedRequest, repository: Repository, alert: SecretAlert) -> dict[str, Any]:
    base = f"{call.api}/repos/{repository.full_name}/secret-scanning/alerts/{alert.number}"
    hidden = call.option("hide_secret", "false") == "true"
    shown = {} if hidden else {"secret": alert.secret}
    resolved = alert.state == "resolved"
    return {
        "number": alert.number,
        "created_at": moment(alert.created_at),
        "updated_at": moment(alert.created_at),
        "url": base,
        "html_url": f"{call.web}/{repository.full_name}/security/secret-scanning/{alert.number}",
        "locations_url": f"{base}/locations",
        "state": alert.state,
        "resolution": "revoked" if resolved else None,
        "resolved_at": moment(alert.created_at) if resolved else None,
        "resolved_by": None,
        "secret_type": alert.secret_type,
        "secret_type_display_name": alert.secret_type,
        **shown,
        "push_protection_bypassed": False,
        "validity": "unknown",
    }


def _alerts(permission: str, role: str, status: int, message: str) -> Permit:
    return Permit(
        scopes=("repo", "security_events"),
        permissions=((permission,),),
        role="owner" if role == "owner" else "admin",
        without_role=(status, message),
    )


VULNERABILITIES, LEAKS = "vulnerability_alerts:read", "secret_scanning_alerts:read"
NOT_YOURS = "You are not authorized to perform this operation."
ORG, REPO = "/orgs/{org}", "/repos/{owner}/{repo}"

ROUTES = (
    Route(
        f"{ORG}/dependabot/alerts",
        organization_dependabot,
        _alerts(VULNERABILITIES, "owner", 403, NOT_YOURS),
    ),
    Route(
        f"{ORG}/secret-scanning/alerts",
        organization_secrets,
        _alerts(LEAKS, "owner", 404, NOT_FOUND),
    ),
    Route(f"{REPO}/dependabot/alerts", dependabot, _alerts(VULNERABILITIES, "", 403, NOT_YOURS)),
    Route(f"{REPO}/secret-scanning/alerts", secrets, _alerts(LEAKS, "", 404, NOT_FOUND)),
    Route(f"{REPO}/code-scanning/default-setup", default_setup, administration()),
)
