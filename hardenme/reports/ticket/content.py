"""Tickets from a report: of a step, of a repository, or of a person."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from hardenme.model.finding import Errored, Finding
from hardenme.model.person import ACCOUNT, ON_NPM, named
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.fixplan.build import plan_of, steps_of_run
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.suspects import suspects
from hardenme.reports.grouping import name_of
from hardenme.reports.plain import counted, timestamp
from hardenme.reports.ticket.candidates import Candidates
from hardenme.reports.ticket.changes import change_of_step, names_hardenme, own_change, sent_on
from hardenme.reports.ticket.in_run import (
    REFERRED,
    REVOKING,
    closed_key,
    finding_key,
    known_in_run,
    steps_closing,
)
from hardenme.reports.ticket.place_plan import (
    OWNERS,
    apart,
    as_in_run,
    by_itself,
    closing_in_run,
    commits_first,
    for_all,
)
from hardenme.reports.ticket.readers import (
    READERS,
    SITES,
    basis,
    reader_of,
    sender_of,
    whose_account,
)
from hardenme.reports.ticket.ticket import Ticket

LENGTH = 6
OTHER_RIGHTS = ". Parts that need another right name it: pass them on if you do not have it"
TAKEN = (
    "A sign of an attack names this account (reference {id}). Before all else, from a device that"
    " you trust: check its email address, change its password, check its 2FA methods, and revoke"
    " every token. Where a change below replaces a token, only create the new one then."
)
"""What comes first for an account that may be taken over."""
OWNER_OF = "{name}, {what}"
ABOUT_YOU = "This is about the account {login} alone."


def ticket_id(kind: str, name: str) -> str:
    """The id of a ticket that is not of one step, made like a step's."""
    digest = hashlib.sha256(f"ticket\n{kind}\n{name.lower()}".encode(errors="surrogatepass"))
    return base64.b32encode(digest.digest()).decode().lower()[:LENGTH]


def of_step(report: Report, plan: FixPlan, step: Step) -> Ticket:
    """One step of a run, with everything that it closes.

    Args:
        report: the whole run.
        plan: its plan.
        step: one of that plan.
    """
    wanted = {closed_key(one) for action in step.actions for one in action.closes}
    whom = Candidates(report, suspects(report, plan.steps))
    task = change_of_step(step, plan, _known(report, wanted), report.checks, whom=whom)
    ids = {one.title: one.id for one in plan.steps}
    before = (REFERRED.format(title=one, id=ids[one]) if one in ids else one for one in task.before)
    task = replace(task, before=tuple(before))
    people = dict.fromkeys(name for one in task.actions if one.own for name in one.names)
    # What a command or a plan takes in addition is not another right.
    mine = reader_of(task.needs)
    others = [one.needs for one in task.actions if one.needs and reader_of(one.needs) != mine]
    who = ", ".join(people) or reader_of(step.who or task.needs)
    if others and not people and not step.who:
        who += OTHER_RIGHTS
    task = replace(task, steps=(step.id,))
    account = whose_account(step)
    who = OWNER_OF.format(name=account, what=who) if account else who
    lead = (f"For: {who}.", *basis(report))
    run, ask = timestamp(report.started), sender_of(report)
    return Ticket(step.id, step.title, lead, (task,), run=run, ask=ask, account=account)


def of_repository(part: Report, name: str) -> Ticket:
    """What an administrator of one repository changes there.

    Changes at its organization are an owner's: they are named, and not described.

    Args:
        part: the findings of the repository.
        name: it, as `OWNER/REPO`.
    """
    plan = plan_of(by_itself(part, tuple(map(apart, part.findings))))
    found = {finding_key(one): one for one in part.findings if one.fails}
    own = commits_first([step for step in plan.steps if not OWNERS.match(step.needs)])
    closing = closing_in_run(part)
    wider = {step.id: for_all(step, found, closing) for step in own}
    whom = _candidates(part)
    tasks = [
        change_of_step(step, plan, found, part.checks, instead=wider[step.id], whom=whom)
        for step in own
    ]
    owner = (step.title for step in plan.steps if OWNERS.match(step.needs))
    return Ticket(
        ticket_id("repository", name),
        _headline(name, len(own), part.findings),
        (f"For: an administrator of {name}.", *basis(part)),
        tuple(known_in_run(*of, plan, part) for of in zip(tasks, own, strict=True)),
        tuple(owner),
        tuple(_unknown(part.findings)),
        tuple(_questions(part.findings)),
        place=name,
        run=timestamp(part.started),
        ask=sender_of(part),
    )


