"""Checks of members' tokens and keys that an organization lets in."""

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
    """That it was not used lately, in words; empty where it was, or is new."""
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
    """The member's fine-grained token expires, is in use, and is bounded in reach and rights.

    ## Why
    A token works without a second factor for whoever holds it. One that never expires, that nobody
    uses, or that reaches every repository waits for the day on which a laptop is stolen.

    ## Fix
    Revoke the token's access and ask its owner for a new one with an end, with the repositories
    that it needs, and without administration. Tell the owner first: what uses it stops at once.

    ## Limits
    GitHub shows members' tokens to GitHub Apps only. Classic tokens are not among them.
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
        *(["may write administration"] if administers else []),
    ]
    if not wrong:
        return Passed("it expires, is in use, and reaches chosen repositories", seen)
    return Failed(
        f"{grant.login}'s token " + "; ".join(wrong),
        seen,
        fix=Fix(
            "Revoke the token's access, and let its owner ask for a bounded one",
            page=grant.page("org-active-tokens", org=grant.within.name),
            needs=OWNER,
            undo="The owner asks for access with the token again, and you approve it",
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
    """The member's token or key is in use; a classic token also expires and has narrow scopes.

    ## Why
    A classic token that single sign-on lets in passes by the identity provider from then on, with
    all of its scopes on all that its owner reaches. An SSH key that nobody uses does so, too.

    ## Fix
    Take the credential's authorization away and ask its owner for a fine-grained token, or a
    classic one with an end and the scopes that it needs. Tell the owner first: what uses it stops.

    ## Limits
    GitHub lists tokens and SSH keys; what apps were let in as is not among them. Only organizations
    of GitHub Enterprise Cloud have such credentials. Broad is every scope that changes code,
    packages, settings or people.
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
        return Passed("in use, and bounded", seen)
    return Failed(
        f"{credential.login}'s {credential.kind}: " + "; ".join(wrong),
        seen,
        fix=Fix(
            "Take the credential's authorization away, and let its owner make a bounded one",
            page=credential.page(
                "org-member-sso", org=credential.within.name, login=credential.login
            ),
            command=credential.deletes(),
            needs=OWNER,
            undo="The owner authorizes the credential for single sign-on again",
        ),
    )


CHECKS = (org_token_grant_bounded, org_sso_credential_bounded)
