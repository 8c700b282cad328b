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
    unread,
)
from hardenme.facts.github import unread as sources

OWNER_READ = "organization_administration:read (fine-grained token); or admin:org (classic token)"
OF_ACCOUNT: tuple[AttackerChange, ...] = (
    unread(
        *("two-factor-method", ACCOUNT, "2FA methods, passkeys and recovery codes", NO_API),
        page="account-security",
        no_api=True,
    ),
    unread(
        *("password", ACCOUNT, "password changes and sign-ins", NO_API),
        page="account-security-log",
        no_api=True,
    ),
    unread("session", ACCOUNT, "signed-in sessions", NO_API, page="account-sessions", no_api=True),
    unread(
        *("own-fine-grained-token", ACCOUNT, "your own fine-grained tokens", NO_API),
        page="account-fine-grained-tokens",
        no_api=True,
    ),
    unread(
        *("own-classic-token", ACCOUNT, "your own classic tokens", NO_API),
        page="account-classic-tokens",
        no_api=True,
    ),
    unread(
        *("oauth-grant", ACCOUNT, "authorized OAuth apps", NO_API),
        page="account-oauth-grants",
        no_api=True,
    ),
    unread(
        *("app-grant", ACCOUNT, "authorized and installed GitHub Apps of the account", NO_API),
        page="account-app-grants",
        no_api=True,
    ),
    unread(
        *("owned-app-key", ACCOUNT, "private keys and secrets of apps that you own", NO_API),
        page="account-owned-apps",
        no_api=True,
    ),
    unread(
        *("successor", ACCOUNT, "the account's successor", NO_API),
        page="account-settings",
        no_api=True,
    ),
    unread(
        *("account-codespaces-secret", ACCOUNT, "your Codespaces secrets", ITS_OWN_WRITE),
        source=sources.ACCOUNT_CODESPACES_SECRETS,
        permission="codespaces_user_secrets:write (fine-grained token)",
        page="account-codespaces",
    ),
    unread(
        *("gist", ACCOUNT, "gists", NOT_READ),
        source=sources.GISTS,
        permission="the scope gist (classic token)",
    ),
    unread(
        *("account-log", ACCOUNT, "what the security log shows", AUDIT_LOG),
        source="the page Settings → Security log",
        page="account-security-log",
        no_api=True,
    ),
)
"""Of an account."""
OF_ORGANIZATION: tuple[AttackerChange, ...] = (
    unread(
        *("team-access", ORGANIZATION, "which repositories teams reach, and their maintainers"),
        NOT_READ,
        source=sources.TEAM_REPOSITORIES,
        permission="members:read and metadata:read (fine-grained token); or read:org and repo"
        " (classic token)",
        watch=Watch.CYCLE,
        page="org-teams",
    ),
    unread(
        *("org-variable", ORGANIZATION, "variables", NOT_READ),
        source=sources.ORGANIZATION_VARIABLES,
        permission="organization_actions_variables:read (fine-grained token); or admin:org"
        " (classic token)",
        watch=Watch.CYCLE,
        page="org-actions-variables",
    ),
    unread(
        *("org-runner", ORGANIZATION, "self-hosted runners by name", NOT_READ),
        source=sources.ORGANIZATION_RUNNERS,
        permission="organization_self_hosted_runners:read (fine-grained token); or admin:org"
        " (classic token)",
        watch=Watch.CYCLE,
        page="org-runner-groups",
    ),
    unread(
        *("org-codespaces-secret", ORGANIZATION, "Codespaces secrets and their access", NOT_READ),
        source=sources.ORGANIZATION_CODESPACES_SECRETS,
        permission="organization_codespaces_secrets:read (fine-grained token); or admin:org"
        " (classic token)",
        watch=Watch.CYCLE,
        page="org-codespaces-secrets",
    ),
    unread(
        *("custom-property", ORGANIZATION, "custom properties, by which rulesets apply", NOT_READ),
        source=sources.CUSTOM_PROPERTIES,
        permission="organization_custom_properties:read (fine-grained token)",
        watch=Watch.CYCLE,
        page="org-custom-properties",
    ),
    unread(
        *("private-registry", ORGANIZATION, "private registries", NOT_READ),
        source=sources.PRIVATE_REGISTRIES,
        permission="organization_private_registries:read (fine-grained token); or admin:org"
        " (classic token)",
        watch=Watch.CYCLE,
        page="org-security",
    ),
    unread(
        *("org-block", ORGANIZATION, "blocked users", NOT_READ),
        source=sources.BLOCKED_USERS,
        permission="organization_user_blocking:read (fine-grained token); or admin:org"
        " (classic token)",
        watch=Watch.CYCLE,
        page="org-blocked-users",
    ),
    unread(
        *("coding-agent", ORGANIZATION, "which repositories Copilot's coding agent may change"),
        NOT_READ,
        source=sources.CODING_AGENT_REPOSITORIES,
        permission="organization_copilot_agent_settings:read (fine-grained token); or admin:org"
        " (classic token)",
        watch=Watch.CYCLE,
        page="org-profile",
    ),
    unread(
        *("unbound-ruleset", ORGANIZATION, "bypass lists of the organization's rulesets"),
        ITS_OWN_WRITE,
        source=sources.ORGANIZATION_RULESETS,
        permission="organization_administration:write (fine-grained token)",
        page="org-rules",
    ),
    unread(
        *("org-credential", ORGANIZATION, "members' classic tokens, SSH keys and OAuth apps"),
        NO_API + " without single sign-on",
        source="the page Settings → Audit log",
        page="org-audit-log",
        no_api=True,
    ),
    unread(
        *("org-app-key", ORGANIZATION, "private keys of apps that the organization owns", NO_API),
        page="org-apps",
        no_api=True,
    ),
    unread(
        *("org-sign-in", ORGANIZATION, "single sign-on, SSH authorities and the IP allow list"),
        AUDIT_LOG,
        source="the page Settings → Authentication security",
        permission=OWNER_READ,
        page="org-security",
        no_api=True,
    ),
    unread(
        *("org-log", ORGANIZATION, "what was put back in the meantime, and clones", AUDIT_LOG),
        source="the page Settings → Audit log",
        permission="organization_administration:read (fine-grained token); or read:audit_log"
        " (classic token)",
        page="org-audit-log",
        no_api=True,
    ),
)
"""Of an organization."""
OF_REPOSITORY: tuple[AttackerChange, ...] = (
    unread(
        *("code", REPOSITORY, "what pushes changed outside workflow files", NOT_READ),
        source=sources.COMPARED_COMMITS,
        permission="contents:read (fine-grained token); or repo (classic token)",
        watch=Watch.ROTATION,
        page="repo-activity",
    ),
    unread(
        *("other-release", REPOSITORY, "releases other than the newest, drafts and files"),
        NOT_READ,
        source=sources.RELEASES,
        permission="contents:read (fine-grained token); or repo (classic token)",
        watch=Watch.CYCLE,
        page="repo-releases",
    ),
    unread(
        *("repo-variable", REPOSITORY, "variables of the repository and its environments"),
        NOT_READ,
        source=sources.REPOSITORY_VARIABLES,
        permission="actions_variables:read and environments:read (fine-grained token); or repo"
        " (classic token)",
        watch=Watch.ROTATION,
        page="repo-variables",
    ),
    unread(
        *("repo-dependabot-secret", REPOSITORY, "Dependabot secrets", NOT_READ),
        source=sources.REPOSITORY_DEPENDABOT_SECRETS,
        permission="dependabot_secrets:read (fine-grained token); or repo (classic token)",
        watch=Watch.ROTATION,
        page="repo-dependabot-secrets",
    ),
    unread(
        *("repo-codespaces-secret", REPOSITORY, "Codespaces secrets", ITS_OWN_WRITE),
        source=sources.REPOSITORY_CODESPACES_SECRETS,
        permission="codespaces_secrets:write (fine-grained token); or repo (classic token)",
        page="repo-codespaces-secrets",
    ),
    unread(
        *("deleted-workflow-run", REPOSITORY, "runs, logs and caches that were deleted", NO_API),
        page="repo-workflow-runs",
        no_api=True,
    ),
    unread(
        *("cache", REPOSITORY, "caches of workflows", NOT_READ),
        source=sources.CACHES,
        permission="actions:read (fine-grained token); or repo (classic token)",
        watch=Watch.ROTATION,
        page="repo-caches",
    ),
    unread(
        *("branch-workflow-file", REPOSITORY, "workflow files of other branches", NOT_READ),
        source=sources.BRANCH_FILES,
        permission="contents:read (fine-grained token); or repo (classic token)",
        watch=Watch.CYCLE,
        page="repo-all-branches",
    ),
    unread(
        *("coding-agent-settings", REPOSITORY, "settings of Copilot's coding agent", NOT_READ),
        source=sources.CODING_AGENT_SETTINGS,
        permission="copilot_agent_settings:read (fine-grained token); or repo (classic token)",
        watch=Watch.ROTATION,
        page="repo-settings",
    ),
    unread(
        *("pages", REPOSITORY, "GitHub Pages, autolinks and merge settings", NOT_READ),
        source=sources.PAGES,
        permission="pages:read (fine-grained token); or repo (classic token)",
        watch=Watch.ROTATION,
        page="repo-settings",
    ),
    unread(
        *("issue", REPOSITORY, "issues and comments that were deleted or hidden", NO_API),
        page="repo-issues",
        no_api=True,
    ),
)
"""Of a repository."""
