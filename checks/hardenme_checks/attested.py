"""Questions about what people do, which no API shows."""

from hardenme.facts.attested import AccountFactors
from hardenme.facts.github.account import AccountPractice
from hardenme.model.check import check
from hardenme.model.severity import Severity
from hardenme.model.verdict import Fix, Manual, Verdict


@check(
    "ATT101",
    "github-hardware-key",
    title="GitHub account lacks two passkeys or security keys",
    severity=Severity.HIGH,
    since="0.1",
)
def github_hardware_key(practice: AccountPractice) -> Verdict:
    """The GitHub account has two passkeys or security keys, one of them kept elsewhere.

    ## Why
    A code from a text message or an app can be typed into a fake sign-in page. A passkey or
    security key answers only to the real site.

    ## Fix
    Add two passkeys or security keys, and keep one in another place. A lost device then does not
    lock you out. Print the recovery codes. Then remove the phone number under "SMS/Text message".
    Record it with `hardenme attest ATT101`.

    ## Limits
    - GitHub shows an account's 2FA only on its settings page, so you are asked, and the answer
      expires.
    - A stolen session needs no 2FA.
    """
    page = practice.page("account-security")
    return Manual(
        AccountFactors.question,
        page=page,
        fix=Fix(
            'Add two passkeys or security keys, keep one elsewhere, then remove "SMS/Text message"',
            page=page,
            needs="the account's owner",
            undo="Remove the passkey or key, or add the phone number, on the same page",
        ),
    )


CHECKS = (github_hardware_key,)
