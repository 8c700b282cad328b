"""What a package's own page says about tokens, which a person has to read there."""

from hardenme.facts.attested import PublishingAccess, no_one_answered
from hardenme.facts.npm.package import Package, WeeklyDownloads
from hardenme.facts.npm.token import NpmToken
from hardenme.model.check import check
from hardenme.model.commands import tokens_disallowed
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, Passed, Verdict
from hardenme_checks.npm.impact import weight


@check(
    "NPP106",
    "package-disallows-tokens",
    title="Package can be published with tokens",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def package_disallows_tokens(  # noqa: PLR0913, PLR0917 (each is a fact that it needs)
    package: Package,
    access: PublishingAccess | Unknown,
    tokens: Every[NpmToken],
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict | Unknown:
    """The package disallows tokens: only trusted publishers, and people with 2FA, can publish.

    ## Why
    A stolen token publishes at once, even if a trusted publisher is set up. At axios in March 2026
    both trusted publishing and provenance were set up.

    ## Fix
    1. Make trusted publishers of the workflows that publish with a token: they fail from then on.
    2. Choose "Require two-factor authentication and disallow tokens" under "Publishing access".
    3. Record it with `hardenme attest NPP106`.

    ## Limits
    - npm has no API that reads the setting, so a person answers, and the answer expires.
    - Tokens of other accounts are not visible.
    """
    fix = _disallow(package)
    if isinstance(access, Unknown):
        page = package.page("package-access", package=package.name)
        return Manual(PublishingAccess.question, page, fix) if no_one_answered(access) else access
    seen: Seen = {"name": package.name, "disallow_tokens": access.disallows_tokens}
    if access.disallows_tokens:
        return Passed("the package disallows tokens", seen)
    bypassing = [one.subject.name for one in tokens.facts if _covers(one, package.name, now)]
    if not bypassing:
        severity = weight(Severity.HIGH, downloads, limits)
        return Failed("tokens can publish the package", seen, fix=fix, severity=severity)
    return Failed(
        "tokens can publish the package, and one that bypasses 2FA exists",
        {**seen, "tokens": sorted(bypassing)},
        fix=fix,
        severity=Severity.CRITICAL,
    )


def _disallow(package: Package) -> Fix:
    name = package.name
    again = package.npm("access", "set", "mfa=automation", name)
    return Fix(
        step='Choose "Require two-factor authentication and disallow tokens".',
        page=package.page("package-access", package=name),
        command=package.npm(*tokens_disallowed(name)),
        needs="write access to the package and 2FA",
        undo=f"Allow tokens again: {again or 'choose so on the same page'}",
    )


def _covers(token: NpmToken, name: str, now: Now) -> bool:
    """Whether it is known that a token can be used, and publishes the package with no one asked.

    What is not known of a token never raises the weight.
    """
    if not (token.says("package_write") and token.says("bypass")):
        return False
    if {"revoked", "expires_at", "packages", "scopes"} & token.unknown_fields().keys():
        return False
    if token.revoked or (token.expires_at is not None and token.expires_at <= now.time):
        return False
    scope = name.partition("/")[0].removeprefix("@") if name.startswith("@") else None
    named = {item.removeprefix("@") for item in token.scopes}
    return token.says("unlimited") or name in token.packages or scope in named
