"""Checks of a repository's security settings."""

from hardenme.facts.github.repository import (
    ActionsSecret,
    DeployKey,
    Repository,
    RepositoryPrivateReporting,
    RepositorySecurityPolicy,
    RepositorySecuritySettings,
    RepositoryVulnerabilityAlerts,
)
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import ONE_CONFIGURATION, count

ADMIN = "repository admin"
ENABLED = "enabled"
ARCHIVED = NotApplicable("archived: its settings cannot change", {"isArchived": True})


def _for_all(repository: Repository, feature: str) -> Fix | None:
    """One security configuration that switches a feature on in all of an organization."""
    if not repository.organization:
        return None
    return Fix(
        f"{ONE_CONFIGURATION}: enable {feature}",
        page=repository.page("org-security-configurations", org=repository.organization),
        needs="organization owner, or security manager",
        undo="Apply the former configuration again",
    )


def _scanning(
    settings: RepositorySecuritySettings, repository: Repository, feature: str, setting: str
) -> Fix:
    name = full_name(settings)
    return Fix(
        f'Enable "{feature}"',
        page=settings.page("repo-security", repo=name),
        command=settings.gh(
            "api",
            "-X",
            "PATCH",
            f"repos/{name}",
            "-f",
            f"security_and_analysis[{setting}][status]=enabled",
        ),
        needs=f"{ADMIN}; on a private repository a plan with Secret Protection",
        undo="Disable it on the same page",
        wider=_for_all(repository, feature),
    )


@check(
    "GHR101",
    "repo-secret-scanning",
    title="Secret scanning is off",
    severity=Severity.HIGH,
    since="0.1",
)
def repo_secret_scanning(settings: RepositorySecuritySettings, repository: Repository) -> Verdict:
    """Secret scanning is on.

    ## Why
    A committed token stays in the history, and thieves find it within minutes.

    ## Fix
    Enable "Secret Protection". Revoke each old secret that it shows: deleting the line does not
    help.

    ## Limits
    - Finds known token formats only.
    - GHR126 checks open alerts.
    """
    seen: Seen = {"secret_scanning": settings.secret_scanning}
    if settings.secret_scanning == ENABLED:
        return Passed("secret scanning is on", seen)
    return Failed(
        "secret scanning is off",
        seen,
        fix=_scanning(settings, repository, "Secret Protection", "secret_scanning"),
    )


@check(
    "GHR102",
    "repo-push-protection",
    title="Push protection is off",
    severity=Severity.HIGH,
    since="0.1",
)
def repo_push_protection(settings: RepositorySecuritySettings, repository: Repository) -> Verdict:
    """Push protection blocks pushes that contain a secret.

    ## Why
    Push protection stops a secret before it is public; secret scanning finds it afterwards.

    ## Fix
    Enable "Push protection". People can bypass a block with a recorded reason.

    ## Limits
    - Knows fewer token formats than secret scanning.
    - Does not apply to archived repositories.
    """
    if repository.archived:
        return NotApplicable("archived: no one can push", {"isArchived": True})
    seen: Seen = {"secret_scanning_push_protection": settings.push_protection}
    if settings.push_protection == ENABLED:
        return Passed("push protection is on", seen)
    return Failed(
        "push protection is off",
        seen,
        fix=_scanning(settings, repository, "Push protection", "secret_scanning_push_protection"),
    )


