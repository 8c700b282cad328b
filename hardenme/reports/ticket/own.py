"""What the person that a finding is about does about it, where that is not an owner's task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from hardenme.model.commands import gh
from hardenme.model.finding import Finding
from hardenme.model.pages import GITHUB, GITHUB_WEB, NPM, NPM_WEB
from hardenme.model.person import person_of
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.impersonal import PEOPLE

OUTSIDE = "GHO104"
PHONE = "2fa_insecure"
"""The field that shows whether codes by text message are accepted."""


@dataclass(frozen=True, slots=True)
class OwnTask:
    """What a person changes in the own account.

    Attributes:
        change: what changes, in a few words, beginning with a verb.
        title: what is wrong, addressed to the person.
        why: why that matters to the person.
        step: what to do, beginning with a verb; `{organization}` is replaced by its login.
        undo: how to undo it.
        holds: what holds afterwards.
        page: where it is done, or what it is about: a name of `GITHUB`, or of `NPM`.
        filtered: the filter of an organization's lists of people that shows an owner who is left;
            empty if none does.
    """

    change: str
    title: str
    why: str
    step: str
    undo: str
    holds: str
    page: str = "account-security"
    filtered: str = ""


TURN_ON = OwnTask(
    "Turn on 2FA",
    "Your GitHub account has no 2FA",
    "Anyone who guesses, phishes or reuses your password can push, approve and publish as you.",
    "Turn on two-factor authentication (2FA), with a passkey or an authenticator app, and store"
    " the recovery codes",
    "Turn it off on the same page",
    "The page shows two-factor authentication as enabled.",
    filtered="2fa_disabled",
)
NO_PHONE = OwnTask(
    "Remove the phone number from your 2FA",
    "Your GitHub account accepts 2FA codes by text message",
    "An attacker can talk a phone company into moving your number to another SIM card, and then"
    " receives your codes.",
    "Add a passkey or an authenticator app, then remove the phone number",
    "Add the number again on the same page",
    "The page lists no text messages among your 2FA methods.",
    filtered=PHONE,
)
STILL_NEEDED = OwnTask(
    "Say whether you still need access",
    "Your account shows no activity in the organization",
    "A takeover of an account that is not in use goes unnoticed.",
    "Answer the person who sent you this: do you still need access to {organization}? If not,"
    " leave it",
    "An owner can invite you again",
    "The person who sent you this has your answer.",
    "account-organizations",
)
STILL_NEEDED_ON_NPM = replace(
    STILL_NEEDED,
    title="Your npm account is in no team of the organization, and released nothing in a year",
    step="Answer the person who sent you this: do you still need access to {organization}, and for"
    " what? If not, an owner removes you: your account and your credit stay",
    page="org-members",
)
TASKS = {
    "GHO102": TURN_ON,
    "GHO103": NO_PHONE,
    OUTSIDE: TURN_ON,
    "GHO122": STILL_NEEDED,
    "NPO104": STILL_NEEDED_ON_NPM,
}
"""By the check that found it. What any other check finds about a person is an owner's task."""


def own_task(finding: Finding) -> OwnTask | None:
    """What the person does about a finding; None if it is an owner's task, or has not failed."""
    outcome = finding.outcome
    if not isinstance(outcome, Failed) or finding.subject.kind not in PEOPLE:
        return None
    if finding.code == OUTSIDE and outcome.seen.get(PHONE) is True:
        return NO_PHONE
    return TASKS.get(finding.code)


def own_fix(finding: Finding) -> Fix | None:
    """The same as a fix, on the host of the finding's own page."""
    task, outcome = own_task(finding), finding.outcome
    if task is None or not isinstance(outcome, Failed):
        return None
    organization = finding.subject.name.partition("/")[0]
    on_npm = finding.subject.provider == "npm"
    address = urlsplit(outcome.fix.page)
    usual = NPM_WEB if on_npm else GITHUB_WEB
    web = f"{address.scheme}://{address.netloc}" if address.netloc else usual
    page = (NPM if on_npm else GITHUB)[task.page].format(org=organization)
    return Fix(
        task.step.format(organization=organization),
        page=f"{web}/{page}",
        needs="your own account",
        undo=task.undo,
    )


def seen_by_owner(finding: Finding) -> str:
    """The command that lists whom an owner still has to ask; empty if there is none.

    Source: https://docs.github.com/en/rest/orgs/members#list-organization-members
    """
    task, outcome = own_task(finding), finding.outcome
    if task is None or not task.filtered or not isinstance(outcome, Failed):
        return ""
    people = "outside_collaborators" if finding.code == OUTSIDE else "members"
    organization = finding.subject.name.partition("/")[0]
    path = f"orgs/{organization}/{people}?filter={task.filtered}"
    return gh(outcome.fix.page or GITHUB_WEB, "api", path, "--paginate", "--jq", ".[].login")


def with_own_fixes(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], int]:
    """Findings about a person with what that person does about them; how many are an owner's.

    Those are left out: they are nothing that the person can do. What is about the person's own
    account already says what its owner does.
    """
    kept, left = list[Finding](), 0
    for finding in findings:
        outcome = finding.outcome
        own_account = not person_of(finding.subject)
        if not isinstance(outcome, Failed) or finding.waiver is not None or own_account:
            kept.append(finding)
        elif (fix := own_fix(finding)) is not None:
            kept.append(replace(finding, outcome=replace(outcome, fix=fix)))
        else:
            left += 1
    return tuple(kept), left
