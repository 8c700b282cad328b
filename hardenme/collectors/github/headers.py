"""What makes a request one to GitHub: headers, the credential, and its word for limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hardenme.collectors.transport.pace import PRIMARY, SECONDARY, retry_after, until_reset
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Wait
from hardenme.model.secret import Secret

API_VERSION = "2022-11-28"
SECONDARY_PAUSE = 60.0
"""Seconds to wait where GitHub does not say how long, by its own advice."""


class TokenSource(Protocol):
    """A token, which may be renewed during a run."""

    @property
    def identity(self) -> str:
        """What identifies the credential."""

    def current(self) -> Secret:
        """The token that counts now.

        Raises:
            NoAnswerError: none was given.
        """

    def renewed(self, header: str) -> bool:
        """Whether another token has taken the place of one that was refused.

        Args:
            header: what authenticated the request that was refused.
        """


@dataclass(frozen=True, slots=True)
class Lasting:
    """A token that stays as it is.

    Attributes:
        secret: the token.
    """

    secret: Secret

    @property
    def identity(self) -> str:
        """The token itself."""
        return self.secret.reveal()

    def current(self) -> Secret:
        """The token."""
        return self.secret

    def renewed(self, header: str) -> bool:  # noqa: ARG002 (as `TokenSource` has it)
        """No: there is no other."""
        return False


def header_of(token: Secret) -> str:
    """What authenticates a request by a token."""
    return f"token {token.reveal()}"


def token_of(source: TokenSource) -> Callable[[], str]:
    """What authenticates the next request by the token that counts then."""
    return lambda: header_of(source.current())


def identity_of(source: TokenSource) -> Callable[[], str]:
    """What identifies the credential; read when it is needed, since it may be the token."""
    return lambda: source.identity


@dataclass(slots=True)
class GitHubHeaders:
    """What makes a request one to GitHub.

    Attributes:
        auth: gives the next request's header of that name; None for nothing.
    """

    auth: Callable[[], str] | None

    def headers(self) -> Mapping[str, str]:
        """The headers of every request.

        Raises:
            NoAnswerError: the credential could not be made anew.
        """
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": API_VERSION,
        }
        if self.auth is not None:
            headers["Authorization"] = self.auth()
        return headers

    def limited(self, response: Response) -> Wait | None:
        """Distinguish rate limits from refusals, by GitHub's "Rate limits for the REST API"."""
        if response.status == 200 and response.endpoint.startswith("POST"):  # noqa: PLR2004 (HTTP's)
            return _graph_limit(response)
        if response.status not in {403, 429}:
            return None
        after = retry_after(response)
        if response.headers.get("x-ratelimit-remaining") == "0":
            return Wait(after or _until_reset(response), PRIMARY)
        said = response.message().lower()
        if after is not None or response.status == 429 or "secondary rate" in said:  # noqa: PLR2004
            return Wait(after or SECONDARY_PAUSE, SECONDARY)
        return None


def _graph_limit(response: Response) -> Wait | None:
    if b"RATE_LIMITED" not in response.body and b"rate limit" not in response.body:
        return None
    try:
        errors = response.json().get("errors") or []
    except (NoAnswerError, AttributeError):
        return None
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict) and error.get("type") in {"RATE_LIMITED", "RATE_LIMIT"}:
            if response.headers.get("x-ratelimit-remaining") == "0":
                return Wait(_until_reset(response), PRIMARY)
            return Wait(retry_after(response) or SECONDARY_PAUSE, SECONDARY)
    return None


def _until_reset(response: Response) -> float:
    return until_reset(response) or SECONDARY_PAUSE
