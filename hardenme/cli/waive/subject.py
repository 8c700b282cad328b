"""What a user means by the subject of a waiver: an id, a pattern, or a target of `check`."""

from __future__ import annotations

import re

from hardenme.config.waivers import wrong_subject
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check

KINDS = frozenset(
    {
        *("org", "user", "token", "member", "membership", "outside-collaborator", "collaborator"),
        *("collaborator-invitation", "repository-invitation", "org-invitation", "ssh-key"),
        *("gpg-key", "email", "repo", "deploy-key", "repo-hook", "org-hook"),
        *("environment", "environment-secret", "secret", "org-secret", "inherited-secret"),
        *("workflow", "runner-group", "security-default", "installation", "sso-credential"),
        *("token-grant", "organization-role"),
    }
)
"""What follows `github:` in an id; `github:org/acme` is one, and no repository of a login `org`."""
REPOSITORY = re.compile(r"github:(?P<owner>[^/:]+)/(?P<name>[^/]+)")
OWNER = re.compile(r"github:(?P<name>[^/:*]+)")
SCOPE = re.compile(r"npm:@(?P<name>[^/:*]+)")
PACKAGE = re.compile(r"npm:(?P<name>@[^/:]+/[^/]+|[^@/:]+)")
OF_ACCOUNTS, OF_ORGANIZATIONS = frozenset({"GHA"}), frozenset({"GHO", "GHW"})
"""Families whose checks are about an account, or an organization, by its login."""


def subject_of(check: Check, text: str) -> str:
    """The id or the pattern that a text means.

    Raises:
        UsageError: it names no subject, or fits more than one.
    """
    if not text:
        raise UsageError(
            f"name what {check.code} fails for, as in: hardenme waive add {check.code}"
            " github:acme/web --reason TEXT; with --report FILE in place of it, the subjects in a"
            " JSON report are listed"
        )
    meant = _as_id(check, text.strip())
    if why := wrong_subject(meant):
        raise UsageError(f"SUBJECT {why}; not {text!r}")
    return meant


def _as_id(check: Check, text: str) -> str:
    if (found := REPOSITORY.fullmatch(text)) and found["owner"] not in KINDS:
        return f"github:repo/{found['owner']}/{found['name']}"
    if found := OWNER.fullmatch(text):
        return f"github:{_owner(check, found['name'])}/{found['name']}"
    if found := SCOPE.fullmatch(text):
        return f"npm:org/{found['name']}"
    if found := PACKAGE.fullmatch(text):
        return f"npm:package/{found['name']}"
    return text


def _owner(check: Check, name: str) -> str:
    if check.family in OF_ACCOUNTS:
        return "user"
    if check.family in OF_ORGANIZATIONS:
        return "org"
    raise UsageError(
        f"github:{name} names an account, and {check.code} is not about accounts: name what it"
        f" fails for, like github:repo/{name}/web, or github:repo/{name}/*"
    )
