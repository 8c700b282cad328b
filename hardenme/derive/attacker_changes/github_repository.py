"""What an attacker can change in a GitHub repository."""

from __future__ import annotations

from hardenme.derive.attacker_changes.change import (
    REPOSITORY,
    AttackerChange,
    Visible,
    Watch,
    setting,
    things,
)
from hardenme.derive.inventory.account import INVITATION
from hardenme.derive.inventory.repository import (
    BRANCH_RULES,
    CHANGED,
    ENVIRONMENT,
    PUSH,
    RELEASE,
    RUN,
    TAG,
    TAG_RULES,
)
from hardenme.facts.github.actions import (
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
)
from hardenme.facts.github.alerts import RepositoryCodeScanning
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection, RulesetBypass
from hardenme.facts.github.branch_names import BranchRulesets
from hardenme.facts.github.changes import (
    EnvironmentAge,
    RepositoryChange,
    WorkflowFileChange,
    WorkflowRun,
)
from hardenme.facts.github.collaborators import (
    CollaboratorInvitation,
    RepositoryAdministrators,
    RepositoryOutsideCollaborator,
)
from hardenme.facts.github.environments import (
    Environment,
    EnvironmentGuards,
    EnvironmentSecret,
    ProtectedPatterns,
)
from hardenme.facts.github.files import (
    RepositoryActionFiles,
    RepositoryAutorun,
    RepositoryCodeOwners,
    RepositoryNpmrc,
    RepositoryRelease,
)
from hardenme.facts.github.hooks import RepositoryHook
from hardenme.facts.github.releases import OidcSubject, RepositoryImmutableReleases
from hardenme.facts.github.repository import (
    ActionsSecret,
    DeployKey,
    RepositoryPrivateReporting,
    RepositorySecuritySettings,
    RepositoryVulnerabilityAlerts,
)
from hardenme.facts.github.runners import RepositoryRunners
from hardenme.facts.github.tag_rules import NewestTags, RuleBypasses, TagRulesets
from hardenme.facts.github.workflow import Workflow
from hardenme.model.inventory import ACCESS, BYPASSED, CODE_OWNERS, SETTINGS

