"""The state of an incident: what to do next, what is open, and what is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.model.incident import COMMAND, REVIEW, WHAT_YOU_DID, LedgerRow
from hardenme.model.runbook import UNLISTED
from hardenme.reports.incident.document import document
from hardenme.reports.incident.view import (
    IncidentView,
    counts,
    in_full,
    settled,
    timeline,
)
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Most,
    Outline,
    Section,
    Words,
    command,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.plain import counted, timestamp
from hardenme.reports.style import Style

SIGN = "! "
"""How the time of what looks like an attack begins."""
LINES = 7
"""Steps after the next one that are shown, each sign of an attack taking the room of two.

At 80 columns a step may take two lines."""
MANY = 1_000_000
HOW = "write down what you did"
"""What the command is for that records it."""
DONE = "Nothing is open."
NOT_KNOWN = "Whether anything is open is not known: a later run could not be read."


def status(told: IncidentView) -> Outline:
    """The next thing to do, what is still open in the order of the runbook, and the ledger."""
    if not told.full:
        return _screen(told)
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
                Section("Record", groups=(timeline(told.events),)),
            )
            if one.groups
        ),
        header=told.header,
    )


def _screen(told: IncidentView) -> Outline:
    """The same where it has to fit a terminal of 24 lines."""
    return Outline(
        title=f"hardenme incident {told.name}",
        warning=(sentence(told.warning),) if told.warning else (),
        lead=tuple(_next(told)),
        sections=tuple(_then(told)),
        header=told.header,
    )


def _then(told: IncidentView) -> Iterator[Section]:
    """What was added lately, each in a line, then as many of the other steps as there is room."""
    rows = told.ledger.open[1:]
    lately = [one for one in rows if one.lately]
    # What looks like an attack is never counted in place of being shown.
    marked = [one for one in lately if one.lately.startswith(SIGN)]
    steps: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in rows:
        if row not in marked:
            steps.setdefault((row.number.partition(".")[0], row.step), []).append(row)
    entries = [_late(one) for one in marked]
    room = max(LINES - 2 * len(entries), 0)
    others = tuple(_brief(number, step, some) for (number, step), some in steps.items())
    groups = [Group(entries=tuple(entries), most=EVERY)] if entries else []
    if others and room:
        most = Most(room, MANY)
        groups.append(Group(entries=others, thing="step", most=most, all_by=in_full(told)))
    elif others:
        more = f"and {counted(len(others), 'more step')}: "
        groups.append(Group(lead=((ours(more), command(in_full(told))),)))
    if groups and not told.closed:
        yield Section(f"Then: {_left(told)}", groups=tuple(groups), most=EVERY)


def _left(told: IncidentView) -> str:
    """How many rows are open, in a line."""
    ledger = told.ledger
    credentials, others = len(ledger.pending), len(ledger.open) - len(ledger.pending)
    text = counted(credentials, "credential or list", "credentials and lists")
    return f"{text}, {counted(others, 'other row')}"


def _late(one: LedgerRow) -> Entry:
    return Entry((sentence(f"{one.lately}: {one.text}"),), mark=one.number)


def _next(told: IncidentView) -> Iterator[Words]:
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
    what = row.step if row.text == row.step or row.lately else f"{row.step}: {row.text}"
    text = f"{row.text} ({row.lately})" if row.lately else what
    yield (strong(f"Next: {row.number} {text}"),)
    if row.why:
        yield (sentence(f"Known: {row.why}."),)
    if row.who:
        yield (sentence(f"By: {row.who}."),)
    for line in row.commands:
        yield (command(line),)
    if row.page and (told.full or not row.commands):
        yield (page(row.page),)
    attest = f"{COMMAND} attest {row.number} --how '{WHAT_YOU_DID}'{told.option}"
    if row.credential and not row.key.startswith(UNLISTED):
        again = "hardenme demo" if told.demo else "hardenme check"
        yield (sentence(f"Done? `{again}` ticks off what it sees gone. Or {HOW}:"),)
    else:
        yield (sentence(f"Done? Then {HOW}:"),)
    yield (sentence(attest),)


def _head(told: IncidentView) -> Iterator[Words]:
    state = f"closed {timestamp(told.closed)}" if told.closed else "open"
    yield (sentence(f"Incident {told.name}, opened {timestamp(told.opened)}, {state}."),)
    yield (sentence(f"Frozen: {told.run}."),)
    yield (sentence(f"{counts(told.ledger)}."),)


def _open(told: IncidentView) -> Iterator[Group]:
    """The steps that are open, with what each is done to."""
    steps: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in told.ledger.open:
        steps.setdefault((row.number.partition(".")[0], row.step), []).append(row)
    for (number, step), rows in steps.items():
        who = rows[0].who
        yield Group(
            heading=(ours(f"{number}. "), sentence(step)),
            lead=((sentence(f"By: {who}."),),) if who else (),
            entries=tuple(_row(one) for one in rows),
            thing="row",
            most=EVERY,
        )


def _brief(number: str, step: str, rows: Sequence[LedgerRow]) -> Entry:
    """A step in a line, with how many things it is done to."""
    few = len(rows) == 1 and rows[0].text == step
    return Entry((sentence(step if few else f"{step} ({len(rows):,})"),), mark=number)


def _row(one: LedgerRow) -> Entry:
    beside = [Detail("Known", ((sentence(one.why),),))] if one.why else []
    if one.commands:
        beside.append(Detail("Run", tuple((command(line),) for line in one.commands), most=EVERY))
    if one.page:
        beside.append(Detail("At", ((page(one.page),),)))
    text = "Not done" if one.text == one.step else one.text
    return Entry((sentence(text),), mark=one.number, beside=tuple(beside))


FORMS = forms_of(status, json=document)
"""Every form by its name on the command line."""


def render(told: IncidentView, form: str, style: Style) -> str:
    """The state in one of `FORMS`."""
    return rendered(FORMS, told, form, style)
