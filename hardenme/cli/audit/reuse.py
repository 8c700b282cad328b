"""`check --member`: a run of the last day that holds what is asked for, or one of people alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from hardenme.cli.audit.people import for_person
from hardenme.cli.options.audit import CheckOptions
from hardenme.cli.output.delivery import Delivery, deliver, place_of
from hardenme.cli.stored.runs import Kept, kept, read, runs, whose
from hardenme.cli.terminal.console import Console
from hardenme.engine.catalogue import catalogue
from hardenme.ground import clock
from hardenme.ground.errors import NoRunError
from hardenme.model.report import Report
from hardenme.store.series import digest, folded

FRESH = timedelta(days=1)
"""How old a run may be that stands in for a new one; `--resume` goes on within the same time."""
ABOUT_NOBODY = "nothing of what was looked at is about {}"


def how_of(options: CheckOptions, hosts: Sequence[str], *, people: bool = False) -> str:
    """What two runs have in common that look at the same in the same way, as text.

    Args:
        options: of the run.
        hosts: who is asked.
        people: only what is about single people is looked at.
    """
    selection = {**json.loads(options.selection), "member": ""}
    settled = options.settled
    parts = (
        *(folded(target.text for target in options.targets), sorted(hosts), selection),
        *(options.profile, str(options.fail_on), sorted(options.allow_unknown), options.since),
        *(repr(settled.adjustments), repr(settled.waivers), people),
    )
    return json.dumps(parts)


def find_reusable_run(options: CheckOptions, hosts: Sequence[str]) -> Kept | None:
    """A run of the last day that holds what these options ask for; None where there is none."""
    if options.planned or options.resume or options.save_facts or options.interactive:
        return None
    ways = {digest(how_of(options, hosts, people=people)) for people in (False, True)}
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
        if whole and _is_of(report, options.as_login):
            return Kept(report, run)
    return None


def show_member(console: Console, found: Kept, login: str, delivery: Delivery) -> int:
    """Hand out what a kept run holds of a person; returns the exit code."""
    place = place_of(delivery)
    try:
        console.say(f"{whose(found.report)}. --no-keep makes a new run")
        report = for_person(found.report, catalogue(), login)
        return deliver(console, report, delivery, place, empty=ABOUT_NOBODY.format(login))
    finally:
        if place is not None:
            place.discard()


def _is_of(report: Report, login: str) -> bool:
    """Whether GitHub answered for this account; for any, where none is named."""
    logins = {one.login.lower() for one in report.identities if one.provider == "github"}
    return not login or login.lower() in logins
