"""GitHub's REST and GraphQL APIs through the guarded session, with PyGithub's authentication."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from hardenme.collectors.github.headers import (
    GitHubHeaders,
    Lasting,
    TokenSource,
    identity_of,
    token_of,
)
from hardenme.collectors.github.pace import Pace
from hardenme.collectors.github.pages import Listing, read_pages
from hardenme.collectors.github.policies import barred
from hardenme.collectors.github.refusal import sso_left_out
from hardenme.collectors.github.sign_on import SignOn
from hardenme.collectors.memo import Memo
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.origin import base_url
from hardenme.collectors.transport.pace import Budget
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session, Wait
from hardenme.collectors.transport.shared_pause import SharedPause
from hardenme.facts.github.token import APP_USER, CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.model.pages import GITHUB_API, web_url
from hardenme.model.secret import Secret
from hardenme.model.unknown import Unknown

PREFIXES = {
    "ghp_": CLASSIC,
    "github_pat_": FINE_GRAINED,
    "gho_": OAUTH,
    "ghu_": APP_USER,
    "ghs_": INSTALLATION,
}
OLD_CLASSIC = re.compile(r"[0-9a-f]{40}")
RENAMED = frozenset({301, 307, 308})
"""GitHub's word for another address of the same thing. A 302 leads to something else: from the
members of an organization, for one, to those who show their membership to everyone."""


def token_kind(value: str) -> str:
    """The kind of a token by its prefix; empty if the prefix is not GitHub's."""
    kind = next((kind for prefix, kind in PREFIXES.items() if value.startswith(prefix)), "")
    return kind or (CLASSIC if OLD_CLASSIC.fullmatch(value) else "")


def _kind(source: TokenSource | None) -> str:
    """The kind of a token. Those that are made anew are an installation's."""
    if source is None:
        return ""
    return token_kind(source.identity) if isinstance(source, Lasting) else INSTALLATION


def api_url(address: str) -> str:
    """The API's address for what a user names: a host of any kind, or the API itself.

    Raises:
        ValueError: hardenme does not talk to that address.
    """
    base = base_url(address if "://" in address else f"https://{address}")
    parts = urlsplit(base)
    host = parts.hostname or ""
    if host in {"github.com", "www.github.com"}:
        return GITHUB_API
    if host.endswith(".ghe.com") and not host.startswith("api."):
        return f"https://api.{host}"
    loopback = parts.scheme == "http"
    if host == "api.github.com" or host.endswith(".ghe.com") or parts.path or loopback:
        return base
    return f"{base}/api/v3"


@dataclass(frozen=True, slots=True)
class Graph:
    """A GraphQL answer.

    Attributes:
        data: what came; None if nothing did.
        errors: the errors that GitHub returned, each with its `path`.
        response: the answer as it came.
    """

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...]
    response: Response

    def denied(self, *path: str | int) -> dict[str, Any] | None:
        """The error at a path or above it, if there is one."""
        for error in self.errors:
            at = error.get("path")
            if isinstance(at, list) and tuple(at) == path[: len(at)]:
                return error
        return None

    def barred(self) -> Unknown | None:
        """Why an organization refuses the token whatever it holds; None if none is seen to."""
        said = (error.get("message") for error in self.errors)
        found = next(filter(None, (barred(text) for text in said if isinstance(text, str))), None)
        if found is None:
            return None
        seen = f"{self.response.endpoint} was refused"
        return Unknown(found.reason, found.needed, seen, (self.response.atom,))


