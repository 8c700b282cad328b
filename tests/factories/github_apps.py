"""Valid apps and members' tokens, with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.apps import PERSONAL_TOKEN, AppInstallation, SsoCredential, TokenGrant
from hardenme.model.subject import Subject
from tests.factories.given import ago, ahead

ORGANIZATION = Subject("github", "org", "cedar-labs")


def _part(kind: str, number: int, label: str) -> dict[str, Any]:
    subject = Subject("github", kind, f"cedar-labs/{number}")
    return {"subject": subject, "within": ORGANIZATION, "label": label, "number": number}


def installation(*permissions: str, **overrides: Any) -> AppInstallation:
    """An app on chosen repositories that writes issues, or what is named."""
    given = {
        "app": "labeler",
        "repository_selection": "selected",
        "permissions": frozenset(permissions or ("issues:write", "metadata:read")),
        "suspended_at": None,
        "created_at": ago(300),
        "updated_at": ago(90),
    }
    return AppInstallation(**_part("installation", 8401, "labeler") | given | overrides)


def token_grant(*permissions: str, **overrides: Any) -> TokenGrant:
    """A token that ends next month and was used yesterday."""
    given = {
        "login": "maple",
        "repository_selection": "subset",
        "permissions": frozenset(permissions or ("repository/issues:write",)),
        "granted_at": ago(20),
        "expired": False,
        "expires_at": ahead(30),
        "last_used": ago(1),
    }
    return TokenGrant(**_part("token-grant", 8402, "issue triage") | given | overrides)


def sso_credential(*scopes: str, **overrides: Any) -> SsoCredential:
    """A classic token that only reads, ends next month and was used yesterday."""
    given = {
        "login": "birch",
        "kind": PERSONAL_TOKEN,
        "scopes": frozenset(scopes or ("read:org",)),
        "authorized_at": ago(20),
        "accessed_at": ago(1),
        "expires_at": ahead(30),
    }
    return SsoCredential(**_part("sso-credential", 8403, "reports") | given | overrides)
