"""The life of a token: until when it can be used, how it is ended, what takes its place."""

from hardenme.facts.npm.token import NpmToken
from hardenme.model.given import Now
from hardenme.model.verdict import Fix, NotApplicable
from hardenme_checks.wording import count

NEEDS = "a session of npm login and 2FA"
STAGING_CLIENTS = "11.20 and newer, or 12.1 and newer"
"""The clients that make a token that may only stage."""
NEW_TOKEN_DAYS = 7
"""How long a new token lives where a check does not say: npm's default for those that write."""


def ended(token: NpmToken, now: Now) -> NotApplicable | None:
    """The verdict on a token that is expired or revoked; None while it can be used."""
    if token.expires_at is not None and token.expires_at <= now.time:
        days = count(now.days_since(token.expires_at), "day")
        return NotApplicable(
            f"expired {days} ago: it can no longer be used",
            {"expiry": token.expires_at.isoformat()},
        )
    if token.revoked:
        return NotApplicable("revoked: it can no longer be used", {"revoked": True})
    return None


def left(token: NpmToken, now: Now) -> str:
    """How long it can still be used, in words."""
    if token.expires_at is None:
        return "until it is revoked"
    return f"for {count(now.days_until(token.expires_at), 'more day')}"


def expiry(token: NpmToken) -> str | None:
    """When it ends, as evidence."""
    return token.expires_at.isoformat() if token.expires_at else None


def revocation(token: NpmToken, step: str) -> Fix:
    """The fix that ends a token."""
    return Fix(
        step=f"{_presented(token)}{step}",
        page=token.page("tokens", user=token.within.name),
        command=token.npm("token", "revoke", token.subject.name),
        needs=NEEDS,
        undo="Cannot be undone. Create a new token if something still needs it.",
    )


def _presented(token: NpmToken) -> str:
    """A word on the token that asks: hardenme needs another one once it is gone."""
    if not token.says("presented"):
        return ""
    return "Give hardenme another token first: it uses this one. "


def replacement(token: NpmToken, step: str, *more: str, days: int = NEW_TOKEN_DAYS) -> Fix:
    """The fix that makes a narrower token: no answer shows what a command has to name.

    Args:
        token: the one that is replaced.
        step: what differs, as a sentence.
        more: what else to choose on the page.
        days: for how long the new one is valid.
    """
    writes = token.says("package_write")
    right = "stage-only write access" if writes else "read-only access"
    chosen = " and ".join((right, f"an expiry of {days} days", *more))
    return Fix(
        step=f"{_presented(token)}{step} Choose {chosen}. Then revoke the old one.",
        page=token.page("tokens", user=token.within.name),
        needs=f"{NEEDS}, with npm {STAGING_CLIENTS if writes else '11.6 or newer'}",
        undo="Cannot be undone: a revoked token does not work again.",
    )
