"""What an attacker can change in a GitHub repository."""

from __future__ import annotations

from functools import partial

from hardenme.derive.attacker_changes.change import (
    FORK_APPROVAL,
    OFF_ON,
    ON_OFF,
    REPOSITORY,
    THREE_DAYS,
    TIMED,
    UNORDERED,
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
from hardenme.facts.github.deliveries import RepositoryDelivery
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
from hardenme.facts.github.tag_rules import RuleBypasses, TagCommits, TagRulesets
from hardenme.facts.github.workflow import Workflow
from hardenme.model.inventory import ACCESS, BYPASSED, CODE_OWNERS, DELIVERY, SETTINGS

CREATED = "created_at"
STATUS = ("enabled", "disabled")
BETWEEN = "what was put back in the meantime leaves no trace"
_things = partial(things, REPOSITORY)
_setting = partial(setting, REPOSITORY)
_KEYS_AND_PEOPLE: tuple[AttackerChange, ...] = (
    _things("deploy-key", "repo-keys", "deploy key", "deploy keys", DeployKey, made=CREATED),
    _things(
        *("repo-webhook", "repo-hooks", "webhook", "webhooks", RepositoryHook),
        watch=Watch.ROTATION,
        **TIMED,
    ),
    AttackerChange(
        *(
            "repo-hook-delivery",
            REPOSITORY,
            "deliveries of webhooks",
            DELIVERY,
            (RepositoryDelivery,),
        ),
        added=Visible.TIMED,
        made="at",
        watch=Watch.ROTATION,
        why=THREE_DAYS,
        page="repo-hooks",
    ),
    _things(
        *("repo-secret", "repo-secrets", "secret", "secrets", ActionsSecret),
        watch=Watch.ROTATION,
        **TIMED,
    ),
    _things(
        *("environment", "repo-environments", ENVIRONMENT, "environments", Environment),
        EnvironmentAge,
        fields=("reviewed", "prevents_self_review", "limited"),
        watch=Watch.ROTATION,
        **TIMED,
    ),
    _setting(
        *("environment-guards", "repo-environments", ENVIRONMENT),
        *("who approves deployments, from where", EnvironmentGuards, EnvironmentAge),
        fields={
            "approvers": UNORDERED,
            "reviewers": UNORDERED,
            "branches": UNORDERED,
            "patterns": UNORDERED,
            "admins_bypass": OFF_ON,
        },
        watch=Watch.ROTATION,
        why="teams that approve are counted, not named, and wait timers are not read",
    ),
    _things(
        *("environment-secret", "repo-environments", "secret of an environment"),
        *("secrets of environments", EnvironmentSecret),
        watch=Watch.ROTATION,
        **TIMED,
    ),
    _things(
        *("repo-invitation", "repo-access", INVITATION, "invitations", CollaboratorInvitation),
        made=CREATED,
        watch=Watch.ROTATION,
        why="one that was accepted is no longer listed",
    ),
    _things(
        *("repo-collaborator", "repo-access", "outside collaborator", "outside collaborators"),
        RepositoryOutsideCollaborator,
        fields=("permission",),
    ),
    _things(
        *("repo-access", "repo-access", ACCESS, "who can push, by any way"),
        RepositoryAdministrators,
        fields=("admins", "pushers"),
        why="apps and deploy keys have rows of their own",
    ),
    _things(
        *("repo-runner", "repo-runners", "self-hosted runners", "self-hosted runners"),
        RepositoryRunners,
        watch=Watch.ROTATION,
        why="a runner for one job is gone once the job is done",
    ),
)
_RULES: tuple[AttackerChange, ...] = (
    _things(
        *("branch-ruleset", "repo-rules", BRANCH_RULES, "branch rulesets", ActiveRulesets),
        BranchRulesets,
        fields=("enforcement", "rules", "include", "exclude"),
        **TIMED,
    ),
    _setting(
        *("ruleset-bypass", "repo-rules", BRANCH_RULES, "bypass lists of rulesets", RulesetBypass),
        fields={"bypass": UNORDERED},
        watch=Watch.ROTATION,
        why="GitHub shows them to who can change the ruleset alone",
    ),
    _things(
        *("tag-ruleset", "repo-rules", TAG_RULES, "tag rulesets", TagRulesets),
        fields=("enforcement", "rules", "include", "exclude"),
        **TIMED,
    ),
    _things(
        *("branch-protection", "repo-branches", "branch protection", "branch protections"),
        ClassicProtection,
        fields=("guards", "approvals", "status_checks", "binds_admins"),
        why="who is let past them, or may push where pushes are restricted, is not named",
    ),
    _setting(
        *("protected-pattern", "repo-branches", SETTINGS, "protection of branches by pattern"),
        ProtectedPatterns,
        fields={"protected_patterns": UNORDERED},
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
    _setting(
        *("repo-actions-policy", "repo-actions", SETTINGS, "which actions workflows can use"),
        RepositoryActions,
        fields={
            "actions_allowed": ("local_only", "selected", "all"),
            "actions_pinned": ON_OFF,
            "actions_enabled": OFF_ON,
        },
        watch=Watch.ROTATION,
        why="the patterns of selected actions are not compared",
    ),
    _setting(
        *("repo-workflow-token", "repo-actions", SETTINGS),
        *("the default permissions of GITHUB_TOKEN", RepositoryWorkflowToken),
        fields={"workflow_token": ("read", "write"), "workflow_token_approves": OFF_ON},
        watch=Watch.ROTATION,
    ),
    _setting(
        *("repo-fork-approval", "repo-actions", SETTINGS),
        *("whose pull requests need approval to run", RepositoryForkApproval),
        fields={"fork_approval": FORK_APPROVAL},
        watch=Watch.ROTATION,
    ),
    _setting(
        *("repo-fork-workflows", "repo-actions", SETTINGS, "what private forks' pull requests get"),
        RepositoryForkWorkflows,
        fields=dict.fromkeys(("fork_write_tokens", "fork_secrets"), OFF_ON),
        watch=Watch.ROTATION,
    ),
    _setting(
        *("repo-immutable-releases", "repo-settings", SETTINGS, "whether releases are immutable"),
        RepositoryImmutableReleases,
        fields={"immutable_releases": ON_OFF},
        watch=Watch.ROTATION,
    ),
    _setting(
        *("repo-oidc-subject", "repo-actions", SETTINGS, "the OIDC subject of workflows"),
        OidcSubject,
        fields=dict.fromkeys(("oidc_subject_default", "oidc_subject_claims"), UNORDERED),
        watch=Watch.ROTATION,
    ),
    _setting(
        *("secret-scanning", "repo-security", SETTINGS, "secret scanning and push protection"),
        RepositorySecuritySettings,
        fields=dict.fromkeys(("secret_scanning", "push_protection"), STATUS),
        watch=Watch.ROTATION,
    ),
    _setting(
        *("vulnerability-alerts", "repo-security", SETTINGS, "Dependabot alerts"),
        RepositoryVulnerabilityAlerts,
        fields={"vulnerability_alerts": ON_OFF},
    ),
    _setting(
        *("code-scanning", "repo-security", SETTINGS, "code scanning", RepositoryCodeScanning),
        fields={"code_scanning": ON_OFF},
        watch=Watch.ROTATION,
    ),
    _setting(
        *("private-reporting", "repo-security", SETTINGS, "private vulnerability reporting"),
        RepositoryPrivateReporting,
        fields={"private_reporting": ON_OFF},
        watch=Watch.ROTATION,
    ),
)
_CODE: tuple[AttackerChange, ...] = (
    AttackerChange(
        *("push", REPOSITORY, "pushes, and branches made or deleted", PUSH, (RepositoryChange,)),
        added=Visible.TIMED,
        made="at",
        watch=Watch.CYCLE,
        why="pushes of tags are not listed, and a push that GitHub does not list is not seen",
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
    _setting(
        *("action-file", "repo", SETTINGS, "names of the repository's own actions"),
        RepositoryActionFiles,
        fields={"action_files": UNORDERED},
        watch=Watch.ROTATION,
    ),
    _setting(
        *("autorun-file", "repo", SETTINGS, "files that run when a folder is opened"),
        RepositoryAutorun,
        fields={"autorun": UNORDERED},
    ),
    _setting(
        *("code-owners", "repo", CODE_OWNERS, "CODEOWNERS", RepositoryCodeOwners),
        fields={"lines": UNORDERED},
    ),
    _setting(
        *("committed-npmrc", "repo", SETTINGS, "a committed .npmrc", RepositoryNpmrc),
        fields={"npmrc": UNORDERED},
    ),
    _things(
        *("tag", "repo-tags", TAG, "tags, and the commits they are on", TagCommits),
        fields=("commit",),
        why="the newest 100 tags alone; a tag that was moved and moved back leaves no trace",
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
