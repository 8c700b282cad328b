"""`hardenme show --practices`: the safeguards, what members signed, and what the plan is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from hardenme.engine.practices import mark_in, mark_of, questions
from hardenme.ground import clock
from hardenme.ground.errors import StoredError
from hardenme.ground.places import state_folder
from hardenme.model.report import Report
from hardenme.model.statement import Word
from hardenme.reports.closing import counts_line
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.parts import Outline
from hardenme.reports.outline.practices import safeguards
from hardenme.reports.outline.report import warning
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.plain import counted
from hardenme.reports.practices import MemberAnswers, SafeguardState, standings
from hardenme.reports.practices_json import document
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style
from hardenme.store import requests
from hardenme.store import shared_answers as shared
from hardenme.store.attestations import newest, read
from hardenme.store.chain import Chain

T = TypeVar("T")
TABLE, MARKDOWN, JSON = FORMS = ("table", "markdown", "json")
"""The formats by their names on the command line."""
CONTACTS, NEEDED = "ATT104", 2
FEW = (
    "{} is attested with {} stored here; 2 are asked for:"
    " `hardenme verify-request --help` shows how."
)
UNCOUNTED = "No contact counts: {}"
UNRECEIVED = "No received answer counts: {}"
CHANGED = (
    "The accounts changed since the incident plan was rehearsed on {:%Y-%m-%d}: rehearse it again"
    " with `hardenme drill incident`."
)


def render(report: Report, form: str, style: Style, *, own: bool) -> str:
    """The page.

    Args:
        form: one of `FORMS`.
        style: for whom it is drawn.
        own: what is on record on this machine is shown as well.
    """
    plan = plan_of(report)
    found = standings(report, plan)
    notes: tuple[str, ...] = ()
    members: tuple[MemberAnswers, ...] = ()
    if own:
        received, refused = _lines(shared.CHAIN)
        notes = (*_notes(report), *_contacts(found), *map(UNRECEIVED.format, refused))
        members = tuple(_members(received))
    if form == JSON:
        return document(found, report.partial, notes, members)
    section = safeguards(found, notes, members)
    outline = Outline("", warning(report), (), (section,), counts_line(report))
    if form == MARKDOWN:
        writer = Markdown(ascii_only=style.ascii_only)
        return "".join(f"{line}\n" for line in writer.outline(outline))
    sheet = Sheet(style)
    Terminal(sheet).outline(outline)
    return sheet.text()


def _notes(report: Report) -> Iterator[str]:
    """What is wrong with the record, and whether the rehearsal was of other accounts."""
    try:
        record = read(state_folder())
    except StoredError as error:
        yield f"No statement counts: {error}"
        return
    yield from record.warnings
    for item in newest(record.statements):
        mark = mark_in(item.evidence)
        counts = item.answer is Word.YES and item.code == "ATT106" and bool(mark)
        if counts and report.inventory and mark != mark_of(report):
            yield CHANGED.format(item.at)


def _lines(chain: Chain[T]) -> tuple[tuple[T, ...], tuple[str, ...]]:
    """What a record holds, and why nothing in it counts, in at most one sentence."""
    try:
        lines = chain.read(state_folder())
    except StoredError as error:
        return (), (str(error),)
    return ((), (lines.fault,)) if lines.fault else (lines.items, ())


def _contacts(found: Sequence[SafeguardState]) -> Iterator[str]:
    """Where someone says that two people can be called back, how many are stored if not two."""
    if CONTACTS not in {code for one in found for code, _ in one.attested}:
        return
    events, refused = _lines(requests.CHAIN)
    yield from map(UNCOUNTED.format, refused)
    now = clock.now()
    number = sum(not one.counts(now, now) for one in requests.contacts(events))
    if number < NEEDED and not refused:
        yield FEW.format(CONTACTS, counted(number, "contact"))


def _members(received: Sequence[shared.Received]) -> Iterator[MemberAnswers]:
    """What was imported and counts."""
    now = clock.now()
    for one in shared.latest(received):
        asked = questions(one.answers.login)
        said = {item.code: item for item in one.answers.statements}
        good = {
            code
            for code, item in said.items()
            if item.at <= now < item.until and asked.get(code) == item.question
        }
        words = {
            word: tuple(sorted(code for code in good if said[code].answer is word)) for word in Word
        }
        yield MemberAnswers(
            # The same login at another GitHub is another person's: its address goes with it.
            one.answers.account.partition(":")[2],
            words[Word.YES],
            words[Word.NO],
            tuple(sorted(said.keys() - good)),
            tuple(sorted(asked.keys() - said.keys())),
            one.key,
            one.at,
        )
