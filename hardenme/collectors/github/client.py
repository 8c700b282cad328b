"""GitHub's REST and GraphQL APIs through the guarded session, with PyGithub's authentication."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from github import Auth
from github.Requester import Requester

from hardenme.collectors.github.refusal import sso_left_out
from hardenme.collectors.memo import Memo
from hardenme.collectors.transport.cache import Cache
from hardenme.collectors.transport.origin import base_url
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session, Wait
from hardenme.collectors.transport.wire import Bounds
from hardenme.facts.github.site import DEFAULT_WEB
from hardenme.facts.github.token import APP_USER, CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.model.evidence import Atom
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason, Unknown

API_URL = "https://api.github.com"
API_VERSION = "2022-11-28"
MOST_PAGES = 1000
PER_PAGE = 100
SECONDARY_PAUSE = 60.0
"""Seconds to wait where GitHub does not say how long, by its own advice."""
LONGEST_WAIT = 3600.0

PREFIXES = {
    "ghp_": CLASSIC,
    "github_pat_": FINE_GRAINED,
    "gho_": OAUTH,
    "ghu_": APP_USER,
    "ghs_": INSTALLATION,
}
OLD_CLASSIC = re.compile(r"[0-9a-f]{40}")
LINK = re.compile(r'<([^>]*)>;\s*rel="(next|last)"')
PAGE = re.compile(r"[?&]page=(\d+)")


def token_kind(value: str) -> str:
    """The kind of a token by its prefix; empty where the prefix is not GitHub's."""
    kind = next((kind for prefix, kind in PREFIXES.items() if value.startswith(prefix)), "")
    return kind or (CLASSIC if OLD_CLASSIC.fullmatch(value) else "")


def web_url(api: str) -> str:
    """The address of the web pages that belong to an API's address."""
    parts = urlsplit(api)
    host = parts.netloc
    if parts.hostname == "api.github.com":
        return DEFAULT_WEB
    if host.startswith("api.") and host.endswith(".ghe.com"):
        host = host.removeprefix("api.")
    return f"{parts.scheme}://{host}"


def api_url(address: str) -> str:
    """The API's address for what a user names: a host of any kind, or the API itself.

    Raises:
        ValueError: hardenme does not talk to that address.
    """
    base = base_url(address if "://" in address else f"https://{address}")
    parts = urlsplit(base)
    host = parts.hostname or ""
    if host in {"github.com", "www.github.com"}:
        return API_URL
    if host.endswith(".ghe.com") and not host.startswith("api."):
        return f"https://api.{host}"
    loopback = parts.scheme == "http"
    if host == "api.github.com" or host.endswith(".ghe.com") or parts.path or loopback:
        return base
    return f"{base}/api/v3"


@dataclass(frozen=True, slots=True)
class Listing:
    """The pages of a list.

    Attributes:
        items: the raw items that came.
        evidence: one atom that counts the pages.
        missing: why the list is not whole; None where it is.
        responses: the answers, in order.
    """

    items: tuple[Any, ...]
    evidence: tuple[Atom, ...]
    missing: Unknown | None
    responses: tuple[Response, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A GraphQL answer.

    Attributes:
        data: what came; None where nothing did.
        errors: what GitHub said went wrong, each with its `path`.
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


@dataclass(slots=True)
class _GitHubHeaders:
    """What makes a request one to GitHub."""

    auth: Auth.Auth | None

    def headers(self) -> Mapping[str, str]:
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": API_VERSION,
        }
        if self.auth is not None:
            self.auth.authentication(headers)
        return headers

    def limited(self, response: Response) -> Wait | None:
        """Tell rate limits from refusals, by GitHub's "Rate limits for the REST API"."""
        if response.status == 200 and response.endpoint.startswith("POST"):  # noqa: PLR2004 (HTTP's)
            return _graph_limit(response)
        if response.status not in {403, 429}:
            return None
        after = _retry_after(response)
        if response.headers.get("x-ratelimit-remaining") == "0":
            return Wait(after or _until_reset(response), "primary")
        said = response.message().lower()
        if after is not None or response.status == 429 or "secondary rate" in said:  # noqa: PLR2004
            return Wait(after or SECONDARY_PAUSE, "secondary")
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
                return Wait(_until_reset(response), "primary")
            return Wait(_retry_after(response) or SECONDARY_PAUSE, "secondary")
    return None


def _retry_after(response: Response) -> float | None:
    value = response.headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - response.observed_at).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 1.0), LONGEST_WAIT) if seconds == seconds else None  # noqa: PLR0124 (NaN)


