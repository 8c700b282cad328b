"""One request on its way through the registry: who asks, and what that token may do.

The refusals are npm's: 401 with a challenge in `www-authenticate` (`Bearer`, `ipaddress`, `OTP`),
403 for a missing right, 404 for what is absent or hidden.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.signing import Signer
from hardenme.sandbox.npm.world import ClientToken, Package, TokenKind, User, World

EXPIRED_NOTICE = "Access token expired or revoked. Please try logging in again."


class RefusedVisit(Exception):  # noqa: N818 (it is an answer, not an error of the sandbox)
    """Ends a visit with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(slots=True)
class WebLogin:
    """A web login or challenge that a browser would complete; `polls` is how often to wait."""

    answer: str
    polls: int


@dataclass(slots=True)
class Desk:
    """The state of the running registry other than its world.

    Attributes:
        url: the registry's own base address.
        handshakes: open web logins and challenges by their id.
        codes: one-time passwords that web challenges gave out and no one used yet, each with the
            credential that it is for.
        proven: credentials whose user answered a challenge and is remembered, each with how many
            more challenges are spared.
        numbers: what the next handshakes are numbered by.
    """

    world: World
    signer: Signer
    url: str = ""
    handshakes: dict[str, WebLogin] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    proven: dict[str, float] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def open_handshake(self, answer: str) -> str:
        """Begin a web login or challenge that ends with `answer`; returns its id."""
        auth_id = str(uuid.UUID(int=next(self.numbers), version=4))
        self.handshakes[auth_id] = WebLogin(answer, self.world.web_polls)
        return auth_id

    def open_challenge(self, credential: ClientToken) -> str:
        """Begin a web challenge that ends with a one-time password for this credential."""
        code = f"9041{next(self.numbers):012d}"
        self.codes[code] = credential.value
        return self.open_handshake(code)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request, the registry that it came to, and the parts of its path by name."""

    desk: Desk
    request: Request
    args: Mapping[str, str]

    @property
    def world(self) -> World:
        """The registry's state."""
        return self.desk.world

    @property
    def site(self) -> str:
        """The website's address, which is the registry's own where the world names none."""
        return self.world.site or self.desk.url

    def presented(self) -> ClientToken | None:
        """The valid credential of the request; None if there is none or a bad one."""
        scheme, _, value = self.request.headers.get("authorization", "").partition(" ")
        credential = self.world.credential(value.strip()) if scheme.lower() == "bearer" else None
        if credential is None or not self.world.is_valid(credential):
            return None
        if not self.world.is_from_allowed_address(credential):
            raise RefusedVisit(unauthorized("ipaddress", "Your IP address is not allowed"))
        return credential

    def credential(self) -> ClientToken:
        """The valid credential, with its own rule for one-time passwords kept; else a 401."""
        credential = self.presented()
        if credential is None:
            raise RefusedVisit(unauthorized("Bearer", "Unauthorized"))
        if any(re.fullmatch(path, self.request.path) for path in credential.otp_paths):
            self.challenge(credential)
        return credential

    def user_of(self, credential: ClientToken) -> User:
        """The account behind a credential; a 401 when it was deleted."""
        user = self.world.user(credential.user)
        if user is None:
            raise RefusedVisit(unauthorized("Bearer", "Unauthorized"))
        return user

    def session(self) -> User:
        """The account, when a session token asks; every other token gets a 403."""
        credential = self.credential()
        if credential.kind is not TokenKind.SESSION:
            raise RefusedVisit(forbidden())
        return self.user_of(credential)

    def challenge(self, credential: ClientToken) -> None:
        """Let pass who sends a valid one-time password; else a 401 that asks for one.

        A password that the web flow gave out is good for once. Where it is remembered, the next
        requests need none, and one that is sent all the same has to be valid.
        With `npm-auth-type: web` and an `npm-command`, the answer names the page to open and
        the address to poll; otherwise a notice names the page.
        """
        user = self.user_of(credential)
        code = self.request.headers.get("npm-otp", "")
        given = self.desk.codes.get(code) == credential.value
        if given or code in user.otp_codes:
            self.desk.codes.pop(code, None)
            if user.remembers_otp:
                self.desk.proven[credential.value] = user.otp_window
            return
        if not code and self.desk.proven.get(credential.value, 0) > 0:
            self.desk.proven[credential.value] -= 1
            return
        reply = unauthorized("OTP", "You must provide a one-time pass. Upgrade your client.")
        auth_id = self.desk.open_challenge(credential)
        headers = self.request.headers
        if headers.get("npm-auth-type") == "web" and headers.get("npm-command"):
            reply.data = {
                "authUrl": f"{self.site}/auth/cli/{auth_id}",
                "doneUrl": f"{self.desk.url}/-/v1/done?authId={auth_id}",
            }
        else:
            reply.headers["npm-notice"] = (
                f"Open {self.site}/login/{auth_id} to use your security key for authentication"
            )
        raise RefusedVisit(reply)

    def package(self) -> Package:
        """The package that the path names, when the asker may see it; else a 404."""
        package = self.world.package(self.args["package"])
        if package is None or not self.may_see(package):
            raise RefusedVisit(not_found())
        return package

    def may_see(self, package: Package) -> bool:
        """Whether the asker may know of a package: it is public, or a collaborator asks."""
        if not package.private:
            return True
        credential = self.presented()
        return (
            credential is not None
            and credential.user in package.collaborators
            and (credential.packages is None or package.name in credential.packages)
        )


View = Callable[[Visit], Reply]


def unauthorized(challenge: str, message: str) -> Reply:
    """A 401 with this challenge."""
    return Reply(401, {"error": message, "message": message}, {"www-authenticate": challenge})


def forbidden(message: str = "Insufficient permissions to access this resource") -> Reply:
    """A 403: the token is valid and has not the right."""
    return Reply(403, {"error": message, "message": message})


def not_found(message: str = "Not found") -> Reply:
    """A 404: absent, or hidden from this token."""
    return Reply(404, {"error": message})


def iso(moment: datetime | None) -> str | None:
    """A time as npm writes it: UTC, milliseconds, `Z`."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(visit: Visit, name: str, default: int, most: int | None = None) -> int:
    """A whole number of the query, not below 0; the default where it is absent or no number."""
    text = visit.request.query.get(name, "")
    value = int(text) if text.isascii() and text.isdigit() else default
    return value if most is None else min(value, most)


def without(data: dict[str, Any], absent: frozenset[str]) -> dict[str, Any]:
    """The same object without these keys."""
    return {key: value for key, value in data.items() if key not in absent}
