"""A repository of trust roots on loopback, for clients that insist on fetching theirs.

The npm client verifies provenance by a trust root out of a repository in the TUF format, at an
address of its own that it reaches over https. It takes the first metadata from its cache and a
proxy from its environment, so that a test can put both in place: what the client does stays as it
is.
"""

from __future__ import annotations

import hashlib
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

HOST = "tuf-repo-cdn.sigstore.dev"
ENDS = datetime(2048, 1, 1, tzinfo=UTC)


def repository(**targets: bytes) -> dict[str, bytes]:
    """The files of a repository with these targets, by path."""
    signer = CryptoSigner.generate_ecdsa()
    root = Root(expires=ENDS, consistent_snapshot=True)
    for role in ("root", "timestamp", "snapshot", "targets"):
        root.add_key(signer.public_key, role)
    listed = Targets(expires=ENDS)
    files: dict[str, bytes] = {}
    for stem, data in targets.items():
        name = f"{stem}.json"
        listed.targets[name] = TargetFile.from_data(name, data, ["sha256"])
        files[f"/targets/{hashlib.sha256(data).hexdigest()}.{name}"] = data
    snapshot = Snapshot(expires=ENDS, meta={"targets.json": MetaFile(1)})
    timestamp = Timestamp(expires=ENDS, snapshot_meta=MetaFile(1))
    whole: dict[str, Signed] = {
        "/1.root.json": root,
        "/1.targets.json": listed,
        "/1.snapshot.json": snapshot,
        "/timestamp.json": timestamp,
    }
    for path, signed in whole.items():
        metadata: Metadata[Any] = Metadata(signed)
        metadata.sign(signer)
        files[path] = metadata.to_bytes()
    return files


def certificate(folder: Path, host: str) -> Path:
    """A certificate for a host with its key, in one file, that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "mirror.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


class Mirror:
    """A proxy that stands for one host, and answers with the files of a repository."""

    def __init__(self, folder: Path, files: dict[str, bytes]) -> None:
        self.folder = folder
        self.files = files
        self.certificate = certificate(folder, HOST)
        self.asked: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self) -> None:
                if self.path != f"{HOST}:443":
                    self.send_error(403)
                    return
                self.send_response(200)
                self.end_headers()
                self.connection = context.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", 0)
                self.close_connection = False

            def do_GET(self) -> None:
                mirror.asked.append(self.path)
                data = mirror.files.get(self.path, b"")
                self.send_response(200 if data else 404)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def finish(self) -> None:
                super().finish()
                self.connection.close()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Closing waits for the connections, which end with the client.
        self.server.daemon_threads = False

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def seed(self, cache: Path) -> None:
        """Give the npm client's cache the first metadata, which all others are verified by."""
        place = cache / "_tuf" / HOST
        place.mkdir(parents=True)
        (place / "root.json").write_bytes(self.files["/1.root.json"])

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which the npm client comes here."""
        return {
            "HTTPS_PROXY": f"http://127.0.0.1:{self.server.server_port}",
            "NODE_EXTRA_CA_CERTS": str(self.certificate),
            # npm 12 fetches with what Node brings, which heeds proxies only if it is told to.
            "NODE_USE_ENV_PROXY": "1",
            "NO_PROXY": "127.0.0.1",
        }