@dataclass(slots=True)
class GitHub:
    """GitHub as one token sees it. Answers are remembered for the run.

    Attributes:
        session: the guarded session.
        web: the address of the web pages.
        graphql_url: where queries go.
        kind: the token's kind by its prefix; empty without a token.
        memo: what was asked already.
        pace: how much one batched query asks for.
        sign_on: links to single sign-on that came, for the person at the terminal.
    """

    session: Session
    web: str
    graphql_url: str
    kind: str
    memo: Memo = field(default_factory=Memo)
    pace: Pace = field(default_factory=Pace)
    sign_on: SignOn = field(default_factory=SignOn)

    @classmethod
    def connect(  # noqa: PLR0913 (what a connection is made of, all but two by name)
        cls,
        base: str,
        secret: Secret | TokenSource | None,
        *,
        web: str = "",
        cache: Cache | None = None,
        bounds: Bounds | None = None,
        ca_file: str = "",
        on_wait: Callable[[Wait], None] | None = None,
        budget: Budget | None = None,
        pause: SharedPause | None = None,
    ) -> GitHub:
        """A client for an API address and a token; nothing is asked yet."""
        source: TokenSource | None
        if isinstance(secret, Secret):
            source = Lasting(secret) if secret.reveal() else None
        else:
            source = secret
        session = Session(
            base,
            GitHubHeaders(token_of(source) if source else None),
            identity=identity_of(source) if source else str,
            cache=cache,
            bounds=bounds,
            ca_file=ca_file,
            on_wait=on_wait,
            moved=RENAMED,
            budget=budget,
            renew=source.renewed if source else None,
            pause=pause,
        )
        # An Enterprise Server answers REST at /api/v3 and GraphQL at /api/graphql.
        prefix = f"{urlsplit(session.base).path.rstrip('/').removesuffix('/v3')}/graphql"
        return cls(
            session=session,
            web=web or web_url(session.base),
            graphql_url=f"{session.origin}{prefix}",
            kind=_kind(source),
        )

    def get(self, path: str, *, store: bool = True, renew: bool = False) -> Response:
        """Read a path.

        Args:
            store: whether the answer may be kept for the next run.
            renew: where a kept answer is confirmed, keep with it that it was true now.

        Raises:
            NoAnswerError: no usable answer came.
        """
        response: Response = self.memo.get(
            path, lambda: self.session.get(path, store=store, renew=renew)
        )
        self.sign_on.notice(response.headers, self.web)
        return response

    def stored(self, path: str) -> Response:
        """Read a file that GitHub keeps in a store, such as a log; it is not remembered.

        Raises:
            NoAnswerError: the address is not that of a store, or no usable answer came.
        """
        response = self.session.stored(path)
        self.sign_on.notice(response.headers, self.web)
        return response

    def kept(self, path: str) -> Response | None:
        """The answer that is kept from an earlier run; nothing is asked. None if there is none.

        It is for what stays true, and it shows when it was observed.
        """
        return self.session.kept(path)

    def pages(
        self, path: str, *, counted: bool, fixed_after: Callable[[Any], bool] | None = None
    ) -> Listing:
        """Read all pages of a list; what is wrong with it is recorded in `missing`.

        Args:
            counted: whether GitHub wraps it with its count, as its endpoint says.
            fixed_after: whether nothing can be added any more after an item, or after the beginning
                if it is None. Pages after it get no second look.
        """
        listing: Listing = self.memo.get(
            ("pages", path, fixed_after is None),
            lambda: read_pages(self.session, path, counted=counted, fixed_after=fixed_after),
        )
        for response in listing.responses:
            self.sign_on.notice(response.headers, self.web)
        return listing

    def graphql(self, document: str, variables: Mapping[str, Any], *, again: bool = True) -> Graph:
        """Send a query; `again` is whether one that the server fails on is tried again as it is.

        Raises:
            NoAnswerError: no usable answer came.
        """
        body = json.dumps({"query": document, "variables": variables}).encode()
        response = self.session.query(self.graphql_url, document, body, again=again)
        self.sign_on.notice(response.headers, self.web)
        if not response.ok:
            return Graph(None, (), response)
        if (left_out := sso_left_out(response)) is not None:
            raise NoAnswerError(left_out)
        answer = response.json()
        if not isinstance(answer, dict):
            answer = {}
        data, errors = answer.get("data"), answer.get("errors") or []
        if not isinstance(data, dict) or not isinstance(errors, list):
            data = None
        told = errors if isinstance(errors, list) else []
        for error in told:
            data = _without(data, error.get("path") if isinstance(error, dict) else None)
        return Graph(data, tuple(item for item in told if isinstance(item, dict)), response)


def _without(data: dict[str, Any] | None, path: Any) -> dict[str, Any] | None:
    """The data without nulls that an error explains: what was refused is absent, not null.

    An error without a path may explain any null.
    """
    if not isinstance(path, list):
        bare: dict[str, Any] | None = _without_nulls(data)
        return bare
    node: Any = data
    for step in path:
        try:
            value = node[step]
        except (KeyError, IndexError, TypeError):
            break
        if value is None and isinstance(node, dict):
            del node[step]
            break
        node = value
    return data


def _without_nulls(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without_nulls(value) for name, value in node.items() if value is not None}
    return [_without_nulls(value) for value in node] if isinstance(node, list) else node
