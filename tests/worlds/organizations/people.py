"""The people of the two organizations: second factors, invitations, teams, what they did."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.world import AuditEntry, OrganizationInvitation, Team, World
from tests.worlds.organizations.base import STRICT, WEAK, WEAK_CLASSIC


def weaken(world: World, now: datetime) -> None:
    """A member without a second factor, one with text messages, and one who is never there.

    The outsider administers a repository and has no second factor; invitations lie about, one of
    them to be an owner.
    """
    factors = world.user("nettle"), world.user("stray")
    for user in factors:
        if user is not None:
            user.two_factor = "off"
    thistle, thorn = world.user("thistle"), world.user("thorn")
    if thistle is not None and thorn is not None:
        thistle.two_factor = "insecure"
        thistle.contributions[WEAK] = now - timedelta(days=400)
        thorn.contributions[WEAK] = now - timedelta(days=3)
    briar = world.repository(f"{WEAK}/briar")
    if briar is not None:
        briar.collaborators["stray"] = "admin"
    organization = world.organization(WEAK)
    if organization is not None:
        organization.invitations += [
            OrganizationInvitation(
                3401, None, "thorn", now - timedelta(days=120), email="temp@mail.example"
            ),
            OrganizationInvitation(3402, "stray", "thorn", now - timedelta(days=1), role="admin"),
        ]
        organization.staff.teams.append(Team(3501, "pruners", frozenset({"thorn", "nettle"})))
        for role in organization.staff.roles or ():
            if role.name == "all_repo_maintain":
                role.teams.add("pruners")
        organization.staff.audit_log = [
            AuditEntry("thorn", "repo.create", now - timedelta(days=90)),
            AuditEntry("nettle", "team.add_member", now - timedelta(days=40)),
            AuditEntry("burdock", "repo.destroy", now - timedelta(days=170)),
        ]
    token = world.token(WEAK_CLASSIC)
    if token is not None:
        token.scopes |= {"read:audit_log"}


def harden(world: World, now: datetime) -> None:
    """Everybody has a second factor and was there lately; the outsider reads one repository."""
    organization = world.organization(STRICT)
    for login in organization.members if organization else ():
        user = world.user(login)
        if user is not None:
            user.contributions[STRICT] = now - timedelta(days=9)
    if organization is not None:
        organization.invitations.append(
            OrganizationInvitation(3411, "guest", "linden", now - timedelta(days=2))
        )
        organization.staff.teams += [
            Team(3511, "keepers", frozenset({"linden", "alder", "maple"})),
            Team(3512, "reviewers", frozenset({"maple", "birch"})),
        ]
    cone = world.repository(f"{STRICT}/cone")
    if cone is not None:
        cone.collaborators.setdefault("guest", "read")
