"""Valid facts about an organization's people; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.github.collaborators import Administration, RepositoryOutsideCollaborator
from hardenme.facts.github.people import (
    MemberActivity,
    MemberAuditTrail,
    MemberContributions,
    MemberTeams,
    MemberTwoFactor,
    MemberTwoFactorMethod,
    OrganizationInvitation,
    OrganizationMember,
    OutsideAccess,
    OutsideCollaborators,
    OutsideTwoFactor,
)
from hardenme.model.subject import Subject
from tests.factories.given import ago, made

GROVE = Subject("github", "org", "grove")


def _of(kind: str, name: str) -> dict[str, Any]:
    subject = Subject("github", kind, f"grove/{name}")
    return {"subject": subject, "within": GROVE, "label": name}


MEMBER = _of("member", "hazel")
OUTSIDE = _of("outside-collaborator", "stray")


member = made(OrganizationMember, MEMBER, login="hazel", account=11, role="member")
"""Hazel is a member of grove."""
two_factor = made(MemberTwoFactor, MEMBER, account=11, enabled=True)
"""With a second factor."""
method = made(MemberTwoFactorMethod, MEMBER, account=11, disabled=False, insecure=False)
"""That is not a text message."""
contributions = made(MemberContributions, MEMBER, any=True, since=ago(180))
"""Who contributed within half a year."""
teams = made(MemberTeams, MEMBER, count=2, names=("reviewers", "keepers"))
"""In two teams."""
trail = made(MemberAuditTrail, MEMBER, seen=True, since=ago(180))
"""Whom the audit log names."""
activity = made(MemberActivity, MEMBER, active=True, by="contributions", since=ago(180))
"""All in all: active."""


def administration(**overrides: Any) -> Administration:
    """Hazel administers three of grove's repositories, and all of these are known."""
    given = {"counts": {"hazel": 3, "rowan": 40}, "whole": True}
    place = {"subject": GROVE, "within": GROVE, "label": "grove"}
    return Administration(**place | given | overrides)


def outsiders(*logins: str) -> OutsideCollaborators:
    """Who works for grove from outside."""
    accounts = tuple(range(21, 21 + len(logins)))
    return OutsideCollaborators(
        subject=GROVE, within=GROVE, label="grove", logins=logins, accounts=accounts
    )


outside_factor = made(OutsideTwoFactor, OUTSIDE, account=21, enabled=True, insecure=False)
"""An outside collaborator with a second factor that is not a text message."""
access = made(OutsideAccess, OUTSIDE, login="stray", powerful=(), highest="write", repositories=2)
"""Who may write to two repositories."""


def grant(repository: str, login: Any, permission: Any) -> RepositoryOutsideCollaborator:
    """A role on a repository of grove."""
    return RepositoryOutsideCollaborator(
        subject=Subject("github", "collaborator", f"grove/{repository}/{login}"),
        within=Subject("github", "repo", f"grove/{repository}"),
        label=login if isinstance(login, str) else "",
        login=login,
        account=21,
        permission=permission,
    )


invitation = made(
    OrganizationInvitation,
    _of("org-invitation", "71"),
    number=71,
    role="direct_member",
    created_at=ago(2),
)
"""An invitation of two days ago to be a member."""
