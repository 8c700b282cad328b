"""Checks of SSH private keys."""

from hardenme.facts.local.ssh import SshPrivateKey
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

NOBODY_ELSE = 0o077
OWNER = "the owner of the key"


@check("LOC112", "ssh-private-key-protected", severity=Severity.HIGH, since="0.1")
def ssh_private_key_protected(key: SshPrivateKey) -> Verdict:
    """The SSH private key takes a passphrase or a device, and nobody else can read it.

    ## Why
    A key without a passphrase works for whoever copies the file, from a stolen laptop, a backup,
    or by malware. Nothing at GitHub shows the difference.

    ## Fix
    Give it a passphrase; an agent asks for it once a session. Better still, make a key that lives
    in a security key (`ssh-keygen -t ed25519-sk`) and remove the old one from GitHub.

    ## Limits
    Files below `~/.ssh` are looked at, two folders deep; keys that an agent or a password manager
    holds are not seen, nor how good a passphrase is. A key for automation cannot have one: keep it
    on the machine that needs it.
    """
    seen: Seen = {"encrypted": key.encrypted, "hardware": key.hardware}
    if not (key.encrypted or key.hardware):
        return Failed(
            "the key has no passphrase",
            seen,
            fix=Fix(
                "Give the key a passphrase",
                command=key.command("ssh-keygen", "-p", "-f", key.path),
                needs=OWNER,
                undo="Run the command again with an empty new passphrase",
            ),
        )
    seen |= {"mode": key.octal, "owned": key.owned}
    if key.mode & NOBODY_ELSE or not key.owned:
        return Failed(
            f"others can read or change the key (mode {key.octal})"
            if key.mode & NOBODY_ELSE
            else "the key belongs to another user",
            seen,
            fix=Fix(
                "Take away the rights of others",
                command=key.command("chmod", "600", key.path),
                needs=OWNER,
                undo=f"chmod {key.octal} gives them back",
            ),
        )
    kept = "lives in a device" if key.hardware else "takes a passphrase"
    return Passed(f"the key {kept}, and nobody else can read it", seen)


CHECKS = (ssh_private_key_protected,)
