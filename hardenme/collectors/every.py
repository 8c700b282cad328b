"""Every collector there is. Importing this loads the HTTP libraries."""

from __future__ import annotations

from hardenme.collectors import attested, local, mail
from hardenme.collectors.github import (
    account,
    action_files,
    actions,
    activity,
    alerts,
    apps,
    audit_trail,
    changes,
    code_scanning,
    collaborators,
    environments,
    execution_policies,
    hooks,
    inherited,
    membership,
    named,
    organization,
    people,
    protection,
    reach,
    release_tags,
    releases,
    repositories,
    repository,
    rule_suites,
    rulesets,
    runners,
    sbom,
    security_settings,
    token,
)
from hardenme.collectors.github.declared import plain
from hardenme.collectors.npm import access as npm_access
from hardenme.collectors.npm import account as npm_account
from hardenme.collectors.npm import organization as npm_organization
from hardenme.collectors.npm import package as npm_package
from hardenme.collectors.npm import provenance as npm_provenance
from hardenme.collectors.npm import releases as npm_releases
from hardenme.collectors.npm import signatures as npm_signatures
from hardenme.collectors.npm import stage as npm_stage
from hardenme.collectors.npm import trust as npm_trust
from hardenme.collectors.npm import version_status as npm_version_status
from hardenme.collectors.protocol import Collector

BY_HAND: tuple[Collector, ...] = (
    *account.COLLECTORS,
    *membership.COLLECTORS,
    *token.COLLECTORS,
    *repositories.COLLECTORS,
    *protection.COLLECTORS,
    *rulesets.COLLECTORS,
    *repository.COLLECTORS,
    *security_settings.COLLECTORS,
    *organization.COLLECTORS,
    *reach.COLLECTORS,
    *sbom.COLLECTORS,
    *action_files.COLLECTORS,
    *alerts.COLLECTORS,
    *code_scanning.COLLECTORS,
    *hooks.COLLECTORS,
    *apps.COLLECTORS,
    *runners.COLLECTORS,
    *people.COLLECTORS,
    *activity.COLLECTORS,
    *audit_trail.COLLECTORS,
    *collaborators.COLLECTORS,
    *environments.COLLECTORS,
    *inherited.COLLECTORS,
    *releases.COLLECTORS,
    *release_tags.COLLECTORS,
    *actions.COLLECTORS,
    *execution_policies.COLLECTORS,
    *rule_suites.COLLECTORS,
    *changes.COLLECTORS,
    *npm_account.COLLECTORS,
    *npm_package.COLLECTORS,
    *npm_releases.COLLECTORS,
    *npm_provenance.COLLECTORS,
    *npm_signatures.COLLECTORS,
    *npm_version_status.COLLECTORS,
    *npm_access.COLLECTORS,
    *npm_organization.COLLECTORS,
    *npm_stage.COLLECTORS,
    *npm_trust.COLLECTORS,
    *named.COLLECTORS,
    *mail.COLLECTORS,
    *local.COLLECTORS,
    *attested.COLLECTORS,
)
COLLECTORS = (*BY_HAND, *plain(BY_HAND))
