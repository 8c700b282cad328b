"""An object store as the place of a fleet's results, opened by fsspec.

fsspec is an extra, and it takes a package for each kind of store, such as s3fs. The credentials of
the store are theirs: they find them in their own environment. What they say of an error is not
repeated, since it may hold a credential.

Source on writing only what is not there yet, of fsspec, s3fs, gcsfs and adlfs 2026.8 to 2026.10:
`pipe_file` with `mode="create"`. s3fs sends `If-None-Match: *`, "only known to work on AWS S3";
gcsfs sends `ifGenerationMatch=0`, and adlfs `overwrite=False`. fsspec itself looks first and then
writes, which it calls not atomic.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from hardenme.fleet.storage import StorageLock
from hardenme.ground.distribution import install
from hardenme.ground.errors import OutputError, StoredError, UsageError
from hardenme.ground.exit_code import Exit

DRIVERS = {
    **dict.fromkeys(("s3", "s3a"), "s3fs"),
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("az", "abfs", "abfss"), "adlfs"),
}
"""The package for each kind of store that can write only what is not there yet."""
LOCAL = frozenset({"file", "local"})
WITH_ACCOUNT = frozenset({"abfs", "abfss"})
"""Azure's addresses name the account after the container: `abfs://CONTAINER@ACCOUNT.HOST/PATH`."""
SCHEME = re.compile(r"[a-z][a-z0-9+.-]+")
PLAIN = re.compile(r"[A-Za-z0-9._/@-]+")
"""What follows the scheme. Nothing of it can be a password or a signed query."""
ABSENT = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
T = TypeVar("T")


def object_storage(address: str) -> ObjectStorage:
    """The store at an address.

    Raises:
        UsageError: it is not an address of a store, or what opens it is not installed.
    """
    scheme, _, rest = address.partition("://")
    scheme = scheme.lower()
    if scheme in LOCAL:
        raise UsageError("name a folder of results by its path, without a scheme")
    named = SCHEME.fullmatch(scheme) and PLAIN.fullmatch(rest)
    if not named or ("@" in rest and scheme not in WITH_ACCOUNT):
        raise UsageError(
            "the address of results is like s3://BUCKET/PREFIX, of letters, digits and ._-/ alone:"
            " fsspec finds the credentials of a store in its own environment"
        )
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # noqa: PLC0415 (an extra)
    except ImportError:
        raise UsageError(f"{scheme}:// takes the extra fleet: {install('fleet')}") from None
    try:
        files, root = url_to_fs(
            f"{scheme}://{rest}", skip_instance_cache=True, use_listings_cache=False
        )
    except ImportError:
        driver = DRIVERS.get(scheme, "that fsspec names for it")
        raise UsageError(
            f"{scheme}:// also takes the package {driver}, in the environment of hardenme"
        ) from None
    except Exception as error:  # noqa: BLE001 (each store has errors of its own)
        raise UsageError(f"{scheme}:// cannot be opened by fsspec: {_kind(error)}") from None
    if not root.strip("/"):
        raise UsageError(f"name a place in the store: {scheme}://BUCKET/PREFIX")
    return ObjectStorage(files, root, f"{scheme}://{rest}".rstrip("/"), creates=scheme in DRIVERS)


class WithoutLock:
    """What is used in place of a lock where there is none: the end of a lease decides."""

    def take(self) -> bool:
        """Keep no one out."""
        return False

    def let_go(self) -> None:
        """Do nothing."""


