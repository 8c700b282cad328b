"""Pages of GitHub and npm on which a setting is shown and changed.

Most of these addresses are undocumented. They are all in this module, so that a person can review
them.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from hardenme.model.npm_address import REGISTRY

GITHUB_WEB = "https://github.com"
GITHUB_API = "https://api.github.com"
NPM_WEB = "https://www.npmjs.com"

GITHUB: dict[str, str] = {
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
    "account-notifications": "settings/notifications",
    "account-security-log": "settings/security-log",
    "account-owned-apps": "settings/apps",
    "account-settings": "settings/admin",
    "account-codespaces": "settings/codespaces",
    # Organization
    "org-security": "organizations/{org}/settings/security",
    "org-profile": "organizations/{org}/settings/profile",
    "org-member-privileges": "organizations/{org}/settings/member_privileges",
    "org-rules": "organizations/{org}/settings/rules",
    "org-actions": "organizations/{org}/settings/actions",
    "org-secrets": "organizations/{org}/settings/secrets/actions",
    "org-people": "orgs/{org}/people",
    "org-owners": "orgs/{org}/people?query=role%3Aowner",
    "org-domains": "organizations/{org}/settings/domains",
    "org-releases": "organizations/{org}/settings/repository-defaults",
    "org-security-configurations": "organizations/{org}/settings/security_products",
    "org-tokens": "organizations/{org}/settings/personal-access-tokens",
    "org-token-requests": "organizations/{org}/settings/personal-access-token-requests",
    "org-oauth-policy": "organizations/{org}/settings/oauth_application_policy",
    "org-invitation": "orgs/{org}/invitation",
    "org-pending-invitations": "orgs/{org}/people/pending_invitations",
    "org-repositories": "orgs/{org}/repositories",
    "org-outside-collaborators": "orgs/{org}/outside-collaborators",
    "org-installations": "organizations/{org}/settings/installations",
    "org-installation": "organizations/{org}/settings/installations/{installation}",
    "org-active-tokens": "organizations/{org}/settings/personal-access-tokens/active",
    "org-member-sso": "orgs/{org}/people/{login}/sso",
    "org-dependabot-secrets": "organizations/{org}/settings/secrets/dependabot",
    "org-runner-groups": "organizations/{org}/settings/actions/runner-groups",
    "org-runner-group": "organizations/{org}/settings/actions/runner-groups/{group}",
    "org-hooks": "organizations/{org}/settings/hooks",
    "org-hook": "organizations/{org}/settings/hooks/{hook}",
    "org-apps": "organizations/{org}/settings/apps",
    "org-new-app": "organizations/{org}/settings/apps/new",
    "org-teams": "orgs/{org}/teams",
    "org-roles": "organizations/{org}/settings/org_role_assignments",
    "org-actions-variables": "organizations/{org}/settings/variables/actions",
    "org-codespaces-secrets": "organizations/{org}/settings/secrets/codespaces",
    "org-custom-properties": "organizations/{org}/settings/custom-properties",
    "org-blocked-users": "organizations/{org}/settings/blocked_users",
    "org-audit-log": "organizations/{org}/settings/audit-log",
    # Repository
    "repo": "{repo}",
    "repo-file": "{repo}/blob/HEAD/{path}",
    "repo-new-workflow": "{repo}/actions/new",
    "repo-workflows": "{repo}/commits/HEAD/.github/workflows",
    "repo-tags": "{repo}/tags",
    "repo-settings": "{repo}/settings",
    "repo-access": "{repo}/settings/access",
    "repo-branches": "{repo}/settings/branches",
    "repo-rules": "{repo}/settings/rules",
    "repo-new-branch-rule": "{repo}/settings/rules/new?target=branch",
    "repo-actions": "{repo}/settings/actions",
    "repo-new-tag-rule": "{repo}/settings/rules/new?target=tag",
    "repo-keys": "{repo}/settings/keys",
    "repo-runners": "{repo}/settings/actions/runners",
    "repo-hooks": "{repo}/settings/hooks",
    "repo-hook": "{repo}/settings/hooks/{hook}",
    "repo-secrets": "{repo}/settings/secrets/actions",
    "repo-environments": "{repo}/settings/environments",
    "repo-security": "{repo}/settings/security_analysis",
    "repo-invitation": "{repo}/invitations",
    "repo-dependabot": "{repo}/security/dependabot",
    "repo-dependabot-critical": "{repo}/security/dependabot?q=is:open+severity:critical",
    "repo-secret-alerts": "{repo}/security/secret-scanning",
    "repo-releases": "{repo}/releases",
    "repo-all-branches": "{repo}/branches/all",
    "repo-activity": "{repo}/activity",
    "repo-workflow-runs": "{repo}/actions",
    "repo-caches": "{repo}/actions/caches",
    "repo-issues": "{repo}/issues",
    "repo-variables": "{repo}/settings/variables/actions",
    "repo-dependabot-secrets": "{repo}/settings/secrets/dependabot",
    "repo-codespaces-secrets": "{repo}/settings/secrets/codespaces",
    "repo-new-advisory": "{repo}/security/advisories/new",
    "repo-security-policy": "{repo}/security/policy",
}
"""Pages below the address of a GitHub host, by name."""

NPM: dict[str, str] = {
    "two-factor": "settings/{user}/tfa",
    "profile": "settings/{user}/profile",
    "tokens": "settings/{user}/tokens",
    "new-token": "settings/{user}/tokens/granular-access-tokens/new",
    "packages": "settings/{user}/packages",
    "email": "email-edit",
    "package": "package/{package}",
    "package-version": "package/{package}/v/{version}",
    "package-access": "package/{package}/access",
    "staged": "staged-packages",
    "support": "support",
    "org-members": "settings/{org}/members",
    "org-teams": "settings/{org}/teams",
}
"""Pages below npm's site, by name."""

