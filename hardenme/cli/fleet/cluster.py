"""The engine for a Dask cluster that is already there: shards are read by its workers.

A task is a few texts: where the plan is, the shard's index, where the results go, and the arguments
that were typed. A worker starts `hardenme fleet run --index` from them, in its own environment, and
finds its own credentials. What a task returns says how its process ended, and nothing of results.

Source on TLS: `distributed.security.Security`, Dask 2026.8. It compares no host names, so each
certificate of the cluster's authority can act as the scheduler, a worker or a client.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardenme.cli.fleet.local import BREATH, RETRIES, ShardEnd, ending_of, shard_process
from hardenme.cli.fleet.options import WAIT
from hardenme.fleet.opening import ADDRESS
from hardenme.ground.distribution import DASK, install
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit

SCHEDULER = re.compile(r"(tls|tcp)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}")
LOOPBACK = frozenset({"127.0.0.1", "[::1]", "localhost"})
PATIENCE = 60.0
"""Seconds after which a cluster without workers ends the run. Dask itself would wait forever."""
CONNECTING = 20.0
"""Seconds that the scheduler has to accept the connection."""
LOOKS = 5.0
"""Seconds between two looks at which workers there are."""
FOR_LOST = "10m"
"""How long a shard waits for its lane: the process of a lost worker may still read it."""
NO_PLAN = "no plan"
"""What a task returns that cannot read the plan."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler and how it is reached.

    Attributes:
        address: of the scheduler.
        security: an object of Dask's `Security`.
    """

    address: str
    security: Any


def cluster_at(address: str, ca: str, certificate: str, key: str) -> Cluster:
    """The cluster of a scheduler. Nothing is sent yet.

    Args:
        address: of the scheduler.
        ca: the file of the certificate authority; empty for that of Dask's configuration.
        certificate: the file of the certificate; empty for the same.
        key: the file of its key; empty for the same.

    Raises:
        UsageError: the address is not one, would be reached without TLS, or files are missing.
    """
    found = SCHEDULER.fullmatch(address)
    if not found:
        raise UsageError("--engine dask takes --scheduler, like tls://HOST:8786")
    if found[1] == "tcp" and found[2].lower() not in LOOPBACK:
        raise UsageError(
            "a scheduler on another machine is used over TLS only, as tls://HOST:PORT: without it,"
            " anyone who reaches the port can run code on all workers"
        )
    security_of = _distributed().Security
    given = {"tls_ca_file": ca, "tls_client_cert": certificate, "tls_client_key": key}
    stated = {name: path for name, path in given.items() if path}
    if found[1] == "tcp":
        if stated:
            raise UsageError("--tls-ca, --tls-cert and --tls-key are for a scheduler at tls://")
        return Cluster(address, security_of(require_encryption=False))
    security = security_of(require_encryption=True, **stated)
    if not (security.tls_ca_file and security.tls_client_cert):
        raise UsageError(
            "TLS takes --tls-ca, --tls-cert and --tls-key, or distributed.comm.tls in Dask's own"
            " configuration"
        )
    try:
        security.get_connection_args("client")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise UsageError(
            f"the TLS files cannot be used ({type(error).__name__}): they are in PEM, and the key"
            " fits the certificate"
        ) from None
    return Cluster(address, security)


def _distributed() -> Any:
    """Dask's library.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import distributed  # noqa: PLC0415 (an extra)
    except ImportError:
        raise UsageError(f"--engine dask takes the extra {DASK}: {install(DASK)}") from None
    return distributed


