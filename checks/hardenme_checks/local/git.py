"""Checks of git: how it keeps passwords, and whether it signs."""

from hardenme.facts.local.git import HELPER, VARIABLES, GitCredentials, GitSigning
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

YOU = "your own account on this machine"
PLAIN = r"(^|[/ -])(store|plaintext)([. ]|$)"
"""The values of the helpers that write plain text, as git's command line finds them."""


@check(
    "LOC110",
    "git-credential-not-plaintext",
    title="Git credentials are stored in plain text",
    severity=Severity.HIGH,
    since="0.1",
)
def git_credential_not_plaintext(credentials: GitCredentials) -> Verdict:
    """No git password or token is stored in plain text.

    ## Why
    `credential.helper=store` writes each password to a file, and a password in a URL stays in the
    repository's configuration. Any program that runs as you can read both.

    ## Fix
    Store them in the system's keyring: for GitHub run `gh auth setup-git`. Then remove the line or
    delete the file, and revoke what was in it.

    ## Limits
    - Reads your configurations, what they include, and that of the repository around the current
      folder. Other repositories are not read.
    - Reads the variables `GIT_CONFIG_COUNT` and `GIT_CONFIG_PARAMETERS`.
    - Does not say for which host a password is.
    """
    plain = credentials.plain
    if not plain:
        return Passed("no password in plain text", {"lines": []})
    lines = [item.line for item in plain if item.line]
    kinds = " and ".join(sorted({item.what for item in plain}))
    place = f"first on line {lines[0]}" if lines else "in the environment"
    return Failed(f"{kinds}, {place}", {"lines": lines}, fix=_cleared(credentials))


def _cleared(credentials: GitCredentials) -> Fix:
    plain = credentials.plain
    step = "Remove each line, and revoke what was in it"
    command = credentials.edit(plain[0].line)
    if plain[0].line == 0:
        step = "Remove the variables where they are set, and revoke what was in them"
        command = credentials.unset(*VARIABLES)
    elif all(item.what == HELPER and item.setting for item in plain):
        step = "Remove the helper; gh auth setup-git lets gh answer for GitHub instead"
        command = "\n".join(
            credentials.command(
                *("git", "config", "--file", credentials.path, "--unset-all", setting, PLAIN)
            )
            for setting in dict.fromkeys(item.setting for item in plain)
        )
    return Fix(step, command=command, needs=YOU, undo="Write the line again")


@check(
    "LOC111",
    "git-signing-configured",
    title="Git does not sign commits by default",
    severity=Severity.LOW,
    since="0.1",
)
def git_signing_configured(signing: GitSigning) -> Verdict:
    """Git signs commits by default.

    ## Why
    Anyone can put your name on a commit, and only a signature shows which ones are yours. It also
    exposes a commit that an attacker pushed with your token.

    ## Fix
    Set a key, then let git sign by default. Your existing SSH key works: add it to GitHub as a
    signing key (GHA107).

    ## Limits
    - Looks only at settings that apply in every folder.
    - Does not see whether the key exists, or whether GitHub knows it.
    """
    seen: Seen = {"commit.gpgsign": signing.commits}
    if signing.commits:
        return Passed("commits are signed", seen)
    # What a variable says counts before every file.
    unset = f"{signing.unset(*VARIABLES)} && " if signing.by_variable else ""
    return Failed(
        "commits are not signed by default",
        seen,
        fix=Fix(
            "Set user.signingkey (and gpg.format to ssh for an SSH key), then sign by default",
            command=f"{unset}git config --global commit.gpgsign true",
            needs="a key to sign with",
            undo="git config --global --unset commit.gpgsign",
        ),
    )
