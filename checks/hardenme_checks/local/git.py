"""Checks of git: how it keeps passwords, and whether it signs."""

from hardenme.facts.local.git import HELPER, GitCredentials, GitSigning
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

YOU = "your own account on this machine"


@check("LOC110", "git-credential-not-plaintext", severity=Severity.HIGH, since="0.1")
def git_credential_not_plaintext(credentials: GitCredentials) -> Verdict:
    """No password and no token for git stands in clear text.

    ## Why
    `credential.helper=store` writes each password into a file, and an address with a password in
    it stays in the repository's configuration. Both are read by any program that runs as you.

    ## Fix
    Let the system's keyring keep them, for GitHub by way of `gh`. Then remove the line or delete
    the file, and revoke what was in it.

    ## Limits
    Reads your configurations, what they include, and that of the repository around the current
    folder; other repositories are not looked at. It does not tell for which host a password is.
    """
    plain = credentials.plain
    if not plain:
        return Passed("no password in clear text", {"lines": []})
    lines = [item.line for item in plain]
    helper = plain[0].what == HELPER
    kinds = sorted({item.what for item in plain})
    return Failed(
        f"{' and '.join(kinds)}, first on line {lines[0]}",
        {"lines": lines},
        fix=Fix(
            "Remove the helper, and let gh answer for GitHub"
            if helper
            else "Remove the line, and revoke what was in it",
            command="gh auth setup-git" if helper else credentials.edit(lines[0]),
            needs=YOU,
            undo="Write the line again",
        ),
    )


@check("LOC111", "git-signing-configured", severity=Severity.LOW, since="0.1")
def git_signing_configured(signing: GitSigning) -> Verdict:
    """Commits are signed by default.

    ## Why
    Anyone can write your name into a commit. A signature shows which ones are really yours, and
    makes one that an intruder pushed with your token stand out.

    ## Fix
    Set a key, then let git sign by itself. An SSH key that you have anyway will do; add it to
    GitHub as a signing key (GHA107).

    ## Limits
    Looks at what counts in every folder. Whether the key is there and GitHub knows it is not seen.
    """
    seen: Seen = {"commit.gpgsign": signing.commits}
    if signing.commits:
        return Passed("commits are signed", seen)
    return Failed(
        "commits are not signed by default",
        seen,
        fix=Fix(
            "Set user.signingkey (and gpg.format to ssh for an SSH key), then sign by default",
            command="git config --global commit.gpgsign true",
            needs="a key to sign with",
            undo="git config --global --unset commit.gpgsign",
        ),
    )


CHECKS = (git_credential_not_plaintext, git_signing_configured)
