"""The tarball of a release: small, real, and the same bytes each time."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Tarball:
    """A packed release: its bytes, SHA-1 in hex and SHA-512 as subresource integrity."""

    data: bytes

    @property
    def shasum(self) -> str:
        """`dist.shasum`."""
        return hashlib.sha1(self.data, usedforsecurity=False).hexdigest()

    @property
    def integrity(self) -> str:
        """`dist.integrity`."""
        return "sha512-" + base64.b64encode(hashlib.sha512(self.data).digest()).decode()

    @property
    def sha512(self) -> str:
        """The SHA-512 in hex, as attestations name it."""
        return hashlib.sha512(self.data).hexdigest()


def pack(manifest: dict[str, Any], *files: tuple[str, str]) -> Tarball:
    """A tarball with this package.json and these other files, by name."""
    return _pack((("package.json", json.dumps(manifest, sort_keys=True)), *files))


@lru_cache(maxsize=4096)
def _pack(files: tuple[tuple[str, str], ...]) -> Tarball:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in files:
            body = text.encode("utf-8", "backslashreplace")
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    return Tarball(gzip.compress(buffer.getvalue(), compresslevel=1, mtime=0))
