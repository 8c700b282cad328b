"""Checks of the GitHub token that hardenme was given: its kind and its life."""

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
    OAUTH: "the token of an OAuth app",
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
    """The token names its repositories and its permissions one by one.

    ## Why
    A classic token opens every repository of every organization that you belong to, and has no form
    that reads private repositories without writing them. Whoever steals it needs nothing else.

    ## Fix
    Make a fine-grained token with read permissions and an end, use it here, then delete the classic
    one. Whatever else used that one stops working.

    ## Limits
    A few answers, like whether two-factor authentication is on, may need a classic token with
    narrow scopes; a fine-grained one reads one owner's data only. What is then not known says so.
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
            page=token.page("account-new-fine-grained-token"),
            needs=OWNER,
            undo="Delete the new token",
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
    """The token has an end.

    ## Why
    A token that never ends works for whoever finds it, in an old backup or a log, years from now.
    One token that a rotation missed let the attackers of Trivy back in within three weeks.

    ## Fix
    Regenerate the token with an expiration date; the old value stops working at once.

    ## Limits
    Sees the token that was given to hardenme; your other tokens are listed on the page only.
    """
    if token.kind not in PERSONAL:
        return NotApplicable(
            f"{KINDS.get(token.kind, 'this kind')} is not given an end by a person",
            {"kind": token.kind},
        )
    if token.expires_at is not None:
        return Passed(
            "the token has an end",
            {"github-authentication-token-expiration": token.expires_at.isoformat()},
        )
    return Failed(
        "the token never ends",
        {"kind": token.kind, "github-authentication-token-expiration": None},
        fix=Fix(
            "Choose Regenerate token and set an expiration",
            page=page_of(token),
            needs=OWNER,
            undo="None: the old value is gone",
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
    """The token ends within the time that the profile allows.

    ## Why
    Between a theft and its discovery lie months at times. A token that has ended by then is
    worthless.

    ## Fix
    Regenerate the token with a nearer end, and put the next renewal into your calendar.
    """
    if token.expires_at is None:
        return NotApplicable("no end is known: GHT102 judges that", _expiry(token))
    left = now.days_until(token.expires_at)
    days = count(left, "day")
    if left <= limits.token_left_days:
        return Passed(f"ends in {days}", _expiry(token))
    return Failed(
        f"lives on for {days}, more than {limits.token_left_days}",
        _expiry(token),
        fix=Fix(
            "Choose Regenerate token and set a nearer expiration",
            page=page_of(token),
            needs=OWNER,
            undo="Regenerate it with a later one",
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
    """The token lives on until the next renewal is due.

    ## Why
    A scheduled run whose token has ended sees nothing, just as a run that finds nothing wrong.

    ## Fix
    Regenerate the token and put the new value where the scheduled run reads it.
    """
    if token.kind not in PERSONAL:
        return NotApplicable(
            f"{KINDS.get(token.kind, 'this kind')} is renewed by its app", {"kind": token.kind}
        )
    if token.expires_at is None:
        return NotApplicable("the token never ends: GHT102 judges that", _expiry(token))
    left = now.days_until(token.expires_at)
    days = count(left, "day")
    if left >= limits.token_warning_days:
        return Passed(f"ends in {days}", _expiry(token))
    return Failed(
        f"ends in {days}: scheduled runs will then stop",
        _expiry(token),
        fix=Fix(
            "Choose Regenerate token, and store the new value where the run reads it",
            page=page_of(token),
            needs=OWNER,
            undo="None: the old value is gone",
        ),
    )


CHECKS = (token_fine_grained, token_expires, token_short_lived, token_not_about_to_expire)
