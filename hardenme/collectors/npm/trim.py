"""A packument without what no one here reads.

Packuments of old packages run to tens of megabytes, most of it texts and settings that each release
repeats. Only what is read is held and kept in the cache, so that many of them fit.
"""

from __future__ import annotations

import codecs
import json
import threading
from dataclasses import fields
from typing import Any

from hardenme.collectors.transport.response import strict_json
from hardenme.facts.npm.history import PastRelease
from hardenme.facts.npm.package import NewestRelease, PackageRepository
from hardenme.model.fact import PATHS

VERSION = "version"
OF_A_RELEASE = {VERSION} | {
    path.partition("/")[0]
    for kind in (PastRelease, NewestRelease, PackageRepository)
    for one in fields(kind)
    for path in one.metadata.get(PATHS, ())
}
"""All that is kept of a release: what the facts that are read from it declare."""
OF_NO_USE = frozenset({"contributors", "keywords", "readme", "readmeFilename", "users"})
"""What is left out of the package itself."""
CHUNK = 64 * 1024
ONE_AT_A_TIME = threading.Lock()
"""Workers would only take turns, and each would hold its packument meanwhile."""


def trim(body: bytes) -> bytes:
    """The same JSON without what no one reads; anything but a packument is left unchanged."""
    with ONE_AT_A_TIME:
        try:
            found = strict_json(_ascii(body), _prune)
            return json.dumps(found, separators=(",", ":")).encode("ascii")
        except (ValueError, RecursionError):
            # Anyone who reads it says what is wrong with it.
            return body


def _prune(found: dict[str, Any]) -> dict[str, Any]:
    """An object as it is held: called as each one ends, so that the rest is let go of at once."""
    if isinstance(found.get("dist"), dict) and VERSION in found:
        return {name: value for name, value in found.items() if name in OF_A_RELEASE}
    if isinstance(found.get("versions"), dict):
        return {name: value for name, value in found.items() if name not in OF_NO_USE}
    return found


def _ascii(body: bytes) -> str:
    """The same JSON in ASCII.

    One wide character would make each of the text's characters take four bytes.
    """
    if body.isascii():
        return body.decode("ascii")
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(body)
    parts = []
    for start in range(0, len(body), CHUNK):
        part = decoder.decode(bytes(view[start : start + CHUNK]), start + CHUNK >= len(body))
        parts.append(part.encode("ascii", "hardenme-json").decode("ascii"))
    return "".join(parts)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("hardenme-json", _escaped)
