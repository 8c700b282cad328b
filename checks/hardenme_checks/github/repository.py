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
from hardenme_checks.wording import count

ADMIN = "repository admin"
ENABLED = "enabled"
ARCHIVED = NotApplicable("archived: its settings cannot change", {"isArchived": True})


def _for_all(repository: Repository, feature: str) -> Fix | None:
    """One security configuration that switches a feature on in all of an organization."""
    if not repository.organization:
        return None
    return Fix(
        f"Apply one security configuration to all repositories that enables {feature}, and enforce"
        " it",
        page=repository.page("org-security-configurations", org=repository.organization),
        needs="organization owner, or security manager",
        undo="Apply the configuration that was there before",
    )


def _scanning(
    settings: RepositorySecuritySettings, repository: Repository, feature: str, setting: str
) -> Fix:
    name = full_name(settings)
    return Fix(
        f"Enable {feature}",
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
    """GitHub looks for secrets in the repository.

    ## Why
    A token that was committed once stays in the history, where thieves look within minutes. The
    scan finds it, tells you, and tells the provider, who may revoke it.

    ## Fix
    Enable Secret Protection. Old findings come up as alerts: revoke each of these tokens, since
    deleting the line does not help.

    ## Limits
    Finds tokens of known shapes. Alerts that are open are another check's question: GHR126.
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
    """A push that holds a secret is refused.

    ## Why
    A secret that never arrives needs no revoking. The scan alone tells you when it is public.

    ## Fix
    Enable Push protection. Who pushes a secret is told which line it is, and can get past it with a
    reason that is recorded.

    ## Limits
    Knows fewer shapes of tokens than the scan. Nobody can push to an archived repository, so there
    it does not apply.
    """
    if repository.archived:
        return NotApplicable("archived: nobody can push", {"isArchived": True})
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
    """GitHub tells when a dependency has a known vulnerability.

    ## Why
    Nobody reads the advisories of all packages that a project pulls in. This does, at no cost.

    ## Fix
    Enable Dependabot alerts. It opens no pull requests by itself; those are another switch.

    ## Limits
    Sees what stands in lock files and manifests that GitHub understands. An archived repository
    gets no alerts, so there it does not apply.
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
            "Enable Dependabot alerts",
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
    """A vulnerability can be reported in private.

    ## Why
    Who finds a hole and sees no private way writes a public issue, and everybody knows before you
    can repair it.

    ## Fix
    Enable Private vulnerability reporting, and see that its notices reach somebody who reads them.

    ## Limits
    Exists for public repositories only. Does not see whether reports are answered.
    """
    if repository.archived:
        return ARCHIVED
    if not reporting.applicable:
        return NotApplicable("not a public repository", {"applicable": False})
    seen: Seen = {"enabled": reporting.enabled}
    if reporting.enabled:
        return Passed("private reporting is on", seen)
    name = full_name(reporting)
    return Failed(
        "private reporting is off",
        seen,
        fix=Fix(
            "Enable Private vulnerability reporting",
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
        f"Put one SECURITY.md into the public repository {home}: it counts for all others",
        page=repository.page("repo", repo=home),
        needs="write access to that repository; who may create repositories can make it",
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
    """The repository tells how to report a vulnerability.

    ## Why
    Who finds a hole looks for SECURITY.md first. Without it the report goes to a public issue, or
    nowhere.

    ## Fix
    Add SECURITY.md with a private way to reach you and what to expect. One in the owner's `.github`
    repository counts for all.

    ## Limits
    Sees that there is a policy, not what it says.
    """
    if repository.archived:
        return ARCHIVED
    seen: Seen = {"isSecurityPolicyEnabled": policy.enabled}
    if policy.enabled:
        return Passed("a security policy is shown", seen)
    return Failed(
        "no security policy",
        seen,
        fix=Fix(
            "Choose Start setup, and write how to reach you in private",
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
    """A repository that rests holds no keys and no secrets.

    ## Why
    Nobody looks at a repository that rests. Its old workflows and keys still work, and its secrets
    are as good as those of a busy one.

    ## Fix
    Delete its deploy keys and secrets, and archive it: it stays readable, and nobody can push until
    it is taken out of the archive again.

    ## Limits
    Counts pushes, not issues or releases. Secrets of environments are not counted.
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
        return Passed(f"{rests}, and neither a key nor a secret is left", seen)
    held = f"{count(len(keys.facts), 'key')} and {count(len(secrets.facts), 'secret')}"
    seen |= {"deploy_keys": len(keys.facts), "secrets": len(secrets.facts)}
    name = full_name(repository)
    return Failed(
        f"{rests}, and it still holds {held}",
        seen,
        fix=Fix(
            "Delete its deploy keys and secrets, then choose Archive this repository",
            page=repository.page("repo-settings", repo=name),
            needs=ADMIN,
            undo="Choose Unarchive this repository on the same page",
        ),
    )


CHECKS = (
    repo_secret_scanning,
    repo_push_protection,
    repo_dependabot_alerts,
    repo_private_reporting,
    repo_security_policy,
    repo_active_or_archived,
)
