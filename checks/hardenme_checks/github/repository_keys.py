"""Checks of a repository's deploy keys and of the ages of its secrets."""

from hardenme.facts.github.collaborators import OrganizationRoster
from hardenme.facts.github.repository import ActionsSecret, DeployKey, Repository
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.github.key_age import added
from hardenme_checks.wording import count

ADMIN = "repository admin"
SAVED = 'Add the saved public key again, with "Allow write access" if it could push'
APP = "[bot]"
"""How the name of an app's account ends."""


def _save(key: DeployKey, verb: str = "Save") -> str:
    """What comes before a key that may be needed is deleted: its page shows no public key."""
    lists = key.gh("api", f"repos/{full_name(key)}/keys", "--paginate")
    return f"{verb} its public key, which `{lists}` shows"


def _delete_key(key: DeployKey, step: str, undo: str) -> Fix:
    return Fix(
        step,
        page=key.page("repo-keys", repo=full_name(key)),
        command=key.deletes(),
        needs=ADMIN,
        undo=undo,
    )


@check(
    "GHR108",
    "deploy-key-read-only",
    title="Deploy key can push",
    severity=Severity.HIGH,
    since="0.1",
)
def deploy_key_read_only(key: DeployKey) -> Verdict:
    """The deploy key is read-only.

    ## Why
    A deploy key has no 2FA and outlives the person who added it. Anyone with a copy of it can push.

    ## Fix
    Add a read-only key where this one is used, then delete it. Use the workflow's token or a GitHub
    App for jobs that must push.

    ## Limits
    - Does not check whether branch rules stop the key.
    """
    seen: Seen = {"read_only": key.read_only}
    if key.read_only:
        return Passed("the key is read-only", seen)
    step = f"{_save(key)}. Use a read-only key or a GitHub App instead, then delete this one"
    undo = 'Add the saved public key again with "Allow write access"'
    return Failed("the key can push", {**seen, **added(key)}, fix=_delete_key(key, step, undo))


@check(
    "GHR109",
    "deploy-key-in-use",
    title="Deploy key is unused, or was added by a non-member",
    severity=Severity.MEDIUM,
    since="0.1",
)
def deploy_key_in_use(
    key: DeployKey,
    repository: Repository,
    roster: OrganizationRoster | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict | Unknown:
    """The deploy key is in use, and a member of the organization added it.

    ## Why
    An unused key, or one of a person who left, still opens the repository.

    ## Fix
    Delete the key. If something still needs it, its next fetch fails.

    ## Limits
    - GitHub does not show for each key who added it.
    - Outside collaborators do not count as members.
    - Keys that an app added are checked for their use only.
    """
    use = _use(key, now, limits)
    if isinstance(use, Failed) or not repository.in_organization:
        return use
    if key.added_by is None or key.added_by.endswith(APP):
        return use
    if isinstance(roster, Unknown):
        return roster
    seen: Seen = {**use.seen, "added_by": key.added_by}
    if key.added_by.lower() in roster.logins:
        return Passed(use.message, seen)
    return Failed(
        f"added by {key.added_by}, who is not a member",
        seen,
        fix=_delete_key(
            key,
            f"{_save(key)}. Add your own key where it is used, then delete this one",
            SAVED,
        ),
    )


def _use(key: DeployKey, now: Now, limits: Limits) -> Passed | Failed:
    """What the key's last use shows."""
    seen: Seen = {"last_used": key.last_used.isoformat() if key.last_used else None}
    fix = _delete_key(
        key,
        f"Delete the key, unless you know what needs it. Before that, {_save(key, 'save')}",
        SAVED,
    )
    if key.last_used is not None:
        unused = now.days_since(key.last_used)
        days = count(unused, "day")
        if unused > limits.key_unused_days:
            return Failed(f"unused for {days}", {**seen, **added(key)}, fix=fix)
        return Passed(f"used {days} ago", seen)
    seen["created_at"] = key.created_at.isoformat()
    age = now.days_since(key.created_at)
    days = count(age, "day")
    if age > limits.key_new_days:
        return Failed(f"never used since it was added {days} ago", {**seen, **added(key)}, fix=fix)
    return Passed(f"not used yet, added {days} ago", seen)


@check(
    "GHR127",
    "repo-secret-rotated",
    title="Repository secret is overdue for rotation",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_secret_rotated(secret: ActionsSecret, now: Now, limits: Limits) -> Verdict:
    """The repository's secret is not overdue for rotation.

    ## Why
    Every run, log and runner may have leaked the secret.

    ## Fix
    Create a new value at the provider, set it here, check the workflow, then revoke the old value.
    Delete the secret if nothing uses it.

    ## Limits
    - Shows when it was set, not whether the value is new.
    """
    age = now.days_since(secret.updated_at)
    seen: Seen = {"updated_at": secret.updated_at.isoformat()}
    days = count(age, "day")
    if age <= limits.secret_old_days:
        return Passed(f"last set {days} ago", seen)
    return Failed(
        f"last set {days} ago",
        seen,
        fix=Fix(
            "Create a new value at the provider, update the secret, then revoke the old value",
            page=secret.page("repo-secrets", repo=full_name(secret)),
            needs=ADMIN,
            undo="Cannot be undone: the old value is revoked",
        ),
    )
