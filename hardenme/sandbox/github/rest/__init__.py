"""The REST endpoints: one table a module, joined here."""

from __future__ import annotations

from hardenme.sandbox.github.rest import (
    account,
    actions,
    actions_policy,
    alerts,
    audit_log,
    branch,
    changes,
    contents,
    dependencies,
    deployments,
    guarded,
    handshakes,
    hooks,
    installed,
    memberships,
    organization,
    organization_policies,
    organization_secrets,
    plain,
    public,
    repository,
    rulesets,
    runners,
    token_requests,
)

ROUTES = (
    *public.ROUTES,
    *account.ROUTES,
    *memberships.ROUTES,
    *organization.ROUTES,
    *organization_policies.ROUTES,
    *organization_secrets.ROUTES,
    *token_requests.ROUTES,
    *audit_log.ROUTES,
    *repository.ROUTES,
    *branch.ROUTES,
    *rulesets.ROUTES,
    *guarded.ROUTES,
    *runners.ROUTES,
    *actions.ROUTES,
    *actions_policy.ROUTES,
    *contents.ROUTES,
    *changes.ROUTES,
    *dependencies.ROUTES,
    *deployments.ROUTES,
    *alerts.ROUTES,
    *hooks.ROUTES,
    *installed.ROUTES,
    *handshakes.ROUTES,
    *plain.ROUTES,
)
POSTED = handshakes.POSTED
"""The endpoints that are asked by a POST."""
