"""npm's registry through the guarded session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hardenme.collectors.memo import Memo
from hardenme.collectors.npm.observed import Observations
from hardenme.collectors.npm.presence import Presence, challenged
from hardenme.collectors.npm.trim import trim
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.pace import retry_after
from hardenme.collectors.transport.response import Response
from hardenme.collectors.transport.session import Session, Wait
from hardenme.model.permission import Requirement
from hardenme.model.secret import Secret
from hardenme.model.unknown import IF_PRIVATE, Reason, Unknown

PAUSE = 30.0
"""Seconds to wait where the registry does not say how long; npm publishes no numbers."""


@dataclass(slots=True)
class _NpmHeaders:
    """What makes a request one to a registry: the headers that the npm client sends."""

    secret: Secret | None

    def headers(self) -> Mapping[str, str]:
        headers = {"Accept": "application/json"}
        if self.secret is not None:
            headers["Authorization"] = f"Bearer {self.secret.reveal()}"
        return headers

    def limited(self, response: Response) -> Wait | None:
        if response.status != 429:  # noqa: PLR2004 (HTTP's number)
            return None
        return Wait(retry_after(response) or PAUSE, "registry's")


@dataclass(slots=True)
class Npm:
    """A registry as one token, or no one, sees it. Answers are remembered for the run.

    Attributes:
        session: the guarded session.
        identity: the headers, with the token.
        registry: the address that facts and commands name, without a trailing slash.
        refused: why the token is of no use; None if it is, or where there is none.
        trust_root: what provenance is verified by, as JSON; empty for the public trust root.
        presence: asks for what takes a one-time password; of no one, unless it is given someone.
        observations: what earlier runs read with one; None for nothing.
    """

    session: Session
    identity: _NpmHeaders
    registry: str
    refused: Unknown | None = None
    trust_root: str = ""
    memo: Memo = field(default_factory=Memo)
    presence: Presence = field(default_factory=Presence)
    observations: Observations | None = None

    @classmethod
    def connect(  # noqa: PLR0913 (what a connection is made of, all but two by name)
        cls,
        registry: str,
        secret: Secret | None,
        *,
        shown: str = "",
        cache: Cache | None = None,
        bounds: Bounds | None = None,
        ca_file: str = "",
        trust_root: str = "",
        on_wait: Callable[[Wait], None] | None = None,
        presence: Presence | None = None,
        observations: Observations | None = None,
    ) -> Npm:
        """A client for a registry and a token; nothing is asked yet.

        Args:
            registry: the address that is asked.
            secret: the token; None for what anyone can read.
            shown: the address that facts and commands name, where it is another.
            cache: where answers are kept.
            bounds: of time and size.
            ca_file: certificate authorities in place of the usual ones.
            trust_root: what provenance is verified by; empty for the public trust root.
            on_wait: called when a rate limit is waited out.
            presence: asks for what takes a person; None for no one.
            observations: what earlier runs read of that.
        """
        identity = _NpmHeaders(secret)
        session = Session(
            registry,
            identity,
            identity=secret.reveal if secret else str,
            cache=cache,
            bounds=bounds,
            ca_file=ca_file,
            on_wait=on_wait,
        )
        return cls(
            session,
            identity,
            shown or session.base,
            trust_root=trust_root,
            presence=presence or Presence(),
            observations=observations,
        )

    @property
    def secret(self) -> Secret | None:
        """The token; None for what anyone can read."""
        return self.identity.secret

    def drop_token(self, refused: Unknown) -> None:
        """Go on without the token: what is public is still read."""
        self.identity.secret = None
        self.refused = refused

    def get(self, path: str, command: str = "", *, again: bool = False) -> Response:
        """Read a path.

        Args:
            path: encoded, below the registry's address.
            command: the npm command that asks for it; npm's registry answers by it.
            again: what was answered before does not do.

        Raises:
            NoAnswerError: no usable answer came.
        """
        headers = {"npm-command": command, "npm-auth-type": "web"} if command else {}

        def ask() -> Response:
            return self.session.get(path, headers=headers)

        response: Response = ask() if again else self.memo.get(path, ask)
        return response

    def packument(self, path: str, *, kept: bool = False) -> Response:
        """Read all that is public about a package.

        It is too large to cache for the run, and is trimmed before it is stored.

        Args:
            path: the package's, encoded.
            kept: a stored answer of an earlier run is enough, however old: for what never changes,
                like when a package was first published. Then nothing is requested.

        Raises:
            NoAnswerError: no usable answer came.
        """
        found = self.session.kept(path) if kept else None
        return found or self.session.get(path, slim=trim)


def refusal(response: Response, requirement: Requirement, *, signed_in: bool = True) -> Unknown:
    """What an answer that is not 200 means for a fact with this requirement.

    Args:
        signed_in: a token was sent.
    """
    status = response.status
    seen = f"{response.endpoint} answered {status}"
    evidence = (response.atom,)
    needed = str(requirement) or "a token that is accepted"
    challenge = response.headers.get("www-authenticate", "").lower()
    if status == 401:  # noqa: PLR2004 (HTTP's number, as all below)
        if challenged(response):
            return Unknown(
                Reason.NEEDS_PRESENCE, "a one-time password of the account", seen, evidence
            )
        if "ipaddress" in challenge:
            return Unknown(
                Reason.NOT_PERMITTED, "to run from an address that the token admits", seen, evidence
            )
        return Unknown(Reason.REJECTED, "an npm token that is accepted", seen, evidence)
    if status in {402, 403}:
        return Unknown(Reason.NOT_PERMITTED, needed, seen, evidence)
    if status == 404:  # noqa: PLR2004
        name = "the right name, and a token that can see it" if signed_in else IF_PRIVATE
        return Unknown(Reason.NOT_VISIBLE, name, seen, evidence)
    return Unknown(
        Reason.MALFORMED, f"an answer to {response.endpoint} that hardenme can read", seen, evidence
    )
