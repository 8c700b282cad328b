"""`show -f ticket`: what someone else has to change, for a reader who does not have hardenme."""

from __future__ import annotations

import shlex

from hardenme.cli.audit.people import for_person
from hardenme.cli.output.pseudonyms import step_of_redacted
from hardenme.cli.show.selection import ISSUES, ShowOptions, ShowSelection
from hardenme.engine.catalogue import catalogue
from hardenme.engine.report_filter import ReportFilter, cuts, is_repository
from hardenme.ground.errors import UsageError
from hardenme.ground.names import FULL_NAME
from hardenme.model.person import login_of, named
from hardenme.model.report import Report
from hardenme.reports.addressed import addressed, people_in
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.ticket.changes import names_hardenme
from hardenme.reports.ticket.content import of_member, of_repository, of_step
from hardenme.reports.ticket.drawing import drawn
from hardenme.reports.ticket.issues import issues_script
from hardenme.reports.ticket.readers import sender_of
from hardenme.reports.ticket.ticket import Ticket

ONE = (
    "-f ticket takes one of --step ID, --member LOGIN and --repo NAME, and nothing else to show;"
    " `{}` lists the steps with their ids"
)
OF_ISSUES = "-f issues takes --step ID or --repo NAME, and nothing else to show"
TAKES_REPOSITORY = "--issue-in goes with -f issues, and takes OWNER/REPO"
NO_PLACE = "step {} is of no single repository: name a private one with --issue-in OWNER/REPO"
INVENTED = "the accounts of the demo are invented: no issue is created for them"
NO_STEP = "this run has no step {}; `{}` lists them with their ids"
BY_HARDENME = "step {} is done with hardenme itself: a ticket for someone without it cannot say how"
NO_NAMES = "a ticket needs the names: leave out --redact"
BETWEEN = "\n---\n\n"
"""The separator of the tickets of several repositories."""


def demand_one(wanted: ShowOptions, asked: ShowSelection) -> None:
    """Ensure that the subject of a ticket is named, and nothing else.

    Raises:
        UsageError: it is not.
    """
    about = bool(wanted.step), bool(asked.member), bool(wanted.repositories)
    issues = wanted.form == ISSUES
    if wanted.issue_in and not (issues and FULL_NAME.fullmatch(wanted.issue_in)):
        raise UsageError(TAKES_REPOSITORY)
    cut_away = asked.cut.codes or asked.cut.named or asked.cut.unknown or asked.cut.least
    others = wanted.by, wanted.practices, wanted.full, wanted.opened, wanted.html
    number = sum(about) <= 1 and not asked.member if issues else sum(about) == 1
    if not number or cut_away or any(others) or wanted.each_repository:
        raise UsageError(OF_ISSUES if issues else ONE.format(_fix(wanted, asked)))
    if wanted.redact:
        raise UsageError(NO_NAMES)


def _fix(wanted: ShowOptions, asked: ShowSelection) -> str:
    """The command that lists the steps of the run that is shown, before it is read."""
    return shlex.join(["hardenme", "fix", *filter(None, [asked.file, "--demo" * wanted.demo])])


def ticket_text(report: Report, wanted: ShowOptions, asked: ShowSelection) -> str:
    """The tickets that are wanted, as Markdown; empty if nothing is about what was named.

    Raises:
        UsageError: there is no such step, or only hardenme can take it.
    """
    if wanted.form == ISSUES:
        return _issues(report, wanted)
    if wanted.step:
        plan = plan_of(report)
        return drawn(of_step(report, plan, wanted_step(report, plan, wanted.step)))
    if asked.member:
        whole = for_person(report, catalogue(), asked.member)
        if not whole.findings:
            return ""
        part = addressed(whole, login_of(asked.member), people_in(report))
        return drawn(of_member(part, named(asked.member), plan_of(report).steps, sender_of(report)))
    tickets = repository_tickets(report, wanted.repositories)
    return BETWEEN.join(drawn(ticket) for _, ticket in tickets)


def _issues(report: Report, wanted: ShowOptions) -> str:
    """The script that creates an issue of a step, or one for each repository.

    Raises:
        UsageError: the step is of no single repository, and none is named for its issue.
    """
    if report.demo:
        raise UsageError(INVENTED)
    if not wanted.step:
        tickets = repository_tickets(report, wanted.repositories)
        made = [(wanted.issue_in or name, ticket) for name, ticket in tickets if ticket.tasks]
        return issues_script(report, made) if made else ""
    plan = plan_of(report)
    step = wanted_step(report, plan, wanted.step)
    places = {one.within for action in step.actions for one in action.closes}
    (place,) = places if len(places) == 1 else (None,)
    own = place.name if place is not None and place.kind == "repo" else ""
    if not (wanted.issue_in or own):
        raise UsageError(NO_PLACE.format(step.id))
    return issues_script(report, [(wanted.issue_in or own, of_step(report, plan, step))])


def wanted_step(report: Report, plan: FixPlan, identity: str) -> Step:
    """The step of that id, also of the one that the redacted report has.

    Raises:
        UsageError: there is none, or only hardenme can take it.
    """
    step = next((one for one in plan.steps if one.id == identity), None)
    step = step or step_of_redacted(report, plan, identity)
    if step is None:
        raise UsageError(NO_STEP.format(identity, command_of(report, "fix")))
    if names_hardenme(step):
        raise UsageError(BY_HARDENME.format(identity))
    return step


def repository_tickets(report: Report, names: tuple[str, ...]) -> list[tuple[str, Ticket]]:
    """Each repository of these names that has something to change, with its ticket.

    Args:
        report: the whole run.
        names: as `OWNER/REPO` or `REPO`; none for every repository.
    """
    places = {
        place.name: None
        for one in report.findings
        for place in (one.within, one.subject)
        if (place.provider, place.kind) == ("github", "repo")
        and (not names or any(is_repository(place, name) for name in names))
    }
    wanted = sorted(places)
    parts = cuts(report, (ReportFilter(repositories=(name,)) for name in wanted))
    found = ((name, of_repository(part, name)) for name, part in zip(wanted, parts, strict=True))
    return [(name, one) for name, one in found if one.tasks or names]
