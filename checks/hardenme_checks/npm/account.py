"""The npm account: its second factor, and the ways back into it."""

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
OWNER = "the account's password and its second factor"


@check(
    "NPA101",
    "npm-two-factor-enabled",
    title="npm account has no 2FA",
    severity=Severity.CRITICAL,
    since="0.1",
)
def npm_two_factor_enabled(factor: NpmTwoFactor) -> Verdict:
    """The npm account asks for a second factor.

    ## Why
    Without one a stolen password is the whole account, and the account publishes your packages.
    The account behind ua-parser-js had none when it was taken over in 2021.

    ## Fix
    Open the two-factor page, add a security key or a passkey, and store the recovery codes away
    from this computer. An enrolment that was begun and not finished counts as off: finish it.

    ## Limits
    Only a session of `npm login` is told the truth about this; with any other token it is unknown.
    It does not tell a security key from an app's code: NPA103 asks for that.
    """
    seen: Seen = {"tfa": factor.mode}
    if factor.mode in {SIGN_IN, SIGN_IN_AND_WRITES}:
        return Passed("two-factor authentication is on", seen)
    half = factor.mode == "pending"
    return Failed(
        "two-factor authentication was begun and not finished"
        if half
        else "two-factor authentication is off",
        seen,
        fix=Fix(
            step="Add a security key or a passkey as the account's second factor.",
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
    """The npm account asks for its second factor at every change, not only at sign-in.

    ## Why
    Malware on a maintainer's computer takes the session that is already open. If changes ask for
    the second factor again, that session alone adds no owner and makes no token.

    ## Fix
    Set the mode to `auth-and-writes`. Each publish by hand then asks for the factor; trusted
    publishing from a workflow goes on as before. Where the factor is off, NPA101 comes first.

    ## Limits
    A token that bypasses the second factor is not asked: NPT101 looks for those.
    """
    seen: Seen = {"tfa": factor.mode}
    if factor.mode == SIGN_IN_AND_WRITES:
        return Passed("changes ask for the second factor", seen)
    return Failed(
        "the second factor is asked for at sign-in only"
        if factor.mode == SIGN_IN
        else "changes ask for no second factor",
        seen,
        fix=Fix(
            step="Ask for the second factor at sign-in and at writes.",
            page=factor.page("two-factor", user=factor.subject.name),
            command=factor.npm("profile", "enable-2fa", SIGN_IN_AND_WRITES),
            needs=OWNER,
            undo=f"Run the command with {SIGN_IN} in place of {SIGN_IN_AND_WRITES}.",
        ),
    )


@check(
    "NPA103",
    "npm-two-factor-webauthn",
    title="npm 2FA is weaker than two passkeys or security keys",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_two_factor_webauthn(account: NpmAccount) -> Verdict:
    """The npm account's second factor is a security key or a passkey.

    ## Why
    A code from an app can be typed into a false site, which passes it on at once: so the packages
    chalk and debug were taken in September 2025. A security key answers to npm's own site only.

    ## Fix
    Add two keys or passkeys, try each, and only then remove the app. An app that is removed can
    often not be added again.

    ## Limits
    No API tells the kind of factor, so a person answers, and the answer expires.
    """
    return Manual(
        "Are security keys or passkeys the account's only second factors, at least two of them?",
        account.page("two-factor", user=account.subject.name),
    )


@check(
    "NPA104",
    "npm-recovery-codes-offline",
    title="npm recovery codes are used, or not kept offline",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_recovery_codes_offline(account: NpmAccount) -> Verdict:
    """The npm account's recovery codes are unused and kept away from its computers.

    ## Why
    A recovery code replaces the second factor, so a file with codes on a stolen laptop undoes it.
    Without codes, a lost key means weeks of waiting for npm's support.

    ## Fix
    Make new codes under Manage Recovery Codes, print them, and put the paper in another place than
    the keys. Use one only in need: npm sets accounts of high impact to read-only for 72 hours then.

    ## Limits
    No API tells whether codes were stored or used, so a person answers, and the answer expires.
    """
    return Manual(
        "Are the recovery codes unused, and printed or kept on a device that stays offline?",
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
    """The npm account's e-mail address is verified.

    ## Why
    Password resets and npm's warnings go to this address. If nobody has shown that it is yours,
    they may reach somebody else, or nobody.

    ## Fix
    Ask for the verification mail on the e-mail page and follow the link in it. For another address
    change it there first; npm tells the old one, and may hold back publishing for 72 hours.
    """
    seen: Seen = {"email_verified": profile.email_verified}
    if profile.email_verified:
        return Passed("the address is verified", seen)
    return Failed(
        "the address is not verified",
        seen,
        fix=Fix(
            step="Send the verification mail again and follow its link.",
            page=profile.page("email"),
            needs="the account's password and access to its mailbox",
            undo="Nothing to undo: a verification only proves what is so.",
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
    """The domain of the npm account's address exists, takes mail and stays registered.

    ## Why
    Whoever registers a lapsed domain receives the mail to it, the password reset too. An expired
    domain is the likely way into the package node-ipc in May 2026.

    ## Fix
    Renew the domain and turn on its automatic renewal, or move the account to an address whose
    domain you will keep. npm tells the old address of the change.

    ## Limits
    It asks the domain name system and the registration's public record (`--network-lookups`). It
    does not see who owns the mailbox, nor a registrar's grace period.
    """
    seen: Seen = {"domain": domain.domain, "exists": domain.exists}
    fix = Fix(
        step="Renew the domain, or give the account an address whose domain will be kept.",
        page=profile.page("email"),
        needs=f"the domain's registrar account, or {OWNER}",
        undo="Set the former address on the same page.",
    )
    if not domain.exists:
        return Failed("the domain does not exist: anyone may register it", seen, fix)
    seen |= {"receives_mail": domain.receives_mail}
    if not domain.receives_mail:
        return Failed("the domain takes no mail", seen, fix)
    if isinstance(registration, Unknown):
        return registration
    seen |= {"expires_at": registration.expires_at.isoformat()}
    left = now.days_until(registration.expires_at)
    if left < 0:
        return Failed("the domain's registration has ended", seen, fix)
    if left < limits.domain_days:
        return Failed(f"the domain's registration ends in {count(left, 'day')}", seen, fix)
    return Passed(f"the domain takes mail and is registered for {count(left, 'more day')}", seen)


@check(
    "NPA107",
    "npm-public-email-current",
    title="Packages show an outdated email address",
    severity=Severity.LOW,
    since="0.1",
)
def npm_public_email_current(profile: NpmProfile, packages: Every[Package]) -> Verdict:
    """Packages show the address that the npm account has today.

    ## Why
    Anyone can read the address in a package's metadata. One that you have left is where forged
    mail is sent from and reports get lost, and its domain may be for sale by now.

    ## Fix
    Publish the package's next release, which carries the present address. If the old one stays,
    let another owner remove you and add you again; never remove the only owner.

    ## Limits
    The account's own address stays out of the report. Private packages are not looked at.
    """
    name, current = profile.subject.name, profile.email
    known = [package for package in packages.facts if not package.unknown_fields()]
    outdated = _outdated(known, name, current) or _outdated(packages, name, current)
    if outdated:
        package = min(outdated)
        return Failed(
            f"another address than the account's stands in {count(len(outdated), 'package')}",
            {"name": sorted(outdated), "maintainers.email": sorted(set(outdated.values()))},
            fix=Fix(
                step="Release the package again, or let another owner remove you and add you.",
                page=profile.page("package", package=package),
                needs="write access to the package",
                undo="Set the former address on the e-mail page and release again.",
            ),
        )
    shown = sum(
        any(one.name == name and one.email for one in package.addresses) for package in packages
    )
    if not shown:
        return NotApplicable("no package shows an address of this account", {"packages": 0})
    return Passed(f"the account's address stands in {count(shown, 'package')}", {"packages": shown})


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
)
def npm_account_linked_for_recovery(account: NpmAccount) -> Verdict:
    """The npm account is linked to its owner's GitHub account for recovery.

    ## Why
    When keys and codes are lost, npm's support has to tell the owner from a thief. A link that was
    made beforehand is proof that can be checked.

    ## Fix
    Link the account on the profile page under Linked Accounts & Recovery. Secure the GitHub account
    first, since it becomes a way back into this one.

    ## Limits
    No API tells of the link; the profile's GitHub name is free text. A person answers, and the
    answer expires.
    """
    return Manual(
        "Is the account linked to your own GitHub account under Linked Accounts & Recovery?",
        account.page("profile", user=account.subject.name),
    )
