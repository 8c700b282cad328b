"""Whether this machine's clock can be believed, by the clocks of the servers that answered.

A server's clock that is far from this machine's counts for nothing, so that none of them decides
how old everything is. Where none confirms this machine's, it may be the one that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardenme.collectors.transport.session import Session
from hardenme.model.clocks import SET_IT
from hardenme.model.clocks import apart as in_words
from hardenme.model.unknown import Reason, Unknown


def timeless(sessions: Iterable[Session]) -> Unknown | None:
    """Why the time is not known: a clock contradicts this machine's, and none confirms it."""
    used = list(sessions)
    if any(session.clock_confirmed for session in used):
        return None
    for text in _apart(used):
        return Unknown(Reason.MALFORMED, f"{text}: {SET_IT}", "clocks that are far apart")
    return None


def apart(sessions: Iterable[Session]) -> tuple[str, ...]:
    """A sentence on each server whose clock is far from this machine's."""
    used = list(sessions)
    what = "Ages count by this machine's clock."
    if timeless(used) is not None:
        what = f"No age is counted: {SET_IT}."
    return tuple(f"{text}. {what}" for text in dict.fromkeys(_apart(used)))


def _apart(sessions: Iterable[Session]) -> Iterator[str]:
    for session in sessions:
        if session.clock_skew is not None:
            server, own = session.clock_skew
            yield in_words(str(session.origin), server, own)
