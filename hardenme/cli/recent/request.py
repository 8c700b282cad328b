"""What `hardenme recent` asks for: a shallow run, and what was done in repositories lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hardenme.cli.options.durations import seconds
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.recent.window import WINDOW
from hardenme.config.table.selection import LOCAL
from hardenme.derive.recent import FACTS
from hardenme.engine.plan import with_facts
from hardenme.engine.run_config import RunConfig
from hardenme.ground.errors import UsageError

LONGEST = 100 * 365 * 24 * 3600
"""Seconds of the longest window: further back than GitHub and npm are there."""


def asked(given: OptionValues) -> tuple[RunConfig, timedelta]:
    """What such a run asks, and the window.

    Raises:
        UsageError: one is not of its form.
    """
    window = timedelta(seconds=seconds("--since", given[WINDOW], LONGEST, "100 years"))
    if not window:
        raise UsageError("--since takes a time, like 10m, 48h, 7d or 10y")
    config = run_config(given.but({LOCAL: False}))
    if any(target.kind == "local" for target in config.targets):
        raise UsageError("what is on this machine has no date: hardenme check local")
    selection = with_facts(config.selection, FACTS)
    return replace(config, selection=selection, window=window), window
