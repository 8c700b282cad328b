"""What came back, and why nothing did."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, NoReturn

from hardenme.ground.errors import HardenmeError
from hardenme.ground.exit_code import Exit
from hardenme.model.evidence import Atom
from hardenme.model.unknown import Reason, Unknown

FAR = timedelta(days=1)
"""A larger difference is not that of two working clocks: confused time zones are fourteen hours
apart at most, and ages are counted in days."""


class NoAnswerError(HardenmeError):
    """No usable answer came.

    Attributes:
        unknown: why, and what to do.
        may_pass: whether the same request may be answered a moment later.
        untrusted: the certificate of the other side does not count. The text then names the host
            and no path.
    """

    exit_code = Exit.UNKNOWN

    def __init__(
        self, unknown: Unknown, *, may_pass: bool = False, untrusted: bool = False
    ) -> None:
        super().__init__(unknown.needed)
        self.unknown = unknown
        self.may_pass = may_pass
        self.untrusted = untrusted


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whole and as it came.

    Attributes:
        endpoint: method and path below the base, like `GET /user/keys`.
        url: the address that answered in the end.
        status: the HTTP status.
        headers: names in lower case.
        body: decoded from its transfer encoding.
        received_at: by this machine's clock, in UTC.
        cached: the server confirmed a body that was kept from before.
    """

    endpoint: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    cached: bool = False

    @property
    def ok(self) -> bool:
        """Whether the status is 200."""
        return self.status == 200  # noqa: PLR2004 (HTTP's own number)

    @property
    def server_date(self) -> datetime | None:
        """By the server's clock; None where the answer has no date that is understood."""
        try:
            return _moment(self.headers["date"])
        except (KeyError, ValueError, TypeError, OverflowError):
            return None

    @property
    def server_time(self) -> datetime:
        """By the server's clock if the answer has a date: its other times are relative to that."""
        return self.server_date or self.received_at

    @property
    def believed(self) -> bool:
        """Whether the server's clock is near this machine's."""
        return abs(self.server_time - self.received_at) <= FAR

    @property
    def observed_at(self) -> datetime:
        """When it was true: by the server's clock where it is believed, else by this machine's."""
        return self.server_time if self.believed else self.received_at

    @property
    def atom(self) -> Atom:
        """The evidence that this one answer is."""
        return Atom(self.endpoint, self.status, self.observed_at, cached=self.cached)

    def json(self) -> Any:
        """The body as JSON: no duplicate keys, no NaN, no infinity, no bottomless nesting.

        Raises:
            NoAnswerError: the body is not JSON (MALFORMED), for example a login page.
        """
        if "json" not in self.headers.get("content-type", ""):
            self._malformed("the answer is not JSON")
        try:
            return strict_json(self.body)
        except (ValueError, RecursionError):
            self._malformed("the answer is not valid JSON")

    def message(self) -> str:
        """What an error says of itself: `message`, then `error`; empty if it says nothing."""
        try:
            data = self.json()
        except NoAnswerError:
            return ""
        if not isinstance(data, dict):
            return ""
        said = data.get("message") or data.get("error") or ""
        return said if isinstance(said, str) else ""

    def _malformed(self, seen: str) -> NoReturn:
        raise NoAnswerError(
            Unknown(
                Reason.MALFORMED,
                f"{self.endpoint} must answer with JSON; check that the address is the API's",
                seen=seen,
                evidence=(self.atom,),
            )
        )

    def from_cache(self, body: bytes, headers: Mapping[str, str]) -> Response:
        """The stored answer that this "not modified" confirms."""
        merged = {**headers, **self.headers}
        if "date" not in self.headers:
            # The stored one has the time when the body came, not when it was confirmed.
            merged.pop("date", None)
        # The kept answer's type describes the kept body.
        merged["content-type"] = headers.get("content-type", "")
        return replace(self, status=200, body=body, headers=merged, cached=True)


@lru_cache(maxsize=64)
def _moment(date: str) -> datetime:
    """The moment of a `Date` header; each answer's is asked for several times."""
    found = parsedate_to_datetime(date)
    # A date without a zone is in UTC (RFC 9110 §5.6.7), and not this machine's.
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def failed(response: Response) -> NoAnswerError:
    """Why no answer came: the server failed, again and again."""
    return NoAnswerError(
        Unknown(
            Reason.UNREACHABLE,
            f"the server failed on {response.endpoint}; run again later",
            seen=f"status {response.status}",
            evidence=(response.atom,),
        )
    )


def strict_json(text: str | bytes, prune: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """JSON: no duplicate keys, no NaN, no infinity.

    Args:
        text: the document.
        prune: called with each object as it ends, inner ones first; its result replaces the object.

    Raises:
        ValueError: it is not such JSON.
        RecursionError: it is nested too deeply.
    """

    def object_of(pairs: list[tuple[str, Any]]) -> Any:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice")
        return prune(found) if prune is not None else found

    return json.loads(
        text, object_pairs_hook=object_of, parse_constant=_no_constant, parse_float=_finite
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value
