"""`show --each-member` and `--each-repository`: a file for each of them that needs something."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from hardenme.cli.audit.people import about_people, for_person
from hardenme.cli.output.delivery import MARKDOWN, Delivery
from hardenme.cli.show.selection import TICKET
from hardenme.cli.terminal.console import Console
from hardenme.engine.catalogue import catalogue
from hardenme.engine.report_filter import each_member, each_place
from hardenme.ground.errors import OutputError
from hardenme.ground.exit_code import Exit
from hardenme.ground.files import PrivateFile, write_parts
from hardenme.ground.names import LOGIN
from hardenme.model.finding import Errored, Finding, question_in
from hardenme.model.person import login_of, named, person_of
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Manual
from hardenme.reports import files
from hardenme.reports.addressed import addressed, people_in, render
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.suspects import suspects
from hardenme.reports.fixplan.words import command_of
from hardenme.reports.folder import FileRow, nothing_to_do, render_index, render_referred
from hardenme.reports.outline.report import STEPS
from hardenme.reports.plain import counted
from hardenme.reports.ticket.changes import names_hardenme
from hardenme.reports.ticket.content import of_member, of_place, of_step
from hardenme.reports.ticket.drawing import drawn
from hardenme.reports.ticket.readers import sender_of
from hardenme.reports.ticket.ticket import Ticket

ENDINGS = {
    "ticket": "md",
    "markdown": "md",
    "table": "txt",
    "junit": "xml",
    "github": "txt",
    "commands": "txt",
}
"""How the files of formats end that do not end with the format's name."""
SAFE = re.compile(r"[^A-Za-z0-9._-]+")
"""Characters that never occur in a file name."""
REFERENCE = re.compile(r"\(reference ([a-z2-7]{6})\)")
"""How a ticket refers to a step."""
NOBODY = "nothing in this run is about a member; check an organization first, as github:ORG"
OWN = "{} gets no file: it is the account of this run: {}"
ATTACK = "{} gets no file: a sign of an attack names this account: {}"


def write_members(console: Console, report: Report, folder: Path, delivery: Delivery) -> int:
    """Write the files; returns the exit code.

    Raises:
        OutputError: a file cannot be written; those before it are.
    """
    people, lists = people_in(report), {check.code for check in about_people(catalogue())}
    plan = plan_of(report)
    signs = suspects(report, plan.steps)
    written, idle, held = 0, 0, dict[str, None]()
    own = {one.login.lower() for one in report.identities if one.login}
    for person, whole in each_member(report, lists):
        login = login_of(person)
        part = addressed(whole, login, people)
        if not _has_to_act(part, person):
            if login.lower() in own and _is_asked(for_person(report, catalogue(), person).findings):
                held.setdefault(
                    OWN.format(named(person), command_of(plan, f"show --member {person}"))
                )
            else:
                idle += 1
            continue
        if (step := signs.get(login.lower())) is not None:
            held.setdefault(ATTACK.format(named(person), command_of(plan, f"fix {step}")))
            continue
        if not written:
            _make(folder)
        file = folder / f"{member_name(person)}.{_ending(delivery)}"
        if delivery.output_format == TICKET:
            PrivateFile(file).write(
                drawn(of_member(part, named(person), plan.steps, sender_of(report)))
            )
        else:
            _write(file, part, delivery, named(person))
        written += 1
    for text in held:
        console.say(text)
    if not (written or idle or held):
        console.say(NOBODY)
        return Exit.NOTHING_MATCHED
    rest = f"; {idle} other{'s have' if idle > 1 else ' has'} nothing to do" if idle else ""
    if not delivery.quiet:
        console.say(f"{counted(written, 'file')} in {folder}, one a member{rest}")
    return Exit.CLEAN


def _has_to_act(part: Report, person: str) -> bool:
    """Whether something about a person failed, or is a question."""
    findings = part.findings
    return _is_asked(one for one in findings if person_of(one.subject).lower() == person.lower())


def _is_asked(findings: Iterable[Finding]) -> bool:
    """Whether anything of some findings failed, or is a question."""
    return any(one.fails or question_in(one.outcome) is not None for one in findings)


