"""What publishes, stages and approves on a sandbox that was told to take it.

It refuses a release as npm does: by status and message, as far as these are known. Sources: npm's
documentation of trusted publishers and staged publishing, its OpenAPI, and npm's own client.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hardenme.sandbox.http import Reply
from hardenme.sandbox.npm.visit import RefusedVisit, View, Visit, forbidden, not_found, unauthorized
from hardenme.sandbox.npm.world import (
    ClientToken,
    Package,
    Person,
    Provenance,
    StagedVersion,
    TokenKind,
    TrustedPublisher,
    Version,
    World,
    canary,
)
from tests.worlds import npm_writes

ISSUER = "https://token.actions.githubusercontent.com"
ROBOT = Person("GitHub Actions", "npm-oidc-no-reply@github.com")
PUBLISH, STAGE = "createPackage", "createStagedPackage"
REFUSED_EVENTS = frozenset({"issue_comment", "pull_request_target"})
REPUBLISHED = timedelta(hours=24)
ONE_TIME = (
    "Two-factor authentication or granular access token with bypass 2fa enabled is required to"
    " publish packages."
)


@dataclass(slots=True)
class Releases:
    """What takes releases in a sandbox, and how far.

    Attributes:
        runs: by the token of a run in CI: the claims of its id token, and the publishers that it
            matches.
        tarballs: the archives of staged versions, by id.
        limit: how many writes are taken before the limit; None for no limit.
    """

    runs: dict[str, tuple[dict[str, Any], list[TrustedPublisher]]] = field(default_factory=dict)
    tarballs: dict[str, bytes] = field(default_factory=dict)
    limit: int | None = None

    def routes(self) -> dict[str, View]:
        """The routes, with those that change settings."""
        return npm_writes.ROUTES | {
            "POST /-/npm/v1/oidc/token/exchange/package/{package}": self.exchange,
            "POST /-/stage/package/{package}": self.stage,
            "POST /-/stage/{id}/approve": self.approve,
            "GET /-/stage/{id}/tarball": self.tarball,
            "PUT /{package}": self.publish,
        }

    def exchange(self, visit: Visit) -> Reply:
        """`POST /-/npm/v1/oidc/token/exchange/package/{package}`: a token for a run in CI."""
        claims = _claims(visit)
        package = visit.world.package(visit.args["package"])
        matching = [
            one
            for one in (package.publishers if package else [])
            if one.live(visit.world.now) and _matches(one, claims)
        ]
        if package is None or not matching:
            raise RefusedVisit(not_found_by_exchange())
        token = canary(f"oidc{len(self.runs)}")
        self.runs[token] = claims, matching
        made = ClientToken(token, ROBOT.name, TokenKind.OIDC, packages=(package.name,))
        visit.world.credentials.append(made)
        return Reply(201, {"token_type": "oidc", "token": token})

    def publish(self, visit: Visit) -> Reply:
        """`PUT /{package}`: a release, or the marks of versions, which have no archive."""
        body = _body(visit)
        if not body.get("_attachments"):
            return npm_writes.deprecate(visit)
        upload = _Upload.of(body)
        who = self._released(visit, upload, PUBLISH)
        package = visit.world.package(upload.package)
        if package is None:
            package = _created(visit, upload)
        _put(visit.world, package, upload, who)
        return Reply(201, {"ok": True, "success": True})

    def stage(self, visit: Visit) -> Reply:
        """`POST /-/stage/package/{package}`: a version that a person approves."""
        upload = _Upload.of(_body(visit))
        who = self._released(visit, upload, STAGE)
        package = visit.world.package(upload.package)
        if package is None:
            package = _created(visit, upload)
            placeholder = Version("0.0.0-stage", visit.world.now, who.publisher)
            package.versions.append(placeholder)
        staged = StagedVersion(
            str(uuid.uuid4()),
            upload.package,
            upload.version,
            visit.world.now,
            who.publisher.name,
            "trusted automation" if who.publishers else "user",
            upload.tag,
            extra={"gitHead": upload.manifest["gitHead"]} if "gitHead" in upload.manifest else {},
        )
        visit.world.staged.append(staged)
        self.tarballs[staged.id] = upload.data
        self.runs[staged.id] = who.claims, who.publishers
        return Reply(201, {"message": "staged", "stageId": staged.id})

    def tarball(self, visit: Visit) -> Reply:
        """`GET /-/stage/{id}/tarball`."""
        visit.session()
        data = self.tarballs.get(visit.args["id"])
        if data is None:
            raise RefusedVisit(not_found())
        return Reply(200, headers={"content-type": "application/octet-stream"}, body=data)

    def approve(self, visit: Visit) -> Reply:
        """`POST /-/stage/{id}/approve`: the release of a staged version, by a person with 2FA."""
        credential = visit.credential()
        if credential.kind is TokenKind.OIDC:
            raise RefusedVisit(unauthorized("Bearer", "Unauthorized"))
        visit.challenge(credential)
        world = visit.world
        staged = next((one for one in world.staged if one.id == visit.args["id"]), None)
        package = world.package(staged.package) if staged else None
        if staged is None or package is None:
            raise RefusedVisit(not_found())
        user = visit.user_of(credential)
        if package.collaborators.get(user.name) != "write":
            raise RefusedVisit(forbidden())
        claims, publishers = self.runs.get(staged.id, ({}, []))
        upload = _Upload(staged.package, staged.version, staged.tag, {}, b"")
        publisher = Person(staged.actor, ROBOT.email)
        who = _Releaser(publisher, claims, publishers, Person(user.name, user.email))
        _put(world, package, upload, who)
        world.staged.remove(staged)
        return Reply(201, {"ok": True})

    def _released(self, visit: Visit, upload: _Upload, action: str) -> _Releaser:
        """Who releases it; every refusal of npm's is here."""
        if self.limit is not None:
            self.limit -= 1
            if self.limit < 0:
                text = "Could not publish, as user undefined: rate limited exceeded"
                raise RefusedVisit(Reply(429, {"error": text, "message": text}))
        credential = visit.presented()
        if credential is None:
            # npm does not show who may not publish whether a package is there.
            raise RefusedVisit(Reply(404, {"error": "Not found"}))
        package = visit.world.package(upload.package)
        if credential.kind is TokenKind.OIDC:
            who = self._of_run(credential, package, action)
        else:
            who = _of_token(visit, credential, package, upload, action)
        _check_version(visit.world, package, upload)
        _check_provenance(upload, who.claims)
        return who

    def _of_run(self, credential: ClientToken, package: Package | None, action: str) -> _Releaser:
        claims, matching = self.runs[credential.value]
        if package is None or package.name not in (credential.packages or ()):
            raise RefusedVisit(not_found("Package not found"))
        live = [one for one in matching if one in package.publishers]
        allowed = [one for one in live if action in (one.permissions or (PUBLISH,))]
        if not allowed:
            raise RefusedVisit(forbidden("OIDC permission denied for this action"))
        return _Releaser(ROBOT, claims, allowed)


