"""The kinds of things that are ended on the day of an attack, and who can end each."""

from __future__ import annotations

from hardenme.derive.handover.removing import ADMIN, OWNER
from hardenme.model.runbook import ListedKind

SESSION = "the account itself, in an npm session"
MAINTAINER = "a maintainer of the package, with 2FA"
ACCOUNT = "the account itself"
ELSEWHERE = "its value may still be accepted where it was issued"
OUTSIDE = "outside the organization it lives until its owner ends it"
ACCEPTED = "it was cancelled, or accepted"

NPM_TOKEN = ListedKind("npm token", "npm tokens", "npm:user", "tokens", SESSION)
STAGED = ListedKind("staged version", "staged versions", "npm:package", "staged", MAINTAINER)
PUBLISHER = ListedKind(
    "trusted publisher", "trusted publishers", "npm:package", "package-access", MAINTAINER
)
SSH_KEY = ListedKind("SSH key", "SSH keys", "github:user", "account-keys", ACCOUNT)
SIGNING_KEY = ListedKind(
    "SSH signing key", "SSH signing keys", "github:user", "account-keys", ACCOUNT
)
GPG_KEY = ListedKind("GPG key", "GPG keys", "github:user", "account-keys", ACCOUNT)
MEMBERS_TOKEN = ListedKind(
    *("fine-grained token of a member", "members' fine-grained tokens", "github:org"),
    *("org-active-tokens", OWNER),
)
CREDENTIAL = ListedKind(
    *("credential for single sign-on", "credentials for single sign-on", "github:org"),
    *("org-people", OWNER),
    remains=OUTSIDE,
)
APP = ListedKind("app", "apps", "github:org", "org-installation", OWNER)
DEPLOY_KEY = ListedKind("deploy key", "deploy keys", "github:repo", "repo-keys", ADMIN)
HOOK = ListedKind("webhook", "webhooks of repositories", "github:repo", "repo-hooks", ADMIN)
ORG_HOOK = ListedKind("webhook", "webhooks of organizations", "github:org", "org-hooks", OWNER)
RUNNERS = ListedKind(
    *("self-hosted runners", "self-hosted runners of repositories", "github:repo"),
    *("repo-runners", ADMIN),
    state="present",
)
GROUP = ListedKind(
    *("runner group", "runner groups with runners", "github:org", "org-runner-groups", OWNER),
    state="has_runners",
)
INVITATION = ListedKind(
    *("pending invitation", "invitations to repositories", "github:repo", "repo-access", ADMIN),
    remains=ACCEPTED,
)
ORG_INVITATION = ListedKind(
    *("pending invitation", "invitations to organizations", "github:org"),
    *("org-pending-invitations", OWNER),
    remains=ACCEPTED,
)
SECRET = ListedKind(
    *("secret", "secrets of repositories", "github:repo", "repo-secrets", ADMIN),
    together=True,
    remains=ELSEWHERE,
)
ENVIRONMENT_SECRET = ListedKind(
    *("secret of an environment", "secrets of environments", "github:repo"),
    *("repo-environments", ADMIN),
    together=True,
    remains=ELSEWHERE,
)
ORG_SECRET = ListedKind(
    *("secret", "secrets of organizations", "github:org", "org-secrets", OWNER),
    together=True,
    remains=ELSEWHERE,
)
DEPENDABOT_SECRET = ListedKind(
    *("Dependabot secret", "Dependabot secrets of organizations", "github:org"),
    *("org-dependabot-secrets", OWNER),
    together=True,
    remains=ELSEWHERE,
)
TAG = ListedKind("release tag", "release tags", "github:repo", "repo-tags", ADMIN)
DIST_TAG = ListedKind("dist-tag", "dist-tags", "npm:package", "package", MAINTAINER)
VERSION = ListedKind("version", "versions", "npm:package", "package", MAINTAINER)
PEOPLE_OF_PACKAGE = ListedKind("maintainer", "maintainers", "npm:package", "package", MAINTAINER)
PEOPLE_OF_ORG = ListedKind("member", "members", "github:org", "org-people", OWNER)

ORGANIZATIONS = ListedKind("membership", "organizations of the account", "github:user", "", ACCOUNT)

NPM_UNLISTED = {
    "npm sessions": "profile",
    "npm password": "profile",
    "npm 2FA, with its recovery codes": "two-factor",
}
GITHUB_UNLISTED = {
    "GitHub sessions": "account-sessions",
    "GitHub password": "account-security",
    "GitHub 2FA, with its recovery codes": "account-security",
}
"""What is ended or renewed and no API lists, each with the page where that is done."""
TOKENS = {
    "classic tokens": "account-classic-tokens",
    "fine-grained tokens": "account-fine-grained-tokens",
    "OAuth apps": "account-oauth-grants",
    "GitHub apps that act for the account": "account-app-grants",
}
"""What of a GitHub account only the account sees, each with the page that lists it."""
UNREAD_SECRETS = (
    "Dependabot and Codespaces secrets of repositories, which hardenme does not read: see Settings"
    " > Secrets and variables of each"
)
"""Secrets that a thief can read as well, and no run asks for."""
EVERY = tuple(one for one in list(globals().values()) if isinstance(one, ListedKind))
"""All of them, each once."""
