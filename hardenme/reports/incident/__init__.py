"""Where an incident stands, and the review of one that is closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hardenme.model.incident import (
    REVIEW,
    EventKind,
    IncidentEvent,
    Ledger,
    LedgerRow,
    RowState,
)
from hardenme.model.runbook import LIST, UNLISTED
from hardenme.model.secret import redact
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.parts import (
    EVERY,
    Beside,
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
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.plain import counted, flowing, plain, timestamp, to_ascii
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style

NO_BOUND = 1 << 40
"""Bytes of a review: it leaves nothing out."""
FEW = Most(5, 1_000_000)
"""Rows of a step that a terminal shows."""
DONE = "Nothing is open."
STATES = {
    RowState.PROVEN: "Proven: hardenme saw it",
    RowState.ATTESTED: "Attested: a person says so",
    RowState.PENDING: "Pending",
}


@dataclass(frozen=True, slots=True)
class IncidentShown:
    """What is shown.

    Attributes:
        name: of the incident.
        folder: where it lies.
        opened: when.
        closed: when; None while it is open.
        run: whose run was frozen, and of when.
        ledger: its rows.
        events: its record.
        demo: it is one of the demo.
        option: what a command takes to be about this one, with a space before it; empty for
            nothing.
        full: every row is shown.
        warning: what could not be read; empty for nothing.
    """

    name: str
    folder: str
    opened: datetime
    closed: datetime | None
    run: str
    ledger: Ledger
    events: Sequence[IncidentEvent]
    demo: bool = False
    option: str = ""
    full: bool = False
    warning: str = ""


def status(told: IncidentShown) -> Outline:
    """The next thing to do, what is still open in the order of the runbook, and the ledger."""
    ledger = told.ledger
    return Outline(
        title="",
        warning=(sentence(told.warning),) if told.warning else (),
        lead=tuple(_next(told)),
        sections=tuple(
            one
            for one in (
                Section("Incident", groups=(Group(lead=tuple(_head(told))),)),
                Section("Open", groups=tuple(_open(told)), most=EVERY),
                Section("Done", groups=tuple(_done(ledger.rows, told)), most=EVERY),
                Section("Record", groups=(_timeline(told.events),) if told.full else ()),
            )
            if one.groups
        ),
        counts=(),
    )


def review(told: IncidentShown, by: str, withdrawn: int) -> str:
    """The review of an incident, in Markdown.

    Args:
        told: the incident, with what its ledger came to.
        by: who closes it.
        withdrawn: how many answers of `hardenme attest` were withdrawn.
    """
    closed = timestamp(told.closed) if told.closed else ""
    answers = counted(withdrawn, "answer")
    credentials = [one for one in told.ledger.rows if one.credential]
    outline = Outline(
        title=f"Incident {told.name}",
        warning=(sentence(told.warning),) if told.warning else (),
        lead=(
            (sentence(f"Opened {timestamp(told.opened)}, closed {closed} by {by}."),),
            (sentence(f"Frozen: {told.run}."),),
            (sentence(f"{_counts(told.ledger)}."),),
            (
                sentence(
                    f"{answers} of `hardenme attest` withdrawn: each question is asked again."
                    if withdrawn
                    else "No answer of `hardenme attest` had to be withdrawn."
                ),
            ),
        ),
        sections=(
            Section("Timeline, in UTC", groups=(_timeline(told.events),), most=EVERY),
            Section("Ledger", groups=tuple(_done(credentials, told)), most=EVERY),
            _unknown(told.ledger),
            _not_taken(told.ledger),
        ),
        counts=(),
    )
    return redact("\n".join(Markdown().outline(outline, NO_BOUND)) + "\n")


def _next(told: IncidentShown) -> Iterator[Words]:
    if told.closed:
        yield (strong(f"Closed {timestamp(told.closed)}. The review is {REVIEW} in {told.folder}"),)
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
        yield (sentence("Done? Run `hardenme check`: it proves what it sees gone."),)
        yield (
            sentence(f"Or say so: hardenme incident attest {row.number} --how TEXT{told.option}"),
        )
    else:
        yield (sentence(f"Done? hardenme incident attest {row.number} --how TEXT{told.option}"),)


def _head(told: IncidentShown) -> Iterator[Words]:
    state = f"closed {timestamp(told.closed)}" if told.closed else "open"
    yield (sentence(f"Incident {told.name}, opened {timestamp(told.opened)}, {state}."),)
    yield (sentence(f"Frozen: {told.run}."),)
    yield (sentence(f"{_counts(told.ledger)}."),)


def _counts(ledger: Ledger) -> str:
    credentials = [one for one in ledger.rows if one.credential]
    steps = [one for one in ledger.rows if not one.credential]
    parts = ", ".join(f"{ledger.count(state):,} {state.value}" for state in RowState)
    left = sum(one.state is RowState.PENDING for one in steps)
    return (
        f"{counted(len(credentials), 'credential')} and lists of them: {parts}."
        f" {counted(len(steps), 'other row')}: {left:,} open"
    )


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
            all_by=_in_full(told),
        )
    if not told.full and shown[1:]:
        yield Group(
            heading=(ours("Then"),),
            entries=tuple(_brief(number, step, rows) for (number, step), rows in shown[1:]),
            most=EVERY,
        )
        yield Group(lead=((ours("What each is done to: "), command(_in_full(told))),))


def _in_full(told: IncidentShown) -> str:
    return f"hardenme incident status --full{told.option}"


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


def _done(rows: Sequence[LedgerRow], told: IncidentShown) -> Iterator[Group]:
    """What is proven and attested."""
    for state in (RowState.PROVEN, RowState.ATTESTED):
        found = [one for one in rows if one.state is state]
        if found:
            yield Group(
                heading=(ours(STATES[state]),),
                entries=tuple(_settled(one) for one in found),
                thing="row",
                most=EVERY if told.full else FEW,
                all_by=_in_full(told),
            )


def _settled(one: LedgerRow) -> Entry:
    when = f" at {timestamp(one.at)}" if one.at else ""
    text = f"{one.text}: {one.why}{when}"
    return Entry((sentence(text),), mark=one.number)


def _timeline(events: Iterable[IncidentEvent]) -> Group:
    entries = tuple(
        Entry((sentence(said(one)),), mark=f"{one.at:%Y-%m-%d %H:%M}") for one in events
    )
    return Group(entries=entries, most=EVERY)


def said(one: IncidentEvent) -> str:
    """A line of the record, in words."""
    data, by = one.data, f"{one.by}: " if one.by else ""
    text, told = data.get("text", ""), data.get("told", "")
    match one.kind:
        case EventKind.OPENED:
            return "The incident was opened"
        case EventKind.NOTE:
            return f"Note. {by}{text}"
        case EventKind.SEEN:
            return f"Seen: {text}, {told}"
        case EventKind.GONE | EventKind.REFUSED:
            return f"Proven: {text}, {told}"
        case EventKind.ATTESTED:
            end = "" if text.endswith("?") else "."
            return f"Attested: {text}{end} {by}{data.get('how', '')}"
    return f"The incident was closed by {one.by}"


def _unknown(ledger: Ledger) -> Section:
    """Lists that no run read: that they hold nothing more rests on what a person says."""
    rows = [
        one for one in ledger.rows if one.key.startswith(LIST) and one.state is not RowState.PROVEN
    ]
    lead = "Lists that no later run read. That they hold nothing more is what a person says."
    return _listed("What stayed unknown", lead, "Every list was read after the attack.", rows)


def _not_taken(ledger: Ledger) -> Section:
    rows = [one for one in ledger.open if not one.credential]
    lead = "No one ticked these off, and no later run saw that they were taken."
    return _listed("Steps not ticked off", lead, "None.", rows)


def _listed(title: str, lead: str, nothing: str, rows: Sequence[LedgerRow]) -> Section:
    if not rows:
        return Section(title, ((sentence(nothing),),))
    entries = tuple(
        Entry((sentence(one.text if one.text == one.step else f"{one.step}: {one.text}"),),
              mark=one.number)
        for one in rows
    )  # fmt: skip
    return Section(title, ((sentence(lead),),), (Group(entries=entries, most=EVERY),))


def _table(told: IncidentShown, style: Style) -> str:
    sheet = Sheet(style)
    Terminal(sheet).outline(status(told))
    return sheet.text()


def _json(told: IncidentShown, _style: Style) -> str:
    ledger = told.ledger
    data: dict[str, Any] = {
        "name": told.name,
        "folder": told.folder,
        "opened": timestamp(told.opened),
        "closed": timestamp(told.closed) if told.closed else None,
        "demo": told.demo,
        "frozen": told.run,
        "warning": told.warning,
        "next": ledger.open[0].number if ledger.open else None,
        "credentials": {state.value: ledger.count(state) for state in RowState},
        "rows": [_as_json(one) for one in ledger.rows],
        "record": [
            {"at": timestamp(one.at), "event": one.kind.value, "by": one.by, "text": said(one)}
            for one in told.events
        ],
    }
    return json.dumps(_plain(data), indent=2) + "\n"


def _as_json(one: LedgerRow) -> dict[str, Any]:
    return {
        "number": one.number,
        "chapter": one.chapter.value,
        "step": one.step,
        "text": one.text,
        "credential": one.credential,
        "state": one.state.value,
        "why": one.why,
        "at": timestamp(one.at) if one.at else None,
        "who": one.who,
        "commands": list(one.commands),
        "page": one.page,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(flowing(value), longest=NO_BOUND)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


FORMS: dict[str, Callable[[IncidentShown, Style], str]] = {"table": _table, "json": _json}
"""Every form by its name on the command line."""


def render(told: IncidentShown, form: str, style: Style) -> str:
    """Where it stands, in a form of `FORMS`."""
    text = redact(FORMS[form](told, style))
    return to_ascii(text) if style.ascii_only else text
