"""The options of `hardenme fleet`."""

from __future__ import annotations

from hardenme.cli.options.fleet_plan import FLEET
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