CREATED, UPDATED = "created_at", "updated_at"
ON_OFF, OFF_ON = (True, False), (False, True)
STATUS = ("enabled", "disabled")
BETWEEN = "what was put back in the meantime leaves no trace"
_KEYS_AND_PEOPLE: tuple[AttackerChange, ...] = (
    things(
        *("deploy-key", REPOSITORY, "deploy key", "deploy keys", DeployKey),
        made=CREATED,
        page="repo-keys",
    ),
    things(
        *("repo-webhook", REPOSITORY, "webhook", "webhooks", RepositoryHook),
        made=CREATED,
        updated=UPDATED,
        watch=Watch.ROTATION,
        page="repo-hooks",
    ),
    things(
        *("repo-secret", REPOSITORY, "secret", "secrets", ActionsSecret),
        made=CREATED,
        updated=UPDATED,
        watch=Watch.ROTATION,
        page="repo-secrets",
    ),
    things(
        *("environment", REPOSITORY, ENVIRONMENT, "environments", Environment, EnvironmentAge),
        made=CREATED,
        updated=UPDATED,
        fields=("reviewed", "prevents_self_review", "limited"),
        page="repo-environments",
    ),
    setting(
        *("environment-guards", REPOSITORY, ENVIRONMENT, "who approves deployments, from where"),
        EnvironmentGuards,
        fields=("reviewers", "branches", "patterns", "admins_bypass"),
        weaker={"admins_bypass": OFF_ON},
        watch=Watch.ROTATION,
        page="repo-environments",
    ),
    things(
        *("environment-secret", REPOSITORY, "secret of an environment", "secrets of environments"),
        EnvironmentSecret,
        made=CREATED,
        updated=UPDATED,
        watch=Watch.ROTATION,
        page="repo-environments",
    ),
    things(
        *("repo-invitation", REPOSITORY, INVITATION, "invitations", CollaboratorInvitation),
        made=CREATED,
        watch=Watch.ROTATION,
        why="one that was accepted is no longer listed",
        page="repo-access",
    ),
    things(
        *("repo-collaborator", REPOSITORY, "outside collaborator", "outside collaborators"),
        RepositoryOutsideCollaborator,
        fields=("permission",),
        page="repo-access",
    ),
    things(
        *("repo-access", REPOSITORY, ACCESS, "who can push, by any way", RepositoryAdministrators),
        fields=("admins", "pushers"),
        why="apps and deploy keys have rows of their own",
        page="repo-access",
    ),
    things(
        *("repo-runner", REPOSITORY, "self-hosted runners", "self-hosted runners"),
        RepositoryRunners,
        watch=Watch.ROTATION,
        why="a runner for one job is gone once the job is done",
        page="repo-runners",
    ),
)
_RULES: tuple[AttackerChange, ...] = (
    things(
        *("branch-ruleset", REPOSITORY, BRANCH_RULES, "branch rulesets"),
        *(ActiveRulesets, BranchRulesets),
        made=CREATED,
        updated=UPDATED,
        fields=("enforcement", "rules", "include", "exclude"),
        page="repo-rules",
    ),
    setting(
        *("ruleset-bypass", REPOSITORY, BRANCH_RULES, "bypass lists of rulesets", RulesetBypass),
        fields=("bypass",),
        watch=Watch.ROTATION,
        why="GitHub shows them to who can change the ruleset alone",
        page="repo-rules",
    ),
    things(
        *("tag-ruleset", REPOSITORY, TAG_RULES, "tag rulesets", TagRulesets),
        made=CREATED,
        updated=UPDATED,
        fields=("enforcement", "rules", "include", "exclude"),
        page="repo-rules",
    ),
    things(
        *("branch-protection", REPOSITORY, "branch protection", "branch protections"),
        ClassicProtection,
        fields=("guards", "approvals", "status_checks", "binds_admins"),
        page="repo-branches",
    ),
    setting(
        *("protected-pattern", REPOSITORY, SETTINGS, "protection of branches by pattern"),
        ProtectedPatterns,
        fields=("protected_patterns",),
        page="repo-branches",
    ),
    AttackerChange(
        *("rule-bypass", REPOSITORY, "pushes that bypassed a rule", BYPASSED, (RuleBypasses,)),
        added=Visible.TIMED,
        made="newest",
        watch=Watch.ROTATION,
        page="repo-rules",
    ),
)
_SETTINGS: tuple[AttackerChange, ...] = (
    setting(
        *("repo-actions-policy", REPOSITORY, SETTINGS, "which actions workflows can use"),
        RepositoryActions,
        fields=("actions_allowed", "actions_pinned", "actions_enabled"),
        weaker={
            "actions_allowed": ("local_only", "selected", "all"),
            "actions_pinned": ON_OFF,
            "actions_enabled": OFF_ON,
        },
        watch=Watch.ROTATION,
        why="the patterns of selected actions are not compared",
        page="repo-actions",
    ),
    setting(
        *("repo-workflow-token", REPOSITORY, SETTINGS, "the default permissions of GITHUB_TOKEN"),
        RepositoryWorkflowToken,
        fields=("workflow_token", "workflow_token_approves"),
        weaker={"workflow_token": ("read", "write"), "workflow_token_approves": OFF_ON},
        watch=Watch.ROTATION,
        page="repo-actions",
    ),
    setting(
        *("repo-fork-approval", REPOSITORY, SETTINGS, "whose pull requests need approval to run"),
        RepositoryForkApproval,
        fields=("fork_approval",),
        weaker={
            "fork_approval": (
                "all_external_contributors",
                "first_time_contributors",
                "first_time_contributors_new_to_github",
            )
        },
        watch=Watch.ROTATION,
        page="repo-actions",
    ),
    setting(
        *("repo-fork-workflows", REPOSITORY, SETTINGS, "what private forks' pull requests get"),
        RepositoryForkWorkflows,
        fields=("fork_write_tokens", "fork_secrets"),
        weaker={"fork_write_tokens": OFF_ON, "fork_secrets": OFF_ON},
        watch=Watch.ROTATION,
        page="repo-actions",
    ),
    setting(
        *("repo-immutable-releases", REPOSITORY, SETTINGS, "whether releases are immutable"),
        RepositoryImmutableReleases,
        fields=("immutable_releases",),
        weaker={"immutable_releases": ON_OFF},
        watch=Watch.ROTATION,
        page="repo-settings",
    ),
    setting(
        *("repo-oidc-subject", REPOSITORY, SETTINGS, "the OIDC subject of workflows", OidcSubject),
        fields=("oidc_subject_default", "oidc_subject_claims"),
        watch=Watch.ROTATION,
        page="repo-actions",
    ),
    setting(
        *("secret-scanning", REPOSITORY, SETTINGS, "secret scanning and push protection"),
        RepositorySecuritySettings,
        fields=("secret_scanning", "push_protection"),
        weaker=dict.fromkeys(("secret_scanning", "push_protection"), STATUS),
        watch=Watch.ROTATION,
        page="repo-security",
    ),
    setting(
        *("vulnerability-alerts", REPOSITORY, SETTINGS, "Dependabot alerts"),
        RepositoryVulnerabilityAlerts,
        fields=("vulnerability_alerts",),
        weaker={"vulnerability_alerts": ON_OFF},
        page="repo-security",
    ),
    setting(
        *("code-scanning", REPOSITORY, SETTINGS, "code scanning", RepositoryCodeScanning),
        fields=("code_scanning",),
        weaker={"code_scanning": ON_OFF},
        watch=Watch.ROTATION,
        page="repo-security",
    ),
    setting(
        *("private-reporting", REPOSITORY, SETTINGS, "private vulnerability reporting"),
        RepositoryPrivateReporting,
        fields=("private_reporting",),
        weaker={"private_reporting": ON_OFF},
        watch=Watch.ROTATION,
        page="repo-security",
    ),
)
_CODE: tuple[AttackerChange, ...] = (
    AttackerChange(
        *("push", REPOSITORY, "pushes, and branches made or deleted", PUSH, (RepositoryChange,)),
        added=Visible.TIMED,
        made="at",
        watch=Watch.CYCLE,
        why="pushes of tags are not listed",
    ),
    AttackerChange(
        *("workflow-run", REPOSITORY, "runs of workflows", RUN, (WorkflowRun,), ("ordinary",)),
        added=Visible.TIMED,
        made=CREATED,
        watch=Watch.ROTATION,
        why="a run that was deleted leaves no trace",
        page="repo-workflow-runs",
    ),
    AttackerChange(
        *("workflow-file", REPOSITORY, "workflow files of the default branch", CHANGED),
        (WorkflowFileChange, Workflow),
        added=Visible.TIMED,
        changed=Visible.TIMED,
        removed=Visible.TIMED,
        made="at",
        watch=Watch.CYCLE,
        why=BETWEEN,
        page="repo-workflows",
    ),
    setting(
        *("action-file", REPOSITORY, SETTINGS, "names of the repository's own actions"),
        RepositoryActionFiles,
        fields=("action_files",),
        watch=Watch.ROTATION,
        page="repo",
    ),
    setting(
        *("autorun-file", REPOSITORY, SETTINGS, "files that run when a folder is opened"),
        RepositoryAutorun,
        fields=("autorun",),
        page="repo",
    ),
    setting(
        *("code-owners", REPOSITORY, CODE_OWNERS, "CODEOWNERS", RepositoryCodeOwners),
        fields=("lines",),
        page="repo",
    ),
    setting(
        *("committed-npmrc", REPOSITORY, SETTINGS, "a committed .npmrc", RepositoryNpmrc),
        fields=("npmrc",),
        page="repo",
    ),
    things(
        *("tag", REPOSITORY, TAG, "tags, and the commits they are on", NewestTags),
        fields=("commit",),
        why="the newest 100 tags alone; a tag that was moved and moved back leaves no trace",
        page="repo-tags",
    ),
    AttackerChange(
        *("release", REPOSITORY, "the newest release", RELEASE, (RepositoryRelease,)),
        added=Visible.TIMED,
        made="published_at",
        watch=Watch.CYCLE,
        page="repo-releases",
    ),
)
CHANGES: tuple[AttackerChange, ...] = (
    *_KEYS_AND_PEOPLE,
    *_RULES,
    *_SETTINGS,
    *_CODE,
)
"""Every kind of change in a repository; the order is that of the page."""
