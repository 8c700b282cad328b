"""Trusted publishers and staged versions: what may be published, and what waits."""

from __future__ import annotations

import hashlib
from typing import Any

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.visit import (
    RefusedVisit,
    View,
    Visit,
    forbidden,
    iso,
    not_found,
    number,
    unauthorized,
)
from hardenme.sandbox.npm.world import StagedVersion, TokenKind, TrustedPublisher

STAGE_PAGE_LIMIT = 100


def trust(visit: Visit) -> Reply:
    """`GET /-/package/{package}/trust`: needs 2FA, write access and a one-time password.

    No granular token may, whatever it holds, and no CI run's: the registry says of each of the
    former that it bypasses 2FA.
    """
    credential = visit.credential()
    if credential.kind is TokenKind.OIDC:
        raise RefusedVisit(forbidden())
    if credential.kind is not TokenKind.SESSION:
        raise RefusedVisit(
            unauthorized("Bearer", "npm tokens that bypass 2FA are being restricted")
        )
    user = visit.user_of(credential)
    package = visit.world.package(visit.args["package"])
    if package is None or not visit.may_see(package):
        raise RefusedVisit(not_found("Package not found"))
    if not user.two_factor_on:
        raise RefusedVisit(forbidden("Please enable 2fa for your account"))
    if package.collaborators.get(user.name) != "write":
        raise RefusedVisit(
            forbidden(
                "Insufficient permissions to access trusted publisher configurations "
                "for this package"
            )
        )
    visit.challenge(credential)
    return Reply(200, [_configuration(publisher) for publisher in package.publishers])


def _configuration(publisher: TrustedPublisher) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": publisher.id,
        "type": publisher.type,
        "claims": dict(publisher.claims),
    }
    if publisher.permissions is not None:
        data["permissions"] = list(publisher.permissions)
    return data


def stage(visit: Visit) -> Reply:
    """`GET /-/stage?package=&page=0&perPage=10`: staged versions, the newest first."""
    page = number(visit, "page", 0)
    size = number(visit, "perPage", 10, STAGE_PAGE_LIMIT) or 10
    wanted = visit.request.query.get("package")
    items = sorted(
        (staged for staged in _shown(visit) if wanted in {None, "", staged.package}),
        key=lambda staged: staged.created_at,
        reverse=True,
    )
    return Reply(
        200,
        {
            "items": [_staged(staged) for staged in items[page * size : (page + 1) * size]],
            "page": page,
            "perPage": size,
            "total": len(items),
        },
    )


def stage_item(visit: Visit) -> Reply:
    """`GET /-/stage/{id}`: one of them."""
    for staged in _shown(visit):
        if staged.id == visit.args["id"]:
            return Reply(200, _staged(staged))
    raise RefusedVisit(not_found())


def _shown(visit: Visit) -> list[StagedVersion]:
    """The staged versions of packages that the account may publish; never for a CI run."""
    credential = visit.credential()
    if credential.kind is TokenKind.OIDC:
        raise RefusedVisit(forbidden())
    writes = {
        package.name
        for package in visit.world.packages
        if package.collaborators.get(credential.user) == "write" and visit.may_see(package)
    }
    return [staged for staged in visit.world.staged if staged.package in writes]


def _staged(staged: StagedVersion) -> dict[str, Any]:
    text = f"{staged.package}@{staged.version}"
    return {
        "id": staged.id,
        "packageName": staged.package,
        "version": staged.version,
        "tag": staged.tag,
        "createdAt": iso(staged.created_at),
        "actor": staged.actor,
        "actorType": staged.actor_type,
        "access": staged.access,
        "shasum": staged.shasum or hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
    } | dict(staged.extra)


def version_status(visit: Visit) -> Reply:
    """`GET /-/package/{package}/version/{version}/status`: for those who work on the package."""
    credential = visit.credential()
    package = visit.package()
    version = package.version(visit.args["version"])
    reached = credential.packages is None or package.name in credential.packages
    if version is None or credential.user not in package.collaborators or not reached:
        raise RefusedVisit(not_found())
    data = {"packageName": package.name, "version": version.version, "status": version.status}
    return Reply(200, data)


ROUTES: dict[str, View] = {
    "GET /-/package/{package}/trust": trust,
    "GET /-/package/{package}/version/{version}/status": version_status,
    "GET /-/stage": stage,
    "GET /-/stage/{id}": stage_item,
}
