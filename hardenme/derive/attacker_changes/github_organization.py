"""What an attacker can change in a GitHub organization."""

from __future__ import annotations

from hardenme.derive.attacker_changes.change import (
    ORGANIZATION,
    AttackerChange,
    Watch,
    setting,
    things,
)
from hardenme.derive.inventory.account import GROUP, INVITATION, MEMBER, OUTSIDER
from hardenme.derive.inventory.settings import CONFIGURATION
from hardenme.derive.inventory.settings import ORGANIZATION as ITEM
from hardenme.facts.github.actions import (
    OrganizationActions,
    OrganizationForkApproval,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
)
from hardenme.facts.github.apps import AppInstallation, SsoCredential, TokenGrant
from hardenme.facts.github.branch import ActiveRulesets
from hardenme.facts.github.branch_names import BranchRulesets
from hardenme.facts.github.execution_policies import ExecutionPolicies
from hardenme.facts.github.hooks import OrganizationHook
from hardenme.facts.github.organization import (
    ClassicTokenPolicy,
    OAuthAppPolicy,
    OrganizationImmutableReleases,
    OrganizationPrivileges,
    OrganizationProfile,
    OrganizationSecurity,
    SecurityDefault,
)
from hardenme.facts.github.organization_roles import (
    OrganizationRole,
    OrganizationRoleTeams,
    OrganizationRoleUsers,
)
from hardenme.facts.github.organization_secrets import (
    OrganizationDependabotSecret,
    OrganizationSecret,
)
from hardenme.facts.github.people import (
    MemberTeams,
    MemberTwoFactor,
    OrganizationInvitation,
    OrganizationMember,
    OutsideCollaborators,
)
from hardenme.facts.github.releases import OrganizationOidcSubject
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.runners import RunnerGroup, RunnerGroupRepositories, RunnerGroupRunners
from hardenme.facts.github.tag_rules import TagRulesets
from hardenme.model.inventory import ROLE, ROLE_TEAM, ROLE_USER

