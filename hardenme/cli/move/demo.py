"""`hardenme move --demo`: of the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_run
from hardenme.cli.move.moving import Moving


def run_demo(moving: Moving) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    with demo_run(moving.config, moving.given.console) as demo:
        return replace(moving, invented=True).write(demo.report)
