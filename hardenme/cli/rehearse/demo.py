"""`hardenme rehearse --demo`: of the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_report
from hardenme.cli.output.place import place_of
from hardenme.cli.rehearse.showing import Rehearsal
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground import clock
from hardenme.ground.exit_code import Exit
from hardenme.sandbox.demo import accounts


def run_demo(showing: Rehearsal, config: RunConfig) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    place = place_of(showing.delivery)
    with accounts(clock.now().replace(microsecond=0)) as demo:
        own = replace(config, targets=(Target.parse("me"),))
        report = demo_report(demo, own, showing.console)
        replace(showing, invented=True).show(report, place)
    return Exit.CLEAN
