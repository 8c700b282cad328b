"""Checks of the apps that are installed on an organization."""

from hardenme.facts.github.apps import AppInstallation
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import count

OWNER = "organization owner"
EVERYWHERE = ("administration", "contents", "workflows")
"""Each of these, on all repositories, is enough to change what any of them publishes."""
TOGETHER = ("secrets", "actions")
"""Replace a secret, and run what uses it."""
ABOVE = ("organization_administration", "members")
"""These are not bounded by a choice of repositories."""


def _page(app: AppInstallation) -> str:
    return app.page("org-installation", org=app.within.name, installation=str(app.number))


@check(
    "GHO117",
    "org-app-permissions-minimal",
    title="GitHub App can change all repositories or the organization",
    severity=Severity.HIGH,
    since="0.1",
)
def org_app_permissions_minimal(app: AppInstallation) -> Verdict:
    """The app can change neither every repository nor the organization itself.

    ## Why
    Anyone who steals the app maker's key gets the app's permissions, in every organization that
    installed it.

    ## Fix
    Choose "Only select repositories" on the app's page, or uninstall the app. Ask its maker for
    fewer permissions, since you cannot change them.

    ## Limits
    - Checks administration, contents and workflows, or secrets with actions, on all repositories.
    - Also checks the organization's members and administration.
    - Does not show what the app uses.
    - Includes suspended apps.
    """
    above = sorted(name for name in ABOVE if app.writes(name))
    seen: Seen = {"repository_selection": app.repository_selection, "writes": above}
    written = list(above)
    if app.repository_selection == "all":
        written += [name for name in EVERYWHERE if app.writes(name)]
        if all(app.writes(name) for name in TOGETHER):
            written += TOGETHER
        seen["writes"] = written
    if not written:
        return Passed("it cannot change all repositories or the organization", seen)
    where = "on all repositories" if len(written) > len(above) else "of the organization"
    return Failed(
        f"it can write {', '.join(written)} {where}",
        seen,
        fix=Fix(
            'Choose "Only select repositories" for the app, or uninstall it',
            page=_page(app),
            needs=OWNER,
            undo="Select the other repositories again on the same page, or install the app again",
        ),
    )


@check(
    "GHO118",
    "org-app-active",
    title="Suspended GitHub App is still installed",
    severity=Severity.LOW,
    since="0.1",
)
def org_app_active(app: AppInstallation, now: Now, limits: Limits) -> Verdict:
    """The app is not suspended, or only since a short time.

    ## Why
    One click gives a suspended app all its permissions back.

    ## Fix
    Uninstall the app. Installing it again shows what it asks for.
    """
    since = app.suspended_at
    seen: Seen = {"suspended_at": since.isoformat() if since else None}
    if since is None:
        return Passed("it is not suspended", seen)
    age = now.days_since(since)
    days = count(age, "day")
    if age <= limits.app_suspended_days:
        return Passed(f"suspended {days} ago", seen)
    return Failed(
        f"suspended {days} ago, still installed",
        seen,
        fix=Fix(
            "Uninstall the app",
            page=_page(app),
            needs=OWNER,
            undo="Install it again from its page",
        ),
    )
