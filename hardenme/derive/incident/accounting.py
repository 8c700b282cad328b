"""Which versions an incident accounts for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.derive.incident.ledger import ledger
from hardenme.derive.incident.observed import LedgerRun
from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.returning import LOOK_AT_MARKED
from hardenme.model.accounted import AccountedVersion
from hardenme.model.incident import IncidentEvent, LedgerRow, RowState


def attested_versions(
    name: str, frozen: LedgerRun, events: Sequence[IncidentEvent]
) -> Iterator[AccountedVersion]:
    """The versions of which someone attested something in the record of an incident.

    That an incident names a version is not enough, and neither is that a run shows it deprecated:
    an attacker can deprecate it as well.

    Args:
        name: what the incident is called.
        frozen: the run that was frozen: what it did not mark has no row.
        events: the record.
    """
    rows = ledger(frozen, events, (), frozen.report.started).rows
    said = {one.key: one for one in rows if one.state is RowState.ATTESTED and one.at is not None}
    looked = next((one for one in said.values() if _is_look(one)), None)
    for step in frozen.book.steps:
        for item in step.items:
            for thing in item.things:
                row = said.get(thing.key, looked)
                if thing.kind == kinds.VERSION and row is not None and row.at is not None:
                    yield AccountedVersion(thing.item.subject, name, row.at)


def _is_look(row: LedgerRow) -> bool:
    return row.step == LOOK_AT_MARKED
