"""From the stored reports to their trend."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.forms import form_asked, style_of
from hardenme.cli.stored.history import read
from hardenme.collectors.github.client import api_url
from hardenme.collectors.transport.origin import base_url
from hardenme.config.table.access import GITHUB_URL, NPM_REGISTRY
from hardenme.config.table.selection import TARGET
from hardenme.engine.target import Target
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.reports.trend import FORMS, course_of, render
from hardenme.store.heartbeat import Heartbeats
from hardenme.store.history import History, other_series
from hardenme.store.series import Series

NAMED = 10
"""Other targets that are named where there is no report of these."""


def show_trend(given: OptionValues) -> int:
    """Print it; returns the exit code.

    Raises:
        UsageError: an option is not of its form.
    """
    console, form = given.console, form_asked(given, FORMS).output_format
    targets, registry = given[TARGET] or ("me",), given[NPM_REGISTRY] or REGISTRY
    names = tuple(dict.fromkeys(Target.parse(text).text for text in targets))
    hosts = (api_url(given[GITHUB_URL]), base_url(registry))
    state, series = state_folder(), Series(names, hosts, "any")
    for number, folder in enumerate(folders := other_series(state, series)):
        history = History(state, series, read, folder=folder, tidy=False)
        course = course_of(history.reports())
        for problem in history.problems:
            console.say(problem)
        if not course.points:
            continue
        style = style_of(console)
        console.print(render(course, form, style))
        if history.others:
            console.say("there are reports of another account, too; these are of the last one")
        if len(folders) - number > 1:
            console.say("there are reports of other options, too; these are of the ones used last")
        return Exit.CLEAN
    console.say(_nothing(names))
    return Exit.USAGE


def _nothing(names: Sequence[str]) -> str:
    found = {" ".join(beat.targets) for beat in Heartbeats(state_folder()).all()}
    others = sorted(found - {" ".join(names)})
    told = f"; there are some of: {', '.join(others[:NAMED])}" if others else ""
    return (
        f"there is no stored report of {' '.join(names)}: `hardenme report` stores one with each"
        f" run{told}"
    )
