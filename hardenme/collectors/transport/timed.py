"""Connections on which a whole answer, its first line included, has to come by a deadline.

A socket's own timeout starts anew with each byte, so a server that sends one byte at a time could
hold a request for hours. Here each read gets only the remaining time.
"""

from __future__ import annotations

import functools
import http.client
import io
import math
import socket
import ssl
import threading
import time
from typing import Any

import requests.adapters
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection


class Timer(threading.local):
    """The time that this thread's request has.

    Attributes:
        ends: when it is over, by the monotonic clock.
        idle: seconds without a byte.
    """

    def __init__(self) -> None:
        self.ends = math.inf
        self.idle = math.inf

    def start(self, deadline: float, idle: float) -> None:
        """Start the time limit of a new request."""
        self.ends = time.monotonic() + deadline
        self.idle = idle

    @property
    def passed(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.ends

    def left(self) -> float:
        """Seconds that the next read may take.

        Raises:
            TimeoutError: there are none.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return min(left, self.idle)


class TimedAdapter(requests.adapters.HTTPAdapter):
    """Sends requests over connections with a time limit, and with the given encryption.

    Args:
        encryption: which certificates count, those of proxies too.
    """

    def __init__(self, timer: Timer, encryption: ssl.SSLContext) -> None:
        self._pools = _pools(timer)
        self._encryption = encryption
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make direct connections of the timed kind."""
        super().init_poolmanager(*args, **{**kwargs, "ssl_context": self._encryption})
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Make connections through a proxy of the timed kind.

        Raises:
            InvalidSchema: it is a SOCKS proxy, whose connections urllib3 makes in its own way.
        """
        if proxy.lower().startswith("socks"):
            raise requests.exceptions.InvalidSchema("SOCKS proxies are not supported")
        both = dict.fromkeys(("ssl_context", "proxy_ssl_context"), self._encryption)
        manager = super().proxy_manager_for(proxy, **{**kwargs, **both})
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave certificates to the encryption: requests would add certifi's authorities to it."""


@functools.lru_cache(maxsize=16)
def _pools(timer: Timer) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    class Response(_TimedResponse):
        bound = timer

    class Plain(HTTPConnection):
        debuglevel = 0  # whatever the process's own may be: it prints headers as they are
        response_class = Response

    class Encrypted(HTTPSConnection):
        debuglevel = 0  # as above
        response_class = Response

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}


class _TimedResponse(http.client.HTTPResponse):
    """An answer that is read through a `_TimedReader`."""

    bound: Timer

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        # The standard library declares `fp` as a buffered reader; only its raw part is replaced.
        raw = _TimedReader(self.bound, sock, self.fp.detach())
        self.fp: io.BufferedReader = io.BufferedReader(raw)


class _TimedReader(io.RawIOBase):
    """A socket's bytes, each read within the time that is left."""

    def __init__(self, timer: Timer, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._timer = timer
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what has come into a buffer.

        Raises:
            TimeoutError: nothing came in time.
        """
        self._sock.settimeout(self._timer.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the socket's reading end."""
        self._raw.close()
        super().close()
