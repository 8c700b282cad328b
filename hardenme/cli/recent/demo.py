"""`hardenme recent --demo`: an invented organization into which somebody broke."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_report
from hardenme.cli.output.place import place_of
from hardenme.cli.recent.handler import RecentHandler
from hardenme.derive.recent import Hosts
from hardenme.engine.target import Target
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.ground.exit_code import Exit
from hardenme.model.pages import GITHUB_WEB
from hardenme.sandbox.demo import broken_into

TARGETS = ("me", "github:cedar-labs")


def run_demo(telling: RecentHandler) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    console = telling.console
    place = place_of(telling.delivery)
    with broken_into(clock.now().replace(microsecond=0)) as demo:
        config = replace(
            telling.config, targets=tuple(Target.parse(text) for text in TARGETS), local=False
        )
        report = demo_report(demo, config, console)
        invented = replace(telling, config=config, hosts=Hosts(GITHUB_WEB, REGISTRY), invented=True)
        code = invented.show_run(report, (demo.github_url, demo.npm_url), place)
    return Exit.CLEAN if code in {Exit.FINDINGS, Exit.UNKNOWN} else code
