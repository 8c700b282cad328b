"""What `hardenme recent` asks for: a shallow run, and what was done in repositories lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hardenme.cli.options.audit import CheckOptions, UsageError
from hardenme.cli.options.durations import seconds
from hardenme.derive.recent import FACTS
from hardenme.engine.plan import with_facts
from hardenme.reports.recent import FORMS

LONGEST = 100 * 365 * 24 * 3600
"""Seconds of the longest window: further back than GitHub and npm are there."""


def asked(*, since: str, output_format: str, **raw: Any) -> tuple[CheckOptions, timedelta]:
    """The options of such a run, checked, and the window.

    Raises:
        UsageError: one is not of its form.
    """
    window = timedelta(seconds=seconds("--since", since, LONGEST, "100 years"))
    if not window:
        raise UsageError("--since takes a time, like 10m, 48h, 7d or 10y")
    if output_format not in FORMS:
        raise UsageError(f"--format takes one of: {', '.join(FORMS)}; not {output_format!r}")
    options = CheckOptions.of(
        **raw,
        select=[],
        ignore=[],
        profile="",
        fail_on="high",
        allow_unknown=[],
        local=False,
        network_lookups=False,
        output_format="table",
    )
    return replace(options, plan=with_facts(options.plan, FACTS), window=window), window
