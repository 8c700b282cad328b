"""Checks of SSH private keys."""

from collections.abc import Iterator

from hardenme.facts.local.ssh import SshPrivateKey
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

OWNER_ONLY = 0o077
OWNER = "the owner of the key"


@check(
    "LOC112",
    "ssh-private-key-protected",
    title="SSH private key has no passphrase, or others can read it",
    severity=Severity.HIGH,
    since="0.1",
)
def ssh_private_key_protected(key: SshPrivateKey) -> Verdict:
    """The SSH private key needs a passphrase or a device, and only you can read it.

    ## Why
    Anyone who copies a key without a passphrase can use it, from a stolen laptop, a backup or with
    malware. GitHub shows no difference.

    ## Fix
    Give it a passphrase; an agent asks for it once a session. Better: create a key that lives in a
    security key (`ssh-keygen -t ed25519-sk`) and remove the old one from GitHub.

    ## Limits
    - Looks at files below `~/.ssh`, two folders deep. Keys in an agent or a password manager are
      not seen.
    - Does not know how good a passphrase is.
    - A file with several keys fails if one of them is unprotected.
    - A key for automation cannot have a passphrase: keep it on the machine that needs it.
    """
    seen: Seen = {"encrypted": key.encrypted, "hardware": key.hardware}
    if not (key.encrypted or key.hardware):
        return _open(key, seen)
    seen |= {"mode": key.octal, "owned": key.owned}
    if key.mode & OWNER_ONLY or not key.owned:
        return Failed(
            f"other users can read or change the key (mode {key.octal})"
            if key.mode & OWNER_ONLY
            else "the key belongs to another user",
            seen,
            fix=Fix(
                "Remove the access of other users" if key.owned else "Take ownership of the key",
                command=" && ".join(_closing(key)),
                needs=OWNER if key.owned else "the administrator of this machine",
                undo=f"chmod {key.octal} restores it",
            ),
        )
    kept = "lives in a device" if key.hardware else "needs a passphrase"
    return Passed(f"the key {kept}, and only you can read it", seen)


def _open(key: SshPrivateKey, seen: Seen) -> Verdict:
    if key.keys > 1:
        return Failed(
            f"one of the {key.keys} keys in the file has no passphrase",
            seen | {"keys": key.keys},
            fix=Fix(
                "Write each key to its own file, then give each a passphrase",
                command=key.edit(1),
                needs=OWNER,
                undo="Write the keys to one file again",
            ),
        )
    passphrase = (
        ("puttygen", key.path, "-P", "-o", key.path)
        if key.putty
        else ("ssh-keygen", "-p", "-f", key.path)
    )
    return Failed(
        "the key has no passphrase",
        seen,
        fix=Fix(
            "Give the key a passphrase",
            # ssh-keygen refuses a key that others can read.
            command=" && ".join((*_closing(key), key.command(*passphrase))),
            needs=OWNER,
            undo="Run the command again with an empty new passphrase",
        ),
    )


def _closing(key: SshPrivateKey) -> Iterator[str]:
    """The commands after which the key is the user's own, as far as it is known not to be."""
    hidden = key.unknown_fields()
    if "owned" not in hidden and not key.owned:
        yield key.seize()
    if "mode" not in hidden and key.mode & OWNER_ONLY:
        yield key.command("chmod", "600", key.path)
