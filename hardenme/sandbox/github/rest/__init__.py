"""The REST endpoints: one table a module, joined here."""

from __future__ import annotations

from hardenme.sandbox.github.rest import (
    account,
    actions,
    branch,
    contents,
    memberships,
    organization,
    public,
    repository,
    rulesets,
)

ROUTES = (
    *public.ROUTES,
    *account.ROUTES,
    *memberships.ROUTES,
    *organization.ROUTES,
    *repository.ROUTES,
    *branch.ROUTES,
    *rulesets.ROUTES,
    *actions.ROUTES,
    *contents.ROUTES,
)
