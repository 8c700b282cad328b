"""Apps that are installed on an organization, and the tokens and keys of its members."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import NOT_FOUND, Permit, of_apps, owner
from hardenme.sandbox.github.rest.shapes import account_of, listed_repository, named_user
from hardenme.sandbox.github.state.connected import Installation, SsoCredential, TokenGrant
from hardenme.sandbox.github.world import Organization

ENTERPRISE = frozenset({"business", "business_plus", "enterprise"})


def _time(time: datetime | None) -> str | None:
    return moment(time) if time else None


def installation_shape(
    call: PermittedRequest, organization: Organization, installation: Installation
) -> dict[str, Any]:
    """An installation, as owners and the app itself see it."""
    suspended_by = installation.suspended_by
    return {
        "id": installation.id,
        "account": account_of(call, organization.login),
        "repository_selection": installation.selection,
        "access_tokens_url": f"{call.api}/app/installations/{installation.id}/access_tokens",
        "repositories_url": f"{call.api}/installation/repositories",
        "html_url": f"{call.web}/organizations/{organization.login}/settings/installations/"
        f"{installation.id}",
        "app_id": installation.app.id,
        "app_slug": installation.app.slug,
        "target_id": organization.id,
        "target_type": "Organization",
        "permissions": installation.permissions,
        "events": [],
        "created_at": moment(installation.created_at),
        "updated_at": moment(installation.created_at),
        "single_file_name": None,
        "suspended_by": named_user(call, suspended_by) if suspended_by else None,
        "suspended_at": _time(installation.suspended_at),
    }


def installations(call: PermittedRequest) -> Answer:
    """The apps that are installed, each with what it may do."""
    org = call.organization
    return PagedAnswer(
        org.connected.installations,
        lambda item: installation_shape(call, org, item),
        key="installations",
    )


def reached(call: PermittedRequest) -> Answer:
    """The repositories of the token's installation."""
    found = [item for item in call.world.repositories if call.caller.reaches(item)]
    return PagedAnswer(found, lambda item: listed_repository(call, item), key="repositories")


def token_grants(call: PermittedRequest) -> Answer:
    """The fine-grained tokens of members that were approved."""
    base = f"{call.api}/organizations/{call.organization.id}/personal-access-tokens"

    def shape(grant: TokenGrant) -> dict[str, Any]:
        expired = grant.expires_at is not None and grant.expires_at <= call.world.now
        return {
            "id": grant.id,
            "owner": named_user(call, grant.owner),
            "repository_selection": grant.selection,
            "repositories_url": f"{base}/{grant.id}/repositories",
            "permissions": {"organization": grant.organization, "repository": grant.repository},
            "access_granted_at": moment(grant.granted_at),
            "token_id": grant.id,
            "token_name": grant.name,
            "token_expired": expired,
            "token_expires_at": _time(grant.expires_at),
            "token_last_used_at": _time(grant.last_used),
        }

    return PagedAnswer(call.organization.connected.token_grants, shape)


def credential_authorizations(call: PermittedRequest) -> Answer:
    """Members' tokens and keys authorized for SSO; an enterprise's plan alone has such."""
    if call.organization.plan not in ENTERPRISE:
        return problem(404, NOT_FOUND)
    return PagedAnswer(call.organization.connected.sso_credentials, _credential)


def _credential(credential: SsoCredential) -> dict[str, Any]:
    data: dict[str, Any] = {
        "login": credential.owner,
        "credential_id": credential.id,
        "credential_type": credential.type,
        "credential_authorized_at": moment(credential.authorized_at),
        "credential_accessed_at": _time(credential.accessed_at),
        "authorized_credential_id": credential.id + 1,
    }
    if credential.scopes is None:
        fingerprint = f"fingerprint{credential.id}"
        return data | {"authorized_credential_title": credential.name, "fingerprint": fingerprint}
    return data | {
        "token_last_eight": "0000c0de",
        "scopes": list(credential.scopes),
        "authorized_credential_note": credential.name,
        "authorized_credential_expires_at": _time(credential.expires_at),
    }


ROUTES = (
    Route("/installation/repositories", reached, Permit(permissions=(), apps_only=True)),
    Route("/orgs/{org}/installations", installations, owner("organization_administration:read")),
    Route(
        "/orgs/{org}/personal-access-tokens",
        token_grants,
        of_apps("organization_personal_access_tokens:read"),
    ),
    Route(
        "/orgs/{org}/credential-authorizations",
        credential_authorizations,
        owner("organization_administration:read", "read:org"),
    ),
)
