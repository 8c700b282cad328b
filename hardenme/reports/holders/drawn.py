"""Who reaches what, as a drawing: red where no one else can take it away, green where one can."""

from __future__ import annotations

from hardenme.model.holders import Hold, Holder
from hardenme.model.publishing import Hop, PackagePaths, PublishPath, State
from hardenme.model.text import short_id
from hardenme.model.way import Way
from hardenme.reports import mermaid as flowchart
from hardenme.reports.holders.view import PLACES, HoldersView
from hardenme.reports.style import Style

LEGEND = "red: no one else can remove it, green: someone can, dotted: not known who"
NOTHING = "no one was seen"


def places(told: HoldersView) -> tuple[list[PackagePaths], dict[str, str]]:
    """What is held and who holds it, as paths; and what each node is."""
    found: dict[tuple[str, str], list[PublishPath]] = {}
    for one in told.found.holders:
        for hold in one.holds:
            kind = PLACES.get(hold.place.kind, hold.place.kind)
            found.setdefault((kind, hold.place.name), []).append(_path(one, hold))
    worst = sorted(
        found.items(),
        key=lambda item: (-sum(p.state is State.OPEN and not p.intended for p in item[1]), item[0]),
    )
    made = [PackagePaths(name, None, tuple(paths)) for (_, name), paths in worst]
    return made, {name: kind for kind, name in found}


def _path(one: Holder, hold: Hold) -> PublishPath:
    state = State.OPEN if hold.known else State.UNKNOWN
    name = f"{short_id(one.name)} ({one.provider})"
    return PublishPath(
        f"{one.kind.value}/{one.provider}/{one.name}",
        Way.PERSON,
        name,
        state,
        hold.way,
        intended=bool(hold.by),
        hops=(Hop(one.kind.value, name), Hop("as", hold.way)),
    )


def _legend(told: HoldersView) -> str:
    """What the lines mean, and that there may be more where something was not read."""
    return LEGEND + told.found.extent.claim("", "; there may be others")


def mermaid(told: HoldersView, _style: Style) -> str:
    """For Mermaid."""
    packages, ends = places(told)
    if not packages:
        return f"flowchart LR\n  %% {NOTHING}\n"
    return flowchart.drawn(packages, ends=ends, legend=_legend(told), whole=not told.partial)
