"""What an attacker can change in a GitHub organization."""

from __future__ import annotations

from functools import partial

from hardenme.derive.attacker_changes.change import (
    FORK_APPROVAL,
    OFF_ON,
    ON_OFF,
    ORGANIZATION,
    THREE_DAYS,
    TIMED,
    UNORDERED,
    AttackerChange,
    Visible,
    Watch,
    setting,
    things,
)
from hardenme.derive.inventory.account import GROUP, INVITATION, MEMBER, OUTSIDER, RUNNER, TEAM
from hardenme.derive.inventory.settings import CONFIGURATION
from hardenme.derive.inventory.settings import ORGANIZATION as ITEM
from hardenme.facts.github.access_policies import OrganizationIpAllowList, OrganizationSignOn
from hardenme.facts.github.actions import (
    OrganizationActions,
    OrganizationForkApproval,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
)
from hardenme.facts.github.apps import AppInstallation, SsoCredential, TokenGrant
from hardenme.facts.github.branch import ActiveRulesets
from hardenme.facts.github.branch_names import BranchRulesets
from hardenme.facts.github.deliveries import OrganizationDelivery
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
    MemberRepository,
    MemberTeams,
    MemberTwoFactor,
    OrganizationInvitation,
    OrganizationMember,
    OutsideCollaborators,
)
from hardenme.facts.github.releases import OrganizationOidcSubject
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.runners import (
    OrganizationRunner,
    RunnerGroup,
    RunnerGroupRepositories,
    RunnerGroupRunners,
)
from hardenme.facts.github.tag_rules import TagRulesets
from hardenme.facts.github.teams import TeamAccess
from hardenme.facts.github.variables import OrganizationVariable
from hardenme.model.inventory import DELIVERY, OF_MEMBER, ROLE, ROLE_TEAM, ROLE_USER

