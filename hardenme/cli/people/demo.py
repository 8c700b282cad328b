"""`hardenme people --demo`: of the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_report
from hardenme.cli.output.place import place_of
from hardenme.cli.people.handler import PeopleHandler
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.ground.exit_code import Exit
from hardenme.model.pages import GITHUB_WEB
from hardenme.sandbox.demo import accounts


def run_demo(telling: PeopleHandler, config: RunConfig) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    console = telling.console
    place = place_of(telling.delivery)
    with accounts(clock.now().replace(microsecond=0)) as demo:
        own = replace(config, targets=(Target.parse("me"),))
        report = demo_report(demo, own, console)
        shown = replace(telling, hosts=(GITHUB_WEB, REGISTRY), invented=True)
        code = shown.show_run(report, (demo.github_url, demo.npm_url), place)
    return Exit.CLEAN if code == Exit.UNKNOWN else code
