"""The options of `hardenme fleet`."""

from __future__ import annotations

from hardenme.cli.options.fleet_plan import ENGINES, FLEET
from hardenme.config.option import maybe_number, number, path, text
from hardenme.config.table.headings import SWEEP

LONGEST_WAIT = 7 * 24 * 3600
"""Seconds: after a week what was read is too old."""
SHARDS = number(
    "shards",
    "The most shards that the plan may have. One process reads a shard.",
    32,
    metavar="N",
    heading=FLEET,
    bounds=(1, 100_000),
)
INDEX = maybe_number(
    "index",
    "Only read this shard, counted from 0. If left out, JOB_COMPLETION_INDEX names it; without that"
    " all shards are read, by processes of this machine.",
    metavar="I",
    heading=FLEET,
    bounds=(0, 99_999),
    shows_default=False,
)
OUT = path(
    "out", "The folder that takes the results, or an address of an object store.", heading=FLEET
)
RESULTS = path(
    "in", "The folder with the results, or the address in an object store.", heading=FLEET
)
WAIT = text(
    "wait",
    "How long to wait for what another process reads, like 30m or 6h.",
    metavar="TIME",
    heading=FLEET,
)
PROCESSES = number(
    "processes",
    "How many shards are read at once on this machine.",
    4,
    metavar="N",
    heading=SWEEP,
    bounds=(1, 64),
)
ENGINE = text(
    "engine",
    "What starts the shards: processes of this machine (local), or workers of a Dask cluster"
    " (dask).",
    ENGINES[0],
    metavar="NAME",
    heading=FLEET,
    words=ENGINES,
    offers="engines",
)
SCHEDULER = text(
    "scheduler",
    "The scheduler of the Dask cluster, like tls://HOST:8786. tcp:// is for this machine only.",
    metavar="ADDRESS",
    heading=FLEET,
)
TLS_CA = path(
    "tls-ca",
    "The cluster's certificate authority (PEM). If left out, Dask's own configuration has it.",
    heading=FLEET,
)
TLS_CERT = path("tls-cert", "This machine's certificate for the cluster (PEM).", heading=FLEET)
TLS_KEY = path("tls-key", "The key of that certificate (PEM), if not in its file.", heading=FLEET)
CLUSTER = (SCHEDULER, TLS_CA, TLS_CERT, TLS_KEY)
"""Where a Dask cluster is, and how it is reached."""
