"""Checks of an organization's secrets, by their names and ages."""

from hardenme.facts.github.organization_secrets import DEPENDABOT, SharedSecret
from hardenme.facts.github.secret_name import Likeness, publish_likeness
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
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
    """The organization's secret for publishing is not given to every repository.

    ## Why
    A workflow of any repository can read it, in the one that nobody looks after too. One pull
    request merged there, and the token publishes all your packages.

    ## Fix
    Best is none: set up trusted publishing and delete the secret. Else change its repository access
    to the few repositories that publish, or move it into an environment there.

    ## Limits
    Goes by the words in the name: a token for npm, or a word like RELEASE or PUBLISH and one like
    TOKEN. A name that is only near, such as NPM_PROD, weighs less. A secret for all private
    repositories passes.
    """
    likeness = publish_likeness(secret.name)
    if likeness is Likeness.NONE:
        return NotApplicable("not named like a secret for publishing", {"name": secret.name})
    seen: Seen = {"name": secret.name, "visibility": secret.visibility, "for": secret.kept_for}
    if secret.visibility != "all":
        return Passed(f"visible to {secret.visibility} repositories", seen)
    return Failed(
        f"{secret.kept_for} of every repository can read it",
        seen,
        fix=Fix(
            "Change the secret's repository access to the repositories that publish",
            page=_page(secret),
            needs=OWNER,
            undo="Change the repository access back to all repositories",
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
    """The organization's secret was renewed within the time that the profile allows.

    ## Why
    Each workflow run, log and runner of each repository that reads it may have leaked it since it
    was made. A new value ends what leaked unseen.

    ## Fix
    Make a new value at the provider, set it here, see that the workflows work, then revoke the old
    one at the provider. Delete the secret if no workflow uses it.

    ## Limits
    Sees when the secret was set, not whether the value is new.
    """
    age = now.days_since(secret.updated_at)
    days = count(age, "day")
    seen: Seen = {"updated_at": secret.updated_at.isoformat()}
    if age <= limits.secret_old_days:
        return Passed(f"set {days} ago", seen)
    return Failed(
        f"set {days} ago",
        seen,
        fix=Fix(
            "Make a new value at its provider, update the secret, then revoke the old value",
            page=_page(secret),
            needs=OWNER,
            undo="None: the old value is revoked",
        ),
    )


CHECKS = (org_secret_scoped, org_secret_rotated)