def of_place(part: Report, place: Subject) -> Ticket:
    """What is changed in one repository, package, organization or account, and by whom.

    Args:
        part: the findings of the place.
        place: it.
    """
    if (place.provider, place.kind) == ("github", "repo"):
        return of_repository(part, place.name)
    plan = plan_of(by_itself(part, as_in_run(part)))
    found = {finding_key(one): one for one in part.findings if one.fails}
    own = [step for step in plan.steps if not names_hardenme(step)]
    where = f"{place.name} on npm" if place.provider == "npm" else place.name
    where = f"the GitHub token {place.name}" if place.kind == "token" else where
    here = where if place.provider in SITES else "this machine"
    whom = _candidates(part)
    changes = [change_of_step(step, plan, found, part.checks, whom=whom) for step in own]
    tasks = [sent_on(*of, found) for of in zip(changes, own, strict=True)]
    reader = READERS.get(place.kind, "anyone who uses it").format(place.name)
    return Ticket(
        ticket_id(f"{place.provider} {place.kind}", place.name),
        _headline(here, len(own), part.findings),
        (f"For: {reader}.", *_taken(part, place), *basis(part)),
        tuple(known_in_run(*of, plan, part) for of in zip(tasks, own, strict=True)),
        unknown=tuple(_unknown(part.findings)),
        questions=tuple(_questions(part.findings)),
        sender=tuple(step.title for step in plan.steps if names_hardenme(step)),
        place=place.name,
        run=timestamp(part.started),
        ask=sender_of(part),
        account=place.name if place.kind == ACCOUNT else "",
    )


def of_member(part: Report, login: str, steps: Sequence[Step], sender: str = "") -> Ticket:
    """What one person changes in the own account.

    Args:
        part: an addressed report: the findings about the person, in the person's own words.
        login: the account, in words.
        steps: those of the whole run.
        sender: who had the run made, as `sender_of` has it: the addressed report does not.
    """
    # In a run of one's own, the whole plan has one fix for what is closed by one change.
    mine = steps if sender and login in {sender, named(f"{ON_NPM}{sender}")} else ()
    fixes = {
        closed_key(one): action.fix
        for step in mine
        for action in step.actions
        # What comes before a token ends is not in this list.
        if not REVOKING.match(action.fix.command)
        for one in action.closes
    }
    groups: dict[Fix, list[Finding]] = {}
    for finding in part.findings:
        if finding.fails and isinstance(finding.outcome, Failed):
            fix = fixes.get(finding_key(finding), finding.outcome.fix)
            groups.setdefault(fix, []).append(finding)
    return Ticket(
        ticket_id("member", login),
        f"For {login}: {_number(len(groups), part.findings)}",
        (
            ABOUT_YOU.format(login=login),
            *basis(part, sender),
            *part.warnings,
            *(f"{note.rstrip('.')}." for note in part.coverage.notes),
        ),
        tuple(
            replace(
                own_change(fix, findings, part.checks),
                steps=steps_closing(map(finding_key, findings), steps),
            )
            for fix, findings in groups.items()
        ),
        (),
        tuple(_unknown(part.findings)),
        tuple(_questions(part.findings)),
        run=timestamp(part.started),
        ask=sender,
        account=login,
    )


def _candidates(part: Report) -> Candidates:
    """Whom the changes of one place can name, by what the whole run saw."""
    if part.whole is None:
        return Candidates(part)
    whole = part.whole.report
    return Candidates(whole, suspects(whole, steps_of_run(part.whole)))


def _taken(part: Report, place: Subject) -> Iterator[str]:
    """What the owner of an account does first that a sign of an attack names."""
    if part.whole is None or (place.provider, place.kind) != ("npm", "user"):
        return
    named = suspects(part.whole.report, steps_of_run(part.whole))
    if (step := named.get(place.name.lower())) is not None:
        yield TAKEN.format(id=step)


def _headline(where: str, changes: int, findings: Iterable[Finding]) -> str:
    """What a ticket about one place asks for."""
    return f"{_number(changes, findings)} {'in' if changes else 'about'} {where}"


def _number(changes: int, findings: Iterable[Finding]) -> str:
    """How many changes a ticket asks for, or questions where there is no change."""
    asked = len([*_questions(findings)])
    return counted(changes, "change") if changes or not asked else counted(asked, "question")


def _unknown(findings: Iterable[Finding]) -> Iterator[str]:
    groups: dict[str, dict[str, None]] = {}
    for finding in findings:
        if isinstance(finding.outcome, Unknown | Errored):
            groups.setdefault(finding.title, {}).setdefault(name_of(finding))
    for title, names in groups.items():
        yield f"{title} ({', '.join(names)})"


def _questions(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    asked = (one.outcome for one in findings if isinstance(one.outcome, Manual))
    return iter(dict.fromkeys((one.question, one.page) for one in asked))


def _known(report: Report, wanted: Collection[object]) -> dict[object, Finding]:
    """The findings that a step closes, found by one pass."""
    return {key: one for one in report.findings if (key := finding_key(one)) in wanted}
