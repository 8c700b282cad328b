"""Checks of a repository's open alerts and of its code scanning."""

from hardenme.facts.github.alerts import (
    RepositoryCodeScanning,
    RepositoryDependabotAlerts,
    RepositoryMalwareAlerts,
    RepositorySecretAlerts,
)
from hardenme.facts.github.repository import (
    Repository,
    RepositorySecuritySettings,
    RepositoryVulnerabilityAlerts,
)
from hardenme.facts.github.site import full_name
from hardenme.facts.github.workflow import Workflow
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

ADMIN = "repository admin"
ENABLED = "enabled"
CODEQL = "github/codeql-action/"
"""The action that analyses with CodeQL, and that hands over what other scanners find."""


@check(
    "GHR104",
    "repo-critical-alerts-closed",
    title="Critical Dependabot alerts are open",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_critical_alerts_closed(
    alerts: RepositoryDependabotAlerts,
    enabled: RepositoryVulnerabilityAlerts | Unknown,
    repository: Repository,
) -> Verdict | Unknown:
    """No critical Dependabot alert is open.

    ## Why
    A critical alert is a publicly known vulnerability that attackers scan for.

    ## Fix
    Update the dependency, or dismiss the alert and say why it does not affect you.

    ## Limits
    - Does not check whether the vulnerability can be exploited here.
    - Does not apply if Dependabot alerts are off (GHR103).
    """
    if repository.archived:
        return NotApplicable("archived: it gets no alerts", {"isArchived": True})
    if alerts.seen:
        return Failed(
            f"at least {count(alerts.seen, 'critical alert')} open",
            {"open_critical": alerts.seen},
            fix=Fix(
                "Update the dependencies that the alerts name, or dismiss the alerts with a reason",
                page=alerts.page("repo-dependabot-critical", repo=full_name(alerts)),
                needs="write access to the repository",
                undo="Reopen the alert on its page",
            ),
        )
    if isinstance(enabled, Unknown):
        return enabled
    if not enabled.enabled:
        off: Seen = {"hasVulnerabilityAlertsEnabled": False}
        return NotApplicable("Dependabot alerts are off", off)
    seen: Seen = {"hasVulnerabilityAlertsEnabled": True, "open_critical": alerts.open}
    return Passed("no critical alert is open", seen)


@check(
    "GHR129",
    "repo-malware-alerts-closed",
    title="Repository depends on a package flagged as malware",
    severity=Severity.CRITICAL,
    since="0.1",
    asks=True,
)
def repo_malware_alerts_closed(
    alerts: RepositoryMalwareAlerts,
    enabled: RepositoryVulnerabilityAlerts | Unknown,
    repository: Repository,
) -> Verdict | Unknown:
    """No dependency of the repository is known malware.

    ## Why
    The malware ran wherever the package was installed, with access to every token and key there.

    ## Fix
    1. Remove the package from package.json and the lock file.
    2. Find every machine and runner that installed it. Reinstall it, and revoke all tokens and keys
       on it.

    ## Limits
    - Malware alerts cover npm and have their own switch. No API shows it, so you are asked if there
      are no alerts.
    - Does not apply if Dependabot alerts are off (GHR103).
    """
    if repository.archived:
        return NotApplicable("archived: it gets no alerts", {"isArchived": True})
    name = full_name(alerts)
    if alerts.seen:
        return Failed(
            f"at least {count(alerts.seen, 'malware alert')} open",
            {"open_malware": alerts.seen},
            fix=Fix(
                "Remove the packages that the alerts name, and revoke every token and key that they"
                " could read",
                page=alerts.page("repo-dependabot", repo=name),
                needs="write access to the repository, and the accounts of these tokens and keys",
                undo="Cannot be undone. Create new tokens and keys where they are needed",
            ),
        )
    if isinstance(enabled, Unknown):
        return enabled
    if not enabled.enabled:
        return NotApplicable("Dependabot alerts are off", {"hasVulnerabilityAlertsEnabled": False})
    return Manual(
        f"Are Dependabot malware alerts on ({count(alerts.open, 'such alert')} open)?",
        page=alerts.page("repo-security", repo=name),
    )


@check(
    "GHR126",
    "repo-secret-alerts-closed",
    title="Secret scanning alerts are open",
    severity=Severity.CRITICAL,
    since="0.1",
)
def repo_secret_alerts_closed(
    alerts: RepositorySecretAlerts, settings: RepositorySecuritySettings | Unknown
) -> Verdict | Unknown:
    """No secret scanning alert is open.

    ## Why
    Anyone who can read the repository may be using the secret.

    ## Fix
    Revoke the secret at its provider, then close the alert as "Revoked". Deleting the line does not
    help: the history keeps it.

    ## Limits
    - Finds known token formats only.
    - Does not apply if secret scanning is off (GHR101).
    - Does not read the secrets.
    """
    if alerts.seen:
        return Failed(
            f"at least {count(alerts.seen, 'alert')} open",
            {"open": alerts.seen},
            fix=Fix(
                'Revoke each secret at its provider, then close its alert as "Revoked"',
                page=alerts.page("repo-secret-alerts", repo=full_name(alerts)),
                needs=f"{ADMIN}, and the account that the secret belongs to",
                undo="Cannot be undone. Create a new secret where it is needed",
            ),
        )
    if isinstance(settings, Unknown):
        return settings
    seen: Seen = {"secret_scanning": settings.secret_scanning}
    if settings.secret_scanning != ENABLED:
        return NotApplicable("secret scanning is off", seen)
    seen["open"] = alerts.open
    return Passed("no alert is open", seen)


@check(
    "GHR107", "repo-code-scanning", title="Code scanning is off", severity=Severity.LOW, since="0.1"
)
def repo_code_scanning(
    scanning: RepositoryCodeScanning, workflows: Every[Workflow], repository: Repository
) -> Verdict:
    """The code is scanned for vulnerabilities.

    ## Why
    A scanner finds flaws that reviewers miss, on every change. It is free for public repositories.

    ## Fix
    Choose "Set up", then "Default", next to "CodeQL analysis".

    ## Limits
    - Sees the default setup, and workflows that use `github/codeql-action`.
    - Does not see scanners that report elsewhere, or whether the last scan succeeded.
    """
    if repository.archived:
        return NotApplicable("archived: its code does not change", {"isArchived": True})
    if repository.default_branch is None:
        return NotApplicable("nothing was pushed yet", {"defaultBranchRef": None})
    seen: Seen = {"state": "configured" if scanning.configured else "not-configured"}
    if scanning.configured:
        return Passed("CodeQL default setup is on", seen)
    for workflow in workflows:
        for job in workflow.jobs:
            if any(use.reference.startswith(CODEQL) for use in job.uses):
                return Passed("a workflow scans the code", seen | {"workflow": workflow.label})
    # What a workflow uses without its being read may scan too; then this is not known.
    unread = [name for workflow in workflows for name in workflow.opaque]
    seen["unread"] = unread
    if not scanning.offered:
        seen["offered"] = False
    name = full_name(scanning)
    return Failed(
        "nothing scans the code",
        seen,
        fix=Fix(
            'Choose "Set up", then "Default", next to "CodeQL analysis"',
            page=scanning.page("repo-security", repo=name),
            command=scanning.gh(
                "api",
                "-X",
                "PATCH",
                f"repos/{name}/code-scanning/default-setup",
                "-f",
                "state=configured",
            )
            if scanning.offered
            else "",
            needs=ADMIN if scanning.offered else f"{ADMIN}; a plan with Code Security",
            undo='Choose "Disable CodeQL" on the same page',
        ),
    )
