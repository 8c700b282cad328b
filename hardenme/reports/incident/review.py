"""The review of an incident that is closed."""

from __future__ import annotations

from collections.abc import Sequence

from hardenme.model.incident import Ledger, LedgerRow, RowState
from hardenme.model.runbook import LIST
from hardenme.model.secret import redact
from hardenme.reports.incident.view import IncidentView, counts, settled, timeline
from hardenme.reports.outline.markdown import Markdown
from hardenme.reports.outline.parts import EVERY, Entry, Group, Outline, Section, sentence
from hardenme.reports.plain import counted, timestamp

NO_BOUND = 1 << 40
"""Bytes of a review: it leaves nothing out."""


def review(told: IncidentView, by: str, withdrawn: int) -> str:
    """The review of an incident, in Markdown.

    Args:
        told: the incident, with the result of its ledger.
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
            (sentence(f"{counts(told.ledger)}."),),
            (
                sentence(
                    f"{answers} of `hardenme attest` withdrawn: each question is asked again."
                    if withdrawn
                    else "No answer of `hardenme attest` had to be withdrawn."
                ),
            ),
        ),
        sections=(
            Section("Timeline, in UTC", groups=(timeline(told.events),), most=EVERY),
            Section("Ledger", groups=tuple(settled(credentials, told)), most=EVERY),
            _unknown(told.ledger),
            _not_taken(told.ledger),
        ),
    )
    return redact("\n".join(Markdown().outline(outline, NO_BOUND)) + "\n")


def _unknown(ledger: Ledger) -> Section:
    """Lists that no run read: a person stated that they hold nothing more."""
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
