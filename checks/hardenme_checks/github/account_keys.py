"""Checks of the account's keys: those that push and those that sign."""

from datetime import datetime

from hardenme.facts.github.account import Account, GpgKey, SshKey, SshSigningKey
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Manual, Passed, Verdict
from hardenme_checks.wording import count

STRONG = frozenset(
    {
        "ssh-ed25519",
        "sk-ssh-ed25519@openssh.com",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    }
)
"""Types of SSH keys that are strong at their fixed size."""


def _moment(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _delete(key: SshKey, step: str) -> Fix:
    return Fix(
        step,
        page=key.page("account-keys"),
        command=key.deletes(),
        needs="the account's owner; the command needs the scope admin:public_key",
        undo="Add the public key again",
    )


@check(
    "GHA103",
    "ssh-key-in-use",
    title="GitHub SSH key is unused",
    severity=Severity.MEDIUM,
    since="0.1",
)
def ssh_key_in_use(key: SshKey, now: Now, limits: Limits) -> Verdict:
    """The SSH key was used lately.

    ## Why
    A key that you no longer use lies on a machine that you no longer watch, and still pushes to
    every repository that you can push to.

    ## Fix
    Delete the key. A machine that still needs it is refused at once, and a new key is made there in
    a minute.

    ## Limits
    GitHub counts any use, reading too. GitHub itself deletes keys that were unused for a year.
    """
    seen: Seen = {"last_used": _moment(key.last_used)}
    step = "Delete the key unless you know which machine needs it"
    if key.last_used is not None:
        unused = now.days_since(key.last_used)
        days = count(unused, "day")
        if unused > limits.key_unused_days:
            return Failed(f"unused for {days}", seen, fix=_delete(key, step))
        return Passed(f"used {days} ago", seen)
    seen["created_at"] = _moment(key.created_at)
    age = now.days_since(key.created_at)
    days = count(age, "day")
    if age > limits.key_new_days:
        return Failed(f"never used since it was added {days} ago", seen, fix=_delete(key, step))
    return Passed(f"not used yet, added {days} ago", seen)


@check(
    "GHA104", "ssh-key-strong", title="GitHub SSH key is weak", severity=Severity.HIGH, since="0.1"
)
def ssh_key_strong(key: SshKey, limits: Limits) -> Verdict:
    """The SSH key is of a type and size that cannot be broken.

    ## Why
    The public half of your keys is published at an address that anybody can read. From a DSA key or
    a short RSA key the private half can be computed, now or within its life.

    ## Fix
    Make a new key with `ssh-keygen -t ed25519`, add it, see that pushing works, then delete the old
    one.

    ## Limits
    Says nothing about a passphrase: the server never sees it.
    """
    seen: Seen = {"algorithm": key.algorithm}
    step = "Add a new ed25519 key, then delete this one"
    if key.algorithm in STRONG:
        return Passed("the type of the key is strong", seen)
    if key.algorithm == "ssh-rsa":
        seen["bits"] = key.bits
        if key.bits < limits.rsa_bits:
            message = f"an RSA key of {key.bits} bits, fewer than {limits.rsa_bits}"
            return Failed(message, seen, fix=_delete(key, step))
        return Passed(f"an RSA key of {key.bits} bits", seen)
    if key.algorithm == "ssh-dss":
        return Failed("a DSA key, which can be broken", seen, fix=_delete(key, step))
    return Manual(
        "Is this type of key strong? It is none that hardenme knows", key.page("account-keys")
    )


@check(
    "GHA105",
    "ssh-key-recent",
    title="GitHub SSH key is overdue for rotation",
    severity=Severity.LOW,
    since="0.1",
)
def ssh_key_recent(key: SshKey, now: Now, limits: Limits) -> Verdict:
    """The SSH key was made anew within the last years.

    ## Why
    An old key has been on old disks, in backups and in images of machines. A new one ends all these
    copies at once, also those that you forgot.

    ## Fix
    Make a new key with `ssh-keygen -t ed25519`, add it, then delete the old one.

    ## Limits
    Counts from the day on which the key was added to GitHub; it may be older.
    """
    age = now.days_since(key.created_at)
    seen: Seen = {"created_at": _moment(key.created_at)}
    days = count(age, "day")
    if age > limits.key_old_days:
        step = "Add a new ed25519 key, then delete this one"
        return Failed(f"added {days} ago", seen, fix=_delete(key, step))
    return Passed(f"added {days} ago", seen)


@check(
    "GHA106",
    "gpg-key-valid",
    title="GitHub GPG key is expired or revoked",
    severity=Severity.LOW,
    since="0.1",
)
def gpg_key_valid(key: GpgKey, now: Now) -> Verdict:
    """The GPG key and its subkeys are neither expired nor revoked.

    ## Why
    Commits that an ended key signs are shown as unverified, so that people get used to seeing that,
    and a revoked key may have been revoked because it was stolen.

    ## Fix
    Extend or replace the key on your machine, delete it here and add the exported public key again.
    GitHub keeps the old dates until then. Where GitHub stored a verification, it stays.

    ## Limits
    Reads what was uploaded: a revocation that was published elsewhere only is not seen.
    """
    if key.revoked:
        return Failed("revoked", {"revoked": True}, fix=_replace(key))
    seen: Seen = {"revoked": False, "expires_at": _moment(key.expires_at)}
    if key.expires_at is not None and key.expires_at <= now.time:
        days = count(now.days_since(key.expires_at), "day")
        return Failed(f"expired {days} ago", seen, fix=_replace(key))
    ended = [
        part.key_id
        for part in key.subkeys
        if part.revoked or (part.expires_at is not None and part.expires_at <= now.time)
    ]
    seen["subkeys"] = len(key.subkeys)
    if ended:
        seen["subkeys_ended"] = ended
        message = f"{count(len(ended), 'subkey')} of {len(key.subkeys)} expired or revoked"
        return Failed(message, seen, fix=_replace(key))
    return Passed("neither expired nor revoked", seen)


def _replace(key: GpgKey) -> Fix:
    return Fix(
        "Delete the key, and add the public key again once it is extended or replaced",
        page=key.page("account-keys"),
        command=key.deletes(),
        needs="the account's owner; the command needs the scope admin:gpg_key",
        undo="Add the exported public key again",
    )


@check(
    "GHA107",
    "signing-key-present",
    title="GitHub account has no signing key",
    severity=Severity.LOW,
    since="0.1",
)
def signing_key_present(account: Account, gpg: Every[GpgKey], ssh: Every[SshSigningKey]) -> Verdict:
    """The account has a key that signs commits.

    ## Why
    Anybody can write your name and address into a commit. A signature is what tells your commits
    from those of somebody who pretends to be you.

    ## Fix
    The SSH key that you push with can sign too: add it once more with Key type set to Signing Key,
    then run `git config --global gpg.format ssh` and `git config --global commit.gpgsign true`.

    ## Limits
    Whether the key is still valid is GHA106's question, and whether your commits are signed nobody
    asks here.
    """
    if gpg.facts or ssh.facts:
        return Passed(
            "a signing key is there",
            {"gpg_keys": len(gpg.facts), "ssh_signing_keys": len(ssh.facts)},
        )
    return Failed(
        "no key that signs commits",
        {"gpg_keys": len(gpg), "ssh_signing_keys": len(ssh)},
        fix=Fix(
            "Choose New SSH key and set Key type to Signing Key",
            page=account.page("account-keys"),
            needs="the account's owner",
            undo="Delete the signing key",
        ),
    )


CHECKS = (
    ssh_key_in_use,
    ssh_key_strong,
    ssh_key_recent,
    gpg_key_valid,
    signing_key_present,
)
