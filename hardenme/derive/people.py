"""The last sign of each member, and what outside collaborators may do on all repositories."""

from datetime import timedelta
from typing import Any

from hardenme.facts.github.collaborators import RepositoryOutsideCollaborator
from hardenme.facts.github.organization import OrganizationVisibility
from hardenme.facts.github.people import (
    MemberActivity,
    MemberAuditTrail,
    MemberContributions,
    OrganizationMember,
    OutsideAccess,
    OutsideCollaborators,
)
from hardenme.facts.github.repository_roles import ExtendedRoles, OutsideRole, may_be_more
from hardenme.facts.github.site import GitHubFact, full_name
from hardenme.model.fact import Every
from hardenme.model.given import Limits, Now
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

POWERFUL = frozenset({"admin", "maintain"})
ROLES = ("read", "triage", "write", "maintain", "admin")


def member_activity(
    member: OrganizationMember,
    contributions: MemberContributions | Unknown,
    trail: MemberAuditTrail | Unknown,
    now: Now,
    limits: Limits,
) -> MemberActivity | Unknown:
    """Contributions and the audit log together.

    One sign is enough. That there is none is known only if both were read. Contributions leave out
    what a member does in settings, in discussions, or unseen in private.
    """
    known = [item for item in (contributions, trail) if not isinstance(item, Unknown)]
    signs: dict[str, Any] = {
        "contributions": _field(contributions, "any"),
        "audit log": _field(trail, "seen"),
    }
    since = next(
        (s for s in (field(i, "since") for i in known) if not isinstance(s, Unknown)), None
    )
    if since is None:
        return _first_unknown(contributions, signs["contributions"], *known)
    start = now.time - timedelta(days=limits.activity_days)
    by = next((name for name, sign in signs.items() if sign is True), "")
    active: Any = bool(by)
    looked: Any = by
    if by and since < start - timedelta(days=1):
        # The sign may be older than the limit: it is only known to lie after `since`.
        active = _unproven(f"a sign of activity since {since:%Y-%m-%d}, at an unknown time")
    elif not by and isinstance(signs["contributions"], Unknown):
        active = looked = signs["contributions"]
    elif not by and isinstance(signs["audit log"], Unknown):
        active = _unproven(f"no contribution since {since:%Y-%m-%d}")
    return MemberActivity(
        **member.placed(),
        active=active,
        by=looked,
        since=since,
    )


def _field(fact: GitHubFact | Unknown, name: str) -> Any:
    return fact if isinstance(fact, Unknown) else field(fact, name)


def _is_known(value: Any) -> bool:
    return not isinstance(value, Unknown)


def _first_unknown(*values: Any) -> Unknown:
    """Why no time is known that was looked at."""
    for value in values:
        if isinstance(value, Unknown):
            return value
        if isinstance(value, GitHubFact):
            for why in value.unknown_fields().values():
                return why
    return Unknown(Reason.NOT_ASKED, "the activity of members")


def _unproven(seen: str) -> Unknown:
    return Unknown(
        Reason.NOT_VISIBLE,
        "the audit log (GitHub Enterprise Cloud, --depth deep), or the member's answer: a member"
        " without contributions can be active",
        seen,
    )


def outside_role(
    person: RepositoryOutsideCollaborator, extended: ExtendedRoles | Unknown
) -> OutsideRole:
    """What an outside collaborator may do, with custom roles as far as they were read."""
    login, permission = field(person, "login"), field(person, "permission")
    if not isinstance(extended, Unknown) and not isinstance(permission, Unknown):
        doubt = may_be_more(extended, person.label, full_name(person), permission)
        permission = doubt if doubt is not None and permission not in POWERFUL else permission
    return OutsideRole(**person.placed(), login=login, permission=permission)


def outside_access(
    people: OutsideCollaborators,
    grants: Every[RepositoryOutsideCollaborator],
    sight: OrganizationVisibility | Unknown,
    extended: ExtendedRoles | Unknown,
) -> Every[OutsideAccess]:
    """What each outside collaborator may do on the repositories that were looked at.

    That someone may do nothing more takes a token that shows all of them, and the custom roles. A
    person who has such a role is listed with the one that it is based on.
    """
    by_login: dict[str, list[RepositoryOutsideCollaborator]] = {}
    whole = _field(sight, "whole")
    missing = grants.missing or (whole if isinstance(whole, Unknown) else None)
    for grant in grants.facts:
        login = field(grant, "login")
        if isinstance(login, Unknown):
            missing = missing or login
        else:
            by_login.setdefault(login.lower(), []).append(grant)
    return Every(
        tuple(
            _access(people, login, by_login.get(login.lower(), []), missing, extended)
            for login in people.logins
        )
    )


def _access(
    people: OutsideCollaborators,
    login: str,
    grants: list[RepositoryOutsideCollaborator],
    missing: Unknown | None,
    extended: ExtendedRoles | Unknown,
) -> OutsideAccess:
    roles = {grant.within.name: field(grant, "permission") for grant in grants}
    why = missing or first_unknown(roles.values())
    if why is None and grants:
        doubts = (may_be_more(extended, login, name, role) for name, role in roles.items())
        why = next(filter(None, doubts), None)
    if not grants:
        why = why or Unknown(
            Reason.NOT_ASKED,
            "the repositories that were left out: this person has access to one of them",
        )
    powerful = tuple(sorted(name for name, role in roles.items() if role in POWERFUL))
    known = [role for role in roles.values() if role in ROLES]
    highest = max(known, key=ROLES.index, default="")
    subject = Subject("github", "outside-collaborator", f"{people.subject.name}/{login}")
    # One that is seen is enough to know; that there is none takes all of them.
    lost: Any = why if why is not None and not powerful else None
    return OutsideAccess(
        subject=subject,
        within=people.subject,
        label=login,
        web=people.web,
        login=login,
        powerful=lost or powerful,
        highest=lost or highest,
        repositories=len(grants),
    )
