"""The names of an organization's secrets, for Actions and for Dependabot, and its variables."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, owner
from hardenme.sandbox.github.rest.shapes import minimal_repository
from hardenme.sandbox.github.world import OrganizationSecret


def _listing(call: PermittedRequest, place: str, secrets: list[OrganizationSecret]) -> Answer:
    base = f"{call.api}/orgs/{call.organization.login}/{place}/secrets"

    def shape(secret: OrganizationSecret) -> dict[str, Any]:
        data = {
            "name": secret.name,
            "created_at": moment(secret.created_at),
            "updated_at": moment(secret.updated_at),
            "visibility": secret.visibility,
        }
        if secret.visibility == "selected":
            data["selected_repositories_url"] = f"{base}/{secret.name}/repositories"
        return data

    return PagedAnswer(secrets, shape, key="secrets")


def actions_secrets(call: PermittedRequest) -> Answer:
    """The secrets that workflows can read."""
    return _listing(call, "actions", call.organization.secrets)


def dependabot_secrets(call: PermittedRequest) -> Answer:
    """The secrets that Dependabot's runs can read."""
    return _listing(call, "dependabot", call.organization.connected.dependabot_secrets)


def variables(call: PermittedRequest) -> Answer:
    """The variables of workflows, with their values."""
    base = f"{call.api}/orgs/{call.organization.login}/actions/variables"

    def shape(variable: OrganizationSecret) -> dict[str, Any]:
        data = {
            "name": variable.name,
            "value": f"value of {variable.name}",
            "created_at": moment(variable.created_at),
            "updated_at": moment(variable.updated_at),
            "visibility": variable.visibility,
        }
        if variable.visibility == "selected":
            data["selected_repositories_url"] = f"{base}/{variable.name}/repositories"
        return data

    return PagedAnswer(call.organization.connected.variables, shape, key="variables")


def chosen_repositories(call: PermittedRequest) -> Answer:
    """The repositories that may read a secret which is for some of them."""
    secrets = {secret.name: secret for secret in call.organization.secrets}
    secret = secrets.get(call.names["secret_name"])
    if secret is None:
        return problem(404, NOT_FOUND)
    chosen = secret.repositories if secret.visibility == "selected" else ()
    known = call.world.repositories_of(call.organization.login)
    found = [repository for repository in known if repository.name in chosen]
    return PagedAnswer(found, lambda item: minimal_repository(call, item), key="repositories")


ROUTES = (
    Route(
        "/orgs/{org}/actions/secrets/{secret_name}/repositories",
        chosen_repositories,
        owner("organization_secrets:read"),
    ),
    Route("/orgs/{org}/actions/secrets", actions_secrets, owner("organization_secrets:read")),
    Route(
        "/orgs/{org}/actions/variables",
        variables,
        owner("organization_actions_variables:read"),
    ),
    Route(
        "/orgs/{org}/dependabot/secrets",
        dependabot_secrets,
        owner("organization_dependabot_secrets:read"),
    ),
)
