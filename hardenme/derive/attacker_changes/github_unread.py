"""What an attacker can change in GitHub that hardenme does not read, and why."""

from __future__ import annotations

from hardenme.derive.attacker_changes.change import (
    ACCOUNT,
    AUDIT_LOG,
    ITS_OWN_WRITE,
    NO_API,
    NOT_READ,
    ORGANIZATION,
    REPOSITORY,
    AttackerChange,
    Watch,
    by_token,
    unread,
)
from hardenme.facts.github import unread as sources

OWNER_READ = "organization_administration:read (fine-grained token); or admin:org (classic token)"
OF_ACCOUNT: tuple[AttackerChange, ...] = (
    unread(
        *(ACCOUNT, "two-factor-method", "account-security"),
        *("2FA methods, passkeys and recovery codes", NO_API),
    ),
    unread(ACCOUNT, "password", "account-security-log", "password changes and sign-ins", NO_API),
    unread(ACCOUNT, "session", "account-sessions", "signed-in sessions", NO_API),
    unread(
        *(ACCOUNT, "own-fine-grained-token", "account-fine-grained-tokens"),
        *("your own fine-grained tokens", NO_API),
    ),
    unread(
        ACCOUNT, "own-classic-token", "account-classic-tokens", "your own classic tokens", NO_API
    ),
    unread(ACCOUNT, "oauth-grant", "account-oauth-grants", "authorized OAuth apps", NO_API),
    unread(
        *(ACCOUNT, "app-grant", "account-app-grants"),
        *("authorized and installed GitHub Apps of the account", NO_API),
    ),
    unread(
        *(ACCOUNT, "owned-app-key", "account-owned-apps"),
        *("private keys and secrets of apps that you own", NO_API),
    ),
    unread(ACCOUNT, "successor", "account-settings", "the account's successor", NO_API),
    unread(
        *(ACCOUNT, "account-codespaces-secret", "account-codespaces", "your Codespaces secrets"),
        ITS_OWN_WRITE,
        permission=by_token("codespaces_user_secrets:write"),
        source=sources.ACCOUNT_CODESPACES_SECRETS,
    ),
    unread(
        *(ACCOUNT, "gist", "", "gists", NOT_READ),
        source=sources.GISTS,
        permission="the scope gist (classic token)",
    ),
    unread(
        *(ACCOUNT, "account-log", "account-security-log", "what the security log shows", AUDIT_LOG),
        source="the page Settings → Security log",
    ),
)
"""Of an account."""
OF_ORGANIZATION: tuple[AttackerChange, ...] = (
    unread(
        *(ORGANIZATION, "org-codespaces-secret", "org-codespaces-secrets"),
        *("Codespaces secrets and their access", NOT_READ),
        permission=by_token("organization_codespaces_secrets:read", "admin:org"),
        source=sources.ORGANIZATION_CODESPACES_SECRETS,
        watch=Watch.CYCLE,
    ),
    unread(
        *(ORGANIZATION, "custom-property", "org-custom-properties"),
        *("custom properties, by which rulesets apply", NOT_READ),
        permission=by_token("organization_custom_properties:read"),
        source=sources.CUSTOM_PROPERTIES,
        watch=Watch.CYCLE,
    ),
    unread(
        *(ORGANIZATION, "private-registry", "org-security", "private registries", NOT_READ),
        permission=by_token("organization_private_registries:read", "admin:org"),
        source=sources.PRIVATE_REGISTRIES,
        watch=Watch.CYCLE,
    ),
    unread(
        *(ORGANIZATION, "org-block", "org-blocked-users", "blocked users", NOT_READ),
        permission=by_token("organization_user_blocking:read", "admin:org"),
        source=sources.BLOCKED_USERS,
        watch=Watch.CYCLE,
    ),
    unread(
        *(ORGANIZATION, "coding-agent", "org-profile"),
        *("which repositories Copilot's coding agent may change", NOT_READ),
        permission=by_token("organization_copilot_agent_settings:read", "admin:org"),
        source=sources.CODING_AGENT_REPOSITORIES,
        watch=Watch.CYCLE,
    ),
    unread(
        *(ORGANIZATION, "unbound-ruleset", "org-rules"),
        *("bypass lists of the organization's rulesets", ITS_OWN_WRITE),
        permission=by_token("organization_administration:write"),
        source=sources.ORGANIZATION_RULESETS,
    ),
    unread(
        *(ORGANIZATION, "org-credential", "org-audit-log"),
        *("members' classic tokens, SSH keys and OAuth apps", NO_API + " without single sign-on"),
        source="the page Settings → Audit log",
    ),
    unread(
        *(ORGANIZATION, "org-app-key", "org-apps"),
        *("private keys of apps that the organization owns", NO_API),
    ),
    unread(
        *(ORGANIZATION, "org-sign-in", "org-security"),
        *("single sign-on, SSH authorities and the IP allow list", AUDIT_LOG),
        source="the page Settings → Authentication security",
        permission=OWNER_READ,
    ),
    unread(
        *(ORGANIZATION, "org-log", "org-audit-log"),
        *("what was put back in the meantime, and clones", AUDIT_LOG),
        permission=by_token("organization_administration:read", "read:audit_log"),
        source="the page Settings → Audit log",
    ),
)
"""Of an organization."""
OF_REPOSITORY: tuple[AttackerChange, ...] = (
    unread(
        *(REPOSITORY, "code", "repo-activity", "what pushes changed outside workflow files"),
        NOT_READ,
        permission=by_token("contents:read", "repo"),
        source=sources.COMPARED_COMMITS,
        watch=Watch.ROTATION,
    ),
    unread(
        *(REPOSITORY, "other-release", "repo-releases"),
        *("releases other than the newest, drafts and files", NOT_READ),
        permission=by_token("contents:read", "repo"),
        source=sources.RELEASES,
        watch=Watch.CYCLE,
    ),
    unread(
        *(REPOSITORY, "repo-variable", "repo-variables"),
        *("variables of the repository and its environments", NOT_READ),
        permission=by_token("actions_variables:read and environments:read", "repo"),
        source=sources.REPOSITORY_VARIABLES,
        watch=Watch.ROTATION,
    ),
    unread(
        *(REPOSITORY, "repo-dependabot-secret", "repo-dependabot-secrets", "Dependabot secrets"),
        NOT_READ,
        permission=by_token("dependabot_secrets:read", "repo"),
        source=sources.REPOSITORY_DEPENDABOT_SECRETS,
        watch=Watch.ROTATION,
    ),
    unread(
        *(REPOSITORY, "repo-codespaces-secret", "repo-codespaces-secrets", "Codespaces secrets"),
        ITS_OWN_WRITE,
        permission=by_token("codespaces_secrets:write", "repo"),
        source=sources.REPOSITORY_CODESPACES_SECRETS,
    ),
    unread(
        *(REPOSITORY, "deleted-workflow-run", "repo-workflow-runs"),
        *("runs, logs and caches that were deleted", NO_API),
    ),
    unread(
        *(REPOSITORY, "cache", "repo-caches", "caches of workflows", NOT_READ),
        permission=by_token("actions:read", "repo"),
        source=sources.CACHES,
        watch=Watch.ROTATION,
    ),
    unread(
        *(REPOSITORY, "branch-workflow-file", "repo-all-branches"),
        *("workflow files of other branches", NOT_READ),
        permission=by_token("contents:read", "repo"),
        source=sources.BRANCH_FILES,
        watch=Watch.CYCLE,
    ),
    unread(
        *(REPOSITORY, "coding-agent-settings", "repo-settings"),
        *("settings of Copilot's coding agent", NOT_READ),
        permission=by_token("copilot_agent_settings:read", "repo"),
        source=sources.CODING_AGENT_SETTINGS,
        watch=Watch.ROTATION,
    ),
    unread(
        *(REPOSITORY, "pages", "repo-settings", "GitHub Pages, autolinks and merge settings"),
        NOT_READ,
        permission=by_token("pages:read", "repo"),
        source=sources.PAGES,
        watch=Watch.ROTATION,
    ),
    unread(
        *(REPOSITORY, "issue", "repo-issues", "issues and comments that were deleted or hidden"),
        NO_API,
    ),
)
"""Of a repository."""
