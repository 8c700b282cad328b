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
from hardenme_checks.wording import count

ADMIN = "repository admin"
APP = "[bot]"
"""How the name of an app's account ends."""


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
    """The deploy key cannot push.

    ## Why
    A deploy key belongs to no person: no second factor guards it and nobody leaves with it. One
    that can push changes your code for whoever reads the server's disk.

    ## Fix
    Add a read-only key in its place, then delete this one. What must push, like a release job, does
    better with the workflow's own token or a GitHub App.

    ## Limits
    Whether branch rules stop the key is not looked at.
    """
    seen: Seen = {"read_only": key.read_only}
    if key.read_only:
        return Passed("the key only reads", seen)
    step = "Add a key without Allow write access where it is used, then delete this one"
    undo = "Add the public key again with Allow write access"
    return Failed("the key can push", seen, fix=_delete_key(key, step, undo))


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
    """The deploy key was used lately, and who added it still belongs to the organization.

    ## Why
    A key that nothing uses lies on a machine that nobody remembers, and still opens the repository.
    So does one that somebody who left may have kept: it does not leave with its owner.

    ## Fix
    Delete the key. What still needs it fails at its next fetch, and a new key is made in a minute.

    ## Limits
    GitHub does not tell of each key who added it. An outside collaborator counts as somebody who
    does not belong to the organization. Keys that an app added are looked at for their use alone.
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
            key, "Add a key of your own where it is used, then delete this one", "Add the key again"
        ),
    )


def _use(key: DeployKey, now: Now, limits: Limits) -> Passed | Failed:
    """What the key's last use tells."""
    seen: Seen = {"last_used": key.last_used.isoformat() if key.last_used else None}
    fix = _delete_key(key, "Delete the key unless you know what needs it", "Add the key again")
    if key.last_used is not None:
        unused = now.days_since(key.last_used)
        days = count(unused, "day")
        if unused > limits.key_unused_days:
            return Failed(f"unused for {days}", seen, fix=fix)
        return Passed(f"used {days} ago", seen)
    seen["created_at"] = key.created_at.isoformat()
    age = now.days_since(key.created_at)
    days = count(age, "day")
    if age > limits.key_new_days:
        return Failed(f"never used since it was added {days} ago", seen, fix=fix)
    return Passed(f"not used yet, added {days} ago", seen)


@check(
    "GHR127",
    "repo-secret-rotated",
    title="Repository secret is overdue for rotation",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_secret_rotated(secret: ActionsSecret, now: Now, limits: Limits) -> Verdict:
    """The secret was renewed within the time that the profile allows.

    ## Why
    Each workflow run, log and runner may have leaked it since it was made. A new value ends what
    leaked unseen.

    ## Fix
    Make a new value at the provider, set it here, see that the workflow works, then revoke the old
    one at the provider. Delete the secret if no workflow uses it.

    ## Limits
    Sees when the secret was set, not whether the value is new.
    """
    age = now.days_since(secret.updated_at)
    seen: Seen = {"updated_at": secret.updated_at.isoformat()}
    days = count(age, "day")
    if age <= limits.secret_old_days:
        return Passed(f"set {days} ago", seen)
    return Failed(
        f"set {days} ago",
        seen,
        fix=Fix(
            "Make a new value at its provider, update the secret, then revoke the old value",
            page=secret.page("repo-secrets", repo=full_name(secret)),
            needs=ADMIN,
            undo="None: the old value is revoked",
        ),
    )


CHECKS = (deploy_key_read_only, deploy_key_in_use, repo_secret_rotated)
