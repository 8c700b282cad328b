"""The settings of an organization and of a repository that have no list of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hardenme.derive.inventory.items import ItemSource, item, known, thing
from hardenme.facts.github.access_policies import OrganizationIpAllowList, OrganizationSignOn
from hardenme.facts.github.actions import (
    OrganizationActions,
    OrganizationForkApproval,
    OrganizationForkWorkflows,
    OrganizationWorkflowToken,
    RepositoryActions,
    RepositoryForkApproval,
    RepositoryForkWorkflows,
    RepositoryWorkflowToken,
)
from hardenme.facts.github.alerts import RepositoryCodeScanning
from hardenme.facts.github.environments import ProtectedPatterns
from hardenme.facts.github.execution_policies import ExecutionPolicies
from hardenme.facts.github.files import RepositoryActionFiles, RepositoryAutorun, RepositoryNpmrc
from hardenme.facts.github.organization import (
    ClassicTokenPolicy,
    OAuthAppPolicy,
    OrganizationImmutableReleases,
    OrganizationPrivileges,
    OrganizationProfile,
    OrganizationSecurity,
    SecurityDefault,
)
from hardenme.facts.github.releases import (
    OidcSubject,
    OrganizationOidcSubject,
    RepositoryImmutableReleases,
)
from hardenme.facts.github.repository import (
    RepositoryPrivateReporting,
    RepositorySecuritySettings,
    RepositoryVulnerabilityAlerts,
)
from hardenme.facts.github.tag_rules import RuleBypasses
from hardenme.model.fact import Fact
from hardenme.model.inventory import BYPASSED, SETTINGS, InventoryItem
from hardenme.model.unknown import Unknown

ORGANIZATION, CONFIGURATION = "organization", "security configuration"
_ACTIONS = {"actions_allowed": "allowed", "actions_pinned": "pinned"}
_TOKEN = {"workflow_token": "default", "workflow_token_approves": "approves"}
_FORKS = {
    "fork_workflows": "runs",
    "fork_write_tokens": "write_tokens",
    "fork_secrets": "secrets",
    "fork_waits": "waits",
}


def _of(kind: str, *fields: str, **renamed: str) -> tuple[ItemSource, ...]:
    names: Any = renamed
    return (thing(kind, *fields, **names),)


def _of_organization(*fields: str, **renamed: str) -> tuple[ItemSource, ...]:
    return _of(ORGANIZATION, *fields, **renamed)


def _of_repository(*fields: str, **renamed: str) -> tuple[ItemSource, ...]:
    return _of(SETTINGS, *fields, **renamed)


def _patterns(fact: ProtectedPatterns) -> Iterator[InventoryItem]:
    """The names that classic branch protection covers, each with what its rule forbids."""
    rules = known(fact, "rules")
    names = ("blocks_pushes", "blocks_creations", "blocks_deletions")
    told = rules
    if not isinstance(rules, Unknown):
        unread = next((why for rule in rules for why in rule.unknown_fields().values()), None)
        told = unread or [
            f"{rule.pattern}: {', '.join(name for name in names if getattr(rule, name))}"
            for rule in rules
        ]
    yield item(SETTINGS, fact.subject, fact.label, None, {"protected_patterns": told})


def _private_reporting(fact: RepositoryPrivateReporting) -> Iterator[InventoryItem]:
    """Whether reports can be private; a private repository has no such setting."""
    applies = known(fact, "applicable") is not False
    state = {"private_reporting": known(fact, "enabled")} if applies else {}
    yield item(SETTINGS, fact.subject, fact.label, None, state)


def _bypassed(fact: RuleBypasses) -> Iterator[InventoryItem]:
    """When a push last bypassed a rule; none if there was none."""
    newest = known(fact, "newest")
    if newest is not None:
        yield item(BYPASSED, fact.subject, fact.label, None, {"newest": newest})


TABLE: Mapping[type[Fact], tuple[ItemSource, ...]] = {
    OrganizationSecurity: _of_organization("two_factor_required"),
    OrganizationPrivileges: _of_organization(
        *("base_permission", "create_public", "delete_repositories", "change_visibility"),
        *("invite_outsiders", "fork_private", "delete_issues", "deploy_keys"),
    ),
    OrganizationProfile: _of_organization("verified"),
    ClassicTokenPolicy: _of_organization(refuses_classic_tokens="refused"),
    OAuthAppPolicy: _of_organization(restricts_oauth_apps="refused"),
    OrganizationSignOn: _of_organization(identity_provider="provider"),
    OrganizationIpAllowList: _of_organization(
        ip_allow_list="enabled", ip_allow_list_open_to="open_to"
    ),
    OrganizationActions: _of_organization(**_ACTIONS, actions_enabled="enabled_repositories"),
    OrganizationWorkflowToken: _of_organization(**_TOKEN),
    OrganizationForkApproval: _of_organization(fork_approval="policy"),
    OrganizationForkWorkflows: _of_organization(**_FORKS),
    ExecutionPolicies: _of_organization(policy_actors="actors", policy_events="events"),
    OrganizationImmutableReleases: _of_organization(immutable_releases="enforced"),
    OrganizationOidcSubject: _of_organization(oidc_subject_immutable="immutable"),
    SecurityDefault: (
        thing(CONFIGURATION, "which", "enforced", "secret_scanning", "push_protection"),
    ),
    RepositoryActions: _of_repository(**_ACTIONS, actions_enabled="enabled"),
    RepositoryWorkflowToken: _of_repository(**_TOKEN),
    RepositoryForkApproval: _of_repository(fork_approval="policy"),
    RepositoryForkWorkflows: _of_repository(**_FORKS),
    RepositoryImmutableReleases: _of_repository(immutable_releases="enabled"),
    OidcSubject: _of_repository(oidc_subject_default="default", oidc_subject_claims="claims"),
    RepositorySecuritySettings: _of_repository("secret_scanning", "push_protection"),
    RepositoryVulnerabilityAlerts: _of_repository(vulnerability_alerts="enabled"),
    RepositoryCodeScanning: _of_repository(code_scanning="configured"),
    RepositoryPrivateReporting: (ItemSource(SETTINGS, _private_reporting),),
    RepositoryActionFiles: _of_repository(action_files="files"),
    RepositoryAutorun: _of_repository(autorun="runs"),
    RepositoryNpmrc: _of_repository(npmrc="committed"),
    ProtectedPatterns: (ItemSource(SETTINGS, _patterns),),
    RuleBypasses: (ItemSource(BYPASSED, _bypassed, needs=("newest",)),),
}
