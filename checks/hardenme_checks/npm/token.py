"""How the npm account's tokens are kept: how long, from where, under which name."""

from collections.abc import Iterable
from datetime import timedelta

from hardenme.facts.npm.account import NpmAccount
from hardenme.facts.npm.addresses import unbounded
from hardenme.facts.npm.site import REGISTRY
from hardenme.facts.npm.token import NpmToken
from hardenme.model.check import check
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
    """The token ends by itself, and soon.

    ## Why
    A token leaks into logs, backups and images, and is found months later. One that has ended by
    then is worth nothing.

    ## Fix
    Make a token with a short life, put it in place, then revoke the old one. Note the day, or the
    job fails on it unannounced.

    ## Limits
    It measures from the day the token was made to its end. A life that is too long weighs medium,
    no end at all high.
    """
    if (over := ended(token, now)) is not None:
        return over
    if token.expires_at is None:
        fix = replacement(token, "Make a token that ends.")
        return Failed("never expires", {"expiry": None}, fix)
    life = (token.expires_at - token.created_at) // timedelta(days=1)
    seen: Seen = {"created": token.created_at.isoformat(), "expiry": expiry(token)}
    if life <= min(limits.npm_write_days, limits.npm_read_days):
        return Passed(f"lives {count(life, 'day')}", seen)
    writes = token.writes
    limit = limits.npm_write_days if writes else limits.npm_read_days
    seen["permissions"] = "write" if writes else "read"
    if life <= limit:
        return Passed(f"lives {count(life, 'day')}", seen)
    return Failed(
        f"lives {count(life, 'day')}, {limit} are allowed",
        seen,
        fix=replacement(token, "Make a token with a shorter life.", days=limit),
        severity=Severity.MEDIUM,
    )


@check(
    "NPT107", "npm-token-in-use", title="npm token is unused", severity=Severity.MEDIUM, since="0.1"
)
def npm_token_in_use(token: NpmToken, now: Now, limits: Limits) -> Verdict:
    """The token is in use.

    ## Why
    Nobody misses an unused token, and nobody notices when somebody else begins to use it. In 2024
    an API token that was no longer needed published malware as Ultralytics on PyPI.

    ## Fix
    Revoke it. A job that needed it after all fails with a clear message, and a new token is made in
    a minute.

    ## Limits
    npm notes the last use of any kind, by whomever: an intruder keeps a token fresh too.
    """
    if (over := ended(token, now)) is not None:
        return over
    seen: Seen = {"accessed": token.last_used.isoformat() if token.last_used else None}
    if token.last_used is None:
        age = max(0, now.days_since(token.created_at))
        seen["created"] = token.created_at.isoformat()
        if age <= limits.npm_new_token_days:
            return Passed(f"made {count(age, 'day')} ago and not used yet", seen)
        message = f"never used in the {count(age, 'day')} since it was made"
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
    """The token works from known addresses only, if it writes or bypasses the second factor.

    ## Why
    A token that was stolen from a build is used from somewhere else. If it works from the build's
    addresses only, the thief holds nothing.

    ## Fix
    Make a token with the addresses of the machine that uses it, then revoke the old one. Hosted
    runners have no fixed addresses: let those publish as a trusted publisher instead.

    ## Limits
    Ranges that together hold more than one `/8` of IPv4 or one `/12` of IPv6 count as none: no
    single network has that many addresses. Whether a range is yours is not known.
    """
    ranges = sorted(token.cidr)
    if ranges and not unbounded(ranges):
        return Passed(f"bound to {count(len(ranges), 'address range')}", {"cidr": ranges})
    if not (token.writes or token.bypass):
        seen: Seen = {"permissions": "read", "bypass_2fa": False}
        return NotApplicable("it neither writes nor bypasses the second factor", seen)
    if (over := ended(token, now)) is not None:
        return over
    step = "Make a token that is bound to the addresses of the machine that uses it."
    return Failed(
        "its address ranges hold more than one network can have"
        if ranges
        else "works from any address",
        {"cidr": ranges, "permissions": "write" if token.writes else "read"},
        fix=replacement(token, step, "--cidr=RANGE"),
    )


@check(
    "NPT109", "npm-token-named", title="npm token has no name", severity=Severity.LOW, since="0.1"
)
def npm_token_named(token: NpmToken, now: Now) -> Verdict:
    """The token has a name.

    ## Why
    In an emergency tokens are revoked in minutes. A name that tells the owner and the use decides
    which ones can go without breaking something else.

    ## Fix
    A name cannot be changed: make a new token with a name like `web release, build box`, put it in
    place, then revoke the old one.

    ## Limits
    It cannot tell a good name from a bad one.
    """
    if token.name is not None and token.name.strip():
        return Passed("it has a name", {"name": token.name})
    if (over := ended(token, now)) is not None:
        return over
    return Failed(
        "has no name",
        {"name": token.name},
        fix=replacement(token, "Make a token whose name tells its owner and use."),
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
    """The account's list of tokens is short, without doubles and leftovers.

    ## Why
    A stranger's token goes unseen in a list that nobody can go through. A short list is read in a
    minute, each time.

    ## Fix
    Revoke what has expired, one of each two doubles, and what no job needs. Revoke one at a time,
    and watch the jobs that might use it.

    ## Limits
    Tokens are doubles where name, rights, packages and address ranges are the same; one token for
    each machine is well, under its own name. Sessions of `npm login` never stand in the list.
    """
    whole = [token for token in tokens.facts if not token.unknown_fields()]
    faults, seen = _untidy(whole, now, limits)
    if not faults:
        faults, seen = _untidy(tokens, now, limits)
    if not faults:
        return Passed(f"{count(len(tokens), 'token')}, none of them a leftover", seen)
    return Failed(
        "; ".join(faults),
        seen,
        fix=Fix(
            step="Go through the list and revoke what is not needed.",
            page=account.page("tokens", user=account.subject.name),
            command=account.npm("token", "list", "--json"),
            needs="a session of npm login and the second factor",
            undo="A revoked token stays dead: make a new one.",
        ),
    )


def _untidy(tokens: Iterable[NpmToken], now: Now, limits: Limits) -> tuple[list[str], Seen]:
    """What is wrong with a list of tokens, in words, and the counts that tell it."""
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
        faults.append(f"{count(doubles, 'active token')} with the name and the rights of another")
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
    """The token is none of the classic ones that npm withdrew.

    ## Why
    Classic tokens wrote to everything, had no end and named nothing. npm ended all of them on
    9 December 2025, so an entry of that shape should not exist.

    ## Fix
    Revoke it at once, then ask npm's support how it came to be there.

    ## Limits
    It goes by the keys that the entry lacks, and is asked of npm's own registry only: others still
    give out such tokens.
    """
    if token.registry != REGISTRY:
        return NotApplicable("other registries still use them", {"registry": token.registry})
    seen: Seen = {"classic": token.classic}
    if not token.classic:
        return Passed("it is a granular token", seen)
    step = "Revoke the token, then ask npm's support about it."
    return Failed("has the shape of a classic token", seen, fix=revocation(token, step))
