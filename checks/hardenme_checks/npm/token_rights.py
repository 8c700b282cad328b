"""What the npm account's tokens may do."""

from hardenme.facts.npm.package import PackageGrant
from hardenme.facts.npm.site import REGISTRY
from hardenme.facts.npm.token import BYPASS_PUBLISHING_ENDS, NpmToken
from hardenme.model.check import check
from hardenme.model.commands import REMOVED
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Now
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.lifetime import ended, expiry, left, replacement, revocation
from hardenme_checks.wording import count

WRITES = "package:write"
NO_WRITES = "no package:write"


@check(
    "NPT101",
    "npm-token-without-bypass",
    title="npm token can write packages without 2FA",
    severity=Severity.CRITICAL,
    since="0.1",
)
def npm_token_without_bypass(token: NpmToken, now: Now) -> Verdict:
    """The token cannot write packages without 2FA.

    ## Why
    Anyone who gets such a token can publish at once, and no one is asked. In July 2025 one phished
    token was enough to publish malware as eslint-config-prettier.

    ## Fix
    1. Make the release workflow a trusted publisher that only stages.
    2. Try a release.
    3. Revoke the token. Releases that still use it fail from then on.

    ## Limits
    - Does not see whether a package disallows tokens: npm has no API for that setting.
    - A stage-only token counts too, because it can still move dist-tags and unpublish.
    """
    if not token.package_write:
        return Passed("it cannot write packages", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    seen: Seen = {"permissions": WRITES, "bypass_2fa": token.bypass, "expiry": expiry(token)}
    if not token.bypass:
        return Passed("publishing with it requires 2FA", seen)
    step = "Make the release workflow a trusted publisher that stages, then revoke the token."
    return Failed(
        f"can write packages without 2FA {left(token, now)}",
        seen,
        fix=revocation(token, step),
    )


@check(
    "NPT102",
    "npm-token-survives-2027",
    title="npm token stops publishing about January 2027",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_token_survives_2027(token: NpmToken, now: Now) -> Verdict:
    """The token keeps its right to publish after January 2027.

    ## Why
    A release that needs this token will fail, perhaps on the day of an urgent fix. npm has
    announced that tokens which bypass 2FA stop publishing then.

    ## Fix
    Find the workflow that uses the token and make it a trusted publisher that stages. Try a release
    before the date. A stage-only token works too, but is one more secret.

    ## Limits
    - npm names a month and no day, and may move it.
    - npm does not show which workflow uses a token, only the packages that the token names.
    """
    if token.registry != REGISTRY:
        return NotApplicable(
            "the date applies to npm's own registry only", {"registry": token.registry}
        )
    if not token.package_write:
        return NotApplicable("it cannot write packages", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    if not token.bypass:
        return Passed("publishing with it requires 2FA", {"bypass_2fa": False})
    if token.stage_only:
        return Passed("it only stages, which keeps working", {"publish_policy": "stage_only"})
    packages = [] if token.all_packages else sorted(token.packages)
    one = packages[0] if len(packages) == 1 else ""
    days = now.days_until(BYPASS_PUBLISHING_ENDS)
    when = f"in {count(days, 'day')}" if days > 0 else "a date that has passed"
    what = count(len(packages), "package") if packages else "packages it does not name"
    return Failed(
        f"stops publishing {what} about January 2027, {when}",
        {
            "bypass_2fa": True,
            "publishing_ends": f"{BYPASS_PUBLISHING_ENDS:%Y-%m}",
            "scopes": packages or sorted(token.scopes),
        },
        fix=Fix(
            step="Make the workflow that uses it a trusted publisher, and try a release.",
            page=token.page("package-access", package=one)
            if one
            else token.page("packages", user=token.within.name),
            needs="write access to the package, 2FA, and npm 11.15 or newer",
            undo=f"{REMOVED.format(one)}." if one else "Remove it on the same page.",
        ),
    )


@check(
    "NPT103",
    "npm-no-standing-write-token",
    title="npm token has write access to packages",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_no_standing_write_token(token: NpmToken, now: Now) -> Verdict:
    """The token has no long-lived right to write packages.

    ## Why
    A token works at any time, from anywhere it was copied to. One left over after the move to
    trusted publishing carried the second Ultralytics attack in December 2024.

    ## Fix
    Publish from a workflow as a trusted publisher, or by hand after `npm login`, whose session
    expires after two hours. Then revoke the token. Anything that still uses it fails from then on.

    ## Limits
    - A stage-only token weighs less, because a person approves what it stages. It can still move
      dist-tags, deprecate and unpublish.
    - A token that the list does not mark as stage-only counts as one that publishes.
    """
    if not token.package_write:
        return Passed("it cannot write packages", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    stages = token.stage_only
    seen: Seen = {"permissions": WRITES, "expiry": expiry(token)}
    if stages:
        seen["publish_policy"] = "stage_only"
    can = "can stage releases and move dist-tags" if stages else "can write packages"
    step = "Publish as a trusted publisher or from a session of npm login, then revoke the token."
    return Failed(
        f"{can} {left(token, now)}",
        seen,
        fix=revocation(token, step),
        severity=Severity.MEDIUM if stages else None,
    )


@check(
    "NPT104",
    "npm-token-names-packages",
    title="npm token can write packages that it does not name",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_token_names_packages(token: NpmToken, now: Now) -> Verdict:
    """The token names each package that it can write.

    ## Why
    A worm that finds a token for all packages publishes all of them. In September 2025 Shai-Hulud
    spread from maintainer to maintainer with the tokens it found.

    ## Fix
    Create a token for the packages that the job releases, replace the old one, then revoke the old
    one. New packages are not covered until you name them.

    ## Limits
    - npm does not document how its list shows a token for all packages. A write right that names no
      package counts as one.
    - A right to a whole scope counts too.
    """
    if not token.package_write:
        return NotApplicable("it cannot write packages", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    if not token.all_packages:
        named = count(len(token.packages), "package")
        return Passed(f"names {named}", {"scopes": sorted(token.packages)})
    bypasses = token.says("bypass")
    seen: Seen = {"permissions": WRITES, "scopes": sorted(token.scopes)}
    if bypasses:
        seen["bypass_2fa"] = True
    without = ", without 2FA" if bypasses else ""
    return Failed(
        f"can write packages that it does not name{without}",
        seen,
        fix=replacement(token, "Create a token that names its packages."),
        severity=Severity.CRITICAL if bypasses else None,
    )


@check(
    "NPT105",
    "npm-token-without-org-write",
    title="npm token can change organizations and teams",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_token_without_org_write(token: NpmToken, now: Now) -> Verdict:
    """The token cannot change organizations or teams.

    ## Why
    Such a token can add a member or give a team write access, which outlasts the token. No
    unattended job needs this right.

    ## Fix
    Revoke the token and change members and teams by hand, with 2FA. If the token also publishes,
    move that job first.
    """
    if not token.organization_write:
        return Passed("it cannot change organizations", {"permissions": "no org:write"})
    if (over := ended(token, now)) is not None:
        return over
    step = "Revoke the token, and change organizations by hand."
    return Failed(
        f"can change organizations and teams {left(token, now)}",
        {"permissions": "org:write", "expiry": expiry(token)},
        fix=revocation(token, step),
    )


@check(
    "NPT112",
    "npm-token-scope-owned",
    title="npm token names packages its account has lost access to",
    severity=Severity.LOW,
    since="0.1",
)
def npm_token_scope_owned(token: NpmToken, grants: Every[PackageGrant], now: Now) -> Verdict:
    """The token names only packages that its account can still access.

    ## Why
    A right to a package that was transferred or removed is left over, and the name may be reused.
    It also hides the tokens that matter in a long list.

    ## Fix
    Revoke the token if it is no longer needed. Otherwise create one for the remaining packages.

    ## Limits
    - For a token that writes, the account must be able to write each package that it names. For one
      that reads, it must be able to read it.
    - Whole scopes are not compared.
    """
    if not token.packages:
        return NotApplicable("it names no package", {"scopes": sorted(token.scopes)})
    if (over := ended(token, now)) is not None:
        return over
    writes = token.package_write
    owned = {
        grant.name
        for grant in grants
        if grant.name in token.packages and (not writes or grant.writes)
    }
    gone = sorted(token.packages - owned)
    if not gone:
        named = count(len(token.packages), "package")
        return Passed(f"the account can access all it names: {named}", {"scopes": sorted(owned)})
    verb = "write" if writes else "read"
    return Failed(
        f"names {count(len(gone), 'package')} that the account can no longer {verb}",
        {"scopes": sorted(token.packages), "gone": gone},
        fix=revocation(
            token, "Revoke the token, and create one for the remaining packages if needed."
        ),
    )