CREATED = "created_at"
SELECTED = "which repositories are selected for one is not read"
_things = partial(things, ORGANIZATION)
_setting = partial(setting, ORGANIZATION)
CHANGES: tuple[AttackerChange, ...] = (
    _things(
        *("org-member", "org-people", MEMBER, "owners and members", OrganizationMember),
        fields=("role",),
    ),
    _things(
        *("org-outside-collaborator", "org-outside-collaborators", OUTSIDER),
        *("outside collaborators", OutsideCollaborators),
    ),
    _things(
        *("org-invitation", "org-pending-invitations", INVITATION, "invitations"),
        OrganizationInvitation,
        made=CREATED,
        why="one that was accepted is no longer listed",
    ),
    _things(
        *("organization-role", "org-roles", ROLE, "organization roles", OrganizationRole),
        fields=("gives", "permissions"),
    ),
    _things(
        *("organization-role-user", "org-roles", ROLE_USER, "people with organization roles"),
        OrganizationRoleUsers,
        watch=Watch.ROTATION,
        why="holders of a role that only reads are not read",
    ),
    _things(
        *("organization-role-team", "org-roles", ROLE_TEAM, "teams with organization roles"),
        OrganizationRoleTeams,
        watch=Watch.ROTATION,
        why="holders of a role that only reads are not read",
    ),
    _setting(
        *("member-two-factor", "org-people", MEMBER, "2FA of members", MemberTwoFactor),
        fields={"two_factor": ON_OFF},
    ),
    _setting(
        *("team-membership", "org-teams", MEMBER, "which teams members are in", MemberTeams),
        fields={"teams": UNORDERED},
    ),
    _things(
        *("team-access", "org-teams", TEAM, "teams, their maintainers and repositories"),
        TeamAccess,
        fields=("maintainers", "repositories"),
        why="of a team with more than 100 repositories these are not known",
    ),
    _things(
        *("member-repository", "org-people", OF_MEMBER, "newest public repositories of members"),
        MemberRepository,
        made=CREATED,
        changed=None,
        removed=None,
        why="the newest three of each member alone",
    ),
    _setting(
        *("org-two-factor", "org-security", ITEM, "the 2FA requirement", OrganizationSecurity),
        fields={"two_factor_required": ON_OFF},
    ),
    _setting(
        *("base-permission", "org-member-privileges", ITEM, "the base permission"),
        OrganizationPrivileges,
        fields={"base_permission": ("none", "read", "write", "admin")},
    ),
    _setting(
        *("member-privileges", "org-member-privileges", ITEM, "what members can do"),
        OrganizationPrivileges,
        fields=dict.fromkeys(
            (
                "create_public",
                "delete_repositories",
                "change_visibility",
                "invite_outsiders",
                "fork_private",
                "delete_issues",
                "deploy_keys",
            ),
            OFF_ON,
        ),
    ),
    _setting(
        *("verified-domain", "org-domains", ITEM, "whether a domain is verified"),
        OrganizationProfile,
        fields={"verified": ON_OFF},
    ),
    _setting(
        *("classic-token-policy", "org-tokens", ITEM, "the policy for classic tokens"),
        ClassicTokenPolicy,
        fields={"refuses_classic_tokens": ON_OFF},
    ),
    _setting(
        *("oauth-app-policy", "org-oauth-policy", ITEM, "the policy for OAuth apps"),
        OAuthAppPolicy,
        fields={"restricts_oauth_apps": ON_OFF},
    ),
    _setting(
        *("org-identity-provider", "org-security", ITEM, "the SAML identity provider"),
        OrganizationSignOn,
        fields={"identity_provider": ON_OFF},
        why="whether members have to use it is not shown",
    ),
    _setting(
        *("org-ip-allow-list", "org-security", ITEM, "the IP allow list"),
        OrganizationIpAllowList,
        fields={"ip_allow_list": ON_OFF, "ip_allow_list_open_to": UNORDERED},
        why="of its entries, only whether they allow every address",
    ),
    _setting(
        *("org-actions-policy", "org-actions", ITEM, "which actions workflows can use"),
        OrganizationActions,
        fields={
            "actions_allowed": ("local_only", "selected", "all"),
            "actions_pinned": ON_OFF,
            "actions_enabled": ("none", "selected", "all"),
        },
        why="the patterns of selected actions are not compared",
    ),
    _setting(
        *("org-workflow-token", "org-actions", ITEM, "the default permissions of GITHUB_TOKEN"),
        OrganizationWorkflowToken,
        fields={"workflow_token": ("read", "write"), "workflow_token_approves": OFF_ON},
    ),
    _setting(
        *("org-fork-approval", "org-actions", ITEM, "whose pull requests need approval to run"),
        OrganizationForkApproval,
        fields={"fork_approval": FORK_APPROVAL},
    ),
    _setting(
        *("org-fork-workflows", "org-actions", ITEM, "what private forks' pull requests get"),
        OrganizationForkWorkflows,
        fields=dict.fromkeys(("fork_write_tokens", "fork_secrets"), OFF_ON),
    ),
    _setting(
        *("execution-policy", "org-actions", ITEM, "Actions policies on actors and events"),
        ExecutionPolicies,
        fields=dict.fromkeys(("policy_actors", "policy_events"), ("all", "part", "none")),
    ),
    _setting(
        *("org-immutable-releases", "org-releases", ITEM, "the policy for immutable releases"),
        OrganizationImmutableReleases,
        fields={"immutable_releases": ("all", "selected", "none")},
    ),
    _things(
        *("security-default", "org-security-configurations", CONFIGURATION),
        *("default security configurations", SecurityDefault),
    ),
    _setting(
        *("org-oidc-subject", "org-actions", ITEM, "the OIDC subject of workflows"),
        OrganizationOidcSubject,
        fields={"oidc_subject_immutable": ON_OFF},
    ),
    _things(
        *("org-app", "org-installations", "app", "installed apps", AppInstallation),
        why="which repositories an app was given is not shown",
        **TIMED,
    ),
    _things(
        *("token-grant", "org-active-tokens", "fine-grained token of a member", "members' tokens"),
        TokenGrant,
        made="granted_at",
    ),
    _things(
        *("sso-credential", "org-people", "credential for single sign-on"),
        *("credentials for single sign-on", SsoCredential),
        made="authorized_at",
        why="without single sign-on no API shows members' classic tokens and SSH keys",
    ),
    _things(
        *("org-webhook", "org-hooks", "webhook", "webhooks", OrganizationHook),
        why="webhooks of OAuth apps are not shown",
        **TIMED,
    ),
    AttackerChange(
        *(
            "hook-delivery",
            ORGANIZATION,
            "deliveries of webhooks",
            DELIVERY,
            (OrganizationDelivery,),
        ),
        added=Visible.TIMED,
        made="at",
        watch=Watch.ROTATION,
        why=THREE_DAYS,
        page="org-hooks",
    ),
    _things(
        *("org-secret", "org-secrets", "secret", "secrets", OrganizationSecret),
        why=SELECTED,
        **TIMED,
    ),
    _things(
        *("org-dependabot-secret", "org-dependabot-secrets", "Dependabot secret"),
        *("Dependabot secrets", OrganizationDependabotSecret),
        why=SELECTED,
        **TIMED,
    ),
    _things(
        *("org-variable", "org-actions-variables", "variable", "variables", OrganizationVariable),
        why=SELECTED,
        **TIMED,
    ),
    _things(
        *("org-runner", "org-runner-groups", RUNNER, "self-hosted runners by name"),
        OrganizationRunner,
        why="runners for one job count as one, and their names are not compared",
    ),
    _things(
        *("runner-group", "org-runner-groups", GROUP, "runner groups", RunnerGroup),
        *(RunnerGroupRepositories, RunnerGroupRunners),
        fields=("visibility", "allows_public"),
    ),
    _things(
        *("org-branch-ruleset", "org-rules", "branch ruleset", "branch rulesets", ActiveRulesets),
        BranchRulesets,
        why="a token that may change rulesets: others see those on its repositories alone",
        **TIMED,
    ),
    _things(
        *("org-tag-ruleset", "org-rules", "tag ruleset", "tag rulesets", TagRulesets),
        why="a token that may change rulesets: others see those on its repositories alone",
        **TIMED,
    ),
    _things(
        *("org-repository", "org-repositories", "repository", "repositories", Repository),
        made=CREATED,
        fields=("visibility", "archived", "default_branch", "name"),
        why="a repository that was deleted or transferred and one that is hidden from the token"
        " look alike",
    ),
)
"""Every kind of change in an organization; the order is that of the page."""
