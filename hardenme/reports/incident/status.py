"""Where an incident stands: the next thing to do, what is open, and what is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.model.incident import REVIEW, LedgerRow
from hardenme.model.runbook import UNLISTED
from hardenme.reports.incident.document import document
from hardenme.reports.incident.shown import (
    FEW,
    IncidentShown,
    counts,
    in_full,
    settled,
    timeline,
)
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Beside,
    Entry,
    Group,
    Outline,
    Section,
    Words,
    command,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.plain import timestamp
from hardenme.reports.style import Style

DONE = "Nothing is open."
NOT_KNOWN = "Whether anything is open is not known: a later run could not be read."


def status(told: IncidentShown) -> Outline:
    """The next thing to do, what is still open in the order of the runbook, and the ledger."""
    ledger = told.ledger
    return Outline(
        title=f"hardenme incident {told.name}",
        warning=(sentence(told.warning),) if told.warning else (),
        lead=tuple(_next(told)),
        sections=tuple(
            one
            for one in (
                Section("Incident", groups=(Group(lead=tuple(_head(told))),)),
                Section("Open", groups=tuple(_open(told)), most=EVERY),
                Section("Done", groups=tuple(settled(ledger.rows, told)), most=EVERY),
                Section("Record", groups=(timeline(told.events),) if told.full else ()),
            )
            if one.groups
        ),
        counts=(),
        header=told.header,
    )


def _next(told: IncidentShown) -> Iterator[Words]:
    if told.closed:
        yield (strong(f"Closed {timestamp(told.closed)}. The review is {REVIEW} in {told.folder}"),)
        return
    if not told.ledger.open and told.warning:
        yield (strong(NOT_KNOWN),)
        return
    if not told.ledger.open:
        yield (strong(f"{DONE} Close it:"),)
        yield (command(f"hardenme incident close{told.option}"),)
        return
    row = told.ledger.open[0]
    what = row.step if row.text == row.step else f"{row.step}: {row.text}"
    yield (strong(f"Next: {row.number} {what}"),)
    if row.why:
        yield (sentence(f"Known: {row.why}."),)
    if row.who:
        yield (sentence(f"By: {row.who}."),)
    for line in row.commands:
        yield (command(line),)
    if row.page:
        yield (page(row.page),)
    if row.credential and not row.key.startswith(UNLISTED):
        again = "hardenme demo" if told.demo else "hardenme check"
        yield (sentence(f"Done? Run `{again}`: it proves what it sees gone."),)
        yield (
            sentence(f"Or say so: hardenme incident attest {row.number} --how TEXT{told.option}"),
        )
    else:
        yield (sentence(f"Done? hardenme incident attest {row.number} --how TEXT{told.option}"),)


def _head(told: IncidentShown) -> Iterator[Words]:
    state = f"closed {timestamp(told.closed)}" if told.closed else "open"
    yield (sentence(f"Incident {told.name}, opened {timestamp(told.opened)}, {state}."),)
    yield (sentence(f"Frozen: {told.run}."),)
    yield (sentence(f"{counts(told.ledger)}."),)


def _open(told: IncidentShown) -> Iterator[Group]:
    """The steps that are open: what the first is done to; of the others a line, unless in full."""
    steps: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in told.ledger.open:
        steps.setdefault((row.number.partition(".")[0], row.step), []).append(row)
    shown = list(steps.items())
    # One that is done to one thing stands above, as the next thing to do.
    detailed = shown if told.full else [one for one in shown[:1] if len(one[1]) > 1]
    for (number, step), rows in detailed:
        who = rows[0].who
        yield Group(
            heading=(ours(f"{number}. "), sentence(step)),
            lead=((sentence(f"By: {who}."),),) if who else (),
            entries=tuple(_row(one) for one in rows),
            thing="row",
            most=EVERY if told.full else FEW,
            all_by=in_full(told),
        )
    if not told.full and shown[1:]:
        yield Group(
            heading=(ours("Then"),),
            entries=tuple(_brief(number, step, rows) for (number, step), rows in shown[1:]),
            most=EVERY,
        )
        yield Group(lead=((ours("What each is done to: "), command(in_full(told))),))


def _brief(number: str, step: str, rows: Sequence[LedgerRow]) -> Entry:
    """A step in a line, with how many things it is done to."""
    few = len(rows) == 1 and rows[0].text == step
    return Entry((sentence(step if few else f"{step} ({len(rows):,})"),), mark=number)


def _row(one: LedgerRow) -> Entry:
    beside = [Beside("Known", ((sentence(one.why),),))] if one.why else []
    if one.commands:
        beside.append(Beside("Run", tuple((command(line),) for line in one.commands), most=EVERY))
    if one.page:
        beside.append(Beside("At", ((page(one.page),),)))
    text = "Not done" if one.text == one.step else one.text
    return Entry((sentence(text),), mark=one.number, beside=tuple(beside))


FORMS = forms_of(status, json=document)
"""Every form by its name on the command line."""


def render(told: IncidentShown, form: str, style: Style) -> str:
    """Where it stands, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
