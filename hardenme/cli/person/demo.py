"""`hardenme person --demo`: someone who can reach the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.demo import demo_run, last_is_hardened
from hardenme.cli.output.place import place_of
from hardenme.cli.person.handler import PersonHandler
from hardenme.engine.run_config import RunConfig
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.pages import GITHUB_WEB
from hardenme.sandbox.demo import HARDENED_LOGIN as HARDENED
from hardenme.sandbox.github.scenario.stolen_session import STOLEN

NO_ANSWERS = "--demo records no answers: its accounts are invented"


def invented() -> str:
    """Whose account it is, where none is named: one of the last demo's."""
    return HARDENED if last_is_hardened() else STOLEN


def run_demo(telling: PersonHandler, config: RunConfig) -> int:
    """Ask the invented accounts; nothing of the user's is read.

    Raises:
        UsageError: an answer was given.
    """
    if telling.said.given:
        raise UsageError(NO_ANSWERS)
    place = place_of(telling.delivery)
    with demo_run(config, telling.console) as demo:
        telling.looked.look_up(demo.clients)
        shown = replace(telling, hosts=(GITHUB_WEB, REGISTRY), invented=True)
        code = shown.show_run(demo.report, demo.hosts, place)
    return Exit.CLEAN if code == Exit.UNKNOWN else code