def _until_reset(response: Response) -> float:
    try:
        reset = datetime.fromtimestamp(int(response.headers["x-ratelimit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return SECONDARY_PAUSE
    left = (reset - response.observed_at).total_seconds()
    return min(max(left + 1.0, 1.0), LONGEST_WAIT)


@dataclass(slots=True)
class GitHub:
    """GitHub as one token sees it. Answers are remembered for the run.

    Attributes:
        session: the guarded session.
        web: the address of the web pages.
        graphql_url: where queries go.
        kind: the token's kind by its prefix; empty without a token.
    """

    session: Session
    web: str
    graphql_url: str
    kind: str
    memo: Memo = field(default_factory=Memo)

    @classmethod
    def connect(  # noqa: PLR0913 (what a connection is made of, all but two by name)
        cls,
        base: str,
        secret: Secret | None,
        *,
        web: str = "",
        cache: Cache | None = None,
        bounds: Bounds | None = None,
        ca_file: str = "",
        on_wait: Callable[[Wait], None] | None = None,
    ) -> GitHub:
        """A client for an API address and a token; nothing is asked yet."""
        value = secret.reveal() if secret else ""
        auth = Auth.Token(value) if value else None
        session = Session(
            base,
            _GitHubHeaders(auth),
            identity=value,
            cache=cache,
            bounds=bounds,
            ca_file=ca_file,
            on_wait=on_wait,
        )
        prefix = Requester.get_graphql_prefix(urlsplit(session.base).path)
        return cls(
            session=session,
            web=web or web_url(session.base),
            graphql_url=f"{session.origin}{prefix}",
            kind=token_kind(value),
        )

    def get(self, path: str) -> Response:
        """Read a path.

        Raises:
            NoAnswerError: no usable answer came.
        """
        response: Response = self.memo.get(path, lambda: self.session.get(path))
        return response

    def pages(self, path: str) -> Listing:
        """Read all pages of a list; what is wrong with it stands in `missing`."""
        listing: Listing = self.memo.get(("pages", path), lambda: self._pages(path))
        return listing

    def graphql(self, document: str, variables: Mapping[str, Any]) -> Graph:
        """Send a query.

        Raises:
            NoAnswerError: no usable answer came.
        """
        body = json.dumps({"query": document, "variables": variables}).encode()
        response = self.session.query(self.graphql_url, document, body)
        if not response.ok:
            return Graph(None, (), response)
        if (left_out := sso_left_out(response)) is not None:
            raise NoAnswerError(left_out)
        answer = response.json()
        if not isinstance(answer, dict):
            answer = {}
        data, errors = answer.get("data"), answer.get("errors")
        return Graph(
            data if isinstance(data, dict) else None,
            tuple(item for item in errors or () if isinstance(item, dict)),
            response,
        )

    def _pages(self, path: str) -> Listing:
        joined = "&" if "?" in path else "?"
        pages = _Pages(path)
        url = f"{self.session.base}{path}{joined}per_page={PER_PAGE}"
        while url and pages.missing is None:
            try:
                response = self.session.get_url(url)
                url = pages.add(response, response.json() if response.ok else None)
            except NoAnswerError as error:
                pages.missing = error.unknown
        return pages.listing()


class _Pages:
    """Counts the pages of a list while they come."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.items: list[Any] = []
        self.responses: list[Response] = []
        self.missing: Unknown | None = None
        self.expected = 1
        self.total: int | None = None
        self.seen: set[str] = set()

    def add(self, response: Response, page: Any) -> str:
        """Take a page; returns the address of the next one, empty after the last."""
        self.responses.append(response)
        if not response.ok:
            return ""
        found = page if isinstance(page, list) else _wrapped(page)
        if found is None or (len(self.responses) > 1 and not found):
            self._lost("no list" if found is None else "an empty page")
            return ""
        self.items += found
        self.total = page["total_count"] if isinstance(page, dict) else None
        links = {rel: target for target, rel in LINK.findall(response.headers.get("link", ""))}
        if "last" in links and (number := PAGE.search(links["last"])):
            self.expected = int(number[1])
        following = str(links.get("next", ""))
        if following in self.seen or len(self.responses) >= MOST_PAGES:
            self._lost("pages without end")
        self.seen.add(following or response.url)
        return following

    def listing(self) -> Listing:
        """What came, and whether it is whole."""
        read = sum(1 for response in self.responses if response.ok)
        if self.missing is None and 0 < read < self.expected:
            self._lost(f"{read} of {self.expected} pages")
        if self.missing is None and self.total not in {None, len(self.items)}:
            self._lost(f"{len(self.items)} of {self.total} items")
        evidence: tuple[Atom, ...] = ()
        if self.responses:
            last = self.responses[-1]
            expected = max(self.expected, len(self.responses))
            atom = Atom(
                f"GET {self.path}", last.status, last.observed_at, read, expected, last.cached
            )
            evidence = (atom,)
        return Listing(tuple(self.items), evidence, self.missing, tuple(self.responses))

    def _lost(self, seen: str) -> None:
        self.missing = Unknown(
            Reason.INCOMPLETE,
            f"every page of GET {self.path} must arrive; run again",
            seen=seen,
            evidence=(self.responses[-1].atom,),
        )


def _wrapped(page: Any) -> list[Any] | None:
    """The list of an answer that wraps it beside `total_count`."""
    if not isinstance(page, dict) or not isinstance(page.get("total_count"), int):
        return None
    lists = [value for value in page.values() if isinstance(value, list)]
    return lists[0] if len(lists) == 1 else None
