"""Where a fix is clicked: GitHub's settings pages, built from the host in use."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from hardenme.model.fact import Fact

PAGES: dict[str, str] = {
    # Account
    "account-security": "settings/security",
    "account-recovery-codes": "settings/auth/recovery-codes",
    "account-keys": "settings/keys",
    "account-emails": "settings/emails",
    "account-classic-tokens": "settings/tokens",
    "account-fine-grained-tokens": "settings/personal-access-tokens",
    "account-new-fine-grained-token": "settings/personal-access-tokens/new",
    "account-new-classic-token": "settings/tokens/new",
    "account-oauth-grants": "settings/applications",
    "account-app-grants": "settings/apps/authorizations",
    "account-organizations": "settings/organizations",
    "account-repositories": "settings/repositories",
    "account-sessions": "settings/sessions",
    # Organization
    "org-security": "organizations/{org}/settings/security",
    "org-member-privileges": "organizations/{org}/settings/member_privileges",
    "org-rules": "organizations/{org}/settings/rules",
    "org-actions": "organizations/{org}/settings/actions",
    "org-secrets": "organizations/{org}/settings/secrets/actions",
    "org-people": "orgs/{org}/people",
    "org-owners": "orgs/{org}/people?query=role:owner",
    "org-domains": "organizations/{org}/settings/domains",
    "org-releases": "organizations/{org}/settings/repository-defaults",
    "org-security-configurations": "organizations/{org}/settings/security_products",
    "org-tokens": "organizations/{org}/settings/personal-access-tokens",
    "org-token-requests": "organizations/{org}/settings/personal-access-token-requests",
    "org-oauth-policy": "organizations/{org}/settings/oauth_application_policy",
    "org-invitation": "orgs/{org}/invitation",
    "org-pending-invitations": "orgs/{org}/people/pending_invitations",
    "org-outside-collaborators": "orgs/{org}/outside-collaborators",
    "org-installation": "organizations/{org}/settings/installations/{installation}",
    "org-active-tokens": "organizations/{org}/settings/personal-access-tokens/active",
    "org-member-sso": "orgs/{org}/people/{login}/sso",
    "org-dependabot-secrets": "organizations/{org}/settings/secrets/dependabot",
    "org-runner-group": "organizations/{org}/settings/actions/runner-groups/{group}",
    "org-hook": "organizations/{org}/settings/hooks/{hook}",
    "org-apps": "organizations/{org}/settings/apps",
    "org-new-app": "organizations/{org}/settings/apps/new",
    # Repository
    "repo": "{repo}",
    "repo-file": "{repo}/blob/HEAD/{path}",
    "repo-settings": "{repo}/settings",
    "repo-access": "{repo}/settings/access",
    "repo-branches": "{repo}/settings/branches",
    "repo-rules": "{repo}/settings/rules",
    "repo-new-branch-rule": "{repo}/settings/rules/new?target=branch",
    "repo-actions": "{repo}/settings/actions",
    "repo-new-tag-rule": "{repo}/settings/rules/new?target=tag",
    "repo-keys": "{repo}/settings/keys",
    "repo-runners": "{repo}/settings/actions/runners",
    "repo-hook": "{repo}/settings/hooks/{hook}",
    "repo-secrets": "{repo}/settings/secrets/actions",
    "repo-environments": "{repo}/settings/environments",
    "repo-security": "{repo}/settings/security_analysis",
    "repo-invitation": "{repo}/invitations",
    "repo-dependabot": "{repo}/security/dependabot",
    "repo-dependabot-critical": "{repo}/security/dependabot?q=is:open+severity:critical",
    "repo-secret-alerts": "{repo}/security/secret-scanning",
    "repo-security-policy": "{repo}/security/policy",
}
"""Settings pages below the host, by name. GitHub documents few of these addresses; they are kept in
this one table so that a person can look through them."""

DEFAULT_WEB = "https://github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubFact(Fact):
    """The base of facts from GitHub.

    Attributes:
        web: the address of the host's web pages, without a trailing slash.
    """

    web: str = DEFAULT_WEB

    def page(self, name: str, **names: str) -> str:
        """The address of a settings page.

        Args:
            name: a key of `PAGES`.
            names: the `org`, or the `repo` as `owner/name`, that the page belongs to.
        """
        quoted = {
            key: quote(value, safe="/", errors="surrogatepass") for key, value in names.items()
        }
        return f"{self.web}/{PAGES[name].format(**quoted)}"

    def gh(self, *words: str) -> str:
        """A `gh` command for this host; each word is quoted for a shell."""
        host = urlsplit(self.web).hostname or ""
        extra: list[str] = []
        if words[0] == "api" and host != "github.com":
            extra = ["--hostname", host]
        return shlex.join(["gh", words[0], *extra, *words[1:]])


def full_name(fact: Any) -> str:
    """The `owner/name` of a repository's fact, or of a fact within one."""
    subject = fact.subject if fact.subject.kind == "repo" else fact.within
    return str(subject.name)
