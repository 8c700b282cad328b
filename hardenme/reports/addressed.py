"""A person's own part of a report, to be sent to that person.

Anyone who ran the check sees more than a member may: the others' findings, whose token was used,
which hosts were asked, who accepted what. Nothing of that is in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hardenme.model.evidence import Atom, Seen
from hardenme.model.finding import Attested, Finding
from hardenme.model.person import ACCOUNT
from hardenme.model.report import Report, Traffic, WholeRun
from hardenme.model.secret import redact
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports.fixplan.words import OF_DEMO
from hardenme.reports.impersonal import PERSON, Others, names_in
from hardenme.reports.inert import code
from hardenme.reports.markdown import lines
from hardenme.reports.plain import counted, plain_name
from hardenme.reports.style import Style
from hardenme.reports.ticket.own import with_own_fixes

NEEDED = "the person who sent you this list can say what it takes"
STOPPED = "the check was stopped before its end, so this list may lack something"
SOURCE = "a check of the organization"
"""Where a finding comes from, in place of what was asked and when."""
ABOUT_YOU = "This list is about the account {} alone. Nothing was changed by making it."
ABOUT = "## About this run"
LEFT = "{count} about this account {are} for an owner to fix, and not in this list"


def people_in(report: Report) -> frozenset[str]:
    """The names of all people in a report, in lower case: those in findings, and whose token it is.

    Args:
        report: the whole of a run.
    """
    found = {identity.login.lower() for identity in report.identities if identity.login}
    for finding in report.findings:
        found |= names_in(finding)
    return frozenset(found)


def addressed(part: Report, login: str, people: frozenset[str]) -> Report:
    """The part of a report that is about a person, fit to be sent to that person.

    A fix is what that person does. What only an owner can do is counted.

    Args:
        part: the findings about the person.
        login: the person's account.
        people: all names that are in the whole report, in lower case.
    """
    owners = {_place(one).name.partition("/")[0] for one in part.findings}
    targets = {_target(_place(one)) for one in part.findings}
    mine, left = with_own_fixes(part.findings)
    own = {login.lower(), *map(str.lower, owners)}
    others = Others(mine, people - own, len(mine))
    made = replace(
        part,
        targets=tuple(sorted(targets)),
        identities=(),
        findings=tuple(_plain(others.without(one), others, part) for one in mine),
        coverage=replace(part.coverage, not_selected={}, notes=_notes(left)),
        traffic=Traffic({}, 0, 0.0),
        allowed_unknown=(),
        partial=STOPPED if part.partial or part.halted is not None else "",
        halted=None,
        unread=None,
        warnings=(OF_DEMO,) if part.demo else (),
        not_found=(),
        publishing=None,
        inventory=(),
        whole=None,
    )
    # A step of the run is for others as well, and its title names them.
    return replace(made, whole=WholeRun(made, kept=False))


def _place(finding: Finding) -> Subject:
    """What names the owner: the person's account, or the subject that the person is."""
    return finding.within if finding.within.kind == ACCOUNT else finding.subject


def _target(subject: Subject) -> str:
    """The organization, or the owner, whose check found something about a person."""
    owner = subject.name.partition("/")[0]
    if subject.kind == ACCOUNT:
        return f"npm:{owner}" if subject.provider == "npm" else f"github:{owner}"
    return f"npm:@{owner}" if subject.provider == "npm" else f"{subject.provider}:{owner}"


def _notes(left: int) -> tuple[str, ...]:
    """How much is left to an owner."""
    are = "is" if left == 1 else "are"
    return (LEFT.format(count=counted(left, "finding"), are=are),) if left else ()


def render(report: Report, name: str) -> str:
    """An addressed report as Markdown, with the person's name at its head.

    Args:
        report: as `addressed` makes it.
        name: the person's account, in words.
    """
    name = code(plain_name(name))
    _, *rest = lines(report, Style())
    end = rest.index(ABOUT) if ABOUT in rest else len(rest) - 1
    said = [
        f"# For {name}: what to change",
        "",
        f"{ABOUT_YOU.format(name)} Looked at: {', '.join(map(code, report.targets))}.",
        *rest[:end],
        rest[-1],
    ]
    return redact("\n".join(said) + "\n")


def _plain(finding: Finding, others: Others, report: Report) -> Finding:
    """A finding without what only anyone who ran the check may know."""
    outcome = finding.outcome
    waiver = finding.waiver
    if isinstance(outcome, Unknown):
        outcome = Unknown(outcome.reason, NEEDED)
    elif isinstance(outcome, Attested):
        outcome = replace(outcome, by=PERSON)
    elif isinstance(outcome, Passed | Failed | NotApplicable):
        outcome = replace(outcome, seen=_seen(outcome.seen, others))
    return replace(
        finding,
        outcome=outcome,
        sources=(Atom(SOURCE, 0, report.started),) if finding.sources else (),
        waiver=None if waiver is None else _accepted(waiver, finding, others),
        lapsed=None,
    )


def _seen(seen: Seen, others: Others) -> Seen:
    return {name: _value(value, others) for name, value in seen.items()}


def _value(value: Any, others: Others) -> Any:
    if isinstance(value, str):
        return others.text(value)
    return [_value(one, others) for one in value] if isinstance(value, list) else value


def _accepted(waiver: Waiver, finding: Finding, others: Others) -> Waiver:
    """That it is accepted, and why; not by whom, and not in which file."""
    reason = others.text(waiver.reason)
    return Waiver(waiver.check, str(finding.subject), reason, waiver.until)
