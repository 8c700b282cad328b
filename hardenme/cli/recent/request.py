"""What `hardenme recent` asks for: a shallow run, and what was done in repositories lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hardenme.cli.options.audit import CheckOptions
from hardenme.cli.options.durations import seconds
from hardenme.cli.options.given import OptionValues
from hardenme.cli.recent.window import WINDOW
from hardenme.config.table.result import FORMAT
from hardenme.config.table.selection import LOCAL
from hardenme.derive.recent import FACTS
from hardenme.engine.plan import with_facts
from hardenme.ground.errors import UsageError
from hardenme.reports.recent import FORMS

LONGEST = 100 * 365 * 24 * 3600
"""Seconds of the longest window: further back than GitHub and npm are there."""


def asked(given: OptionValues) -> tuple[CheckOptions, timedelta]:
    """The options of such a run, checked, and the window.

    Raises:
        UsageError: one is not of its form.
    """
    window = timedelta(seconds=seconds("--since", given[WINDOW], LONGEST, "100 years"))
    if not window:
        raise UsageError("--since takes a time, like 10m, 48h, 7d or 10y")
    if given[FORMAT] not in FORMS:
        raise UsageError(f"--format takes one of: {', '.join(FORMS)}; not {given[FORMAT]!r}")
    options = CheckOptions.of(given.but({LOCAL: False, FORMAT: "table"}))
    if any(target.kind == "local" for target in options.targets):
        raise UsageError("what is on this machine has no date: hardenme check local")
    return replace(options, plan=with_facts(options.plan, FACTS), window=window), window
