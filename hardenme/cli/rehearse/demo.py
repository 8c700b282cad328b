"""`hardenme rehearse --demo`: of the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_run
from hardenme.cli.output.place import place_of
from hardenme.cli.rehearse.showing import Rehearsal
from hardenme.engine.run_config import RunConfig
from hardenme.ground.exit_code import Exit


def run_demo(showing: Rehearsal, config: RunConfig) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    place = place_of(showing.delivery)
    with demo_run(config, showing.console) as demo:
        replace(showing, invented=True).show(demo.report, place)
    return Exit.CLEAN
