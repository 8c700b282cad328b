"""What every program of a session can read: token variables, and the keyring."""

from hardenme.facts.local.keyring import (
    CONFIGURATION,
    NONE,
    PLAIN,
    VARIABLE,
    KeyringBackend,
)
from hardenme.facts.local.shell import TokenVariables
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

GUIDE = "https://keyring.readthedocs.io/en/latest/"
"""The keyring library's own documentation: it names the backends."""
YOU = "your own account on this machine"


@check(
    "LOC106",
    "environment-without-token",
    title="Environment variables expose tokens to every program",
    severity=Severity.MEDIUM,
    since="0.1",
)
def environment_without_token(place: TokenVariables) -> Verdict:
    """No environment variable exposes a GitHub token, npm token or web credential.

    ## Why
    Every program in the session can read the variable, including a dependency's install script. The
    Shai-Hulud worm of September 2025 took tokens from the environment and from files.

    ## Fix
    Remove the variable and revoke the token. Let `gh auth login` and `npm login` store what they
    need. Set a variable for a single command only: `NPM_TOKEN=… npm publish`.

    ## Limits
    - Looks at names and the form of values, and keeps no value.
    - A text after `Bearer` or `Basic` counts. So does a password before the host of an http or
      https address, such as a proxy's.
    - Files that a start-up file loads are not followed.
    - Does not apply to a build job, whose session ends with it.
    """
    if place.build_job:
        return NotApplicable("a build job, whose session ends with it", {"CI": True})
    found = place.variables
    if not found:
        return Passed("no token variable", {"variables": 0})
    names = sorted({item.name for item in found if item.name})
    seen: Seen = {"variables": names, "lines": [item.line for item in found if item.line]}
    clear = sum(item.literal for item in found)
    first = found[0]
    in_file = first.line > 0
    how = ", in plain text" if clear and in_file else ""
    return Failed(
        f"every program can read {count(len(found), 'token')}{how}",
        seen,
        fix=Fix(
            "Remove each line, open a new session, and revoke the token"
            if in_file
            else "Remove the variable where it is set, and revoke the token",
            command=place.edit(first.line) if in_file else place.unset(*names),
            needs=YOU,
            undo="Write the line again",
        ),
    )


@check(
    "LOC113",
    "keyring-backend-secure",
    title="No encrypted keyring is available",
    severity=Severity.MEDIUM,
    since="0.1",
)
def keyring_backend_secure(keyring: KeyringBackend) -> Verdict:
    """Programs find a keyring that encrypts what they store.

    ## Why
    Without an encrypting keyring, tools write your tokens to plain-text files. Some backends write
    plain text too.

    ## Fix
    Use the system's keyring: Keychain on macOS, Credential Manager on Windows, GNOME Keyring or
    KWallet on Linux. On a machine without a desktop, use an encrypted file or a password manager's
    backend.

    ## Limits
    - Sees the keyring as Python programs see it.
    - Reads only the names of the backend's classes, and does not know whether the keyring has a
      good password.
    - A backend that is not recognized is unknown.
    """
    seen: Seen = {"backend": list(keyring.names), "chosen_by": keyring.chosen_by}
    messages = {PLAIN: "the keyring writes plain text", NONE: "the keyring stores nothing"}
    message = messages.get(keyring.kind)
    if message is None:
        return Passed("the keyring encrypts what it stores", seen)
    return Failed(message, seen, _another(keyring))


def _another(keyring: KeyringBackend) -> Fix:
    undo = "Name the previous backend in keyringrc.cfg"
    if keyring.chosen_by == VARIABLE:
        step = "Remove the variable where it is set, so that the system's keyring is used"
        return Fix(step, command=keyring.unset("PYTHON_KEYRING_BACKEND"), needs=YOU, undo=undo)
    if keyring.chosen_by == CONFIGURATION:
        step = "Remove the line default-keyring, so that the system's keyring is used"
        return Fix(step, command=keyring.edit(1), needs=YOU, undo=undo)
    return Fix(
        "Set up the system's keyring, or name an encrypting backend in keyringrc.cfg",
        page=GUIDE,
        needs=YOU,
        undo=undo,
    )
