"""`check --member`: a run of the last day that holds what is asked for, or one of people alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from hardenme.cli.audit.people import about_no_one, for_person
from hardenme.cli.options.given import OptionValues
from hardenme.cli.output.delivery import Delivery, deliver
from hardenme.cli.output.place import output_file
from hardenme.cli.stored.runs import Kept, kept, read, runs, whose
from hardenme.cli.terminal.console import Console
from hardenme.config.table.result import SAVE_FACTS
from hardenme.config.table.selection import INTERACTIVE, PLAN, RESUME
from hardenme.engine.catalogue import catalogue
from hardenme.engine.run_config import RunConfig
from hardenme.ground import clock
from hardenme.ground.errors import NoRunError
from hardenme.model.report import Report
from hardenme.store.series import digest, folded

FRESH = timedelta(days=1)
"""The age up to which a run is reused in place of a new one; `--resume` has the same limit."""


def how_of(config: RunConfig, hosts: Sequence[str], *, people: bool = False) -> str:
    """What two runs have in common that look at the same in the same way, as text.

    Args:
        people: only what is about individuals is looked at.
    """
    parts = (
        *(folded(target.text for target in config.targets), sorted(hosts), config.scope),
        *(config.profile, str(config.fail_on), sorted(config.allowed_unknown)),
        *(config.release_days, repr(config.adjustments), repr(config.waivers), people),
    )
    return json.dumps(parts)


def find_reusable_run(given: OptionValues, config: RunConfig, hosts: Sequence[str]) -> Kept | None:
    """A run of the last day that holds what these options ask for; None if there is none."""
    if any(given[option] for option in (PLAN, RESUME, SAVE_FACTS, INTERACTIVE)):
        return None
    ways = {digest(how_of(config, hosts, people=people)) for people in (False, True)}
    try:
        candidates = [run for run in kept(runs()) if run.how in ways]
    except NoRunError:
        return None
    for run in candidates:
        age = clock.now() - run.at
        if not timedelta() <= age <= FRESH:
            continue
        try:
            report = read(run)
        except NoRunError:
            continue
        whole = not report.partial and report.halted is None
        if whole and _is_of(report, config.expected_login):
            return Kept(report, run)
    return None


def show_member(console: Console, found: Kept, login: str, delivery: Delivery) -> int:
    """Show what a kept run holds of a person; returns the exit code."""
    with output_file(delivery) as place:
        console.say(f"{whose(found.report)}. --no-keep makes a new run")
        report = for_person(found.report, catalogue(), login)
        return deliver(console, report, delivery, place, empty=about_no_one(login))


def _is_of(report: Report, login: str) -> bool:
    """Whether GitHub answered for this account; for any, where none is named."""
    logins = {one.login.lower() for one in report.identities if one.provider == "github"}
    return not login or login.lower() in logins
