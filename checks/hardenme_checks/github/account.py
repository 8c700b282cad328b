"""Checks of the GitHub account's 2FA and email addresses.

Source: GitHub's "Configuring two-factor authentication": passkeys and security keys are added once
2FA is on by an app or a text message.
"""

from hardenme.facts.attested import AccountFactors
from hardenme.facts.github.account import (
    Account,
    AccountTwoFactor,
    EmailAddress,
    OwnerTwoFactorView,
)
from hardenme.facts.mail import DomainRegistration, MailDomain
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

OWNER = "the account's owner"

NO_REPLY = "users.noreply.github.com"
"""The domain of the addresses that GitHub gives out to hide a person's own (GitHub's documentation
of commit email addresses)."""


@check(
    "GHA101",
    "account-two-factor-enabled",
    title="GitHub account has no 2FA",
    severity=Severity.CRITICAL,
    since="0.1",
)
def account_two_factor_enabled(two_factor: AccountTwoFactor) -> Verdict:
    """The account has 2FA.

    ## Why
    One stolen or reused password is enough to take over an account without 2FA.

    ## Fix
    1. Choose "Enable two-factor authentication" and set up an authenticator app: GitHub takes
       passkeys and security keys only after that.
    2. Print the recovery codes: without keys and codes you may lose the account.
    3. Add a passkey or security key, and a second one kept elsewhere.

    ## Limits
    - Shows whether 2FA is on, not which kind: GHA102 and ATT101 do.
    - 2FA does not stop a stolen session.
    - Fine-grained tokens are not shown it. Then "yes" to ATT101 counts, as attested.
    """
    seen: Seen = {"two_factor_authentication": two_factor.enabled}
    if two_factor.enabled:
        return Passed("2FA is on", seen)
    return Failed(
        "2FA is off",
        seen,
        fix=Fix(
            'Choose "Enable two-factor authentication" and set up an authenticator app. Print the'
            " recovery codes. Then add a passkey or a security key",
            page=two_factor.page("account-security"),
            needs=OWNER,
            undo="Disable it on the same page",
        ),
    )