class ObjectStorage:
    """A part of an object store.

    Args:
        files: fsspec's file system.
        root: the beginning of all names there.
        address: the same for messages.
        creates: whether stores of this kind can write only what is not there yet.
    """

    def __init__(self, files: Any, root: str, address: str, *, creates: bool) -> None:
        self._files = files
        self._root = root.rstrip("/")
        self._address = address
        self._creates = creates
        self._tried = False

    @property
    def creates_once(self) -> bool:
        """Whether it does, as far as is known: the first object that is created shows more."""
        return self._creates

    def shown(self, name: str) -> str:
        """The address."""
        return f"{self._address}/{name}"

    def read(self, name: str, most: int) -> bytes | None:
        """The first bytes of an object."""
        path = self._path(name)

        def ask() -> bytes | None:
            told = self._files.info(path)
            if told["type"] != "file":
                return None
            # No store gives a range of an empty object.
            found = self._files.cat_file(path, start=0, end=most) if told["size"] else b""
            return bytes(found)

        try:
            return self._read(name, ask)
        except ABSENT:
            return None

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """An object that is fetched piece by piece."""
        path = self._path(name)
        try:
            file = self._read(name, lambda: self._files.open(path, "rb"))
        except ABSENT:
            raise StoredError(f"{self.shown(name)} cannot be read: it is not there") from None
        try:
            fetched = _Fetched(lambda size: self._read(name, lambda: file.read(size)))
            yield cast("IO[bytes]", fetched)
        finally:
            with suppress(Exception):
                file.close()

    def create(self, name: str, content: bytes) -> bool:
        """Write an object that is not there yet, and look whether it is this one.

        A write that is sent again after a lost answer meets its own object.
        """
        path = self._path(name)
        if not self._creates:
            if self.read(name, 1) is None:
                self._write(name, lambda: self._files.pipe_file(path, content))
        else:
            self._create(name, content)
        return self.read(name, len(content) + 1) == content

    def _create(self, name: str, content: bytes) -> None:
        path = self._path(name)

        def create() -> None:
            self._files.pipe_file(path, content, mode="create")

        with suppress(FileExistsError):
            self._write(name, create)
            if not self._tried:
                # A store that does not know the condition takes the same name twice.
                self._tried = True
                self._write(name, create)
                self._creates = False

    def replace(self, name: str, content: bytes) -> None:
        """Write over an object."""
        if self.read(name, 1) is not None:
            path = self._path(name)
            self._write(name, lambda: self._files.pipe_file(path, content))

    def fill(self, name: str, write: Callable[[IO[bytes]], None]) -> None:
        """Send a file that is complete."""
        with tempfile.TemporaryDirectory(prefix="hardenme-") as folder:
            path = Path(folder) / "content"
            try:
                with path.open("wb") as file:
                    write(file)
            except OSError as error:
                raise OutputError(f"{path} cannot be written: {error.strerror}") from None
            self._write(name, lambda: self._files.put_file(str(path), self._path(name)))

    def names(self, parent: str) -> list[str]:
        """The names of objects below a prefix."""
        path = self._path(parent)
        try:
            found = self._read(parent, lambda: self._files.ls(path, detail=False), "listed")
        except ABSENT:
            return []
        return [str(one).rstrip("/").rpartition("/")[2] for one in found]

    def remove(self, name: str) -> None:
        """Remove an object; what stays costs a name in a list."""
        with suppress(Exception):
            self._files.rm_file(self._path(name))

    def lock(self, name: str) -> AbstractContextManager[StorageLock]:
        """No store has locks that end with a process."""
        del name
        return nullcontext(WithoutLock())

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _read(self, name: str, ask: Callable[[], T], done: str = "read") -> T:
        """Ask the store.

        Raises:
            StoredError: it refuses or gives no answer.
        """
        try:
            return ask()
        except ABSENT:
            raise
        except PermissionError:
            text = f"{self.shown(name)} cannot be {done}: the store does not permit it"
            raise StoredError(text, Exit.UNKNOWN) from None
        except Exception as error:  # noqa: BLE001 (each store has errors of its own)
            text = f"{self.shown(name)} cannot be {done}: fsspec gives {_kind(error)}"
            raise StoredError(text, Exit.UNKNOWN, may_pass=True) from None

    def _write(self, name: str, ask: Callable[[], object]) -> None:
        """Have the store write.

        Raises:
            OutputError: it refuses or gives no answer.
        """
        try:
            ask()
        except FileExistsError:
            raise
        except ABSENT:
            why = "there is no such bucket"
        except PermissionError:
            why = "the store does not permit it"
        except Exception as error:  # noqa: BLE001 (each store has errors of its own)
            why = f"fsspec gives {_kind(error)}"
        else:
            return
        raise OutputError(f"{self.shown(name)} cannot be written: {why}", Exit.UNKNOWN)


class _Fetched:
    """What gzip reads from.

    Args:
        read: gives so many bytes.
    """

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read = read


def _kind(error: Exception) -> str:
    """The kind of an error, which names what is wrong and holds no address or key."""
    return type(error).__name__
