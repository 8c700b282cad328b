"""A body, whole or not at all, and never more of it than a bound."""

from __future__ import annotations

import zlib

import requests
from urllib3.exceptions import ProtocolError

from hardenme.ground.errors import ContentError

CHUNK = 64 * 1024
GZIP = zlib.MAX_WBITS | 16
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip"})
"""What is decoded. No other encoding is asked for, so that none other has to be trusted."""
TOO_LARGE = "is larger than the bound"
ENCODING = "has an encoding that was not asked for"
BROKEN_OFF = "ends too early, or is damaged"


def read_body(raw: requests.Response, largest: int) -> bytes:
    """Read a streamed answer's body to its end.

    Args:
        raw: the answer, of which nothing was read yet.
        largest: bytes that are read and bytes that are decoded, each at most.

    Raises:
        ContentError: there is more, it is encoded in another way than gzip, or it ends too early.
    """
    encoding = raw.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise ContentError(ENCODING)
    decoder = _Gunzip(largest) if encoding.endswith("gzip") else _Plain(largest)
    came = 0
    try:
        # `read1` returns what has come: one byte is not waited for longer than a whole answer.
        while part := raw.raw.read1(CHUNK, decode_content=False):
            came += len(part)
            if came > largest:
                raise ContentError(TOO_LARGE)
            decoder.feed(part)
    except ProtocolError:
        # urllib3 holds the body against its length or its chunks, and sees a reset.
        raise ContentError(BROKEN_OFF) from None
    return decoder.whole()


class _Plain:
    """A body that is not encoded."""

    def __init__(self, largest: int) -> None:
        self.largest = largest
        self.parts: list[bytes] = []
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Take what came."""
        self._keep(data)

    def whole(self) -> bytes:
        """Everything.

        Raises:
            ContentError: the end did not come.
        """
        return b"".join(self.parts)

    def _keep(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.largest:
            raise ContentError(TOO_LARGE)
        self.parts.append(data)


class _Gunzip(_Plain):
    """A body in gzip, of one member or several (RFC 1952 §2.2).

    It is decoded in pieces, so that a few bytes which expand to gigabytes are given up at the
    limit.
    """

    def __init__(self, largest: int) -> None:
        super().__init__(largest)
        self.member = zlib.decompressobj(GZIP)
        self.begun = False

    def feed(self, data: bytes) -> None:
        """Take what came.

        Raises:
            ContentError: it decodes to more than the bound.
            ContentError: it is damaged.
        """
        while data:
            if self.member.eof:
                self.member = zlib.decompressobj(GZIP)
            self.begun = True
            try:
                self._keep(self.member.decompress(data, CHUNK))
            except zlib.error:
                raise ContentError(BROKEN_OFF) from None
            data = self.member.unused_data if self.member.eof else self.member.unconsumed_tail

    def whole(self) -> bytes:
        """Everything.

        Raises:
            ContentError: the end did not come.
        """
        while self.begun and not self.member.eof:
            # What zlib holds back for lack of room is returned without further input.
            part = self.member.decompress(b"", CHUNK)
            if not part:
                break
            self._keep(part)
        if self.begun and not self.member.eof:
            raise ContentError(BROKEN_OFF)
        return super().whole()
