"""Questions about how people work, which no setting shows."""

from hardenme.facts.github.account import AccountPractice
from hardenme.facts.github.organization import OrganizationPractice
from hardenme.model.check import check
from hardenme.model.severity import Severity
from hardenme.model.verdict import Fix, Manual, Verdict

OWNER = "the account's owner"


@check(
    "ATT104",
    "out-of-band-contacts",
    title="No second channel to verify unusual requests",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def out_of_band_contacts(practice: AccountPractice) -> Verdict:
    """Two people can be called back by a second channel, and unusual requests are.

    ## Look
    You know two people you work with by a telephone number or a key that they gave you in person.
    `hardenme verify-request --contacts` lists those you stored.

    ## Why
    As at axios in March 2026, attackers copy a leader's account, company chat or meeting. Only a
    channel that was known before the request shows who is asking.

    ## Fix
    1. Store two people: `hardenme verify-request --help` shows how.
    2. Run `hardenme verify-request` at the next unusual request, and call back before you act.
    3. Run `hardenme attest ATT104`.

    ## Limits
    - The answer may count for 365 days.
    - It does not show that a contact's own device is safe.
    """
    page = practice.guide("takeover-signs")
    return Manual(
        "Can you call two people back by a second channel, and do you before unusual requests?",
        page=page,
        fix=Fix(
            "Store two contacts, as `hardenme verify-request --help` shows, and call back before"
            " you act on an unusual request",
            page=page,
            command="hardenme verify-request --contacts",
            needs=OWNER,
            undo="Remove a contact: `hardenme verify-request --help` shows how",
        ),
    )


@check(
    "ATT105",
    "security-drill-done",
    title="No security drill in the last 180 days",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def security_drill_done(practice: AccountPractice) -> Verdict:
    """A security drill was done within the last 180 days.

    ## Look
    `hardenme attest --list ATT105` shows the date of the last drill. A course or an exercise of
    your organization counts too.

    ## Why
    Fake 2FA mails, recruiters and hurried co-maintainers work because each looks ordinary. People
    who know the pattern stop earlier.

    ## Fix
    1. Run `hardenme drill` and play a scenario of five minutes. It records the answer.

    ## Limits
    - A drill shows that you practiced, not how you act under pressure.
    """
    page = practice.guide("axios-post-mortem")
    return Manual(
        "Did you do a security drill within the last 180 days?",
        page=page,
        fix=Fix(
            "Play a scenario of five minutes; nothing is sent to anyone",
            page=page,
            command="hardenme drill",
            needs=OWNER,
            undo="Withdraw the answer: `hardenme attest --withdraw ATT105`",
        ),
    )


@check(
    "ATT106",
    "incident-runbook-rehearsed",
    title="Incident plan is not rehearsed",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def incident_runbook_rehearsed(practice: AccountPractice) -> Verdict:
    """The incident plan is at most 30 days old and was rehearsed within 180 days.

    ## Look
    The plan is readable without your computer. It names today's owners, tokens, packages and the
    second owner who acts when you cannot.

    ## Why
    At axios a co-maintainer could not remove the hijacked account. Finding out during an attack
    who can revoke what takes hours.

    ## Fix
    1. Run `hardenme drill incident`. It asks for your commands and compares them with your
       accounts.
    2. Correct the plan where it was wrong, and date it.

    ## Limits
    - The answer does not change when your accounts change.
    - `hardenme show --practices` says whether they changed since the last rehearsal.
    """
    page = practice.guide("axios-review")
    return Manual(
        "Is your incident plan at most 30 days old, and was it rehearsed within 180 days?",
        page=page,
        fix=Fix(
            "Rehearse an incident against your own accounts, and update the plan",
            page=page,
            command="hardenme drill incident",
            needs=OWNER,
            undo="Withdraw the answer: `hardenme attest --withdraw ATT106`",
        ),
    )


@check(
    "ATT107",
    "publishing-separate-from-daily-work",
    title="Publishing is not separate from daily work",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def publishing_separate_from_daily_work(practice: AccountPractice) -> Verdict:
    """Releases are approved from an account or device that is used for nothing else.

    ## Look
    On the computer of your daily work, `npm whoami` fails with ENEEDAUTH. The account or device
    that approves releases reads no mail and runs no projects. Publish nothing? Then the answer is
    yes.

    ## Why
    What you install and open all day can read your npm session. An account or device that only
    approves releases is out of its reach.

    ## Fix
    1. Run `npm logout` on the computer of your daily work.
    2. Approve releases from a second account or device.
    3. Run `hardenme attest ATT107`.

    ## Limits
    - LOC101 and LOC106 look for npm tokens on this computer. Other devices are not seen.
    """
    page = practice.guide("npm-cheat-sheet")
    return Manual(
        "Do you approve releases from an account or device that you use for nothing else?",
        page=page,
        fix=Fix(
            "Sign out of npm on the computer of your daily work",
            page=page,
            command="npm logout",
            needs="the npm account's owner",
            undo="npm login",
        ),
    )


@check(
    "ATT108",
    "org-access-reviewed",
    title="Organization access is not reviewed",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def org_access_reviewed(practice: OrganizationPractice) -> Verdict:
    """People with sensitive access to the organization are listed and reviewed.

    ## Look
    A list names who is an owner, administers a repository, approves releases or reads secrets. It
    has a date within 90 days. Each person on it still needs that access.

    ## Why
    A former contributor's rights published more than 140 Mastra packages in June 2026, 16 months
    after the last activity.

    ## Fix
    1. Run `hardenme show --by person` to list who can do what.
    2. Remove access that is not needed, and write down the date.
    3. Run `hardenme attest ATT108`.

    ## Limits
    - GHO105, GHO122 and GHO123 find single cases. The review itself shows in no setting.
    """
    page = practice.page("org-people", org=practice.name)
    return Manual(
        "Within 90 days, did an owner review everyone with sensitive access?",
        page=page,
        fix=Fix(
            "List who has sensitive access, remove what no one needs, and note the date",
            page=page,
            needs="organization owner",
            undo="Give a person the role back on the same page",
        ),
    )


@check(
    "ATT109",
    "alert-channel-independent",
    title="No alert channel outside GitHub and npm",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def alert_channel_independent(practice: AccountPractice) -> Verdict:
    """At least one alert reaches its reader without the GitHub and npm accounts.

    ## Look
    One notification target of `hardenme report` is a phone, a mailbox on another domain or a second
    person. It does not sign in with GitHub, and the page's address is not its only one.

    ## Why
    At axios the hijacked account deleted the warning issues. A report that only GitHub carries is
    then not read.

    ## Fix
    1. Store a notification target that neither account controls, and name it with
       `--notify-file`.
    2. Send one message to it.
    3. Run `hardenme attest ATT109`.

    ## Limits
    - `hardenme report` warns about a target that depends on GitHub. It cannot see who reads a
      mailbox.
    """
    page = practice.page("account-notifications")
    return Manual(
        "Does an alert reach you that depends on neither your GitHub nor your npm account?",
        page=page,
        fix=Fix(
            "Add a notification target outside GitHub and npm, and test it",
            page=page,
            needs=OWNER,
            undo="Remove the target from the file",
        ),
    )


@check(
    "ATT110",
    "dependency-audit-regular",
    title="Dependencies are not reviewed on a schedule",
    severity=Severity.LOW,
    since="0.1",
    asks=True,
)
def dependency_audit_regular(practice: AccountPractice) -> Verdict:
    """Dependencies are reviewed on a schedule: who maintains them, and what is still needed.

    ## Look
    A calendar entry or an issue that comes back at least every 90 days. The last one is closed and
    says what was removed or kept. Publish nothing? Then the answer is yes.

    ## Why
    A dependency runs with the rights of your build. Alerts show known vulnerabilities, not an
    abandoned package or a new maintainer.

    ## Fix
    1. Set a date that returns every 90 days.
    2. Run `npm audit signatures` and `npm outdated`, and remove what is not needed.
    3. Run `hardenme attest ATT110`.

    ## Limits
    - GHR104, GHR122 and GHR123 look at alerts, lock files and update delays, not at the choice.
    """
    page = practice.page("account-repositories")
    return Manual(
        "Do you review the dependencies of your packages at least every 90 days?",
        page=page,
        fix=Fix(
            "Set a date that comes back every 90 days, and review the dependencies then",
            page=page,
            command="npm audit signatures",
            needs="who can push",
            undo="Remove the date",
        ),
    )
