"""How git keeps passwords, and whether it signs."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.local.machine import LocalFact
from hardenme.model.fact import key

VARIABLES = ("GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS")
"""The variables by which git takes settings from the environment."""
HELPER = "a helper that stores in plain text"
PASSWORD = "a password"  # noqa: S105 (words for a report)


@dataclass(frozen=True, slots=True)
class PlainCredential:
    """A credential in plain text, or the setting that makes git write one; never its value.

    Attributes:
        line: counted from 1; 0 for a variable of the environment.
        what: `HELPER` or `PASSWORD`.
        setting: the whole name of the setting that names a helper; empty for a password.
    """

    line: int
    what: str
    setting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitCredentials(LocalFact):
    """Credentials for git in one file.

    The subject is `local:git-config/PATH` for a configuration, `local:environment/git` for one in
    variables, and `local:credential-file/PATH` for `.git-credentials` and `.netrc`.

    Attributes:
        plain: those in plain text.
    """

    source = "FILE ~/.gitconfig, ~/.git-credentials, ~/.netrc; GIT_CONFIG_COUNT"
    noun = "git configuration"

    plain: tuple[PlainCredential, ...] = key()


@dataclass(frozen=True, slots=True, kw_only=True)
class GitSigning(LocalFact):
    """What git signs by your own configuration (subject `local:git/signing`).

    Attributes:
        commits: every commit.
        tags: every annotated tag.
        format: `openpgp`, `ssh` or `x509`.
        by_variable: a variable of the environment decides whether commits are signed.
    """

    source = "FILE ~/.gitconfig; GIT_CONFIG_COUNT"
    noun = "git configuration"

    commits: bool = key("commit.gpgsign")
    tags: bool = key("tag.gpgsign")
    format: str = key("gpg.format")
    by_variable: bool = key("commit.gpgsign")
