"""Checks of an organization's members: 2FA, activity, and pending invitations."""

from hardenme.facts.github.collaborators import Administration
from hardenme.facts.github.people import (
    MemberActivity,
    MemberTeams,
    MemberTwoFactor,
    MemberTwoFactorMethod,
    OrganizationInvitation,
    OrganizationMember,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Fact
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count


def _is_known(fact: Fact, name: str) -> bool:
    """Whether a fact shows a field."""
    return name not in fact.unknown_fields()


def _administered(administration: Administration | Unknown, member: OrganizationMember) -> Seen:
    """On how many repositories the member was seen as an administrator.

    None that was seen, where not all was shown, says nothing.
    """
    if isinstance(administration, Unknown) or administration.unknown_fields():
        return {}
    if not _is_known(member, "login"):
        return {}
    number = administration.counts.get(member.login.lower(), 0)
    if administration.whole:
        return {"administers": number}
    return {"administers": number, "administers_at_least": True} if number > 0 else {}


@check(
    "GHO102",
    "member-two-factor-enabled",
    title="Organization member has no 2FA",
    severity=Severity.CRITICAL,
    since="0.1",
)
def member_two_factor_enabled(  # noqa: PLR0913, PLR0917 (one check gives the table of members)
    factor: MemberTwoFactor,
    member: OrganizationMember,
    method: MemberTwoFactorMethod | Unknown,
    teams: MemberTeams | Unknown,
    activity: MemberActivity | Unknown,
    administration: Administration | Unknown,
) -> Verdict:
    """The member has 2FA.

    ## Why
    A guessed, phished or reused password gives an attacker everything that the member can push,
    approve and publish.

    ## Fix
    Ask the member to turn on 2FA by a date. Remove those who do not answer. Then require 2FA for
    everyone (GHO101): members without it lose access at that moment.

    ## Limits
    - GitHub shows this to organization owners only.
    - The number of administered repositories counts only those that were read.
    """
    seen: Seen = {"hasTwoFactorEnabled": factor.enabled}
    if factor.enabled or _is_known(member, "role"):
        # A pass needs an answer that is understood as a whole; a failure does not.
        seen["role"] = member.role
    if factor.enabled and not isinstance(method, Unknown) and _is_known(method, "insecure"):
        seen["2fa_insecure"] = method.insecure
    if not isinstance(teams, Unknown) and _is_known(teams, "count"):
        seen["teams"] = teams.count
        if _is_known(teams, "names"):
            seen["team_names"] = sorted(teams.names)
    if not isinstance(activity, Unknown) and _is_known(activity, "since"):
        shown = _is_known(activity, "by") and activity.by
        seen["activity"] = f"{shown or 'nothing seen'} since {activity.since.date()}"
    seen |= _administered(administration, member)
    if factor.enabled:
        return Passed("2FA is on", seen)
    return Failed(
        "2FA is off",
        seen,
        fix=Fix(
            f"Ask {factor.label} to turn on 2FA, with a passkey or an authenticator app",
            page=factor.page("account-security"),
            needs="the member's own account; an owner can only remove the member",
            undo="Turn it off on the same page",
        ),
    )


@check(
    "GHO103",
    "member-two-factor-secure",
    title="Organization member accepts 2FA codes by text message",
    severity=Severity.HIGH,
    since="0.1",
)
def member_two_factor_secure(method: MemberTwoFactorMethod) -> Verdict:
    """The member's 2FA does not accept codes by text message.

    ## Why
    An attacker can talk a phone company into moving a number to another SIM card, and receives the
    codes.

    ## Fix
    Ask the member to add a passkey or authenticator app, then to remove the phone number. Choose to
    allow only secure 2FA methods in the organization.

    ## Limits
    - GitHub calls only text messages insecure: codes from authenticator apps can be phished too.
    """
    if not method.insecure:
        seen: Seen = {"2fa_insecure": False, "2fa_disabled": method.disabled}
        if method.disabled:
            return NotApplicable("2FA is off", seen)
        return Passed("2FA is on, without text messages", seen)
    return Failed(
        "2FA codes can be sent by text message",
        {"2fa_insecure": True},
        fix=Fix(
            f"Ask {method.label} to add a passkey or an authenticator app, then to remove the phone"
            " number",
            page=method.page("account-security"),
            needs="the member's own account",
            undo="Add the phone number again",
        ),
    )


@check(
    "GHO121",
    "org-invitation-recent",
    title="Organization invitation is old or offers the owner role",
    severity=Severity.LOW,
    since="0.1",
)
def org_invitation_recent(invitation: OrganizationInvitation, now: Now, limits: Limits) -> Verdict:
    """No invitation is pending for long or offers the owner role.

    ## Why
    Anyone who reads that mailbox can accept the invitation. An owner invitation gives away
    everything with one click.

    ## Fix
    Cancel the invitation, and invite again when the person is ready. Invite as a member first, and
    check their 2FA before you make them an owner.

    ## Limits
    - An invitation with the owner role fails from its first day.
    """
    age = now.days_since(invitation.created_at)
    seen: Seen = {"role": invitation.role, "created_at": invitation.created_at.isoformat()}
    waiting = f"pending for {count(age, 'day')}"
    if invitation.role != "admin" and age <= limits.invitation_days:
        return Passed(waiting, seen)
    organization = invitation.within.name
    return Failed(
        f"offers the owner role, {waiting}" if invitation.role == "admin" else waiting,
        seen,
        fix=Fix(
            "Cancel the invitation, unless you expect it to be accepted today",
            page=invitation.page("org-pending-invitations", org=organization),
            command=invitation.deletes(),
            needs="organization owner; the command needs the scope admin:org",
            undo="Invite the person again",
        ),
    )


@check(
    "GHO122",
    "member-active",
    title="Organization member is inactive",
    severity=Severity.MEDIUM,
    since="0.1",
)
def member_active(activity: MemberActivity, now: Now) -> Verdict:
    """The member was active in the organization recently.

    ## Why
    A stolen account that no one uses goes unnoticed, and has the access of an active one.

    ## Fix
    Ask whether the member still needs access, and remove the member if not. You can invite them
    again.

    ## Limits
    - Counts commits, issues, pull requests and reviews, not reading, discussions or settings.
    - Without any, it is unknown unless the audit log shows nothing either.
    - The audit log needs Enterprise Cloud and `--depth deep`. It keeps pushes for seven days.
    """
    days = count(now.days_since(activity.since), "day")
    if activity.active:
        seen: Seen = {"seen_in": activity.by, "since": activity.since.isoformat()}
        return Passed(f"active within the last {days}: seen in {activity.by}", seen)
    organization, login = activity.within.name, activity.label
    return Failed(
        f"no contribution and no audit log entry for {days}",
        {"seen_in": "nothing", "since": activity.since.isoformat()},
        fix=Fix(
            f"Ask whether {login} still needs access, and remove the account if not",
            page=activity.page("org-people", org=organization),
            command=activity.deletes(),
            needs="organization owner; the command needs the scope admin:org",
            undo="Invite the account again, and add it to its teams",
        ),
    )
