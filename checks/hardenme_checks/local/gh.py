"""Checks of GitHub's command line `gh`."""

from hardenme.facts.local.gh import GhHosts
from hardenme.model.check import check
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import count


@check(
    "LOC109",
    "gh-token-in-keyring",
    title="gh stores its tokens in plain text",
    severity=Severity.MEDIUM,
    since="0.1",
)
def gh_token_in_keyring(hosts: GhHosts) -> Verdict:
    """`gh` stores its tokens in the system's keyring.

    ## Why
    Any program that runs as you can copy a token from a plain-text file. This one can push to every
    repository that you can, and every backup holds it.

    ## Fix
    Sign out and in again: `gh` then uses the keyring, if there is one (LOC113). Signing out does
    not revoke the token. Revoke it on the "Applications" page, under "GitHub CLI".

    ## Limits
    - Reads only the file of `gh`.
    - Without a keyring, `gh` falls back to the file.
    """
    lines = list(hosts.token_lines)
    if not lines:
        return Passed("no token in the file", {"oauth_token": 0})
    return Failed(
        f"{count(len(lines), 'line')} with a token in plain text, the first is {lines[0]}",
        {"oauth_token": len(lines), "lines": lines},
        fix=Fix(
            "Sign out with gh auth logout, then sign in again",
            page="https://github.com/settings/applications",
            command="gh auth logout && gh auth login",
            needs="a keyring on this machine",
            undo="gh auth login --insecure-storage",
        ),
    )
