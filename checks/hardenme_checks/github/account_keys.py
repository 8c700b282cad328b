"""Checks of the account's keys: those that push and those that sign."""

from datetime import datetime

from hardenme.facts.github.account import Account, GpgKey, SshKey, SshSigningKey
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Manual, Passed, Verdict
from hardenme_checks.github.key_age import added
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
        undo="Add the public key again, from the machine that has the key",
    )


@check(
    "GHA103",
    "ssh-key-in-use",
    title="GitHub SSH key is unused",
    severity=Severity.MEDIUM,
    since="0.1",
)
def ssh_key_in_use(key: SshKey, now: Now, limits: Limits) -> Verdict:
    """The SSH key was used recently, or is new.

    ## Why
    An unused key can still push to all your repositories, from a machine that no one watches.

    ## Fix
    Delete the key. A machine that still needs it is refused at once.

    ## Limits
    - Any use counts, reading included.
    - GitHub itself deletes keys unused for a year.
    """
    seen: Seen = {"last_used": _moment(key.last_used)}
    step = "Delete the key, unless you know which machine needs it"
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
    "GHA104",
    "ssh-key-strong",
    title="GitHub SSH key is weak",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def ssh_key_strong(key: SshKey, limits: Limits) -> Verdict:
    """The SSH key has a strong type and size.

    ## Why
    GitHub publishes the public half of your keys. From a DSA or short RSA key, an attacker may
    compute the private half.

    ## Fix
    Generate a new key with `ssh-keygen -t ed25519`, add it, check that pushing works, then delete
    the old one.

    ## Limits
    - Does not show whether the key has a passphrase.
    """
    seen: Seen = {"algorithm": key.algorithm}
    step = "Add a new ed25519 key, then delete this one"
    if key.algorithm in STRONG:
        return Passed("the key's type is strong", seen)
    if key.algorithm == "ssh-rsa":
        seen["bits"] = key.bits
        if key.bits < limits.rsa_bits:
            message = f"RSA key with {key.bits} bits, fewer than {limits.rsa_bits}"
            return Failed(message, {**seen, **added(key)}, fix=_delete(key, step))
        return Passed(f"RSA key with {key.bits} bits", seen)
    if key.algorithm == "ssh-dss":
        message = "DSA key, which can be broken"
        return Failed(message, {**seen, **added(key)}, fix=_delete(key, step))
    return Manual("Is this type of key strong? hardenme does not know it", key.page("account-keys"))


@check(
    "GHA105",
    "ssh-key-recent",
    title="GitHub SSH key is overdue for rotation",
    severity=Severity.LOW,
    since="0.1",
)
def ssh_key_recent(key: SshKey, now: Now, limits: Limits) -> Verdict:
    """The SSH key is not overdue for rotation.

    ## Why
    An old key has been copied to old disks, backups and machine images. A new key makes these
    copies useless.

    ## Fix
    Generate a new key with `ssh-keygen -t ed25519`, add it, then delete the old one.

    ## Limits
    - Counts from the day the key was added to GitHub.
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
    Commits signed with an expired key show as unverified. A revoked key may have been stolen.

    ## Fix
    Extend or replace the key on your machine, delete it here, then add the exported public key
    again. Commits that GitHub has verified stay verified.

    ## Limits
    - A revocation that was published only elsewhere is not visible.
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
        "Extend or replace the key, delete it here, then add the exported public key again",
        page=key.page("account-keys"),
        command=key.deletes(),
        needs="the account's owner; the command needs the scope admin:gpg_key",
        undo="Add the former public key again",
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
    Anyone can write your name into a commit. Only a signature shows which commits are yours.

    ## Fix
    1. Choose "New SSH key", set "Key type" to "Signing Key", and add your SSH key once more.
    2. Set `user.signingkey` of git to the file of the public key. Then run
       `git config --global gpg.format ssh` and `git config --global commit.gpgsign true`.

    ## Limits
    - GHA106 checks whether a GPG key is valid.
    - Does not show whether your commits are signed.
    """
    if gpg.facts or ssh.facts:
        return Passed(
            "the account has a signing key",
            {"gpg_keys": len(gpg.facts), "ssh_signing_keys": len(ssh.facts)},
        )
    return Failed(
        "no key can sign commits",
        {"gpg_keys": len(gpg), "ssh_signing_keys": len(ssh)},
        fix=Fix(
            'Choose "New SSH key" and set "Key type" to "Signing Key"',
            page=account.page("account-keys"),
            needs="the account's owner",
            undo="Delete the signing key",
        ),
    )
