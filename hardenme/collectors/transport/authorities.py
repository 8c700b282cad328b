"""Whose certificates count: the operating system's store, or one file that a user names.

No variable of the environment adds or takes away any. On macOS and Windows the
system itself verifies, by truststore. Elsewhere the store is files, which truststore would find by
`SSL_CERT_FILE` and `SSL_CERT_DIR` too: so they are looked for here, in the same places.
"""

from __future__ import annotations

import functools
import os
import re
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import truststore
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from hardenme.model.text import visible

BY_SYSTEM = sys.platform in {"darwin", "win32"}
"""Whether the system verifies by itself."""
FILES = (
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/ca-bundle.pem",
)
"""Where systems keep all authorities in one file, wherever OpenSSL was built to look. Source:
truststore 0.10, which has it of certifi-system-store."""
HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""How OpenSSL calls a certificate's file in a folder of them."""
FILE, FOLDER, WEB = "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"
NOT_COUNTED = (FILE, FOLDER, WEB, "CURL_CA_BUNDLE")
"""Variables by which OpenSSL and requests would trust others."""

UNTRUSTED = frozenset({2, 18, 19, 20, 21, 27, -67843, -25318, 0x800B0109, 0x800B010A})
EXPIRED = frozenset({10, -67818, 0x800B0101})
EARLY = frozenset({9, -67819})
ANOTHER = frozenset({62, 64, -67602, 0x800B010F})
"""Codes for what is wrong with a certificate: OpenSSL's (x509_vfy.h), macOS's (SecBase.h), and
those of Windows (winerror.h). Windows does not distinguish "not yet valid" from "expired"."""


@dataclass(frozen=True, slots=True)
class Store:
    """Files that hold authorities.

    Attributes:
        words: what they are, as `doctor` says it.
        file: all of them in one; empty for none.
        folder: one file each, by OpenSSL's hash; empty for none.
    """

    words: str
    file: str = ""
    folder: str = ""

    def context(self) -> ssl.SSLContext:
        """TLS that trusts these alone.

        Raises:
            OSError: they cannot be read, or hold no certificate.
        """
        made = _verifying(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        made.load_verify_locations(self.file or None, self.folder or None)
        return made


def system() -> Store | None:
    """The operating system's store, where it is files; None if it has none."""
    built = ssl.get_default_verify_paths()
    file = next((name for name in (built.openssl_cafile, *FILES) if Path(name).is_file()), "")
    folder = built.openssl_capath if _hashed(Path(built.openssl_capath)) else ""
    return Store("the operating system's store", file, folder) if file or folder else None


def store() -> Store:
    """The usual authorities: the system's, or where it has none, certifi's."""
    none = "certifi's list: the operating system has no store"
    return system() or Store(none, DEFAULT_CA_BUNDLE_PATH)


def words(ca_file: str) -> str:
    """Where the certificate authorities come from, as `doctor` shows it.

    Args:
        ca_file: the file that the user names; empty for the usual ones.
    """
    if ca_file:
        return f"only {ca_file} (--ca-file)"
    return "the operating system's store" if BY_SYSTEM else store().words


def trusting(ca_file: str = "") -> ssl.SSLContext:
    """TLS that verifies, and that writes no keys into the file that SSLKEYLOGFILE names.

    The usual ways to make a context heed that variable. A certificate that the user names counts
    whether or not the one that it was made with is there.

    Args:
        ca_file: certificate authorities in place of the usual ones; empty for these.

    Raises:
        OSError: the file cannot be read, or holds no certificate.
    """
    if BY_SYSTEM and not ca_file:
        # One for each caller: it lets one connection at a time be made.
        return _verifying(truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    return _by_files(ca_file)


@functools.lru_cache(maxsize=4)
def _by_files(ca_file: str) -> ssl.SSLContext:
    if not ca_file:
        return store().context()
    made = Store("", ca_file).context()
    made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return made


def uncounted(environ: Mapping[str, str]) -> list[str]:
    """The variables that name other authorities than the usual ones, which do not count."""
    usual = None if BY_SYSTEM else store()
    paths = {os.path.realpath(path) for path in (usual.file, usual.folder) if path} if usual else {}
    return [
        name
        for name in NOT_COUNTED
        if (value := environ.get(name, "")) and os.path.realpath(value) not in paths
    ]


@contextmanager
def trusted_by_libraries(ca_file: str = "") -> Iterator[None]:
    """While it lasts, libraries that connect by themselves trust the same authorities.

    Args:
        ca_file: certificate authorities in place of the usual ones; empty for these.
    """
    before = {name: os.environ.pop(name) for name in NOT_COUNTED if name in os.environ}
    by_system = BY_SYSTEM and not ca_file
    if by_system:
        truststore.inject_into_ssl()
    else:
        # Without a folder OpenSSL takes the one that it was built with.
        those = Store("", ca_file, os.devnull) if ca_file else store()
        paths = {FILE: those.file, FOLDER: those.folder, WEB: those.file or those.folder}
        os.environ.update({name: path for name, path in paths.items() if path})
    try:
        yield
    finally:
        if by_system:
            truststore.extract_from_ssl()
        for name in NOT_COUNTED:
            os.environ.pop(name, None)
        os.environ.update(before)


def refusal(error: BaseException, host: str, ca_file: str = "") -> tuple[str, str] | None:
    """Why a host's certificate does not count: what to do, and what was seen.

    Args:
        error: what a library raised, with the reason somewhere within.
        ca_file: the file that the user names; empty for the usual authorities.

    Returns:
        None for an error that is not about a certificate.
    """
    cause = _cause(error)
    if cause is None:
        return None
    code, told = cause.verify_code, visible(str(cause.verify_message), longest=80)
    return f"the certificate of {host} {_wrong(code, told, ca_file)}", f"certificate: {told}"


def _wrong(code: int, told: str, ca_file: str) -> str:
    if code in EXPIRED:
        return "has expired: renew it there, or correct this machine's clock"
    if code in EARLY:
        return "is not valid yet: check this machine's clock"
    if code in ANOTHER:
        return "is for another host: check the address, and what answers in its place"
    if code not in UNTRUSTED:
        return f"was refused: {told}"
    if ca_file:
        return f"is not trusted by {visible(ca_file)}: name its issuer's file with --ca-file FILE"
    return (
        "is not trusted by this machine: behind a company's proxy, name the proxy's certificate"
        " with --ca-file FILE"
    )


def _cause(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The verifier's own error, within those of the libraries that pass it on."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, ssl.SSLCertVerificationError):
            return one
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    return None


def _verifying(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _hashed(folder: Path) -> bool:
    """Whether a folder has authorities as OpenSSL looks for them."""
    try:
        return any(HASHED.fullmatch(path.name) for path in folder.iterdir())
    except OSError:
        return False