@dataclass(frozen=True, slots=True)
class _Upload:
    """A version on its way to the registry."""

    package: str
    version: str
    tag: str
    manifest: dict[str, Any]
    data: bytes
    provenance: bool = False
    access: str | None = None

    @classmethod
    def of(cls, body: dict[str, Any]) -> _Upload:
        (version,) = body["versions"]
        (tag,) = body["dist-tags"]
        archive = next(
            one["data"] for name, one in body["_attachments"].items() if name.endswith(".tgz")
        )
        return cls(
            body["name"],
            version,
            tag,
            body["versions"][version],
            base64.b64decode(archive),
            any(name.endswith(".sigstore") for name in body["_attachments"]),
            body.get("access"),
        )


@dataclass(frozen=True, slots=True)
class _Releaser:
    """Who releases a version: a run by its publishers, or a person by a token."""

    publisher: Person
    claims: dict[str, Any] = field(default_factory=dict)
    publishers: list[TrustedPublisher] = field(default_factory=list)
    approver: Person | None = None


def not_found_by_exchange() -> Reply:
    """The refusal of an id token that no live publisher matches."""
    return Reply(404, {"message": "package not found"})


def id_token(claims: dict[str, Any]) -> str:
    """An id token as a run of GitHub Actions has; what signs it is not looked at."""
    parts = ({"alg": "none"}, claims, {})
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts
    )


def _claims(visit: Visit) -> dict[str, Any]:
    """The claims of the id token that is presented; a 401 for one that npm does not accept."""
    _, _, token = visit.request.headers.get("authorization", "").partition(" ")
    try:
        body = token.split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        raise RefusedVisit(unauthorized("Bearer", "Invalid id token")) from None
    host = visit.desk.url.partition("://")[2].partition(":")[0]
    if claims.get("iss") != ISSUER or claims.get("aud") != f"npm:{host}":
        raise RefusedVisit(unauthorized("Bearer", "Invalid id token"))
    if claims.get("event_name") in REFUSED_EVENTS:
        raise RefusedVisit(unauthorized("Bearer", "This event cannot publish"))
    return claims


def _matches(publisher: TrustedPublisher, claims: dict[str, Any]) -> bool:
    """Whether a publisher is the run's: by repository, entry workflow and its environment."""
    wanted = publisher.claims
    file = claims["workflow_ref"].partition("@")[0].rpartition("/")[2]
    environment = wanted.get("environment")
    return (
        publisher.type == "github"
        and wanted["repository"] == claims["repository"]
        # One without a file is bound to no workflow.
        and wanted.get("workflow_ref", {"file": file})["file"] == file
        and (environment is None or environment == claims.get("environment"))
    )


