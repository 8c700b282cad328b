"""What the npm account's tokens may do."""

from hardenme.facts.npm.package import PackageGrant
from hardenme.facts.npm.site import REGISTRY
from hardenme.facts.npm.token import BYPASS_PUBLISHING_ENDS, NpmToken
from hardenme.model.check import check
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
    """The token writes no package without the second factor.

    ## Why
    Whoever finds such a token publishes at once, and no person is asked. In July 2025 a phished
    token was enough to publish malware as eslint-config-prettier.

    ## Fix
    Make the release workflow a trusted publisher that stages (`npm trust github PACKAGE --repo
    OWNER/REPO --file release.yml --env npm --allow-stage-publish`), try a release, then revoke the
    token. Releases that still use it fail from then on.

    ## Limits
    It does not see whether a package refuses all tokens: npm shows that setting to nobody. A
    stage-only token counts too, for it still moves tags and unpublishes.
    """
    if not token.package_write:
        return Passed("it cannot write packages", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    seen: Seen = {"permissions": WRITES, "bypass_2fa": token.bypass, "expiry": expiry(token)}
    if not token.bypass:
        return Passed("publishing with it asks for the second factor", seen)
    step = "Let the release workflow stage as a trusted publisher, then revoke the token."
    return Failed(
        f"writes packages without the second factor {left(token, now)}",
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
    """The token does not lose its right to publish about January 2027.

    ## Why
    npm has announced that tokens which bypass the second factor stop publishing then. A release
    that needs one fails on that day, perhaps the day of an urgent fix.

    ## Fix
    Find the workflow that uses the token, make it a trusted publisher that stages, and try a
    release before the date. A stage-only token works too, but is one more secret.

    ## Limits
    npm names a month and no day, and may move it. Which workflow uses a token is not shown; the
    packages that it names are.
    """
    if token.registry != REGISTRY:
        return NotApplicable("the date is of npm's own registry", {"registry": token.registry})
    if not token.package_write:
        return NotApplicable("it writes no package", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    if not token.bypass:
        return Passed("what it publishes has the second factor", {"bypass_2fa": False})
    if token.stage_only:
        return Passed("it stages, which goes on", {"publish_policy": "stage_only"})
    packages = [] if token.all_packages else sorted(token.packages)
    one = packages[0] if len(packages) == 1 else ""
    days = now.days_until(BYPASS_PUBLISHING_ENDS)
    when = f"in {count(days, 'day')}" if days > 0 else "which has come"
    what = count(len(packages), "package") if packages else "packages that it does not name"
    return Failed(
        f"stops publishing {what} about January 2027, {when}",
        {
            "bypass_2fa": True,
            "publishing_ends": f"{BYPASS_PUBLISHING_ENDS:%Y-%m}",
            "scopes": packages or sorted(token.scopes),
        },
        fix=Fix(
            step="Let the workflow that uses it stage as a trusted publisher, and try a release.",
            page=token.page("package-access", package=one)
            if one
            else token.page("packages", user=token.within.name),
            command=token.npm(
                *("trust", "github", one or "PACKAGE", "--repo=OWNER/REPO", "--file=release.yml"),
                *("--env=npm", "--allow-stage-publish"),
            ),
            needs="write access to the package, the second factor, and npm 11.15 or newer",
            undo="List publishers with npm trust list, end one with npm trust revoke.",
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
    """The token holds no standing right to write packages.

    ## Why
    A token works day and night, wherever it was copied to. The one that was left over when trusted
    publishing began carried the second attack on Ultralytics in December 2024.

    ## Fix
    Publish from a workflow as a trusted publisher, or by hand after `npm login`, whose session ends
    after two hours. Then revoke the token; whatever still uses it fails from then on.

    ## Limits
    A stage-only token weighs less, for a person approves what it stages; it still moves tags,
    deprecates and unpublishes. A token that the list does not mark so counts as one that publishes.
    """
    if not token.package_write:
        return Passed("it cannot write packages", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    stages = token.stage_only
    seen: Seen = {"permissions": WRITES, "expiry": expiry(token)}
    if stages:
        seen["publish_policy"] = "stage_only"
    can = "can stage releases and move tags" if stages else "can write packages"
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
    """The token names each package that it writes.

    ## Why
    A worm that finds a token for everything publishes everything: in September 2025 Shai-Hulud
    spread from the packages of one maintainer to those of the next by the tokens it found.

    ## Fix
    Make a token for the packages that the job releases, put it in place, then revoke the wide one.
    New packages are not covered until they are named.

    ## Limits
    npm does not document how its list shows a token for all packages: a right to write that names
    no package counts as one. A right to a whole scope counts too.
    """
    if not token.package_write:
        return NotApplicable("it writes no package", {"permissions": NO_WRITES})
    if (over := ended(token, now)) is not None:
        return over
    if not token.all_packages:
        named = count(len(token.packages), "package")
        return Passed(f"names {named}", {"scopes": sorted(token.packages)})
    bypasses = token.says("bypass")
    seen: Seen = {"permissions": WRITES, "scopes": sorted(token.scopes)}
    if bypasses:
        seen["bypass_2fa"] = True
    without = ", without the second factor" if bypasses else ""
    return Failed(
        f"writes to packages that it does not name{without}",
        seen,
        fix=replacement(token, "Make a token that names its packages."),
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
    Such a token adds a member or gives a team write access, and the intruder stays after the token
    is gone. Nothing that runs unattended needs this.

    ## Fix
    Revoke the token and change members and teams by hand, with the second factor. If it also
    publishes, move that job first.
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
    """The token names only packages that its owner still has.

    ## Why
    A package that was handed over or removed should leave no right behind. The name may be given
    out again, and a list of tokens that nobody can read hides the one that matters.

    ## Fix
    Revoke the token if its purpose is gone, else make one for the packages that are left.

    ## Limits
    For a token that writes, the account has to write each package that it names; for one that
    reads, to reach it. Whole scopes are not compared.
    """
    if not token.packages:
        return NotApplicable("it names no single package", {"scopes": sorted(token.scopes)})
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
        return Passed(f"the account still has what it names: {named}", {"scopes": sorted(owned)})
    verb = "write" if writes else "reach"
    return Failed(
        f"names {count(len(gone), 'package')} that the account can no longer {verb}",
        {"scopes": sorted(token.packages), "gone": gone},
        fix=revocation(token, "Revoke the token; make one for what is left, if it is needed."),
    )
