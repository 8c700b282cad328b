"""Answers kept from before, so that a server can say "not modified" (RFC 9110 §13.1.2).

An entry belongs to one token, host, version of hardenme and address. Its file name is an HMAC of
them with a key that never leaves the cache folder. Files are readable by their owner only.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hardenme import __version__
from hardenme.model.secret import holds_secret, looks_secret

LARGEST = 8 * 1024 * 1024
"""Bytes of a body that is kept; larger ones are asked for anew."""

KEPT_HEADERS = (
    "content-type",
    "date",
    "etag",
    "link",
    "x-oauth-scopes",
    "github-authentication-token-expiration",
)
LEFT_OUT = "x-github-sso"
"""An answer with this header is partial, and "not modified" may come without it."""
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that was kept.

    Attributes:
        etag: the server's mark of it.
        headers: those that give the body its meaning.
        body: as it came.
    """

    etag: str
    headers: Mapping[str, str]
    body: bytes


class Cache:
    """A folder of answers.

    Attributes:
        folder: made when the first answer is kept, with mode 0700.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key: bytes | None = None
        self._lock = threading.Lock()

    def name(self, identity: str, origin: str, accept: str, path: str) -> str:
        """The file name for a token's answer to an address; empty if the folder is unusable."""
        key = self._secret_key()
        if key is None:
            return ""
        text = f"{identity}\n{origin}\n{__version__}\n{accept}\n{path}"
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def load(self, name: str) -> KeptAnswer | None:
        """The answer of that name; None if there is none, or where it was tampered with."""
        if not name:
            return None
        try:
            kept, _, rest = (self.folder / name).read_bytes().partition(b"\n")
            head, _, body = rest.partition(b"\n")
            seal = self._seal(name, head, body)
            if not hmac.compare_digest(seal, bytes.fromhex(kept.decode("ascii"))):
                return None
            meta = json.loads(head)
            return KeptAnswer(str(meta["etag"]), dict(meta["headers"]), body)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def store(self, name: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep an answer that has a mark; a full or read-only disk only means that it is not.

        Nor is an answer stored that repeats a credential, or contains what looks like one. A name
        may be a token that someone pasted in the wrong place.
        """
        if not name or "etag" not in headers or LEFT_OUT in headers or len(body) > LARGEST:
            return
        kept = {key: headers[key] for key in KEPT_HEADERS if key in headers}
        head = json.dumps({"etag": headers["etag"], "headers": kept}).encode()
        if any(holds_secret(part) or looks_secret(part) for part in (head, body)):
            return
        seal = self._seal(name, head, body).hex().encode()
        try:
            self._write(name, b"\n".join((seal, head, body)))
        except OSError:
            return

    def size(self) -> tuple[int, int]:
        """How many files there are, and in how many bytes."""
        sizes = []
        for path in self.folder.glob("*"):
            with contextlib.suppress(OSError):
                sizes.append(path.lstat().st_size)
        return len(sizes), sum(sizes)

    def clear(self) -> int:
        """Remove the folder with all that is in it; returns how many files there were."""
        count = sum(1 for path in self.folder.glob("*") if path.is_file())
        shutil.rmtree(self.folder, ignore_errors=True)
        self._key = None
        return count

    def _seal(self, name: str, head: bytes, body: bytes) -> bytes:
        """What only this folder's key makes: no entry is changed, or put in another's place."""
        text = b"\n".join((name.encode(), head, body))
        return hmac.new(self._secret_key() or b"", text, hashlib.sha256).digest()

    def _write(self, name: str, data: bytes) -> None:
        handle, temporary = tempfile.mkstemp(dir=self.folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(self.folder / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _secret_key(self) -> bytes | None:
        with self._lock:
            if self._key is None:
                try:
                    self._key = self._kept_key()
                except OSError:
                    return None
            return self._key

    def _kept_key(self) -> bytes:
        """The folder's key, made at its first use; of several that make one at once, one stays."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        path = self.folder / "key"
        if not path.exists():
            handle, temporary = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(secrets.token_bytes(KEY_BYTES))
                # Where another run was faster, or no links are to be had, see below.
                with contextlib.suppress(OSError):
                    os.link(temporary, path)
            finally:
                Path(temporary).unlink(missing_ok=True)
        if not path.exists() or path.stat().st_size != KEY_BYTES:
            self._write("key", secrets.token_bytes(KEY_BYTES))
        return path.read_bytes()