CREATED, UPDATED = "created_at", "updated_at"
OWNER_READ = "organization_administration:read (fine-grained token); or admin:org (classic token)"
ON_OFF, OFF_ON = (True, False), (False, True)
CHANGES: tuple[AttackerChange, ...] = (
    things(
        *("org-member", ORGANIZATION, MEMBER, "owners and members", OrganizationMember),
        fields=("role",),
        page="org-people",
    ),
    things(
        *("org-outside-collaborator", ORGANIZATION, OUTSIDER, "outside collaborators"),
        OutsideCollaborators,
        page="org-outside-collaborators",
    ),
    things(
        *("org-invitation", ORGANIZATION, INVITATION, "invitations", OrganizationInvitation),
        made=CREATED,
        why="one that was accepted is no longer listed",
        page="org-pending-invitations",
    ),
    things(
        *("organization-role", ORGANIZATION, ROLE, "organization roles", OrganizationRole),
        fields=("gives", "permissions"),
        page="org-roles",
    ),
    things(
        *("organization-role-user", ORGANIZATION, ROLE_USER, "people with organization roles"),
        OrganizationRoleUsers,
        watch=Watch.ROTATION,
        why="holders of a role that only reads are not read",
        page="org-roles",
    ),
    things(
        *("organization-role-team", ORGANIZATION, ROLE_TEAM, "teams with organization roles"),
        OrganizationRoleTeams,
        watch=Watch.ROTATION,
        why="holders of a role that only reads are not read",
        page="org-roles",
    ),
    setting(
        *("member-two-factor", ORGANIZATION, MEMBER, "2FA of members", MemberTwoFactor),
        fields=("two_factor",),
        weaker={"two_factor": ON_OFF},
        page="org-people",
    ),
    setting(
        *("team-membership", ORGANIZATION, MEMBER, "which teams members are in", MemberTeams),
        fields=("teams",),
        page="org-teams",
    ),
    setting(
        *("org-two-factor", ORGANIZATION, ITEM, "the 2FA requirement", OrganizationSecurity),
        fields=("two_factor_required",),
        weaker={"two_factor_required": ON_OFF},
        page="org-security",
    ),
    setting(
        *("base-permission", ORGANIZATION, ITEM, "the base permission", OrganizationPrivileges),
        fields=("base_permission",),
        weaker={"base_permission": ("none", "read", "write", "admin")},
        page="org-member-privileges",
    ),
    setting(
        *("member-privileges", ORGANIZATION, ITEM, "what members can do", OrganizationPrivileges),
        fields=(
            *("create_public", "delete_repositories", "change_visibility", "invite_outsiders"),
            *("fork_private", "delete_issues", "deploy_keys"),
        ),
        weaker=dict.fromkeys(
            (
                *("create_public", "delete_repositories", "change_visibility"),
                *("invite_outsiders", "fork_private", "delete_issues", "deploy_keys"),
            ),
            OFF_ON,
        ),
        page="org-member-privileges",
    ),
    setting(
        *("verified-domain", ORGANIZATION, ITEM, "whether a domain is verified"),
        OrganizationProfile,
        fields=("verified",),
        weaker={"verified": ON_OFF},
        page="org-domains",
    ),
    setting(
        *("classic-token-policy", ORGANIZATION, ITEM, "the policy for classic tokens"),
        ClassicTokenPolicy,
        fields=("refuses_classic_tokens",),
        weaker={"refuses_classic_tokens": ON_OFF},
        page="org-tokens",
    ),
    setting(
        *("oauth-app-policy", ORGANIZATION, ITEM, "the policy for OAuth apps", OAuthAppPolicy),
        fields=("restricts_oauth_apps",),
        weaker={"restricts_oauth_apps": ON_OFF},
        page="org-oauth-policy",
    ),
    setting(
        *("org-actions-policy", ORGANIZATION, ITEM, "which actions workflows can use"),
        OrganizationActions,
        fields=("actions_allowed", "actions_pinned", "actions_enabled"),
        weaker={
            "actions_allowed": ("local_only", "selected", "all"),
            "actions_pinned": ON_OFF,
            "actions_enabled": ("none", "selected", "all"),
        },
        why="the patterns of selected actions are not compared",
        page="org-actions",
    ),
    setting(
        *("org-workflow-token", ORGANIZATION, ITEM, "the default permissions of GITHUB_TOKEN"),
        OrganizationWorkflowToken,
        fields=("workflow_token", "workflow_token_approves"),
        weaker={"workflow_token": ("read", "write"), "workflow_token_approves": OFF_ON},
        page="org-actions",
    ),
    setting(
        *("org-fork-approval", ORGANIZATION, ITEM, "whose pull requests need approval to run"),
        OrganizationForkApproval,
        fields=("fork_approval",),
        weaker={
            "fork_approval": (
                "all_external_contributors",
                "first_time_contributors",
                "first_time_contributors_new_to_github",
            )
        },
        page="org-actions",
    ),
    setting(
        *("org-fork-workflows", ORGANIZATION, ITEM, "what private forks' pull requests get"),
        OrganizationForkWorkflows,
        fields=("fork_write_tokens", "fork_secrets"),
        weaker={"fork_write_tokens": OFF_ON, "fork_secrets": OFF_ON},
        page="org-actions",
    ),
    setting(
        *("execution-policy", ORGANIZATION, ITEM, "Actions policies on actors and events"),
        ExecutionPolicies,
        fields=("policy_actors", "policy_events"),
        weaker=dict.fromkeys(("policy_actors", "policy_events"), ("all", "part", "none")),
        page="org-actions",
    ),
    setting(
        *("org-immutable-releases", ORGANIZATION, ITEM, "the policy for immutable releases"),
        OrganizationImmutableReleases,
        fields=("immutable_releases",),
        weaker={"immutable_releases": ("all", "selected", "none")},
        page="org-releases",
    ),
    things(
        *("security-default", ORGANIZATION, CONFIGURATION),
        *("default security configurations", SecurityDefault),
        page="org-security-configurations",
    ),
    setting(
        *("org-oidc-subject", ORGANIZATION, ITEM, "the OIDC subject of workflows"),
        OrganizationOidcSubject,
        fields=("oidc_subject_immutable",),
        weaker={"oidc_subject_immutable": ON_OFF},
        page="org-actions",
    ),
    things(
        *("org-app", ORGANIZATION, "app", "installed apps", AppInstallation),
        made=CREATED,
        updated=UPDATED,
        why="which repositories an app was given is not shown",
        page="org-installations",
    ),
    things(
        *("token-grant", ORGANIZATION, "fine-grained token of a member", "members' tokens"),
        TokenGrant,
        made="granted_at",
        page="org-active-tokens",
    ),
    things(
        *("sso-credential", ORGANIZATION, "credential for single sign-on"),
        *("credentials for single sign-on", SsoCredential),
        made="authorized_at",
        why="without single sign-on no API shows members' classic tokens and SSH keys",
        page="org-people",
    ),
    things(
        *("org-webhook", ORGANIZATION, "webhook", "webhooks", OrganizationHook),
        made=CREATED,
        updated=UPDATED,
        why="webhooks of OAuth apps are not shown",
        page="org-hooks",
    ),
    things(
        *("org-secret", ORGANIZATION, "secret", "secrets", OrganizationSecret),
        made=CREATED,
        updated=UPDATED,
        page="org-secrets",
    ),
    things(
        *("org-dependabot-secret", ORGANIZATION, "Dependabot secret", "Dependabot secrets"),
        OrganizationDependabotSecret,
        made=CREATED,
        updated=UPDATED,
        page="org-dependabot-secrets",
    ),
    things(
        *("runner-group", ORGANIZATION, GROUP, "runner groups"),
        *(RunnerGroup, RunnerGroupRepositories, RunnerGroupRunners),
        fields=("visibility", "allows_public"),
        page="org-runner-groups",
    ),
    things(
        *("org-branch-ruleset", ORGANIZATION, "branch ruleset", "branch rulesets"),
        *(ActiveRulesets, BranchRulesets),
        made=CREATED,
        updated=UPDATED,
        why="a token that may change rulesets: others see those on its repositories alone",
        page="org-rules",
    ),
    things(
        *("org-tag-ruleset", ORGANIZATION, "tag ruleset", "tag rulesets", TagRulesets),
        made=CREATED,
        updated=UPDATED,
        why="a token that may change rulesets: others see those on its repositories alone",
        page="org-rules",
    ),
    things(
        *("org-repository", ORGANIZATION, "repository", "repositories", Repository),
        made=CREATED,
        fields=("visibility", "archived", "default_branch", "name"),
        why="a repository that was deleted or transferred and one that is hidden from the token"
        " look alike",
        page="org-repositories",
    ),
)
"""Every kind of change in an organization; the order is that of the page."""
