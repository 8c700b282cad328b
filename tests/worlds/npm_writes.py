"""What changes packages and tokens, for a sandbox that was told to take it.

So the commands that hardenme prints can be run by the real client, and what they come to be seen.
Each asks for a one-time password, as npm does. hardenme itself sends none of these.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.released import Version
from hardenme.sandbox.npm.visit import RefusedVisit, View, Visit, forbidden, not_found
from hardenme.sandbox.npm.world import (
    ClientToken,
    Organization,
    Package,
    Person,
    Team,
    TokenKind,
    TrustedPublisher,
)

OWNERS = frozenset({"owner"})
ADMINS = OWNERS | {"admin"}
MOST_DOWNLOADS = 300
"""A week, from which on npm keeps a version that is older than three days."""
ACCESS: dict[str, Any] = {"read-only": "read", "read-write": "write"}


def _writer(visit: Visit) -> ClientToken:
    """The credential, of a person who gave a second factor: a bypassing token may do none of it."""
    credential = visit.credential()
    if credential.kind in {TokenKind.BYPASS, TokenKind.OIDC}:
        raise RefusedVisit(forbidden())
    visit.challenge(credential)
    return credential


def _body(visit: Visit) -> Any:
    try:
        return json.loads(visit.request.body)
    except ValueError:
        raise RefusedVisit(Reply(400, {"message": "Invalid JSON"})) from None


def _fields(visit: Visit) -> dict[str, Any]:
    body = _body(visit)
    if not isinstance(body, dict):
        raise RefusedVisit(Reply(400, {"message": "Bad request"}))
    return body


def _own_package(visit: Visit, name: str) -> Package:
    """The package, when the asker may change it."""
    credential = _writer(visit)
    package = visit.world.package(name)
    if package is None or not visit.may_see(package):
        raise RefusedVisit(not_found("Package not found"))
    if package.collaborators.get(credential.user) != "write":
        raise RefusedVisit(forbidden())
    return package


def set_profile(visit: Visit) -> Reply:
    """`POST /-/npm/v1/user`: when the second factor is asked for. No other change is taken."""
    visit.session()
    user = visit.user_of(_writer(visit))
    wanted = _fields(visit).get("tfa")
    if not isinstance(wanted, dict) or wanted.get("mode") not in {"auth-only", "auth-and-writes"}:
        return Reply(400, {"message": "Bad request"})
    if not user.two_factor_on:
        return Reply(400, {"message": "Enrol a second factor on the website"})
    user.tfa = wanted["mode"]
    return Reply(200, {"name": user.name, "tfa": {"mode": user.tfa, "pending": False}})


def set_access(visit: Visit) -> Reply:
    """`POST /-/package/{package}/access`: who may publish, and whether it is public."""
    package = _own_package(visit, visit.args["package"])
    body = _fields(visit)
    if "access" in body:
        package.private = body["access"] != "public"
    if "publish_requires_tfa" in body:
        overrides = body.get("automation_token_overrides_tfa") is True
        required = "automation" if overrides else "publish"
        package.mfa = required if body["publish_requires_tfa"] is True else "none"
    return Reply(200, {})


def add_publisher(visit: Visit) -> Reply:
    """`POST /-/package/{package}/trust`: an array of one configuration."""
    package = _own_package(visit, visit.args["package"])
    body = _body(visit)
    wanted = body[0] if isinstance(body, list) and len(body) == 1 else None
    if not isinstance(wanted, dict) or not {"type", "claims", "permissions"} <= wanted.keys():
        return Reply(400, {"message": "Bad request"})
    made = TrustedPublisher(
        str(uuid.uuid4()),
        wanted["type"],
        wanted["claims"],
        tuple(wanted["permissions"]),
        created_at=visit.world.now,
        proven=False,
    )
    if any((one.type, one.claims) == (made.type, made.claims) for one in package.publishers):
        return Reply(409, {"message": "Trusted publisher configuration already exists"})
    package.publishers.append(made)
    return Reply(200, [{"id": made.id, **wanted}])


def end_publisher(visit: Visit) -> Reply:
    """`DELETE /-/package/{package}/trust/{id}`."""
    package = _own_package(visit, visit.args["package"])
    left = [one for one in package.publishers if one.id != visit.args["id"]]
    if len(left) == len(package.publishers):
        return not_found("Trusted publisher configuration not found")
    package.publishers[:] = left
    return Reply(204)


def revoke_token(visit: Visit) -> Reply:
    """`DELETE /-/npm/v1/tokens/token/{token}`: a listed token of the account, by its key."""
    visit.session()
    user = _writer(visit).user
    key = visit.args["token"]
    left = [one for one in visit.world.tokens if (one.user, one.key) != (user, key)]
    if len(left) == len(visit.world.tokens):
        return not_found()
    visit.world.tokens[:] = left
    for credential in visit.world.credentials:
        credential.revoked |= credential.key == key
    return Reply(204)


def change(visit: Visit) -> Reply:
    """`PUT /{package}/-rev/{rev}`: the whole packument, of which people and versions are taken.

    It is how `npm owner` and `npm unpublish` change a package. See
    https://docs.npmjs.com/policies/unpublish for which versions can go.
    """
    package, body = _own_package(visit, visit.args["package"]), _fields(visit)
    if "versions" in body:
        gone = [one for one in package.versions if one.version not in body["versions"]]
        for one in gone:
            _may_go(visit, package, one)
        package.removed |= {one.version: one.published_at for one in gone}
        package.versions[:] = [one for one in package.versions if one not in gone]
        package.dist_tags = dict(body["dist-tags"])
    people = [Person(one["name"], one["email"]) for one in body["maintainers"]]
    for name in {one.name for one in package.maintainers} - {one.name for one in people}:
        package.collaborators.pop(name, None)
    package.collaborators |= {one.name: "write" for one in people}
    package.maintainers[:] = people
    return Reply(200, {"ok": True, "id": package.name})


def _may_go(visit: Visit, package: Package, version: Version) -> None:
    """Refuse to unpublish what npm's policy keeps."""
    late = visit.world.now - version.published_at > timedelta(hours=72)
    failed = [
        why
        for why, holds in (
            ("has dependent packages in the registry", package.dependents > 0),
            ("has too many downloads", late and package.weekly_downloads >= MOST_DOWNLOADS),
            ("has multiple maintainers", late and len(package.maintainers) > 1),
        )
        if holds
    ]
    if failed:
        text = f"You can no longer unpublish this package. Failed criteria:\n{chr(10).join(failed)}"
        raise RefusedVisit(Reply(405, {"error": text}))


