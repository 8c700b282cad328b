"""The part of a report that concerns one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hardenme.cli.options.given import OptionValues
from hardenme.config.table.selection import MEMBER
from hardenme.engine.plan import Selection, plan
from hardenme.engine.report_filter import ALL, ReportFilter, of_member
from hardenme.ground.errors import UsageError
from hardenme.ground.names import LOGIN
from hardenme.model.check import Check
from hardenme.model.report import Report

NOUNS = frozenset({"member", "outside collaborator"})
"""What the facts call their subjects that are people."""
ABOUT_NO_ONE = "nothing that was looked at is about {}"
OTHERS = "not about a person"
"""Why checks are left out of a run for one person."""


def member_of(given: OptionValues) -> str:
    """Whom the checklist is for; empty for everyone.

    Raises:
        UsageError: it is not a login.
    """
    login = given[MEMBER]
    with given.naming_origins():
        if login and not LOGIN.fullmatch(login):
            raise UsageError(f"--member takes a GitHub login; not {login!r}")
    return login


def about_no_one(login: str) -> str:
    """What is printed where nothing is about a person; empty if the list is for everyone."""
    return ABOUT_NO_ONE.format(login) if login else ""


def about_people(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks whose subjects are people."""
    return tuple(check for check in checks if check.subject_fact.noun in NOUNS)


def of_people(whole: Selection) -> Selection:
    """What of a plan concerns individuals: nothing else is asked."""
    checks = about_people(whole.checks)
    opted = {kind.opt_in for kind in whole.facts if kind.opt_in}
    narrow = plan(checks, opted, whole.depth)
    others = len(whole.checks) - len(checks)
    left_out = {**whole.left_out, **narrow.left_out, **({OTHERS: others} if others else {})}
    return replace(narrow, left_out=left_out)


def for_person(
    report: Report, checks: Iterable[Check], login: str, wanted: ReportFilter = ALL
) -> Report:
    """The findings about a person, and those lists of people that are not known.

    Args:
        checks: those of the run, or all.
    """
    return of_member(report, login, {check.code for check in about_people(checks)}, wanted)
