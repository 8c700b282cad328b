"""From a run to the list about one person; a kept run fills in where the new one sees no one."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hardenme import __version__
from hardenme.cli.output.delivery import STOPPED, Delivery
from hardenme.cli.output.forms import show_form
from hardenme.cli.person.accounts import AccountLookup
from hardenme.cli.person.answers import PersonAnswers, record, with_answers
from hardenme.cli.stored.lately import signed, signs_in
from hardenme.cli.stored.runs import of_targets, whose
from hardenme.cli.terminal.console import Console
from hardenme.derive.handover import PersonLeaving, handover, with_earlier
from hardenme.derive.holders import linked
from hardenme.ground.errors import NoRunError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile
from hardenme.model.handover import Handover, Mode
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, web_url
from hardenme.model.report import Report
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.suspects import NAMED, owned, suspects
from hardenme.reports.handover import render
from hardenme.reports.handover.view import HandoverView
from hardenme.reports.header import header_of

ABSENT = "no one with the login {} was seen in {}; a renamed account is listed by its new login"

MODES = {
    Mode.LEAVES: ("--leaves",),
    Mode.STOLEN: ("--stolen",),
    Mode.HANDS_OVER: ("--hands-over-to",),
}


@dataclass(frozen=True, slots=True)
class PersonHandler:
    """Handles the report of a run in place of printing it.

    Attributes:
        console: where it is printed.
        delivery: where it goes, and in which form.
        person: about whom.
        said: the user's answers to the questions that no API answers.
        looked: what was found about the accounts that the user named.
        hosts: whom commands and pages name, where these are not who is asked.
        invented: it is the demo's.
    """

    console: Console
    delivery: Delivery
    person: PersonLeaving
    said: PersonAnswers = PersonAnswers()
    looked: AccountLookup = field(default_factory=AccountLookup)
    hosts: tuple[str, str] | None = None
    invented: bool = False

    def show_run(self, report: Report, hosts: tuple[str, str], place: PrivateFile | None) -> int:
        """Show what is to be done; returns the exit code."""
        if signs := signs_in(report, None):
            self.console.say(signs)
        web, registry = self.hosts or (web_url(hosts[0]), hosts[1])
        person = replace(self.person, web=web, registry=registry)
        found, run = self._of(report, person), ""
        blind = report.halted is not None or not report.inventory or bool(found.unseen)
        kept = _earlier(report) if blind and not self.invented else None
        if kept is not None:
            # A thief may have taken a token: what was not read is listed as it was seen before.
            earlier = self._of(with_earlier(report, kept), person)
            if _texts(earlier) - _texts(found):
                found, run = replace(earlier, extent=found.extent), whose(kept)
        gaps = (*self.looked.gaps, *found.unseen)
        found = replace(found, extent=replace(found.extent, gaps=gaps))
        if not self.invented:
            record(self.console, found, report, self.said)
            found = self._recordable(with_answers(found, report), report, person)
        about = header_of(report)
        if place is not None:
            about = signed(about, report, None)
        told = HandoverView(
            found,
            run,
            __version__,
            replace(about, who=found.login, scope=(about.who,)),
            report.partial or ("" if report.halted is None else WHAT_TO_DO[report.halted]),
            (*self._warned(report, found.successor), *report.warnings),
            report.coverage.notes,
        )
        if not found.found and found.looked:
            self.console.say(ABSENT.format(person.login, ", ".join(report.targets)))
        if show_form(self.console, self.delivery, place, told, render) is not Exit.CLEAN:
            return Exit.USAGE
        if report.partial in STOPPED:
            return STOPPED[report.partial]
        if not found.found:
            return Exit.NOTHING_MATCHED if found.looked else Exit.UNKNOWN
        return Exit.UNKNOWN if found.unseen or report.partial else Exit.CLEAN

    def _warned(self, report: Report, successor: str) -> tuple[str, ...]:
        kept = _earlier(report) if successor and not self.invented else None
        return warned((report, kept), successor)

    @staticmethod
    def _recordable(found: Handover, report: Report, person: PersonLeaving) -> Handover:
        """The list with the command that records a yes to each open question."""
        words = ["hardenme", "person", found.login, *report.targets, *MODES[found.mode]]
        words += [found.successor] if found.successor else []
        words += ["--npm", found.npm] if found.npm else []
        words += ["--github-url", person.web] if person.web != GITHUB_WEB else []
        words += ["--npm-registry", person.registry] if person.registry != REGISTRY else []
        tasks = (
            replace(
                task, record=shlex.join([*words, "--answered", task.topic, "--by", found.login])
            )
            if task.topic and task.attested is None
            else task
            for task in found.tasks
        )
        return replace(found, tasks=tuple(tasks))

    @staticmethod
    def _of(report: Report, person: PersonLeaving) -> Handover:
        names = {link.github.lower(): link.npm for link in linked(report)}
        npm = person.npm or names.get(person.login.lower(), "")
        return handover(report, replace(person, npm=npm))


def warned(runs: Iterable[Report | None], successor: str) -> tuple[str, ...]:
    """The warning where a sign of an attack in one of the runs names who takes over.

    Signs name the accounts of a run itself in passing.
    """
    name = successor.lower()
    for run in filter(None, runs):
        step = suspects(run, plan_of(run).steps).get(name) if name not in owned(run) else None
        if step:
            return (NAMED.format(name=successor, id=step),)
    return ()


def _earlier(report: Report) -> Report | None:
    """The newest kept run of the same targets, if there is one."""
    try:
        kept = of_targets(report.targets)
    except NoRunError:
        return None
    return None if kept is None else kept.report


def _texts(found: Handover) -> set[str]:
    return {task.text for task in found.tasks}
