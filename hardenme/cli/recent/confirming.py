"""What a person confirmed of what changed, and the lines that are left to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from hardenme.cli.terminal.console import Console
from hardenme.ground import clock
from hardenme.ground.errors import StoredError
from hardenme.ground.places import state_folder
from hardenme.model.confirm import ConfirmLine, with_confirmed
from hardenme.model.recent import Recent
from hardenme.store import to_confirm
from hardenme.store.attestations import Record, read


def answered(
    found: Recent, accounts: Mapping[str, str], now: datetime
) -> tuple[Recent, tuple[str, ...]]:
    """The same with what is on record as confirmed, and what a reader has to know of the record."""
    try:
        record = read(state_folder())
    except StoredError as error:
        record = Record(fault=str(error))
    statements = () if record.fault else record.statements
    return with_confirmed(found, statements, accounts, now), record.warnings


def keep(console: Console, lines: Sequence[ConfirmLine]) -> None:
    """Keep lines for `hardenme attest`; if they cannot be written, say so and go on."""
    some = [one for one in lines if one.command]
    if not some:
        return
    try:
        to_confirm.keep(state_folder(), some, clock.now().replace(microsecond=0))
    except StoredError as error:
        console.say(f"The lines to confirm are not kept, so `hardenme attest` has none: {error}")