def drop_archive(visit: Visit) -> Reply:
    """`DELETE /{package}/-/{file}/-rev/{rev}`: the archive of a version that is unpublished."""
    package = _own_package(visit, visit.args["package"])
    stem = package.name.rpartition("/")[2]
    if visit.args["file"] not in {f"{stem}-{one}.tgz" for one in package.removed}:
        raise RefusedVisit(not_found())
    return Reply(200, {"ok": True})


def set_tag(visit: Visit) -> Reply:
    """`PUT /-/package/{package}/dist-tags/{tag}`: the version that a tag points to."""
    package, number = _own_package(visit, visit.args["package"]), _body(visit)
    if number not in {version.version for version in package.versions}:
        raise RefusedVisit(Reply(404, {"error": f"version not found: {number}"}))
    package.dist_tags = package.tags | {visit.args["tag"]: number}
    return Reply(201, {"ok": "dist-tags updated"})


def deprecate(visit: Visit) -> Reply:
    """`PUT /{package}`: the whole packument, of which the marks of its versions are taken."""
    package = _own_package(visit, visit.args["package"])
    manifests = _fields(visit).get("versions", {})
    for version in package.versions:
        version.deprecated = manifests.get(version.version, {}).get("deprecated")
    return Reply(200, {"ok": True})


