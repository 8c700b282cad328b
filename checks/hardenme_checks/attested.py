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
    """Two passkeys or security keys open the GitHub account, and one is kept elsewhere.

    ## Why
    A code from a text message or an authenticator app can be typed into a fake sign-in page, and
    is then used at once. A passkey or a security key answers the real site alone. With a second
    one kept elsewhere, a lost or broken device does not lock you out.

    ## Fix
    Add two passkeys or security keys, and keep one in another place. Print the recovery codes.
    Then remove the phone number under "SMS/Text message", and record it:
    `hardenme attest ATT101`.

    ## Limits
    GitHub shows the factors of an account on its settings page alone, so you are asked, and the
    answer expires. A stolen session needs no factor.
    """
    page = practice.page("account-security")
    return Manual(
        AccountFactors.question,
        page=page,
        fix=Fix(
            "Add two passkeys or security keys, keep one elsewhere, then remove SMS/Text message",
            page=page,
            needs="the account's owner",
            undo="Remove the passkey or the key, or add the phone number, on the same page",
        ),
    )


CHECKS = (github_hardware_key,)