@dataclass(slots=True)
class DaskEngine:
    """Workers of a Dask cluster, each of which reads one shard after the other.

    Attributes:
        arguments: further ones for each process.
        cluster: which one.
        say: shows the person a line.
        patience: seconds to wait for the first worker.
    """

    arguments: tuple[str, ...]
    cluster: Cluster
    say: Callable[[str], object]
    patience: float = PATIENCE

    def start(self, plan: str, indexes: Sequence[int], out: str) -> Iterator[tuple[int, ShardEnd]]:
        """Have each shard read, and again if its process or worker is lost.

        Raises:
            UsageError: the scheduler cannot be used, has no workers, or they cannot read the plan.
        """
        client = self._client()
        results = out if ADDRESS.match(out) else str(Path(out).absolute())
        waiting = () if WAIT.option in self.arguments else (WAIT.option, FOR_LOST)
        words = [*self.arguments, *waiting]
        run = uuid.uuid4().hex
        futures = {
            index: client.submit(
                shard_task,
                *(str(Path(plan).absolute()), str(index), results, words),
                key=f"hardenme-shard-{index}-{run}",
                pure=False,
                retries=RETRIES,
            )
            for index in indexes
        }
        try:
            yield from self._endings(client, futures)
        finally:
            # A lost connection or a second Ctrl-C: workers end what is no longer wanted.
            with suppress(Exception):
                client.cancel(list(futures.values()), force=True)
            futures.clear()
            with suppress(Exception):
                client.close(timeout=CONNECTING)

    def _client(self) -> Any:
        client = _distributed().Client
        # It would log each attempt to connect, with a traceback.
        for name in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            return client(
                self.cluster.address,
                security=self.cluster.security,
                timeout=CONNECTING,
                set_as_default=False,
                name="hardenme",
            )
        except (OSError, TimeoutError, ValueError) as error:
            raise UsageError(
                f"the scheduler {self.cluster.address} gives no answer, or one of the two does not"
                f" accept the other's certificate ({type(error).__name__})",
                Exit.UNKNOWN,
            ) from None

    def _endings(self, client: Any, futures: dict[int, Any]) -> Iterator[tuple[int, ShardEnd]]:
        seen = looked = time.monotonic()
        while futures:
            for index in [index for index, future in futures.items() if future.done()]:
                # Dask keeps what is held, so each is released at once.
                yield index, self._ending(index, futures.pop(index))
            now = time.monotonic()
            if futures and now - looked > min(LOOKS, self.patience):
                looked = now
                seen = now if _has_workers(client) else seen
            if futures and now - seen > self.patience:
                raise UsageError(
                    f"the cluster at {self.cluster.address} had no workers for"
                    f" {self.patience:.0f} s: start some, then run this again",
                    Exit.UNKNOWN,
                )
            time.sleep(BREATH)

    def _ending(self, index: int, future: Any) -> ShardEnd:
        if future.status != "finished":
            if future.status == "error":
                self.say(_why_lost(index, future.exception()))
            return ShardEnd.LOST
        found = str(future.result())
        if found == NO_PLAN:
            raise UsageError(
                "a worker cannot read the plan: write it and the results to a folder that all"
                " workers have at the same path"
            )
        return ShardEnd(found)


def _why_lost(index: int, error: BaseException) -> str:
    """What a reader is shown of a shard that no worker could read."""
    if isinstance(error, RuntimeError):
        return f"the process that reads shard {index} was lost {RETRIES + 1} times"
    kind = type(error).__name__
    if kind == "KilledWorker":
        return f"each worker that read shard {index} was lost: no other one tries it"
    return f"a worker gives {kind} for shard {index}; each needs this version of hardenme"


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except (OSError, TimeoutError):
        return False


def shard_task(plan: str, index: str, out: str, arguments: list[str]) -> str:
    """What a worker runs: one shard by a process of its own; returns how that ended.

    Raises:
        RuntimeError: the process was lost, or is no longer wanted; Dask starts the task again.
    """
    try:
        with Path(plan).open("rb"):
            pass
    except OSError:
        return NO_PLAN
    process = shard_process(plan, int(index), out, arguments)
    try:
        while process.poll() is None:
            if not _is_wanted():
                raise RuntimeError("the shard was cancelled")
            time.sleep(BREATH)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    ending = ending_of(process.returncode)
    if ending is ShardEnd.LOST:
        raise RuntimeError("the process of the shard was lost")
    return str(ending)


def _is_wanted() -> bool:
    """Whether this task still counts. Dask cannot stop a thread, so the thread looks itself."""
    dask = _distributed()
    worker = dask.get_worker()
    task = worker.state.tasks.get(dask.worker.thread_state.key)
    running = worker.status.name in {"running", "paused", "closing_gracefully"}
    return running and task is not None and task.state == "executing"