def _of_token(
    visit: Visit, credential: ClientToken, package: Package | None, upload: _Upload, action: str
) -> _Releaser:
    """Who releases by a token, or by hand."""
    user = visit.user_of(credential)
    reached = credential.packages is None or upload.package in credential.packages
    if credential.kind is TokenKind.READ or not reached:
        raise RefusedVisit(forbidden("You may not perform that action with these credentials."))
    if package is not None and package.collaborators.get(user.name) != "write":
        raise RefusedVisit(Reply(404, {"error": "Not found"}))
    if action == PUBLISH:
        _check_direct(visit, credential, package)
    return _Releaser(Person(user.name, user.email))


def _check_direct(visit: Visit, credential: ClientToken, package: Package | None) -> None:
    """Refuse a direct release that takes more than this token."""
    if credential.kind is TokenKind.STAGE_ONLY:
        text = "E_STAGE_REQUIRED: this token may only stage"
        raise RefusedVisit(Reply(403, {"error": text, "message": text}))
    bypasses = credential.kind is TokenKind.BYPASS
    if (
        package is not None
        and package.mfa == "publish"
        and credential.kind is not TokenKind.SESSION
    ):
        visit.challenge(credential)
    elif not bypasses and not visit.user_of(credential).two_factor_on:
        raise RefusedVisit(forbidden(ONE_TIME))
    elif not bypasses:
        visit.challenge(credential)


def _check_version(world: World, package: Package | None, upload: _Upload) -> None:
    """Refuse a number that is taken: published, once published, or staged."""
    if package is None:
        if upload.package.startswith("@") and upload.access != "public":
            raise RefusedVisit(Reply(402, {"error": "You must sign up for private packages"}))
        return
    if package.removed and not package.versions:
        gone = max(package.removed.values())
        if world.now - gone < REPUBLISHED:
            text = f"{package.name} cannot be republished until 24 hours have passed."
            raise RefusedVisit(forbidden(text))
    taken = {one.version for one in package.versions} | set(package.removed)
    if upload.version in taken:
        text = f"You cannot publish over the previously published versions: {upload.version}."
        raise RefusedVisit(forbidden(text))
    if any((one.package, one.version) == (package.name, upload.version) for one in world.staged):
        text = f'Cannot publish over previously staged version "{upload.version}"'
        raise RefusedVisit(Reply(409, {"error": text, "message": text}))


def _check_provenance(upload: _Upload, claims: dict[str, Any]) -> None:
    """Refuse provenance that does not fit the manifest, the runner or the repository."""
    if not upload.provenance:
        return
    why = ""
    kind, seen = claims["runner_environment"], claims["repository_visibility"]
    repository = upload.manifest.get("repository") or {}
    url = repository if isinstance(repository, str) else repository.get("url", "")
    wanted = f"https://github.com/{claims['repository']}"
    if kind != "github-hosted":
        why = (
            f'Unsupported GitHub Actions runner environment: "{kind}". Only "github-hosted" runners'
            " are supported when publishing with provenance."
        )
    elif seen != "public":
        why = (
            f'Unsupported GitHub Actions source repository visibility: "{seen}". Only public source'
            " repositories are supported when publishing with provenance."
        )
    elif url.removeprefix("git+").removesuffix(".git") != wanted:
        why = (
            f'Failed to validate repository information: package.json: "repository.url" is "{url}",'
            f' expected to match "{wanted}" from provenance'
        )
    if why:
        text = f"Error verifying sigstore provenance bundle: {why}"
        raise RefusedVisit(Reply(422, {"error": text, "message": text}))


def _created(visit: Visit, upload: _Upload) -> Package:
    """The package that a first release makes, by a person."""
    credential = visit.credential()
    user = visit.user_of(credential)
    person = Person(user.name, user.email)
    made = Package(upload.package, [], [person], {user.name: "write"})
    visit.world.packages.append(made)
    return made


def _put(world: World, package: Package, upload: _Upload, who: _Releaser) -> None:
    """Publish a version."""
    by = who.publishers[0] if who.publishers else None
    for one in who.publishers:
        one.proven = True
    claims = who.claims
    workflow = claims.get("workflow_ref", "").partition("@")[0]
    public = claims.get("repository_visibility") == "public"
    package.versions.append(
        Version(
            upload.version,
            world.now,
            who.publisher,
            trusted_publisher={"id": "github", "oidcConfigId": f"oidc:{by.id}"} if by else None,
            approver=who.approver,
            provenance=Provenance(
                f"https://github.com/{claims['repository']}",
                workflow.removeprefix(f"{claims['repository']}/"),
                claims["ref"],
            )
            if by and public
            else None,
            commit=upload.manifest.get("gitHead"),
        )
    )
    tags = {} if package.dist_tags is None else package.dist_tags
    package.dist_tags = {**package.tags, **tags, upload.tag: upload.version}


def _body(visit: Visit) -> dict[str, Any]:
    body = visit.request.json()
    if not isinstance(body, dict):
        raise RefusedVisit(Reply(400, {"message": "Bad request"}))
    return body
