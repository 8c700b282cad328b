"""Checks of how one signs in to the GitHub account, and of its e-mail addresses."""

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
of commit e-mail addresses)."""


@check(
    "GHA101",
    "account-two-factor-enabled",
    title="GitHub account has no 2FA",
    severity=Severity.CRITICAL,
    since="0.1",
)
def account_two_factor_enabled(two_factor: AccountTwoFactor) -> Verdict:
    """The account asks for a second factor at sign-in.

    ## Why
    Without it one stolen or reused password is the whole account: every repository that you can
    push to and every secret that your workflows can read.

    ## Fix
    Add a passkey or a security key, and a second one that you keep elsewhere. Print the recovery
    codes: whoever loses the factors and the codes may lose the account.

    ## Limits
    Says that there is a second factor, not which kind: GHA102 and ATT101 look at that. A second
    factor does not help against a stolen session. Where the token is not shown it, like a
    fine-grained one, a yes to ATT101 stands in, and the result is attested.
    """
    seen: Seen = {"two_factor_authentication": two_factor.enabled}
    if two_factor.enabled:
        return Passed("two-factor authentication is on", seen)
    return Failed(
        "two-factor authentication is off",
        seen,
        fix=Fix(
            "Choose Enable two-factor authentication, and add a passkey or a security key",
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
)
def account_two_factor_not_by_text(
    account: Account,
    views: Every[OwnerTwoFactorView],
    two_factor: AccountTwoFactor | Unknown,
    factors: AccountFactors | Unknown,
) -> Verdict | Unknown:
    """The account's second factor cannot be read from a text message.

    ## Why
    A phone number can be moved to another SIM card by persuading the operator, and the codes in
    text messages go with it.

    ## Fix
    Add a passkey, a security key or an authenticator app first, then remove the phone number under
    SMS/Text message. In the other order you may lock yourself out.

    ## Limits
    Only the owners of an organization see this, so it is read from an organization that you own.
    Without one you are asked; your answer to ATT101 counts here too. Without 2FA it
    does not apply: GHA101 says that.
    """
    if not isinstance(two_factor, Unknown) and not two_factor.enabled:
        return NotApplicable(
            "no second factor at all: GHA101 judges that", {"two_factor_authentication": False}
        )
    for view in views:
        if view.insecure:
            return Failed(
                "a second factor by text message is set up",
                {"2fa_insecure": True},
                fix=Fix(
                    "Add a passkey or a security key, then remove SMS/Text message",
                    page=account.page("account-security"),
                    needs=OWNER,
                    undo="Set up SMS/Text message again on the same page",
                ),
            )
    organizations = len(views)
    if organizations == 0:
        if not isinstance(factors, Unknown) and factors.resistant:
            return Passed("no text message is a factor", {"login": account.login})
        return Manual(
            "Does the account have no text message (SMS) as a factor?",
            page=account.page("account-security"),
        )
    if isinstance(two_factor, Unknown):
        return two_factor
    return Passed(
        "no second factor by text message is set up",
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
    """The e-mail address is verified.

    ## Why
    An address that nobody answered may be mistyped, and then belongs to somebody else, or to
    nobody: notices about your account do not reach you.

    ## Fix
    Send the message again and follow its link, or remove the address. Commits under a removed
    address are no longer shown as yours.
    """
    seen: Seen = {"verified": address.verified}
    if address.verified:
        return Passed("the address is verified", seen)
    return Failed(
        "the address was never verified",
        seen,
        fix=Fix(
            "Choose Resend verification email, or remove the address",
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
    """The domain of the e-mail address exists, receives mail and stays registered.

    ## Why
    Whoever registers a domain that you let go receives your mail and with it your password resets.
    The likely way in at node-ipc in May 2026 was such a domain of a maintainer who had moved on.

    ## Fix
    Renew the domain, with automatic renewal, or make another address primary and remove this one.

    ## Limits
    Asked for with `--network-lookups`: it talks to name servers and to the domain's registry. Some
    registries do not tell when a registration ends. Says nothing about who owns the domain today.
    """
    if domain.domain == NO_REPLY:
        return NotApplicable("GitHub's own address, which receives no mail", {"domain": NO_REPLY})
    seen: Seen = {"domain_exists": domain.exists}
    if not domain.exists:
        return _domain_failed(address, "the domain does not exist: anybody may register it", seen)
    seen["receives_mail"] = domain.receives_mail
    if not domain.receives_mail:
        return _domain_failed(address, "the domain receives no mail", seen)
    if isinstance(registration, Unknown):
        return registration
    seen["expiration"] = registration.expires_at.isoformat()
    left = now.days_until(registration.expires_at)
    if left < 0:
        return _domain_failed(address, "the domain's registration has ended", seen)
    days = count(left, "day")
    if left < limits.domain_days:
        return _domain_failed(address, f"the domain's registration ends in {days}", seen)
    return Passed(f"the domain receives mail and is registered for {days} more", seen)


def _domain_failed(address: EmailAddress, message: str, seen: Seen) -> Failed:
    return Failed(
        message,
        seen,
        fix=Fix(
            "Renew the domain at its registrar, or make another address primary and remove this",
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
)
def email_private(address: EmailAddress) -> Verdict:
    """The primary e-mail address is not shown in public.

    ## Why
    A public address tells phishers where to write, and which mailbox opens your account. One mail
    to one maintainer was enough to take over chalk and debug in September 2025.

    ## Fix
    Tick Keep my email addresses private: GitHub then uses a noreply address for commits made on the
    web. For commits from your machine set `git config user.email` to that address.

    ## Limits
    The address may stand in old commits and in npm's public data all the same.
    """
    if not address.primary:
        return NotApplicable("not the primary address", {"primary": False})
    seen: Seen = {"primary": True, "visibility": address.visibility}
    if address.visibility == "private":
        return Passed("the primary address is private", seen)
    page = address.page("account-emails")
    if address.visibility != "public":
        return Manual("Is Keep my email addresses private ticked? GitHub does not tell", page)
    return Failed(
        "the primary address is public",
        seen,
        fix=Fix(
            "Tick Keep my email addresses private",
            page=page,
            command=address.gh(
                "api", "-X", "PATCH", "user/email/visibility", "-f", "visibility=private"
            ),
            needs=f"{OWNER}; the command needs the scope user",
            undo="Untick it",
        ),
    )


CHECKS = (
    account_two_factor_enabled,
    account_two_factor_not_by_text,
    email_verified,
    email_domain_alive,
    email_private,
)