def write_places(console: Console, report: Report, folder: Path, delivery: Delivery) -> int:
    """Write a file for each repository, package and account, and one that leads to them.

    Raises:
        OutputError: a file cannot be written; those before it are.
    """
    if not report.findings:
        console.say("nothing was looked at in this run")
        return Exit.NOTHING_MATCHED
    _make(folder)
    rows, fine, tickets = [], 0, dict[str, str]()
    for place, part in each_place(report):
        if not any(_is_open(one) for one in part.findings):
            fine += 1
            continue
        name = f"{place_name(place)}.{_ending(delivery)}"
        if delivery.output_format == TICKET:
            tickets[name] = drawn(of_place(part, place))
        else:
            _write(folder / name, part, delivery)
        rows.append(FileRow.of(place, name, part))
    steps = _referred_steps(report, tickets.values()) if delivery.output_format == TICKET else ()
    tickets |= {step_name(step): drawn(step) for step in steps}
    for name, text in tickets.items():
        PrivateFile(folder / name).write(text)
    index = PrivateFile(folder / "README.md")
    files = {step.id: step_name(step) for step in steps}
    referred = {f"{step.title} (reference {step.id})": files[step.id] for step in steps}
    index.write(render_index(report, rows, fine, files) + render_referred(referred))
    if not delivery.quiet:
        rest = f"; {nothing_to_do(fine)}" if fine else ""
        number = counted(len(rows) + len(steps) + 1, "file")
        console.say(f"{number} in {folder}, begin with README.md{rest}")
    return Exit.CLEAN


def _referred_steps(report: Report, tickets: Iterable[str]) -> tuple[Ticket, ...]:
    """The tickets of the first steps, of those that others refer to, and that these refer to."""
    plan = plan_of(report)
    steps = {one.id: one for one in plan.steps if not names_hardenme(one)}
    found: dict[str, Ticket] = {}
    waiting = [*tickets, "".join(f"(reference {one.id})" for one in plan.steps[:STEPS])]
    while waiting:
        for name in REFERENCE.findall(waiting.pop()):
            if name in steps and name not in found:
                found[name] = of_step(report, plan, steps[name])
                waiting.append(drawn(found[name]))
    return tuple(found.values())


def step_name(step: Ticket) -> str:
    """The name of a step's file."""
    return f"step-{step.id}.md"


def _is_open(finding: Finding) -> bool:
    """Whether someone has to do something: to close it, to make it known, or to answer it."""
    return finding.fails or isinstance(finding.outcome, Unknown | Errored | Manual)


def place_name(place: Subject) -> str:
    """The name of a place's file, which can lead to nowhere else, nor be another one's."""
    text = str(place)
    plain = SAFE.sub("-", text).strip("-.").lower()
    digest = hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()[:8]
    return f"{plain[:80]}-{digest}"


def _ending(delivery: Delivery) -> str:
    form = delivery.output_format
    return ENDINGS.get(form, form)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no folder has such a name"
        raise OutputError(f"{folder} cannot be made: {why}") from None


def _write(file: Path, report: Report, delivery: Delivery, login: str = "") -> None:
    """Write one file, with the person's name at its head where it is for one."""
    form = delivery.output_format
    parts: Iterable[Iterable[str]] = (
        ((render(report, login),),)
        if login and form == MARKDOWN
        else files(
            report,
            form,
            quiet=delivery.quiet,
            lines=delivery.lines,
            # What is for one person names that person in every format.
            with_members=delivery.with_members or bool(login),
        )
    )
    write_parts(PrivateFile(file), parts)


def member_name(login: str) -> str:
    """The name of a person's file: the login, where that can lead to nowhere else.

    A login is what a provider answers. One that GitHub could not have given, such as `../x`, gives
    a name of its own. The dot in that of an account of npm is in no login of GitHub's.
    """
    own = login_of(login)
    if LOGIN.fullmatch(own):
        return own.lower() if own == login else f"npm.{own.lower()}"
    return f"member-{hashlib.sha256(login.encode(errors='backslashreplace')).hexdigest()[:12]}"
