"""`hardenme recent --demo`: the invented accounts of a maintainer, after an attack."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_run
from hardenme.cli.output.place import place_of
from hardenme.cli.recent.handler import RecentHandler
from hardenme.derive.recent import Hosts
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.exit_code import Exit
from hardenme.model.pages import GITHUB_WEB


def run_demo(telling: RecentHandler) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    place = place_of(telling.delivery)
    with demo_run(telling.config, telling.console) as demo:
        invented = replace(telling, hosts=Hosts(GITHUB_WEB, REGISTRY), invented=True)
        code = invented.show_run(demo.report, demo.hosts, place)
    return Exit.CLEAN if code in {Exit.FINDINGS, Exit.UNKNOWN} else code
