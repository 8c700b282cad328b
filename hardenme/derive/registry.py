"""Every derivation there is."""

from __future__ import annotations

from hardenme.derive import (
    acceptance,
    actions,
    latest_tag,
    npm_organization,
    npm_writers,
    publishing,
    release_bursts,
    releases_observed,
)
from hardenme.derive.administration import all_administrators, organization_administration
from hardenme.derive.branch_rules import default_branch, effective_branch_rules
from hardenme.derive.environments import environment_selection
from hardenme.derive.invitations import pending_invitations
from hardenme.derive.organization_roles import extended_roles, role_administrators, role_holders
from hardenme.derive.organization_secrets import shared_secrets
from hardenme.derive.people import member_activity, outside_access, outside_role
from hardenme.derive.practice import account_practice, organization_practice
from hardenme.derive.release_branches import release_branch_rules
from hardenme.derive.releases import immutable_releases
from hardenme.derive.roster import organization_roster
from hardenme.derive.runners import reachable_runners, shared_runners
from hardenme.derive.secrets import workflow_secrets
from hardenme.derive.tag_rules import effective_tag_rules
from hardenme.derive.used_actions import used_actions
from hardenme.derive.workflow_owners import workflow_owners

DERIVATIONS = (
    *actions.DERIVATIONS,
    used_actions,
    effective_tag_rules,
    default_branch,
    effective_branch_rules,
    release_branch_rules,
    pending_invitations,
    account_practice,
    organization_practice,
    shared_secrets,
    role_holders,
    role_administrators,
    extended_roles,
    shared_runners,
    reachable_runners,
    member_activity,
    outside_access,
    outside_role,
    workflow_secrets,
    environment_selection,
    workflow_owners,
    immutable_releases,
    organization_roster,
    organization_administration,
    all_administrators,
    *npm_organization.DERIVATIONS,
    *npm_writers.DERIVATIONS,
    *publishing.DERIVATIONS,
    *acceptance.DERIVATIONS,
    *releases_observed.DERIVATIONS,
    *release_bursts.DERIVATIONS,
    *latest_tag.DERIVATIONS,
)
