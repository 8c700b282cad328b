"""GitHub's permissions: where each applies, which link takes it, and what a scope can change."""

from __future__ import annotations

ACCOUNT = frozenset({
    "blocking", "codespaces_user_secrets", "copilot_editor_context", "copilot_messages",
    "copilot_requests", "emails", "followers", "gists", "git_signing_ssh_public_keys", "gpg_keys",
    "interaction_limits", "keys", "knowledge_bases", "plan", "private_repository_invitations",
    "profile", "starring", "user_events", "user_models", "watching",
})  # fmt: skip
REPOSITORY = frozenset({
    "actions", "actions_variables", "administration", "artifact_metadata", "attestations",
    "codespaces", "codespaces_lifecycle_admin", "codespaces_metadata", "codespaces_secrets",
    "contents", "dependabot_secrets", "deployments", "discussions", "environments", "issues",
    "merge_queues", "metadata", "pages", "pull_requests", "repository_advisories",
    "repository_custom_properties", "repository_hooks", "secret_scanning_alerts", "secrets",
    "security_events", "statuses", "vulnerability_alerts", "workflows",
})  # fmt: skip
ORGANIZATION = frozenset({
    "issue_types", "members", "organization_actions_variables", "organization_administration",
    "organization_announcement_banners", "organization_api_insights", "organization_campaigns",
    "organization_code_scanning_dismissal_requests", "organization_codespaces",
    "organization_codespaces_secrets", "organization_codespaces_settings",
    "organization_copilot_seat_management", "organization_custom_org_roles",
    "organization_custom_properties", "organization_custom_roles",
    "organization_dependabot_secrets", "organization_events", "organization_hooks",
    "organization_knowledge_bases", "organization_models", "organization_network_configurations",
    "organization_plan", "organization_private_registries", "organization_projects",
    "organization_secrets", "organization_self_hosted_runners", "organization_user_blocking",
    "team_discussions",
})  # fmt: skip
"""The permissions that the prefilled page for a fine-grained token takes, by where they hold.

Source: GitHub's page "Managing your personal access tokens", on prefilled tokens.
"""
APPS_ALONE = frozenset(
    {"organization_personal_access_tokens", "organization_personal_access_token_requests"}
)
"""Permissions of an organization that a GitHub App can hold, and a fine-grained token cannot.

Source: GitHub's description of the endpoints ("Only GitHub Apps can use this endpoint").
"""
PLACES: dict[str, frozenset[str]] = {
    "account": ACCOUNT,
    "repository": REPOSITORY,
    "organization": ORGANIZATION | APPS_ALONE,
}
"""Where a permission holds, the narrowest first."""
ALWAYS = "metadata"
"""The permission that comes with every token that reaches a repository, asked for or not."""

CHANGES: dict[str, str] = {
    "repo": "code, settings and webhooks of every repository that you can write to",
    "repo:invite": "your invitations to repositories",
    "security_events": "the state of code scanning alerts",
    "admin:org": "members, teams and settings of every organization that you own",
    "admin:org_hook": "webhooks of every organization that you own",
    "user": "your profile, email addresses and whom you follow",
}
"""What a scope lets its holder change; one that only reads has no entry.

Source: GitHub's page "Scopes for OAuth apps".
"""


def place_of(permission: str) -> str:
    """Where a permission, as `name` or `name:level`, holds; empty if it is not known."""
    name = permission.partition(":")[0]
    return next((place for place, names in PLACES.items() if name in names), "")


def in_link(permission: str) -> bool:
    """Whether the prefilled page for a fine-grained token takes a permission `name:level`."""
    return place_of(permission) != "" and permission.partition(":")[0] not in APPS_ALONE
