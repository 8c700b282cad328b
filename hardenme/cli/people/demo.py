"""`hardenme people --demo`: of the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_run, of_last_demo
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.place import place_of
from hardenme.cli.people.handler import PeopleHandler
from hardenme.config.table.selection import LOCAL
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.exit_code import Exit
from hardenme.model.pages import GITHUB_WEB


def run_demo(telling: PeopleHandler, given: OptionValues) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    place = place_of(telling.delivery)
    config = run_config(of_last_demo(given).but({LOCAL: False}))
    with demo_run(config, telling.console) as demo:
        shown = replace(telling, hosts=(GITHUB_WEB, REGISTRY), invented=True)
        code = shown.show_run(demo.report, demo.hosts, place)
    return Exit.CLEAN if code == Exit.UNKNOWN else code
