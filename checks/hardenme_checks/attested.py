"""Questions about settings of an account that no API shows, to the person who sees them."""

from hardenme.facts.attested import AccountFactors
from hardenme.facts.github.account import AccountPractice
from hardenme.model.check import check
from hardenme.model.severity import Severity
from hardenme.model.verdict import Fix, Manual, Verdict

OWNER = "the account's owner"


@check(
    "ATT101",
    "github-hardware-key",
    title="GitHub account lacks two passkeys or security keys",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def github_hardware_key(practice: AccountPractice) -> Verdict:
    """The GitHub account has two passkeys or security keys, one of them kept elsewhere.

    ## Look
    "Passkeys" and "Security keys" list two or more together. One of them is not where you work.
    "SMS/Text message" reads "Not configured".

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
            needs=OWNER,
            undo="Remove the passkey or key, or add the phone number, on the same page",
        ),
    )


@check(
    "ATT102",
    "github-recovery-codes-offline",
    title="GitHub recovery codes are not kept offline",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def github_recovery_codes_offline(practice: AccountPractice) -> Verdict:
    """The GitHub recovery codes are on paper, away from the computer that signs in.

    ## Look
    Compare one code on your paper with the page: the page shows the codes that work. The paper is
    where you can reach it without that computer and without your password manager.

    ## Why
    Malware reads recovery codes in a download folder or a password manager. Without any code, a
    lost key locks you out during an incident.

    ## Fix
    1. Choose "Generate new recovery codes" and print them.
    2. Delete the downloaded file, and keep the paper away from the computer.
    3. Run `hardenme attest ATT102`.

    ## Limits
    - GitHub shows the codes to the account alone. Whether someone copied them is not known.
    """
    page = practice.page("account-recovery-codes")
    return Manual(
        "Are your current GitHub recovery codes on paper, and stored on no computer?",
        page=page,
        fix=Fix(
            "Generate new recovery codes, print them, and delete the downloaded file",
            page=page,
            needs=OWNER,
            undo="Cannot be undone: the earlier codes stop working",
        ),
    )


@check(
    "ATT103",
    "github-grants-reviewed",
    title="GitHub apps, tokens and sessions are not reviewed",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def github_grants_reviewed(practice: AccountPractice) -> Verdict:
    """Apps, tokens and sessions of the GitHub account are reviewed, and unused ones removed.

    ## Look
    Go through five pages: "Authorized OAuth Apps", "Authorized GitHub Apps", "Tokens (classic)",
    "Fine-grained tokens" and "Sessions". Each entry is one that you recognize and still use.

    ## Why
    An app, a token or a copied session acts in your name without a password or 2FA. GitHub shows
    these lists to you alone.

    ## Fix
    1. Choose "Revoke" for each app and "Delete" for each token that you do not use.
    2. Choose "See more" for each session you do not recognize, then revoke it.
    3. Run `hardenme attest ATT103`.

    ## Limits
    - The answer says that you looked, not what you found.
    """
    page = practice.page("account-oauth-grants")
    return Manual(
        "Within 90 days, did you review your OAuth apps, GitHub Apps, tokens and sessions?",
        page=page,
        fix=Fix(
            "Revoke apps, delete tokens and sign out sessions that you do not use",
            page=page,
            needs=OWNER,
            undo="Authorize the app again, or create a new token",
        ),
    )
