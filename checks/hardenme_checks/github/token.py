"""Checks of the GitHub token that hardenme uses: its kind and its expiration."""

from hardenme.facts.github.token import (
    APP_USER,
    CLASSIC,
    FINE_GRAINED,
    INSTALLATION,
    OAUTH,
    Token,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

KINDS = {
    CLASSIC: "a classic token",
    FINE_GRAINED: "a fine-grained token",
    OAUTH: "an OAuth app's token",
    APP_USER: "a GitHub App's token for a user",
    INSTALLATION: "a GitHub App's installation token",
}
"""The kinds in words."""
PAGES = {
    CLASSIC: "account-classic-tokens",
    OAUTH: "account-oauth-grants",
    APP_USER: "account-app-grants",
    INSTALLATION: "account-app-grants",
}
"""Where a token is seen and changed; fine-grained tokens have the page that is left."""
PERSONAL = frozenset({CLASSIC, FINE_GRAINED})
"""The kinds that a person makes, and gives an end to."""
OWNER = "the token's owner"
DELETED = "Cannot be undone: a deleted token does not work again"


def page_of(token: Token) -> str:
    """The settings page on which the token is seen."""
    return token.page(PAGES.get(token.kind, "account-fine-grained-tokens"))


@check(
    "GHT101",
    "token-fine-grained",
    title="GitHub token is not fine-grained",
    severity=Severity.MEDIUM,
    since="0.1",
)
def token_fine_grained(token: Token) -> Verdict:
    """The token is fine-grained: limited to chosen repositories and permissions.

    ## Why
    A classic token reaches every repository of all your organizations. It cannot read private ones
    without write access.

    ## Fix
    Generate a fine-grained token with read permissions and an expiration. Delete the classic token:
    anything else that uses it stops.

    ## Limits
    - A fine-grained token reads one owner's data only.
    - Some answers, such as whether 2FA is on, may need a classic token with narrow scopes.
    """
    seen: Seen = {"kind": token.kind}
    kind = KINDS.get(token.kind, "a token of an unknown kind")
    if token.kind in {FINE_GRAINED, APP_USER, INSTALLATION}:
        return Passed(kind, seen)
    return Failed(
        kind,
        seen,
        fix=Fix(
            "Generate a fine-grained token with read permissions, then delete the old token",
            page=page_of(token),
            needs=OWNER,
            undo=DELETED,
        ),
    )


@check(
    "GHT102",
    "token-expires",
    title="GitHub token never expires",
    severity=Severity.HIGH,
    since="0.1",
)
def token_expires(token: Token) -> Verdict:
    """The token expires.

    ## Why
    A token that never expires still works years later, found in a backup or log.

    ## Fix
    Choose "Regenerate token" and set an expiration. The old value stops working at once.

    ## Limits
    - Checks only the token that hardenme uses.
    """
    if token.kind not in PERSONAL:
        return NotApplicable(
            f"{KINDS.get(token.kind, 'this kind')} has no expiration that you can set",
            {"kind": token.kind},
        )
    if token.expires_at is not None:
        return Passed(
            "the token expires",
            {"github-authentication-token-expiration": token.expires_at.isoformat()},
        )
    return Failed(
        "the token never expires",
        {"kind": token.kind, "github-authentication-token-expiration": None},
        fix=Fix(
            'Choose "Regenerate token" and set an expiration',
            page=page_of(token),
            needs=OWNER,
            undo="Cannot be undone: the old value no longer works",
        ),
    )


@check(
    "GHT103",
    "token-short-lived",
    title="GitHub token is valid for too long",
    severity=Severity.LOW,
    since="0.1",
)
def token_short_lived(token: Token, now: Now, limits: Limits) -> Verdict:
    """The token expires within the time that the profile allows.

    ## Why
    Thefts are often noticed months later. An expired token is worthless then.

    ## Fix
    Choose "Regenerate token" and set an earlier expiration.
    """
    if token.expires_at is None:
        return NotApplicable("no expiration is known: GHT102 checks that", _expiry(token))
    left = now.days_until(token.expires_at)
    days = count(left, "day")
    if left <= limits.token_left_days:
        return Passed(f"expires in {days}", _expiry(token))
    return Failed(
        f"expires in {days}, more than {limits.token_left_days}",
        _expiry(token),
        fix=Fix(
            'Choose "Regenerate token" and set an earlier expiration',
            page=page_of(token),
            needs=OWNER,
            undo="Cannot be undone: the old value no longer works",
        ),
    )


def _expiry(token: Token) -> Seen:
    end = token.expires_at
    return {"github-authentication-token-expiration": end.isoformat() if end else None}


@check(
    "GHT104",
    "token-not-about-to-expire",
    title="GitHub token expires soon",
    severity=Severity.INFO,
    since="0.1",
)
def token_not_about_to_expire(token: Token, now: Now, limits: Limits) -> Verdict:
    """The token does not expire before its next renewal is due.

    ## Why
    A scheduled run with an expired token sees nothing, which looks like a clean result.

    ## Fix
    Choose "Regenerate token", and store the new value where the scheduled run reads it.
    """
    if token.kind not in PERSONAL:
        return NotApplicable(
            f"{KINDS.get(token.kind, 'this kind')} is renewed by its app", {"kind": token.kind}
        )
    if token.expires_at is None:
        return NotApplicable("the token never expires: GHT102 checks that", _expiry(token))
    left = now.days_until(token.expires_at)
    days = count(left, "day")
    if left >= limits.token_warning_days:
        return Passed(f"expires in {days}", _expiry(token))
    return Failed(
        f"expires in {days}: scheduled runs will then stop",
        _expiry(token),
        fix=Fix(
            'Choose "Regenerate token", and store the new value where the scheduled run reads it',
            page=page_of(token),
            needs=OWNER,
            undo="Cannot be undone: the old value no longer works",
        ),
    )
