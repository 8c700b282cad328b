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
from tests.factories.given import ago

GROVE = Subject("github", "org", "grove")


def _of(kind: str, name: str) -> dict[str, Any]:
    subject = Subject("github", kind, f"grove/{name}")
    return {"subject": subject, "within": GROVE, "label": name}


MEMBER = _of("member", "hazel")
OUTSIDE = _of("outside-collaborator", "stray")


def member(**overrides: Any) -> OrganizationMember:
    """Hazel is a member of grove."""
    return OrganizationMember(
        **MEMBER | {"login": "hazel", "account": 11, "role": "member"} | overrides
    )


def two_factor(**overrides: Any) -> MemberTwoFactor:
    """With a second factor."""
    return MemberTwoFactor(**MEMBER | {"account": 11, "enabled": True} | overrides)


def method(**overrides: Any) -> MemberTwoFactorMethod:
    """That is not a text message."""
    given = {"account": 11, "disabled": False, "insecure": False}
    return MemberTwoFactorMethod(**MEMBER | given | overrides)


def contributions(**overrides: Any) -> MemberContributions:
    """Who contributed within half a year."""
    return MemberContributions(**MEMBER | {"any": True, "since": ago(180)} | overrides)


def teams(**overrides: Any) -> MemberTeams:
    """In two teams."""
    return MemberTeams(**MEMBER | {"count": 2, "names": ("reviewers", "keepers")} | overrides)


def trail(**overrides: Any) -> MemberAuditTrail:
    """Whom the audit log names."""
    return MemberAuditTrail(**MEMBER | {"seen": True, "since": ago(180)} | overrides)


def activity(**overrides: Any) -> MemberActivity:
    """All in all: active."""
    given = {"active": True, "by": "contributions", "since": ago(180)}
    return MemberActivity(**MEMBER | given | overrides)


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


def outside_factor(**overrides: Any) -> OutsideTwoFactor:
    """An outside collaborator with a second factor that is not a text message."""
    given = {"account": 21, "enabled": True, "insecure": False}
    return OutsideTwoFactor(**OUTSIDE | given | overrides)


def access(**overrides: Any) -> OutsideAccess:
    """Who may write to two repositories."""
    given: dict[str, Any] = {
        "login": "stray",
        "powerful": (),
        "highest": "write",
        "repositories": 2,
    }
    return OutsideAccess(**OUTSIDE | given | overrides)


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


def invitation(**overrides: Any) -> OrganizationInvitation:
    """An invitation of two days ago to be a member."""
    given = {"number": 71, "role": "direct_member", "created_at": ago(2)}
    return OrganizationInvitation(**_of("org-invitation", "71") | given | overrides)
