"""The npm account: its 2FA, and how it is recovered."""

from hardenme.facts.mail import DomainRegistration, MailDomain
from hardenme.facts.npm.account import NpmAccount, NpmProfile, NpmTwoFactor
from hardenme.facts.npm.package import Package
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

SIGN_IN = "auth-only"
SIGN_IN_AND_WRITES = "auth-and-writes"
OWNER = "the account's password and 2FA"


@check(
    "NPA101",
    "npm-two-factor-enabled",
    title="npm account has no 2FA",
    severity=Severity.CRITICAL,
    since="0.1",
)
def npm_two_factor_enabled(factor: NpmTwoFactor) -> Verdict:
    """The npm account uses two-factor authentication (2FA).

    ## Why
    Without 2FA, a stolen password is enough to publish your packages. The account behind
    ua-parser-js had no 2FA when it was taken over in 2021.

    ## Fix
    Open the two-factor page and add a security key or passkey. Keep the recovery codes away from
    this computer. If you started to enroll and did not finish, finish it: npm counts it as off.

    ## Limits
    - Only a session of `npm login` sees this setting. With any other token the result is unknown.
    - Does not distinguish a security key from an authenticator app: NPA103 asks for that.
    """
    seen: Seen = {"tfa": factor.mode}
    if factor.mode in {SIGN_IN, SIGN_IN_AND_WRITES}:
        return Passed("2FA is on", seen)
    half = factor.mode == "pending"
    return Failed(
        "2FA enrollment was started and not finished" if half else "2FA is off",
        seen,
        fix=Fix(
            step="Add a security key or passkey to the account.",
            page=factor.page("two-factor", user=factor.subject.name),
            needs="the account's password and access to its mailbox",
            undo="Remove the key on the same page.",
        ),
    )


