"""`hardenme move --demo`: of the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_report
from hardenme.cli.move.moving import Moving
from hardenme.engine.target import Target
from hardenme.ground import clock
from hardenme.sandbox.demo import accounts


def run_demo(moving: Moving) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    with accounts(clock.now().replace(microsecond=0)) as demo:
        own = replace(moving.config, targets=(Target.parse("me"),))
        report = demo_report(demo, own, moving.given.console)
        return replace(moving, invented=True).write(report)
