"""A Dask cluster on this machine, of its own programs, with TLS or without."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from hardenme.cli.fleet.cluster import Cluster, cluster_at
from tests.credentials.app_keys import pem, rsa_key

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority of one cluster, and a certificate of it for all roles.

    Attributes:
        ca: the file of the authority.
        certificate: the file of the certificate.
        key: the file of its key.
    """

    ca: Path
    certificate: Path
    key: Path

    @property
    def files(self) -> tuple[str, str, str]:
        """The paths, as the options take them."""
        return str(self.ca), str(self.certificate), str(self.key)


def authority(folder: Path, name: str) -> Authority:
    """Make one in a folder."""
    folder.mkdir()
    root, own = rsa_key(name=f"{name} root"), rsa_key(name=name)
    now = datetime.now(UTC)
    subjects = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} {part}")])
        for part in ("root", "member")
    ]
    paths = [folder / "ca.pem", folder / "cert.pem", folder / "key.pem"]
    for path, subject, key in zip(paths, subjects, (root, own), strict=False):
        builder = x509.CertificateBuilder(
            subjects[0],
            subject,
            key.public_key(),
            x509.random_serial_number(),
            now - DAY,
            now + DAY,
        ).add_extension(x509.BasicConstraints(ca=key is root, path_length=None), critical=True)
        made = builder.sign(root, hashes.SHA256())
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[2].write_bytes(pem(own))
    paths[2].chmod(0o600)
    return Authority(*paths)


@dataclass(slots=True)
class RunningCluster:
    """A scheduler and its workers.

    Attributes:
        address: of the scheduler.
        dashboard: the address of its pages; empty for none.
        tls: the certificates; None for none.
        folder: for logs and the files of workers.
        environ: what the workers have in their environment.
        workers: their processes.
    """

    address: str
    dashboard: str
    tls: Authority | None
    folder: Path
    environ: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def options(self) -> tuple[str, ...]:
        """How the command reaches it."""
        files = self.tls.files if self.tls else ()
        names = ("--tls-ca", "--tls-cert", "--tls-key")
        tls = (word for pair in zip(names, files, strict=False) for word in pair)
        return ("--engine", "dask", "--scheduler", self.address, *tls)

    @property
    def cluster(self) -> Cluster:
        """How the engine reaches it."""
        return cluster_at(self.address, *(self.tls.files if self.tls else ("", "", "")))

    def add_worker(self) -> subprocess.Popen[bytes]:
        """Start one; it has no process that would start it again."""
        number = len(self.workers)
        options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--death-timeout", "60")
        place = ("--local-directory", str(self.folder), "--host", "127.0.0.1")
        self.workers.append(
            _program(
                "worker",
                (self.address, *options, *place, *_tls(self.tls)),
                self.folder / f"worker{number}.log",
                self.environ,
            )
        )
        return self.workers[-1]

    def logs(self) -> str:
        """All that its programs said."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def _tls(tls: Authority | None) -> tuple[str, ...]:
    if tls is None:
        return ()
    ca, certificate, key = tls.files
    return ("--tls-ca-file", ca, "--tls-cert", certificate, "--tls-key", key)


def _program(
    name: str, words: tuple[str, ...], log: Path, environ: dict[str, str]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "distributed.cli.dask_" + name, *words]
    with log.open("wb") as file:
        return subprocess.Popen(  # noqa: S603 (Dask's own programs)
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environ, cwd=log.parent
        )


@contextmanager
def running_cluster(
    folder: Path, workers: int, tls: Authority | None, *, pages: bool = False
) -> Iterator[RunningCluster]:
    """Run one with the environment that is set."""
    folder.mkdir()
    environ = {**os.environ, "PATH": os.environ["PATH"], "DASK_CONFIG": str(folder)}
    environ["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "2"
    protocol = "tls" if tls else "tcp"
    shown = ("--dashboard-address", "127.0.0.1:0") if pages else ("--no-dashboard",)
    where = ("--host", "127.0.0.1", "--port", "0", "--protocol", protocol, *shown)
    log = folder / "scheduler.log"
    scheduler = _program("scheduler", (*where, *_tls(tls)), log, environ)
    made = None
    try:
        address = _said(log, r"Scheduler at:\s+(\S+)", scheduler)
        page = _said(log, r"dashboard at:\s+(http\S+)", scheduler) if pages else ""
        made = RunningCluster(address, page.removesuffix("/status"), tls, folder, environ)
        for _ in range(workers):
            made.add_worker()
        yield made
    finally:
        for process in (*(made.workers if made else ()), scheduler):
            process.kill()
            process.wait()


def _said(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(pattern, log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(log.read_text())