@check(
    "NPA102",
    "npm-two-factor-for-writes",
    title="npm account does not require 2FA for writes",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_two_factor_for_writes(factor: NpmTwoFactor) -> Verdict:
    """The npm account requires 2FA for every write, not only at sign-in.

    ## Why
    Malware on a maintainer's computer can use the signed-in session to add an owner or create a
    token. If writes require 2FA, that session alone is not enough.

    ## Fix
    Set the mode to `auth-and-writes`. Each manual publish then asks for 2FA; trusted publishing
    from a workflow keeps working. If 2FA is off, fix NPA101 first.

    ## Limits
    - Tokens that bypass 2FA are not affected: NPT101 looks for those.
    """
    seen: Seen = {"tfa": factor.mode}
    if factor.mode == SIGN_IN_AND_WRITES:
        return Passed("writes require 2FA", seen)
    return Failed(
        "2FA is required at sign-in only" if factor.mode == SIGN_IN else "writes require no 2FA",
        seen,
        fix=Fix(
            step="Require 2FA at sign-in and for writes.",
            page=factor.page("two-factor", user=factor.subject.name),
            command=factor.npm("profile", "enable-2fa", SIGN_IN_AND_WRITES),
            needs=OWNER,
            undo=f"Run the command with {SIGN_IN} instead of {SIGN_IN_AND_WRITES}.",
        ),
    )


@check(
    "NPA103",
    "npm-two-factor-webauthn",
    title="npm 2FA is weaker than two passkeys or security keys",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def npm_two_factor_webauthn(account: NpmAccount) -> Verdict:
    """The npm account has two security keys or passkeys, and no weaker form of 2FA.

    ## Why
    A code from an app can be typed into a fake site, as at chalk and debug in September 2025. A
    security key answers only to npm's own site.

    ## Fix
    Add two security keys or passkeys and try each of them. Only then remove the authenticator app:
    it can often not be added again.

    ## Limits
    - No API shows the kind of 2FA, so a person answers, and the answer expires.
    """
    return Manual(
        "Does the account have at least two security keys or passkeys, and no other 2FA?",
        account.page("two-factor", user=account.subject.name),
    )


@check(
    "NPA104",
    "npm-recovery-codes-offline",
    title="npm recovery codes are used, or not kept offline",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def npm_recovery_codes_offline(account: NpmAccount) -> Verdict:
    """The npm account's recovery codes are unused and kept offline.

    ## Why
    A recovery code replaces 2FA, so a file with codes on a stolen laptop defeats it. Without codes,
    a lost key means weeks of waiting for npm support.

    ## Fix
    Generate new codes under "Manage Recovery Codes", print them, and store the paper away from your
    keys. Use a code only in an emergency: npm then sets high-impact accounts to read-only for 72
    hours.

    ## Limits
    - No API shows whether codes were stored or used, so a person answers, and the answer expires.
    """
    return Manual(
        "Are the recovery codes unused, and printed or stored on an offline device?",
        account.page("two-factor", user=account.subject.name),
    )


@check(
    "NPA105",
    "npm-email-verified",
    title="npm email address is not verified",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_email_verified(profile: NpmProfile) -> Verdict:
    """The npm account's email address is verified.

    ## Why
    Password resets and npm's warnings go to this address, and without verification it may be
    someone else's. Then the warnings reach that person, or no one.

    ## Fix
    Send the verification mail from the email page and follow its link. To use another address,
    change it there first. npm notifies the old address and may block publishing for 72 hours.
    """
    seen: Seen = {"email_verified": profile.email_verified}
    if profile.email_verified:
        return Passed("the address is verified", seen)
    return Failed(
        "the address is not verified",
        seen,
        fix=Fix(
            step="Check first that the address is yours. If it is not, stop: someone else changed"
            " it. Change the password and the 2FA methods, and revoke all tokens. If it is yours,"
            " send the verification mail again and follow its link.",
            page=profile.page("email"),
            needs="the account's password and access to its mailbox",
            undo="Nothing to undo: verification changes no setting.",
        ),
    )


@check(
    "NPA106",
    "npm-email-domain-alive",
    title="Domain of npm email address is dead or expires soon",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_email_domain_alive(
    profile: NpmProfile,
    domain: MailDomain,
    registration: DomainRegistration | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict | Unknown:
    """The domain of the npm account's email address exists, takes mail and stays registered.

    ## Why
    Anyone who registers a lapsed domain receives its mail, including password resets. An expired
    domain is the likely cause of the node-ipc attack in May 2026.

    ## Fix
    Renew the domain and turn on automatic renewal. Or move the account to an address whose domain
    you will keep; npm notifies the old address.

    ## Limits
    - Queries DNS and the public registration record (`--network-lookups`).
    - Does not see who owns the mailbox, or a registrar's grace period.
    """
    seen: Seen = {"domain": domain.domain, "exists": domain.exists}
    fix = Fix(
        step="Renew the domain, or change to an address whose domain you will keep.",
        page=profile.page("email"),
        needs=f"the domain's registrar account, or {OWNER}",
        undo="Set the previous address on the same page.",
    )
    if not domain.exists:
        return Failed("the domain does not exist, and anyone may register it", seen, fix)
    seen |= {"receives_mail": domain.receives_mail}
    if not domain.receives_mail:
        return Failed("the domain takes no mail", seen, fix)
    if isinstance(registration, Unknown):
        return registration
    seen |= {"expires_at": registration.expires_at.isoformat()}
    left = now.days_until(registration.expires_at)
    if left < 0:
        return Failed("the domain's registration has expired", seen, fix)
    if left < limits.domain_days:
        return Failed(f"the domain's registration expires in {count(left, 'day')}", seen, fix)
    return Passed(f"the domain takes mail and is registered for {count(left, 'more day')}", seen)


@check(
    "NPA107",
    "npm-public-email-current",
    title="Packages show an outdated email address",
    severity=Severity.LOW,
    since="0.1",
)
def npm_public_email_current(profile: NpmProfile, packages: Every[Package]) -> Verdict:
    """Packages show the current email address of the npm account.

    ## Why
    Anyone can read this address in a package's metadata, and its domain may be for sale. Reports to
    an abandoned address get lost.

    ## Fix
    Publish the package's next release: it carries the current address. If the old one remains, ask
    another owner to remove you and add you again. Never remove the only owner.

    ## Limits
    - The account's own address stays out of the report.
    - Private packages are not checked.
    """
    name, current = profile.subject.name, profile.email
    known = [package for package in packages.facts if not package.unknown_fields()]
    outdated = _outdated(known, name, current) or _outdated(packages, name, current)
    if outdated:
        package = min(outdated)
        return Failed(
            f"{count(len(outdated), 'package')} with an address that is not the account's",
            {"name": sorted(outdated), "maintainers.email": sorted(set(outdated.values()))},
            fix=Fix(
                step="Publish a new release, or ask another owner to remove you and add you.",
                page=profile.page("package", package=package),
                needs="write access to the package",
                undo="Set the previous address on the email page and publish again.",
            ),
        )
    shown = sum(
        any(one.name == name and one.email for one in package.addresses) for package in packages
    )
    if not shown:
        return NotApplicable("no package shows an address of this account", {"packages": 0})
    return Passed(f"{count(shown, 'package')} with the account's address", {"packages": shown})


def _outdated(packages: Every[Package] | list[Package], name: str, email: str) -> dict[str, str]:
    """Packages that show another address of the account, with that address."""
    return {
        package.name: one.email
        for package in packages
        for one in package.addresses
        if one.name == name and one.email and one.email.casefold() != email.casefold()
    }


@check(
    "NPA108",
    "npm-account-linked-for-recovery",
    title="npm account is not linked to GitHub for recovery",
    severity=Severity.LOW,
    since="0.1",
    asks=True,
)
def npm_account_linked_for_recovery(account: NpmAccount) -> Verdict:
    """The npm account is linked to its owner's GitHub account for recovery.

    ## Why
    When keys and codes are lost, npm support cannot easily distinguish the owner from a thief. A
    link made in advance is proof that npm can check.

    ## Fix
    Link the account on the profile page under "Linked Accounts & Recovery". Secure the GitHub
    account first: it can then recover this one.

    ## Limits
    - No API shows the link, and the GitHub name in the profile is free text. A person answers, and
      the answer expires.
    """
    return Manual(
        'Is the account linked to your GitHub account under "Linked Accounts & Recovery"?',
        account.page("profile", user=account.subject.name),
    )
