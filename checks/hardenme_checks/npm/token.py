"""How the npm account's tokens are kept: how long, from where, under which name."""

from collections.abc import Iterable
from datetime import timedelta

from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.addresses import unbounded
from hardenme.facts.npm.site import REGISTRY
from hardenme.facts.npm.token import NpmToken
from hardenme.model.check import check
from hardenme.model.commands import options
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.lifetime import ended, expiry, replacement, revocation
from hardenme_checks.wording import count


@check(
    "NPT106",
    "npm-token-expires",
    title="npm token never expires, or is valid for too long",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_token_expires(token: NpmToken, now: Now, limits: Limits) -> Verdict:
    """The token expires, and soon.

    ## Why
    Tokens leak into logs, backups and images, and still work when they are found months later. An
    expired token is worthless.

    ## Fix
    Create a token with a short lifetime, replace the old one, then revoke it. Note the expiry date:
    jobs fail on that day without warning.

    ## Limits
    - Measures from the day the token was created to the day it expires.
    - A lifetime that is too long weighs medium. A token that never expires weighs high.
    """
    if (over := ended(token, now)) is not None:
        return over
    if token.expires_at is None:
        fix = replacement(token, "Create a token that expires.")
        return Failed("never expires", {"expiry": None}, fix)
    life = (token.expires_at - token.created_at) // timedelta(days=1)
    seen: Seen = {"created": token.created_at.isoformat(), "expiry": expiry(token)}
    if life <= min(limits.npm_write_days, limits.npm_read_days):
        return Passed(f"valid for {count(life, 'day')}", seen)
    writes = token.writes
    limit = limits.npm_write_days if writes else limits.npm_read_days
    seen["permissions"] = "write" if writes else "read"
    if life <= limit:
        return Passed(f"valid for {count(life, 'day')}", seen)
    return Failed(
        f"valid for {count(life, 'day')}, {limit} are allowed",
        seen,
        fix=replacement(token, "Create a token with a shorter lifetime.", days=limit),
        severity=Severity.MEDIUM,
    )


@check(
    "NPT107", "npm-token-in-use", title="npm token is unused", severity=Severity.MEDIUM, since="0.1"
)
def npm_token_in_use(token: NpmToken, now: Now, limits: Limits) -> Verdict:
    """The token is in use.

    ## Why
    No one notices when someone else starts to use an unused token. In 2024 an API token that was no
    longer needed published malware as Ultralytics on PyPI.

    ## Fix
    Revoke it. If a job still needs it, the job fails with a clear message, and you can create a new
    token.

    ## Limits
    - npm records any use, also by an attacker: a stolen token can look active.
    """
    if (over := ended(token, now)) is not None:
        return over
    seen: Seen = {"accessed": token.last_used.isoformat() if token.last_used else None}
    if token.last_used is None:
        age = max(0, now.days_since(token.created_at))
        seen["created"] = token.created_at.isoformat()
        if age <= limits.npm_new_token_days:
            return Passed(f"created {count(age, 'day')} ago and not used yet", seen)
        message = f"never used in the {count(age, 'day')} since it was created"
        return Failed(message, seen, revocation(token, "Revoke the token."))
    idle = max(0, now.days_since(token.last_used))
    if idle <= min(limits.npm_write_unused_days, limits.npm_read_unused_days):
        return Passed(f"used {count(idle, 'day')} ago", seen)
    writes = token.writes
    limit = limits.npm_write_unused_days if writes else limits.npm_read_unused_days
    seen["permissions"] = "write" if writes else "read"
    if idle <= limit:
        return Passed(f"used {count(idle, 'day')} ago", seen)
    message = f"unused for {count(idle, 'day')}, {limit} are allowed"
    return Failed(message, seen, revocation(token, "Revoke the token."))


@check(
    "NPT108",
    "npm-token-cidr",
    title="npm token is not limited to known IP addresses",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_token_cidr(token: NpmToken, now: Now) -> Verdict:
    """A token that writes or bypasses 2FA works only from known addresses.

    ## Why
    A token stolen from a build works from anywhere. If it is limited to the build's addresses, the
    thief cannot use it.

    ## Fix
    Create a token that is limited to the addresses of the machine that uses it, then revoke the old
    one. Hosted runners have no fixed addresses: publish from those as a trusted publisher instead.

    ## Limits
    - Ranges that together exceed one `/8` of IPv4 or one `/12` of IPv6 count as none. No single
      network has that many addresses.
    - Does not know whether a range is yours.
    """
    ranges = sorted(token.cidr)
    if ranges and not unbounded(ranges):
        return Passed(f"limited to {count(len(ranges), 'address range')}", {"cidr": ranges})
    if not (token.writes or token.bypass):
        seen: Seen = {"permissions": "read", "bypass_2fa": False}
        return NotApplicable("it neither writes nor bypasses 2FA", seen)
    if (over := ended(token, now)) is not None:
        return over
    step = "Create a token that is limited to the addresses of the machine that uses it."
    return Failed(
        "its address ranges are larger than any single network"
        if ranges
        else "works from any address",
        {"cidr": ranges, "permissions": "write" if token.writes else "read"},
        fix=replacement(token, step),
    )


@check(
    "NPT109", "npm-token-named", title="npm token has no name", severity=Severity.LOW, since="0.1"
)
def npm_token_named(token: NpmToken, now: Now) -> Verdict:
    """The token has a name.

    ## Why
    In an emergency, only a name shows which tokens can go without breaking something else. Then
    there are minutes to decide.

    ## Fix
    Create a new token with a name like `web release, build box`, because names cannot be changed.
    Replace the old one, then revoke it.

    ## Limits
    - Does not distinguish a good name from a bad one.
    """
    if token.name is not None and token.name.strip():
        return Passed("it has a name", {"name": token.name})
    if (over := ended(token, now)) is not None:
        return over
    return Failed(
        "has no name",
        {"name": token.name},
        fix=replacement(token, "Create a token whose name says who uses it and for what."),
    )


@check(
    "NPT110",
    "npm-token-list-tidy",
    title="npm account has too many, duplicate or expired tokens",
    severity=Severity.LOW,
    since="0.1",
)
def npm_token_list_tidy(
    account: NpmAccount, tokens: Every[NpmToken], now: Now, limits: Limits
) -> Verdict:
    """The account's list of tokens is short, without duplicates and expired tokens.

    ## Why
    An attacker's token goes unseen in a list that is too long to review. A short list takes a
    minute to read.

    ## Fix
    Revoke expired tokens, one of each pair of duplicates, and tokens that no job needs. Revoke one
    at a time, and watch the jobs that might use it.

    ## Limits
    - Tokens are duplicates if name, rights, packages and address ranges are the same. One token per
      machine is fine if each has its own name.
    - Sessions of `npm login` are never in the list.
    """
    whole = [token for token in tokens.facts if not token.unknown_fields()]
    faults, seen = _untidy(whole, now, limits)
    if not faults:
        faults, seen = _untidy(tokens, now, limits)
    if not faults:
        return Passed(f"{count(len(tokens), 'token')}, none expired or duplicate", seen)
    return Failed(
        "; ".join(faults),
        seen,
        fix=Fix(
            step="Review the list and revoke what is not needed.",
            page=account.page("tokens", user=account.subject.name),
            command=account.npm("token", "list", *options("--json")),
            needs="a session of npm login and 2FA",
            undo="Cannot be undone. Create a new token if something still needs it.",
        ),
    )


def _untidy(tokens: Iterable[NpmToken], now: Now, limits: Limits) -> tuple[list[str], Seen]:
    """What is wrong with a list of tokens, in words, and the counts that show it."""
    entries = [*tokens]
    active = [token for token in entries if ended(token, now) is None]
    doubles = len(active) - len({_purpose(token) for token in active})
    leftovers = sum(
        now.days_since(token.expires_at) > limits.npm_expired_days
        for token in entries
        if token.expires_at is not None and not token.revoked
    )
    faults = []
    if len(active) > limits.npm_active_tokens:
        faults.append(f"{len(active)} active tokens, {limits.npm_active_tokens} are allowed")
    if doubles:
        faults.append(f"{count(doubles, 'active token')} with the same name and rights as another")
    if leftovers:
        allowed = f"more than {count(limits.npm_expired_days, 'day')} ago"
        faults.append(f"{count(leftovers, 'token')} expired {allowed}")
    return faults, {"active": len(active), "doubles": doubles, "leftovers": leftovers}


def _purpose(token: NpmToken) -> tuple[object, ...]:
    """What a token is for, by all that the list shows: its name, its rights, and from where."""
    return (
        (token.name or "").strip(),
        token.package_write,
        token.organization_write,
        token.bypass,
        token.publish_policy,
        token.all_packages,
        token.packages,
        token.scopes,
        frozenset(token.cidr),
    )


@check(
    "NPT111",
    "npm-token-not-legacy",
    title="npm token looks like a withdrawn classic token",
    severity=Severity.CRITICAL,
    since="0.1",
)
def npm_token_not_legacy(token: NpmToken) -> Verdict:
    """The token is not one of the classic tokens that npm withdrew.

    ## Why
    Classic tokens could write everything and never expired, and npm revoked all of them on 9
    December 2025. Such an entry should not exist.

    ## Fix
    Revoke it at once, then ask npm support how it got there.

    ## Limits
    - Recognizes a classic token by the keys that its entry lacks.
    - Checks npm's own registry only: other registries still issue such tokens.
    """
    if token.registry != REGISTRY:
        return NotApplicable(
            "other registries still issue classic tokens", {"registry": token.registry}
        )
    seen: Seen = {"classic": token.classic}
    if not token.classic:
        return Passed("it is a granular token", seen)
    step = "Revoke the token, then ask npm support about it."
    return Failed("looks like a classic token", seen, fix=revocation(token, step))
