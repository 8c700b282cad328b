"""What the places of this machine come to: whether they cover the window as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from hardenme.model.machine_exposure import (
    MachineExposure,
    MachinePlace,
    MachinePlaceKind,
    MachineRow,
)

NO_FOLDER = "no folder with projects was named: name yours with --folder"
NOTHING = "no cache and no installed package was found: name a folder that has some, by --folder"
NAMED = 3
"""Folders that a sentence names."""
CACHE, INSTALLED, PROJECT = (
    MachinePlaceKind.CACHE,
    MachinePlaceKind.INSTALLED,
    MachinePlaceKind.PROJECT,
)


def machine_exposure(
    places: Sequence[MachinePlace],
    rows: Sequence[MachineRow],
    faults: Sequence[str],
    reach: Sequence[str],
    start: datetime,
) -> MachineExposure:
    """What a machine comes to.

    Args:
        faults: what was not read that is in no place.
        reach: the credentials on it.
        start: of the window.
    """
    gaps = [*faults]
    if not any(one.kind is PROJECT for one in places):
        gaps.append(NO_FOLDER)
    if not any(one.packages for one in places):
        gaps.append(NOTHING)
    gaps += _short(places, start)
    return MachineExposure(tuple(places), tuple(rows), tuple(gaps), tuple(reach))


def _short(places: Sequence[MachinePlace], start: datetime) -> Iterator[str]:
    """Clients whose caches do not reach back to the window, and what was installed since then.

    What is installed shows today's state. What was there before is in a cache, if that is older.
    """
    caches = [one for one in places if one.kind is CACHE]
    late = {one.client for one in caches if one.oldest is None or one.oldest > start}
    clients = dict.fromkeys(one.client for one in caches)
    reaching = clients.keys() - late
    begins = f"{start:%Y-%m-%d %H:%M} UTC"
    short = [one for one in clients if one in late]
    if short:
        named = " or ".join(filter(None, [", ".join(short[:-1]), short[-1]]))
        yield f"a cache of {named} does not reach back to {begins}: it was cleaned, or is newer"
    for one in places:
        without = [client for client in one.wants if client not in clients]
        if without:
            yield f"{one.path} has projects of {' and '.join(without)}, of which no cache was found"
    later: dict[str, list[str]] = {}
    for one in places:
        changed = one.newest is None or one.newest >= start
        if one.kind is INSTALLED and one.packages and changed and client_of(one) not in reaching:
            later.setdefault(client_of(one), []).append(one.path)
    for client, paths in later.items():
        shown = ", ".join(paths[:NAMED])
        more = f" and {len(paths) - NAMED:,} more" if len(paths) > NAMED else ""
        whose = f"a cache of {client} from before" if client else "which client installed it"
        yield f"what was installed at {begins} is not known without {whose}: {shown}{more}"


def client_of(place: MachinePlace) -> str:
    """The client whose cache has what was installed in a place."""
    return "npm" if place.client == "npx" else place.client
