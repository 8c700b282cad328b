"""Checks of what every program of a session can read: token variables, and the keyring."""

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
    """No token of GitHub or npm, and no credential of a web address, is given to every program.

    ## Why
    Each program of the session can read the variable, an install script of a dependency too. The
    worm Shai-Hulud of September 2025 took tokens from the environment as well as from files.

    ## Fix
    Remove the variable and revoke the token. Let `gh auth login` and `npm login` keep what they
    need, and give a variable to a single command only: `NPM_TOKEN=… npm publish`.

    ## Limits
    Names are looked at, and the form of values; values are not kept. What stands behind `Bearer` or
    `Basic` counts, and so does a password before the host of an address with http or https, such as
    a proxy's. Files that a start-up file loads in turn are not followed. In a build job, which ends
    with its session, it does not apply.
    """
    if place.build_job:
        return NotApplicable("a build job's session, which ends with it", {"CI": True})
    found = place.variables
    if not found:
        return Passed("no token variable", {"variables": 0})
    names = sorted({item.name for item in found if item.name})
    seen: Seen = {"variables": names, "lines": [item.line for item in found if item.line]}
    clear = sum(item.literal for item in found)
    first = found[0]
    in_file = first.line > 0
    how = ", in clear text" if clear and in_file else ""
    return Failed(
        f"{count(len(found), 'token')} given to every program{how}",
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
    Tools keep tokens in the keyring so that they lie in no file. Some backends write clear text
    all the same, and without any the tools fall back to files.

    ## Fix
    Use the system's own: Keychain on macOS, Credential Manager on Windows, a Secret Service such
    as GNOME Keyring or KWallet on Linux. On a machine without a desktop an encrypted file or a
    password manager's backend does it.

    ## Limits
    It is the keyring as Python programs see it. Only the names of the backend's classes are read,
    so it is not seen whether the keyring has a good password. A backend that is not known is
    unknown.
    """
    seen: Seen = {"backend": list(keyring.names), "chosen_by": keyring.chosen_by}
    messages = {PLAIN: "the keyring writes clear text", NONE: "the keyring keeps nothing"}
    message = messages.get(keyring.kind)
    if message is None:
        return Passed("the keyring encrypts what it keeps", seen)
    return Failed(message, seen, _another(keyring))


def _another(keyring: KeyringBackend) -> Fix:
    undo = "Name the former backend in keyringrc.cfg"
    if keyring.chosen_by == VARIABLE:
        step = "Remove the variable where it is set, so that the system's keyring is used"
        return Fix(step, command=keyring.unset("PYTHON_KEYRING_BACKEND"), needs=YOU, undo=undo)
    if keyring.chosen_by == CONFIGURATION:
        step = "Remove the line default-keyring, so that the system's keyring is used"
        return Fix(step, command=keyring.edit(1), needs=YOU, undo=undo)
    return Fix(
        "Set up the system's keyring, or name a backend that encrypts in keyringrc.cfg",
        page=GUIDE,
        needs=YOU,
        undo=undo,
    )
