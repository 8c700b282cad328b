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
    """The app cannot change every repository, nor the organization itself.

    ## Why
    An app acts with its maker's key. Whoever steals that key does at once, in every organization
    that installed it, what the app may do: with contents or workflows on all repositories that is
    to change what you publish.

    ## Fix
    Choose on the app's page the repositories that need it. Permissions are the maker's choice: ask
    for fewer, or look for another app. Uninstall what nobody uses.

    ## Limits
    Looked at are administration, contents and workflows on all repositories, secrets together with
    actions, and members and administration of the organization. Whether the app uses what it may
    do is not seen. A suspended app is judged too, for it can be let in again.
    """
    above = sorted(name for name in ABOVE if app.writes(name))
    seen: Seen = {"repository_selection": app.repository_selection, "writes": above}
    found = list(above)
    if app.repository_selection == "all":
        found += [name for name in EVERYWHERE if app.writes(name)]
        if all(app.writes(name) for name in TOGETHER):
            found += TOGETHER
        seen["writes"] = found
    if not found:
        return Passed("it writes nothing that decides over every repository", seen)
    where = "on all repositories" if len(found) > len(above) else "of the organization"
    return Failed(
        f"it may write {', '.join(found)} {where}",
        seen,
        fix=Fix(
            "Let the app reach only the repositories that need it, or uninstall it",
            page=_page(app),
            needs=OWNER,
            undo="Let it reach the other repositories again on the same page",
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
    """The app is not suspended, or has been for a short time only.

    ## Why
    A suspended app that stays installed comes back with all its permissions at one click, long
    after anybody remembers why it was suspended.

    ## Fix
    Uninstall it. If it is needed again, installing it anew shows what it asks for.
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
        f"suspended {days} ago and still installed",
        seen,
        fix=Fix(
            "Uninstall the app",
            page=_page(app),
            needs=OWNER,
            undo="Install it again from its page",
        ),
    )


CHECKS = (org_app_permissions_minimal, org_app_active)
