"""Who may do what: organizations, teams, package lists, collaborators, visibility.

A session token reads them. A granular token reads an organization only when it was given the
right to; everything else answers it with 403.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.visit import RefusedVisit, View, Visit, forbidden, not_found
from hardenme.sandbox.npm.world import Access, Organization, Team, TokenKind, User


def _member_of(visit: Visit, organization: Organization) -> User:
    """The asker, who must be in the organization and hold a token that may read it."""
    credential = visit.credential()
    user = visit.user_of(credential)
    reads = credential.kind is TokenKind.SESSION or organization.name in credential.organizations
    if not reads or user.name not in organization.roster:
        raise RefusedVisit(forbidden())
    return user


def _organization(visit: Visit) -> Organization:
    """The organization that the path names, when the asker may read it."""
    visit.credential()
    organization = visit.world.organization(visit.args["org"])
    if organization is None:
        raise RefusedVisit(not_found("Scope not found"))
    _member_of(visit, organization)
    return organization


def _team(visit: Visit) -> Team:
    """The team that the path names, when the asker may read its organization."""
    organization = _organization(visit)
    for team in organization.teams:
        if team.name == visit.args["team"]:
            return team
    raise RefusedVisit(not_found("Team not found"))


def _words(visit: Visit, grants: Iterable[tuple[str, Access]]) -> dict[str, str]:
    """Access lists in npm's short words, or in the long ones of its documentation."""
    if not visit.world.long_access_words:
        return dict(grants)
    return {name: {"read": "read-only", "write": "read-write"}[access] for name, access in grants}


def roster(visit: Visit) -> Reply:
    """`GET /-/org/{org}/user`: logins and roles."""
    return Reply(200, dict(_organization(visit).roster))


def teams(visit: Visit) -> Reply:
    """`GET /-/org/{org}/team`: `@org:team` each."""
    organization = _organization(visit)
    return Reply(200, [f"@{organization.name}:{team.name}" for team in organization.teams])


def team_users(visit: Visit) -> Reply:
    """`GET /-/team/{org}/{team}/user`, also as `/-/org/{org}/{team}/user`: logins."""
    return Reply(200, list(_team(visit).members))


def team_packages(visit: Visit) -> Reply:
    """`GET /-/team/{org}/{team}/package`: packages and access."""
    return Reply(200, _words(visit, _team(visit).packages.items()))


def organization_packages(visit: Visit) -> Reply:
    """`GET /-/org/{org}/package`: what the organization has, for its owners and admins.

    A login in place of an organization is a 404: the client then asks for the user's packages.
    """
    organization = _organization(visit)
    user = _member_of(visit, organization)
    if organization.roster[user.name] not in {"owner", "admin"}:
        raise RefusedVisit(forbidden())
    return Reply(200, _words(visit, organization.packages.items()))


def user_packages(visit: Visit) -> Reply:
    """`GET /-/user/{user}/package`: packages of an account and its access to each.

    Others see the public ones. A granular token must be allowed to read an organization.
    """
    credential = visit.credential()
    if credential.kind is not TokenKind.SESSION and not credential.organizations:
        raise RefusedVisit(forbidden())
    name = visit.args["user"]
    if visit.world.user(name) is None:
        raise RefusedVisit(not_found())
    grants = (
        (package.name, package.collaborators[name])
        for package in visit.world.packages
        if name in package.collaborators and visit.may_see(package)
    )
    return Reply(200, _words(visit, grants))


def collaborators(visit: Visit) -> Reply:
    """`GET /-/package/{package}/collaborators`: for a public package anyone may ask."""
    return Reply(200, _words(visit, visit.package().collaborators.items()))


def visibility(visit: Visit) -> Reply:
    """`GET /-/package/{package}/visibility`: session tokens only."""
    visit.session()
    package = visit.package()
    if visit.world.visibility_by_name:
        return Reply(200, {package.name: "private" if package.private else "public"})
    return Reply(200, {"public": not package.private})


ROUTES: dict[str, View] = {
    "GET /-/org/{org}/user": roster,
    "GET /-/org/{org}/team": teams,
    "GET /-/org/{org}/package": organization_packages,
    "GET /-/org/{org}/{team}/user": team_users,
    "GET /-/team/{org}/{team}/user": team_users,
    "GET /-/team/{org}/{team}/package": team_packages,
    "GET /-/user/{user}/package": user_packages,
    "GET /-/package/{package}/collaborators": collaborators,
    "GET /-/package/{package}/visibility": visibility,
}
