"""Fine-grained tokens that wait for an organization's approval. Apps alone are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import of_apps
from hardenme.sandbox.github.rest.shapes import named_user

if TYPE_CHECKING:
    from hardenme.sandbox.github.state.connected import TokenGrant


def requests(call: PermittedRequest) -> Answer:
    """The requests, the oldest first."""

    def shape(request: TokenGrant) -> dict[str, Any]:
        base = f"{call.api}/organizations/{call.organization.id}/personal-access-token-requests"
        return {
            "id": request.id,
            "reason": request.reason,
            "owner": named_user(call, request.owner),
            "repository_selection": request.selection,
            "repositories_url": f"{base}/{request.id}/repositories",
            "permissions": {
                "organization": request.organization,
                "repository": request.repository,
            },
            "created_at": moment(request.granted_at),
            "token_id": request.id,
            "token_name": request.name,
            "token_expired": False,
            "token_expires_at": moment(request.expires_at) if request.expires_at else None,
            "token_last_used_at": moment(request.last_used) if request.last_used else None,
        }

    return PagedAnswer(call.organization.connected.token_requests, shape)


ROUTES = (
    Route(
        "/orgs/{org}/personal-access-token-requests",
        requests,
        of_apps("organization_personal_access_token_requests:read"),
    ),
)