@check(
    "GHA102",
    "account-two-factor-not-by-text",
    title="GitHub account accepts 2FA codes by text message",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def account_two_factor_not_by_text(
    account: Account,
    views: Every[OwnerTwoFactorView],
    two_factor: AccountTwoFactor | Unknown,
    factors: AccountFactors | Unknown,
) -> Verdict | Unknown:
    """The account's 2FA does not accept codes by text message.

    ## Why
    An attacker can talk a phone company into moving your number to another SIM card, and receives
    the codes.

    ## Fix
    1. Add a passkey, security key or authenticator app.
    2. Remove the phone number under "SMS/Text message", last, or you may lock yourself out.

    ## Limits
    - GitHub shows this only to organization owners: it is read from an organization that you own.
    - Without one you are asked. Your answer to ATT101 counts too.
    - Does not apply without 2FA (GHA101).
    """
    if not isinstance(two_factor, Unknown) and not two_factor.enabled:
        return NotApplicable("2FA is off: GHA101 checks that", {"two_factor_authentication": False})
    for view in views:
        if view.insecure:
            return Failed(
                "2FA codes can be sent by text message",
                {"2fa_insecure": True},
                fix=Fix(
                    'Add a passkey or a security key, then remove "SMS/Text message"',
                    page=account.page("account-security"),
                    needs=OWNER,
                    undo='Set up "SMS/Text message" again on the same page',
                ),
            )
    organizations = len(views)
    if organizations == 0:
        if not isinstance(factors, Unknown) and factors.resistant:
            return Passed(
                "your answer to ATT101: no 2FA codes by text message", {"login": account.login}
            )
        return Manual(
            "Is 2FA by text message (SMS) turned off for the account?",
            page=account.page("account-security"),
        )
    if isinstance(two_factor, Unknown):
        return two_factor
    return Passed(
        "2FA codes cannot be sent by text message",
        {"2fa_insecure": False, "organizations_owned": organizations},
    )


@check(
    "GHA108",
    "email-verified",
    title="GitHub email address is not verified",
    severity=Severity.MEDIUM,
    since="0.1",
)
def email_verified(address: EmailAddress) -> Verdict:
    """The email address is verified.

    ## Why
    An unverified address may be mistyped, so security notices go to someone else.

    ## Fix
    Choose "Resend verification email", or remove the address. Commits under a removed address are
    no longer shown as yours.
    """
    seen: Seen = {"verified": address.verified}
    if address.verified:
        return Passed("the address is verified", seen)
    return Failed(
        "the address was never verified",
        seen,
        fix=Fix(
            'Choose "Resend verification email", or remove the address',
            page=address.page("account-emails"),
            needs=OWNER,
            undo="Add the address again",
        ),
    )


@check(
    "GHA109",
    "email-domain-alive",
    title="Domain of GitHub email address is dead or expires soon",
    severity=Severity.HIGH,
    since="0.1",
)
def email_domain_alive(
    address: EmailAddress,
    domain: MailDomain,
    registration: DomainRegistration | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict | Unknown:
    """The domain of the email address exists, receives mail and stays registered.

    ## Why
    Anyone who registers your expired domain receives your password resets. In May 2026 that was the
    likely path into node-ipc.

    ## Fix
    Renew the domain with automatic renewal, or remove the address once another one is primary.

    ## Limits
    - Runs only with `--network-lookups`: it asks name servers and the domain's registry.
    - Some registries do not publish expirations.
    - Does not show who owns the domain.
    """
    if domain.domain == NO_REPLY:
        return NotApplicable("GitHub's own address, which receives no mail", {"domain": NO_REPLY})
    seen: Seen = {"domain_exists": domain.exists}
    if not domain.exists:
        return _domain_failed(address, "the domain does not exist: anyone can register it", seen)
    seen["receives_mail"] = domain.receives_mail
    if not domain.receives_mail:
        return _domain_failed(address, "the domain receives no mail", seen)
    if isinstance(registration, Unknown):
        return registration
    seen["expiration"] = registration.expires_at.isoformat()
    left = now.days_until(registration.expires_at)
    if left < 0:
        return _domain_failed(address, "the domain's registration has expired", seen)
    days = count(left, "day")
    if left < limits.domain_days:
        return _domain_failed(address, f"the domain's registration expires in {days}", seen)
    return Passed(f"the domain receives mail and is registered for {days} more", seen)


def _domain_failed(address: EmailAddress, message: str, seen: Seen) -> Failed:
    return Failed(
        message,
        seen,
        fix=Fix(
            "Renew the domain at its registrar, or remove the address once another one is primary",
            page=address.page("account-emails"),
            needs=OWNER,
            undo="Add the address again",
        ),
    )


@check(
    "GHA110",
    "email-private",
    title="Primary GitHub email address is public",
    severity=Severity.LOW,
    since="0.1",
    asks=True,
)
def email_private(address: EmailAddress) -> Verdict:
    """The primary email address is private.

    ## Why
    A public address shows attackers where to send phishing. One mail to one maintainer compromised
    chalk and debug in September 2025.

    ## Fix
    Tick "Keep my email addresses private". Set `git config user.email` to your noreply address for
    commits from your machine.

    ## Limits
    - Old commits and npm's public data may still show it.
    """
    if not address.primary:
        return NotApplicable("not the primary address", {"primary": False})
    seen: Seen = {"primary": True, "visibility": address.visibility}
    if address.visibility == "private":
        return Passed("the primary address is private", seen)
    page = address.page("account-emails")
    if address.visibility != "public":
        return Manual(
            'Is "Keep my email addresses private" ticked? GitHub does not show it to this token',
            page,
        )
    return Failed(
        "the primary address is public",
        seen,
        fix=Fix(
            'Tick "Keep my email addresses private"',
            page=page,
            command=address.gh(
                "api", "-X", "PATCH", "user/email/visibility", "-f", "visibility=private"
            ),
            needs=f"{OWNER}; the command needs the scope user",
            undo="Untick it",
        ),
    )