@check(
    "GHR103",
    "repo-dependabot-alerts",
    title="Dependabot alerts are off",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_dependabot_alerts(
    alerts: RepositoryVulnerabilityAlerts, repository: Repository
) -> Verdict:
    """Dependabot alerts are on.

    ## Why
    No one reads the advisories of all packages that a project installs.

    ## Fix
    Enable "Dependabot alerts". It opens no pull requests.

    ## Limits
    - Reads only the lock files and manifests that GitHub supports.
    - Does not apply to archived repositories.
    """
    if repository.archived:
        return ARCHIVED
    seen: Seen = {"hasVulnerabilityAlertsEnabled": alerts.enabled}
    if alerts.enabled:
        return Passed("Dependabot alerts are on", seen)
    name = full_name(alerts)
    return Failed(
        "Dependabot alerts are off",
        seen,
        fix=Fix(
            'Enable "Dependabot alerts"',
            page=alerts.page("repo-security", repo=name),
            command=alerts.gh("api", "-X", "PUT", f"repos/{name}/vulnerability-alerts"),
            needs=ADMIN,
            undo="Disable them on the same page",
            wider=_for_all(repository, "Dependabot alerts"),
        ),
    )


@check(
    "GHR105",
    "repo-private-reporting",
    title="Private vulnerability reporting is off",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_private_reporting(
    reporting: RepositoryPrivateReporting, repository: Repository
) -> Verdict:
    """Private vulnerability reporting is on.

    ## Why
    Without a private channel, people report vulnerabilities in public issues.

    ## Fix
    Enable "Private vulnerability reporting", and check that someone reads its notifications.

    ## Limits
    - Exists for public repositories only.
    """
    if repository.archived:
        return ARCHIVED
    if not reporting.applicable:
        return NotApplicable("not a public repository", {"applicable": False})
    seen: Seen = {"enabled": reporting.enabled}
    if reporting.enabled:
        return Passed("private vulnerability reporting is on", seen)
    name = full_name(reporting)
    return Failed(
        "private vulnerability reporting is off",
        seen,
        fix=Fix(
            'Enable "Private vulnerability reporting"',
            page=reporting.page("repo-security", repo=name),
            command=reporting.gh(
                "api", "-X", "PUT", f"repos/{name}/private-vulnerability-reporting"
            ),
            needs=ADMIN,
            undo="Disable it on the same page",
            wider=_for_all(repository, "Private vulnerability reporting"),
        ),
    )


def _policy_for_all(repository: Repository) -> Fix | None:
    if not repository.organization:
        return None
    home = f"{repository.organization}/.github"
    return Fix(
        f"Add SECURITY.md to the public repository {home}: it applies to all others",
        page=repository.page("repo", repo=home),
        needs="write access to that repository, or permission to create it",
        undo="Delete SECURITY.md",
    )


@check(
    "GHR106",
    "repo-security-policy",
    title="Repository has no security policy",
    severity=Severity.LOW,
    since="0.1",
)
def repo_security_policy(policy: RepositorySecurityPolicy, repository: Repository) -> Verdict:
    """The repository has a security policy.

    ## Why
    Without SECURITY.md, people report vulnerabilities in public issues, or not at all.

    ## Fix
    Add SECURITY.md with a private contact. One in the owner's `.github` repository applies to all.

    ## Limits
    - Does not check what it says.
    """
    if repository.archived:
        return ARCHIVED
    seen: Seen = {"isSecurityPolicyEnabled": policy.enabled}
    if policy.enabled:
        return Passed("the repository has a security policy", seen)
    return Failed(
        "the repository has no security policy",
        seen,
        fix=Fix(
            'Choose "Start setup", and add a private contact',
            page=policy.page("repo-security-policy", repo=full_name(policy)),
            needs="write access to the repository",
            undo="Delete SECURITY.md",
            wider=_policy_for_all(repository),
        ),
    )


@check(
    "GHR120",
    "repo-active-or-archived",
    title="Inactive repository still holds keys or secrets",
    severity=Severity.LOW,
    since="0.1",
)
def repo_active_or_archived(
    repository: Repository,
    keys: Every[DeployKey],
    secrets: Every[ActionsSecret],
    now: Now,
    limits: Limits,
) -> Verdict:
    """An inactive repository holds no keys or secrets.

    ## Why
    No one watches an inactive repository, but its keys and secrets still work.

    ## Fix
    Delete its deploy keys and secrets, then choose "Archive this repository". It stays readable,
    but no one can push until it is unarchived.

    ## Limits
    - Counts pushes, not issues or releases.
    - Does not count secrets of environments.
    """
    if repository.archived:
        return Passed("archived", {"isArchived": True})
    pushed = repository.pushed_at
    seen: Seen = {"pushedAt": pushed.isoformat() if pushed else None}
    rests = "never pushed to"
    if pushed is not None:
        quiet = now.days_since(pushed)
        days = count(quiet, "day")
        if quiet <= limits.repository_quiet_days:
            return Passed(f"pushed to {days} ago", seen)
        rests = f"no push for {days}"
    if not (keys.facts or secrets.facts):
        seen |= {"deploy_keys": len(keys), "secrets": len(secrets)}
        return Passed(f"{rests}, and it holds no keys or secrets", seen)
    held = f"{count(len(keys.facts), 'key')} and {count(len(secrets.facts), 'secret')}"
    seen |= {"deploy_keys": len(keys.facts), "secrets": len(secrets.facts)}
    name = full_name(repository)
    return Failed(
        f"{rests}, and it still holds {held}",
        seen,
        fix=Fix(
            'Delete its deploy keys and secrets, then choose "Archive this repository"',
            page=repository.page("repo-settings", repo=name),
            needs=ADMIN,
            undo='Choose "Unarchive this repository" on the same page. Add keys and secrets again',
        ),
    )