def reject_staged(visit: Visit) -> Reply:
    """`DELETE /-/stage/{id}`: a staged version that is let go of."""
    _writer(visit)
    left = [one for one in visit.world.staged if one.id != visit.args["id"]]
    if len(left) == len(visit.world.staged):
        return not_found()
    visit.world.staged[:] = left
    return Reply(204)


def _owned(visit: Visit, by: frozenset[str] = ADMINS) -> Organization:
    """The organization that the path names, when the asker runs it.

    See https://docs.npmjs.com/organization-roles-and-permissions: admins see to teams, owners alone
    to members; nobody removes the last owner.
    """
    user = _writer(visit).user
    organization = visit.world.organization(visit.args["org"])
    if organization is None:
        raise RefusedVisit(not_found("Scope not found"))
    if organization.roster.get(user) not in by:
        raise RefusedVisit(forbidden())
    return organization


def _owned_team(visit: Visit) -> Team:
    for team in _owned(visit).teams:
        if team.name == visit.args["team"]:
            return team
    raise RefusedVisit(not_found("Team not found"))


def grant(visit: Visit) -> Reply:
    """`PUT /-/team/{org}/{team}/package`: what a team may do with a package."""
    team, body = _owned_team(visit), _fields(visit)
    team.packages[body["package"]] = ACCESS[body["permissions"]]
    return Reply(201, {})


def ungrant(visit: Visit) -> Reply:
    """`DELETE /-/team/{org}/{team}/package`: a team has no more to do with a package."""
    _owned_team(visit).packages.pop(_fields(visit)["package"], None)
    return Reply(204)


def leave_team(visit: Visit) -> Reply:
    """`DELETE /-/team/{org}/{team}/user`: a member leaves a team."""
    team, user = _owned_team(visit), _fields(visit)["user"]
    team.members[:] = [one for one in team.members if one != user]
    return Reply(204)


def set_member(visit: Visit) -> Reply:
    """`PUT /-/org/{org}/user`: somebody joins the organization, or has another role in it."""
    organization, body = _owned(visit, by=OWNERS), _fields(visit)
    user, role = body["user"], body.get("role", "developer")
    if role not in {"owner", "admin", "developer"} or visit.world.user(user) is None:
        return Reply(400, {"message": "Bad request"})
    organization.roster[user] = role
    named = {"name": organization.name, "size": len(organization.roster)}
    return Reply(201, {"org": named, "user": user, "role": role})


def leave_organization(visit: Visit) -> Reply:
    """`DELETE /-/org/{org}/user`: a member leaves the organization and its teams."""
    organization, user = _owned(visit, by=OWNERS), _fields(visit)["user"]
    if [one for one, role in organization.roster.items() if role == "owner"] == [user]:
        return forbidden()
    organization.roster.pop(user, None)
    for team in organization.teams:
        team.members[:] = [one for one in team.members if one != user]
    return Reply(204)


ROUTES: dict[str, View] = {
    "POST /-/npm/v1/user": set_profile,
    "POST /-/package/{package}/access": set_access,
    "POST /-/package/{package}/trust": add_publisher,
    "DELETE /-/package/{package}/trust/{id}": end_publisher,
    "DELETE /-/npm/v1/tokens/token/{token}": revoke_token,
    "PUT /{package}/-rev/{rev}": change,
    "DELETE /{package}/-/{file}/-rev/{rev}": drop_archive,
    "PUT /-/package/{package}/dist-tags/{tag}": set_tag,
    "PUT /{package}": deprecate,
    "DELETE /-/stage/{id}": reject_staged,
    "PUT /-/team/{org}/{team}/package": grant,
    "DELETE /-/team/{org}/{team}/package": ungrant,
    "DELETE /-/team/{org}/{team}/user": leave_team,
    "PUT /-/org/{org}/user": set_member,
    "DELETE /-/org/{org}/user": leave_organization,
}
