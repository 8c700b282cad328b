"""Checks of members' tokens and keys that reach an organization."""

from datetime import datetime

from hardenme.facts.github.apps import OAUTH_TOKEN, PERSONAL_TOKEN, SsoCredential, TokenGrant
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.github.token_rights import reads_only
from hardenme_checks.wording import count

OWNER = "organization owner"
ADMINISTRATION = ("repository/administration", "organization/organization_administration")
NARROW = frozenset(
    {"gist", "notifications", "project", "repo:invite", "repo:status", "user:follow"}
    | {"write:discussion"}
)
"""Scopes that change neither code, nor releases, nor who belongs to an organization. Any other that
does not only read counts as broad."""


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _unused(used: datetime | None, since: datetime, now: Now, limits: Limits) -> str:
    """That it was not used lately, in words; empty if it was, or is new."""
    days = now.days_since(used or since)
    if days <= limits.grant_unused_days:
        return ""
    return f"unused for {count(days, 'day')}" if used else f"never used in {count(days, 'day')}"


@check(
    "GHO115",
    "org-token-grant-bounded",
    title="Member's token never expires, is unused or too broad",
    severity=Severity.HIGH,
    since="0.1",
)
def org_token_grant_bounded(grant: TokenGrant, now: Now, limits: Limits) -> Verdict:
    """The member's fine-grained token expires, is in use and has limited access.

    ## Why
    A stolen token works without 2FA until it expires or is revoked.

    ## Fix
    Contact the member: whatever uses the token stops at once. Revoke its access. Ask for one that
    expires, reaches only the needed repositories and cannot write administration.

    ## Limits
    - GitHub shows members' fine-grained tokens, and to GitHub Apps only.
    """
    seen: Seen = {"login": grant.login, "token_expired": grant.expired}
    if grant.expired:
        return Passed("the token has expired", seen)
    administers = [name for name in ADMINISTRATION if grant.writes(name)]
    unused = _unused(grant.last_used, grant.granted_at, now, limits)
    seen |= {
        "token_expires_at": _time(grant.expires_at),
        "token_last_used_at": _time(grant.last_used),
        "repository_selection": grant.repository_selection,
        "administers": administers,
    }
    wrong = [
        *(["never expires"] if grant.expires_at is None else []),
        *([unused] if unused else []),
        *(["reaches all repositories"] if grant.repository_selection == "all" else []),
        *(["can write administration"] if administers else []),
    ]
    if not wrong:
        return Passed("it expires, is in use and reaches selected repositories", seen)
    return Failed(
        f"{grant.login}'s token " + ", ".join(wrong),
        seen,
        fix=Fix(
            "Revoke the token's access, and ask its owner for a limited one that expires",
            page=grant.page("org-active-tokens", org=grant.within.name),
            needs=OWNER,
            undo="Ask the member to request access with the token again, then approve it",
        ),
    )


@check(
    "GHO116",
    "org-sso-credential-bounded",
    title="SSO credential never expires, is unused or too broad",
    severity=Severity.HIGH,
    since="0.1",
)
def org_sso_credential_bounded(credential: SsoCredential, now: Now, limits: Limits) -> Verdict:
    """The credential is in use; a classic token also expires and has narrow scopes.

    ## Why
    A classic token or SSH key authorized for single sign-on bypasses the identity provider.

    ## Fix
    Contact the member: whatever uses the credential stops at once. Revoke its authorization. Ask
    for a fine-grained token, or a classic one that expires and has few scopes.

    ## Limits
    - GitHub lists tokens and SSH keys, not authorizations of apps.
    - Needs GitHub Enterprise Cloud.
    - Scopes that change code, packages, settings or people count as broad.
    """
    seen: Seen = {
        "login": credential.login,
        "credential_type": credential.kind,
        "credential_accessed_at": _time(credential.accessed_at),
    }
    wrong = []
    if credential.kind == PERSONAL_TOKEN:
        seen["authorized_credential_expires_at"] = _time(credential.expires_at)
        if credential.expires_at is None:
            wrong.append("never expires")
        elif credential.expires_at <= now.time:
            return Passed("the token has expired", seen)
    if credential.kind in {PERSONAL_TOKEN, OAUTH_TOKEN}:
        seen["scopes"] = sorted(credential.scopes)
        broad = sorted(s for s in credential.scopes if not (reads_only(s) or s in NARROW))
        if broad:
            wrong.append(f"holds {', '.join(broad)}")
    unused = _unused(credential.accessed_at, credential.authorized_at, now, limits)
    if unused:
        wrong.append(unused)
    if not wrong:
        return Passed("it is in use and limited", seen)
    return Failed(
        f"{credential.login}'s {credential.kind}: " + "; ".join(wrong),
        seen,
        fix=Fix(
            "Revoke the credential's authorization, and ask its owner for a limited one",
            page=credential.page(
                "org-member-sso", org=credential.within.name, login=credential.login
            ),
            command=credential.deletes(),
            needs=OWNER,
            undo="Ask the member to authorize the credential for single sign-on again",
        ),
    )
