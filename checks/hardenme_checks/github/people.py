"""Checks of an organization's members: second factors, activity, and open invitations."""

from typing import Any

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
from hardenme.model.given import Limits, Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count


def _told(fact: Any, name: str) -> bool:
    """Whether a fact that can be done without tells a field."""
    return not isinstance(fact, Unknown) and name not in fact.unknown_fields()


def _administered(administration: Administration | Unknown, member: OrganizationMember) -> Seen:
    """On how many repositories the member was seen as an administrator.

    None that was seen, where not all was shown, says nothing.
    """
    if isinstance(administration, Unknown) or administration.unknown_fields():
        return {}
    if not _told(member, "login"):
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
def member_two_factor_enabled(  # noqa: PLR0913, PLR0917 (the table of members is told by one check)
    factor: MemberTwoFactor,
    member: OrganizationMember,
    method: MemberTwoFactorMethod | Unknown,
    teams: MemberTeams | Unknown,
    activity: MemberActivity | Unknown,
    administration: Administration | Unknown,
) -> Verdict:
    """The member signs in with a second factor.

    ## Why
    Without one, a password that was guessed, phished or reused is the member's whole account: all
    that it may push, approve and publish.

    ## Fix
    Ask the member to turn it on, and say until when. Who does not answer can be removed and invited
    again. Then require it of everybody (GHO101): whoever has none loses access at that moment.

    ## Limits
    GitHub shows it to the organization's owners only. On how many repositories the member is an
    administrator is told beside it, of those that were looked at; owners administer all.
    """
    seen: Seen = {"hasTwoFactorEnabled": factor.enabled}
    if factor.enabled or _told(member, "role"):
        # A pass rests on an answer that is understood as a whole; a failure does not wait for it.
        seen["role"] = member.role
    if factor.enabled and not isinstance(method, Unknown) and _told(method, "insecure"):
        seen["2fa_insecure"] = method.insecure
    if not isinstance(teams, Unknown) and _told(teams, "count"):
        seen["teams"] = teams.count
        if _told(teams, "names"):
            seen["team_names"] = sorted(teams.names)
    if not isinstance(activity, Unknown) and _told(activity, "since"):
        shown = _told(activity, "by") and activity.by
        seen["activity"] = f"{shown or 'nothing seen'} since {activity.since.date()}"
    seen |= _administered(administration, member)
    if factor.enabled:
        return Passed("two-factor authentication is on", seen)
    return Failed(
        "two-factor authentication is off",
        seen,
        fix=Fix(
            f"{factor.label} turns on two-factor authentication, with a passkey or an authenticator"
            " app",
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
    """The member's second factor cannot be a text message.

    ## Why
    A text message goes to whoever has the telephone number, and numbers are taken over by a call to
    the telephone company. As long as it is one of the ways to sign in, it is the way that is taken.

    ## Fix
    The member sets up a passkey or an authenticator app, then removes the telephone number. An
    organization can admit secure methods only.

    ## Limits
    GitHub calls only text messages insecure. It does not tell passkeys from authenticator apps,
    whose codes can be phished.
    """
    if not method.insecure:
        seen: Seen = {"2fa_insecure": False, "2fa_disabled": method.disabled}
        if method.disabled:
            return NotApplicable("two-factor authentication is off", seen)
        return Passed("two-factor authentication is on, and not by text message", seen)
    return Failed(
        "a text message is one of the second factors",
        {"2fa_insecure": True},
        fix=Fix(
            f"{method.label} adds a passkey or an authenticator app, then removes the telephone"
            " number",
            page=method.page("account-security"),
            needs="the member's own account",
            undo="Add the telephone number again",
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
    """No invitation waits for long, and none of them makes an owner.

    ## Why
    An open invitation is accepted by whoever reads that mailbox, also when the person left long
    ago. One that makes an owner hands over everything with a click.

    ## Fix
    Withdraw it, and invite again when the person is ready. Invite as a member, and make that member
    an owner afterwards: then the account's second factor is known.

    ## Limits
    An invitation to be an owner fails from its first day.
    """
    age = now.days_since(invitation.created_at)
    seen: Seen = {"role": invitation.role, "created_at": invitation.created_at.isoformat()}
    waiting = f"waiting for {count(age, 'day')}"
    if invitation.role != "admin" and age <= limits.invitation_days:
        return Passed(waiting, seen)
    organization = invitation.within.name
    return Failed(
        f"an invitation to be an owner, {waiting}" if invitation.role == "admin" else waiting,
        seen,
        fix=Fix(
            "Withdraw the invitation unless you expect it to be accepted today",
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
    """The member did something in the organization lately.

    ## Why
    An account that nobody uses is watched by nobody: its owner does not see a strange sign-in, and
    its rights are as good as those of an active member.

    ## Fix
    Ask whether the membership is still needed. A former member can be invited again at any time,
    and keeps what was contributed.

    ## Limits
    GitHub counts commits, issues, pull requests and reviews. Who only reads, discusses or manages
    settings shows none. So without them the answer is unknown, unless an audit log (GitHub
    Enterprise Cloud, with `--depth deep`) was read and holds nothing of the member either. It keeps
    pushes for seven days only.
    """
    days = count(now.days_since(activity.since), "day")
    if activity.active:
        seen: Seen = {"seen_in": activity.by, "since": activity.since.isoformat()}
        return Passed(f"active within {days}: seen in {activity.by}", seen)
    organization, login = activity.within.name, activity.label
    return Failed(
        f"no contribution, and nothing in the audit log, for {days}",
        {"seen_in": "nothing", "since": activity.since.isoformat()},
        fix=Fix(
            f"Remove {login} from the organization, unless there is a reason to stay",
            page=activity.page("org-people", org=organization),
            command=activity.deletes(),
            needs="organization owner; the command needs the scope admin:org",
            undo="Invite the account again; it is in its teams again once you add it to them",
        ),
    )


CHECKS = (
    member_two_factor_enabled,
    member_two_factor_secure,
    org_invitation_recent,
    member_active,
)
