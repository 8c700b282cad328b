"""Checks of what GitHub found in a repository: open alerts, and whether its code is scanned."""

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
    """No critical alert of Dependabot is open.

    ## Why
    A critical alert is a hole in a dependency that everybody can read about. Scanners for such
    holes run day and night.

    ## Fix
    Update the dependency, or dismiss the alert with the reason why the hole does not reach you.

    ## Limits
    Counts alerts, and does not judge whether the hole can be reached. Where Dependabot alerts are
    off it does not apply: GHR103 fails there.
    """
    if repository.archived:
        return NotApplicable("archived: it gets no alerts", {"isArchived": True})
    if alerts.seen:
        return Failed(
            f"at least {count(alerts.seen, 'critical alert')} open",
            {"open_critical": alerts.seen},
            fix=Fix(
                "Update what the critical alerts name, or dismiss them with the reason",
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
)
def repo_malware_alerts_closed(
    alerts: RepositoryMalwareAlerts,
    enabled: RepositoryVulnerabilityAlerts | Unknown,
    repository: Repository,
) -> Verdict | Unknown:
    """No dependency of the repository is known malware.

    ## Why
    An alert of malware is no hole that somebody may find: the package was made to do harm. Where it
    was installed, it ran, with every token and key that it could reach.

    ## Fix
    Remove the package and its version from the lock file. Treat every machine and runner that
    installed it as taken over: revoke the tokens and keys that were on it.

    ## Limits
    Malware alerts cover npm, and are switched on apart from Dependabot alerts. No API shows that
    switch, so an empty list leaves a question for a person. Where Dependabot alerts are off it does
    not apply: GHR103 fails there.
    """
    if repository.archived:
        return NotApplicable("archived: it gets no alerts", {"isArchived": True})
    name = full_name(alerts)
    if alerts.seen:
        return Failed(
            f"at least {count(alerts.seen, 'alert')} of malware open",
            {"open_malware": alerts.seen},
            fix=Fix(
                "Remove what the alerts of malware name, and revoke every token and key that was"
                " within its reach",
                page=alerts.page("repo-dependabot", repo=name),
                needs="write access to the repository, and the accounts of what was in reach",
                undo="None: what was revoked stays so",
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
    """No secret that scanning found is left as it is.

    ## Why
    An open alert is a token or key in the code or its history that nobody has dealt with. Whoever
    can read the repository may be using it.

    ## Fix
    Revoke the secret at its provider, see that nothing breaks, then close the alert as revoked.
    Deleting the line does not help: the history keeps it.

    ## Limits
    Scanning finds tokens of known shapes. Where it is off this does not apply: GHR101 fails there.
    The secrets themselves are not asked for.
    """
    if alerts.seen:
        return Failed(
            f"at least {count(alerts.seen, 'alert')} open",
            {"open": alerts.seen},
            fix=Fix(
                "Revoke each secret at its provider, then close its alert as revoked",
                page=alerts.page("repo-secret-alerts", repo=full_name(alerts)),
                needs=f"{ADMIN}, and the account that the secret belongs to",
                undo="None: the secret is revoked",
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
    """The code is scanned for holes.

    ## Why
    A scanner finds the injection or the unchecked path that review overlooks, on every change and
    at no cost for public repositories.

    ## Fix
    Choose Set up, then Default, beside CodeQL analysis.

    ## Limits
    Sees the default set-up, and workflows with `github/codeql-action`, which other scanners use to
    hand over what they find. A scanner that reports elsewhere is not seen, nor whether the last
    scan went well.
    """
    if repository.archived:
        return NotApplicable("archived: its code does not change", {"isArchived": True})
    if repository.default_branch is None:
        return NotApplicable("nothing was pushed yet", {"defaultBranchRef": None})
    seen: Seen = {"state": "configured" if scanning.configured else "not-configured"}
    if scanning.configured:
        return Passed("the default set-up is on", seen)
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
            "Set up code scanning: Set up, then Default",
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
            undo="Disable CodeQL on the same page",
        ),
    )


CHECKS = (
    repo_critical_alerts_closed,
    repo_code_scanning,
    repo_secret_alerts_closed,
    repo_malware_alerts_closed,
)