GUIDES: dict[str, str] = {
    "takeover-signs": "https://openssf.org/blog/2024/04/15/open-source-security-openssf-and-openjs"
    "-foundations-issue-alert-for-social-engineering-takeovers-of-open-source-projects/",
    "axios-post-mortem": "https://github.com/axios/axios/issues/10636",
    "axios-review": "https://github.com/openjs-foundation/security-wg/issues/323",
    "github-support": "https://support.github.com",
    "malicious-packages": "https://github.com/ossf/malicious-packages",
    "npm-cheat-sheet": "https://cheatsheetseries.owasp.org/cheatsheets/NPM_Security_Cheat_Sheet.html",
}
"""Pages of others that say what to do where no settings page shows it, by name."""


def github_page(web: str, name: str, **names: str) -> str:
    """The address of a page of GitHub.

    Args:
        web: the address of the host's web pages, without a trailing slash.
        name: a key of `GITHUB`.
        names: the `org`, or the `repo` as `owner/name`, that the page belongs to.
    """
    return f"{web}/{GITHUB[name].format(**_quoted(names, '/'))}"


def npm_page(registry: str, name: str, **names: str) -> str:
    """The address of a page of npm; of another registry than npm's own, the registry's address.

    Args:
        name: a key of `NPM`.
        names: the `user`, `package`, `version` or `org` that the page belongs to.
    """
    if registry != REGISTRY:
        return registry
    return f"{NPM_WEB}/{NPM[name].format(**_quoted(names, '@/'))}"


def _quoted(names: dict[str, str], safe: str) -> dict[str, str]:
    return {key: quote(value, safe=safe, errors="surrogatepass") for key, value in names.items()}


def web_url(address: str) -> str:
    """The address of the web pages of a GitHub host, by the address of its API or its pages.

    What is not an address comes back as it is.
    """
    parts = urlsplit(address)
    host = parts.netloc
    if not host:
        return address
    if parts.hostname in {"github.com", "www.github.com", "api.github.com"}:
        return GITHUB_WEB
    if host.startswith("api.") and host.endswith(".ghe.com"):
        host = host.removeprefix("api.")
    return f"{parts.scheme}://{host}"
