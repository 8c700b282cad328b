"""The account: who am I, the profile, the token list, web login and logout."""

from __future__ import annotations

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
    without,
)
from hardenme.sandbox.npm.world import ListedToken, TokenKind, User

TOKENS_NOTICE = (
    "Security notice: write tokens end after at most 90 days. "
    "Tokens that bypass two-factor authentication will stop publishing."
)


def ping(_: Visit) -> Reply:
    """`GET /-/ping`."""
    return Reply(200, {})


def whoami(visit: Visit) -> Reply:
    """`GET /-/whoami`: the login; a CI run's exchanged token belongs to no one."""
    credential = visit.credential()
    if credential.kind is TokenKind.OIDC:
        raise RefusedVisit(unauthorized("Bearer", "Unauthorized"))
    return Reply(200, {"username": visit.user_of(credential).name})


def profile(visit: Visit) -> Reply:
    """`GET /-/npm/v1/user`: only a session token is sure to see the truth about 2FA."""
    credential = visit.credential()
    user = visit.user_of(credential)
    data = _profile(user)
    if credential.kind is TokenKind.OIDC:
        raise RefusedVisit(unauthorized("Bearer", "Unauthorized"))
    if credential.kind is not TokenKind.SESSION:
        if visit.world.granular_profile == "refused":
            raise RefusedVisit(forbidden())
        if visit.world.granular_profile == "tfa-false":
            data["tfa"] = False
    return Reply(200, without(data, user.absent))


def _profile(user: User) -> dict[str, Any]:
    data: dict[str, Any] = {
        "tfa": {"mode": user.tfa, "pending": user.tfa_pending} if user.tfa else user.tfa,
        "name": user.name,
        "email": user.email,
        "email_verified": user.email_verified,
        "created": iso(user.created),
        "updated": iso(user.updated),
        "cidr_whitelist": None if user.cidr_whitelist is None else list(user.cidr_whitelist),
        "fullname": user.fullname,
    }
    return data | {
        key: value for key, value in (("homepage", user.homepage), ("github", user.github)) if value
    }


def tokens(visit: Visit) -> Reply:
    """`GET /-/npm/v1/tokens?page=0&perPage=10`: session tokens only, pages count from 0."""
    listed = visit.world.granular_lists
    user = visit.user_of(visit.credential()) if listed else visit.session()
    page = number(visit, "page", 0)
    size = number(visit, "perPage", 10, visit.world.tokens_per_page_limit) or 10
    mine = [token for token in visit.world.tokens if token.user == user.name]
    urls = {}
    if page:
        urls["prev"] = f"{visit.desk.url}/-/npm/v1/tokens?page={page - 1}&perPage={size}"
    if (page + 1) * size < len(mine):
        urls["next"] = f"{visit.desk.url}/-/npm/v1/tokens?page={page + 1}&perPage={size}"
    return Reply(
        200,
        {
            "objects": [_listed(token) for token in mine[page * size : (page + 1) * size]],
            "total": len(mine),
            "urls": urls,
        },
        {"npm-notice": TOKENS_NOTICE},
    )


def _listed(token: ListedToken) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": token.name,
        "description": token.description,
        "key": token.key,
        "token": token.shown,
        "expiry": iso(token.expiry),
        "cidr": None if token.cidr is None else list(token.cidr),
        "bypass_2fa": token.bypass_2fa,
        "revoked": iso(token.revoked),
        "created": iso(token.created),
        "updated": iso(token.updated),
        "accessed": iso(token.accessed),
        "permissions": [{"name": name, "action": action} for name, action in token.permissions],
        "scopes": [{"name": name, "type": type_} for type_, name in token.scopes],
    }
    if token.publish_policy is not None:
        data["publish_policy"] = token.publish_policy
    data = without(data, token.absent)
    return {token.renamed.get(key, key): value for key, value in data.items()} | dict(token.extra)


def couch_user(visit: Visit) -> Reply:
    """`GET /-/user/org.couchdb.user:{user}`: the name and address of any account."""
    visit.credential()
    prefix, _, name = visit.args["user"].partition(":")
    user = visit.world.user(name)
    if prefix != "org.couchdb.user" or user is None:
        raise RefusedVisit(not_found())
    return Reply(200, {"_id": f"org.couchdb.user:{name}", "name": name, "email": user.email})


def begin_login(visit: Visit) -> Reply:
    """`POST /-/v1/login`: the page to log in on and the address to poll."""
    if visit.world.web_login_as is None:
        raise RefusedVisit(not_found())
    auth_id = visit.desk.open_handshake(visit.world.token(visit.world.web_login_as))
    return Reply(
        200,
        {
            "loginUrl": f"{visit.site}/login?next=/login/cli/{auth_id}",
            "doneUrl": f"{visit.desk.url}/-/v1/done?authId={auth_id}",
        },
    )


def finish_handshake(visit: Visit) -> Reply:
    """`GET /-/v1/done?authId=`: 202 with `Retry-After` while a login or challenge is open."""
    handshake = visit.desk.handshakes.get(visit.request.query.get("authId", ""))
    if handshake is None:
        raise RefusedVisit(not_found())
    if handshake.polls > 0:
        handshake.polls -= 1
        return Reply(202, {}, {"retry-after": "1"})
    return Reply(200, {"token": handshake.answer})


def logout(visit: Visit) -> Reply:
    """`DELETE /-/user/token/{token}`: a token revokes itself."""
    credential = visit.credential()
    if visit.args["token"] != credential.value:
        raise RefusedVisit(not_found())
    credential.revoked = True
    return Reply(200, {"ok": True})


ROUTES: dict[str, View] = {
    "GET /-/ping": ping,
    "GET /-/whoami": whoami,
    "GET /-/npm/v1/user": profile,
    "GET /-/npm/v1/tokens": tokens,
    "GET /-/user/{user}": couch_user,
    "POST /-/v1/login": begin_login,
    "GET /-/v1/done": finish_handshake,
    "DELETE /-/user/token/{token}": logout,
}
