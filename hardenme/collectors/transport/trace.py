"""What was asked and answered, for `--debug`: one line a request, and nothing if no one listens.

A line holds what helps with a fault report. It has no header's value but those named here, no body,
and no credential; the handler that prints it removes secrets from it once more.
"""

from __future__ import annotations

import logging
import re
import time

from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.model.secret import redact

LOG = logging.getLogger("hardenme.requests")
SHOWN_HEADERS = {
    "x-ratelimit-remaining": "left",
    "x-accepted-github-permissions": "takes",
    "x-accepted-oauth-scopes": "takes scopes",
    "x-oauth-scopes": "has scopes",
    "x-github-request-id": "id",
}
"""Headers that are logged, and their labels."""
SIGNATURE = re.compile(r"(?i)(?<=[?&])(sig|[a-z-]*signature)=[^&\s\"]*")
"""What makes an address of a store readable for anyone who has it."""
LONGEST = 200
NOT_MODIFIED = 304


class WithoutSecrets(logging.Filter):
    """Takes secrets out of a record where it is made, for whatever handler it may come to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, redacted."""
        text = SIGNATURE.sub(r"\1=...", record.getMessage())
        record.msg, record.args = redact(text), ()
        return True


# urllib3 logs the address of each request, and the one that revokes a token contains it.
logging.getLogger("urllib3.connectionpool").addFilter(WithoutSecrets())


def begun() -> float:
    """The moment at which a request begins."""
    return time.monotonic()


def answered(endpoint: str, response: Response, since: float, tries: int) -> None:
    """An answer came.

    Args:
        endpoint: method and path.
        since: when the request began.
        tries: how often it had been sent before.
    """
    if not LOG.isEnabledFor(logging.DEBUG):
        return
    parts = [f"{response.status}", _took(since), f"{len(response.body)} bytes"]
    if response.status == NOT_MODIFIED:
        parts.append("from the cache")
    parts += _again(tries)
    parts += [
        # Whole: part of a token that was cut is not recognized any more.
        f"{word}: {redact(response.headers[name])[:LONGEST] or 'none'}"
        for name, word in SHOWN_HEADERS.items()
        if name in response.headers
    ]
    LOG.debug("%s -> %s", redact(endpoint), redact(", ".join(parts)))


def unanswered(endpoint: str, error: NoAnswerError, since: float, tries: int) -> None:
    """No usable answer came; as `answered`."""
    if LOG.isEnabledFor(logging.DEBUG):
        seen = error.unknown.seen or error.unknown.reason.value
        LOG.debug("%s -> %s", redact(endpoint), ", ".join((seen, _took(since), *_again(tries))))


def kept(endpoint: str, response: Response) -> None:
    """Nothing was asked: an answer of an earlier run was taken."""
    if not LOG.isEnabledFor(logging.DEBUG):
        return
    LOG.debug(
        "%s -> not asked, %d bytes from the cache of %s",
        redact(endpoint),
        len(response.body),
        response.headers.get("date", "?"),
    )


def _took(since: float) -> str:
    return f"{(time.monotonic() - since) * 1000:.0f} ms"


def _again(tries: int) -> list[str]:
    return [f"try {tries + 1}"] if tries else []
