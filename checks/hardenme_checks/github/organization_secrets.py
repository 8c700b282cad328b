"""Checks of an organization's secrets, by their names and ages."""

from hardenme.facts.github.organization_secrets import DEPENDABOT, SharedSecret
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.secret_name import Likeness, publish_likeness
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

OWNER = "organization owner"


def _page(secret: SharedSecret) -> str:
    kept_for_dependabot = secret.kept_for == DEPENDABOT
    name = "org-dependabot-secrets" if kept_for_dependabot else "org-secrets"
    return secret.page(name, org=secret.within.name)


@check(
    "GHO128",
    "org-secret-scoped",
    title="Publishing secret is shared with every repository",
    severity=Severity.HIGH,
    since="0.1",
)
def org_secret_scoped(secret: SharedSecret) -> Verdict:
    """The publishing secret is not shared with every repository.

    ## Why
    A workflow in any repository, even an abandoned one, can read the secret and publish all your
    packages.

    ## Fix
    Set up trusted publishing and delete the secret. Otherwise limit "Repository access" to the
    repositories that publish, or use an environment.

    ## Limits
    - Goes by the name, such as NPM_TOKEN or RELEASE_KEY. NPM_PROD is less certain, and less severe.
    - A secret for all private repositories passes.
    """
    likeness = publish_likeness(secret.name)
    if likeness is Likeness.NONE:
        return NotApplicable("its name is not that of a publishing secret", {"name": secret.name})
    seen: Seen = {"name": secret.name, "visibility": secret.visibility, "for": secret.kept_for}
    if secret.visibility != "all":
        return Passed(f"visible to {secret.visibility} repositories", seen)
    return Failed(
        f"{secret.kept_for} can read it in every repository",
        seen,
        fix=Fix(
            'Limit the secret\'s "Repository access" to the repositories that publish',
            page=_page(secret),
            needs=OWNER,
            undo='Set "Repository access" back to "All repositories"',
        ),
        severity=Severity.MEDIUM if likeness is Likeness.NEAR else None,
    )


@check(
    "GHO129",
    "org-secret-rotated",
    title="Organization secret is overdue for rotation",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_secret_rotated(secret: SharedSecret, now: Now, limits: Limits) -> Verdict:
    """The organization's secret is not overdue for rotation.

    ## Why
    Every run, log and runner that used the secret may have leaked it.

    ## Fix
    Create a new value at the provider, set it here, check the workflows, then revoke the old value.
    Delete the secret if nothing uses it.

    ## Limits
    - Shows when it was set, not whether the value is new.
    """
    age = now.days_since(secret.updated_at)
    days = count(age, "day")
    seen: Seen = {"updated_at": secret.updated_at.isoformat()}
    if age <= limits.secret_old_days:
        return Passed(f"last set {days} ago", seen)
    return Failed(
        f"last set {days} ago",
        seen,
        fix=Fix(
            "Create a new value at the provider, update the secret, then revoke the old value",
            page=_page(secret),
            needs=OWNER,
            undo="Cannot be undone: the old value is revoked",
        ),
    )
