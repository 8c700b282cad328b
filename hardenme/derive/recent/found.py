"""One thing of the inventory that an answer dates, with what is known around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hardenme.derive.recent.sources import BY_PLACE, Source
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.subject import Subject

HEADS = "refs/heads/"
FORCED = "force_push"
"""What a push did that rewrote the history of its branch."""
STAGED, DIGEST = "staged version", "shasum"
"""What waits for approval, and the digest of its archive, which a version has too."""
ADDED_BY = "added_by"
"""The field of a deploy key with who added it."""
PEOPLE = "maintainers"
"""The field of a version with those who could publish at the time."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing with the time that it appeared or was changed at.

    Attributes:
        at: when.
        item: the thing.
        place: where it is.
        source: what it is one of.
        appeared: it was not there before; else it was changed.
        beside: for a change or a run of a workflow, its current file.
        on_default: a push was to the default branch, or a run on it.
        added_people: who may publish since this version, and could not at the one before.
        removed_people: who could at the one before, and cannot since.
        people_unread: who may publish is not known, of this version or of the one before.
        staged: the digests of the same version in the queue, as an earlier run saw it. None if it
            was not there, empty if one was not shown.
        earlier: the versions of the package from before the window, with their times.
        stored: an earlier run read it.
    """

    at: datetime
    item: InventoryItem
    place: Subject
    source: Source
    appeared: bool
    beside: InventoryItem | None = None
    on_default: bool = False
    added_people: tuple[str, ...] = ()
    removed_people: tuple[str, ...] = ()
    people_unread: bool = False
    staged: tuple[str, ...] | None = None
    earlier: tuple[tuple[Subject, datetime], ...] = ()
    stored: bool = False

    @property
    def by(self) -> str:
        """Who did it; empty if no answer shows it. What changed may be another's than it was."""
        return text_of(self.item.state, self.source.by) if self.appeared else ""

    @property
    def unread(self) -> bool:
        """Whether who did it was not asked for: the queries of many repositories do not show it."""
        missing = self.source.by == ADDED_BY and ADDED_BY not in self.item.state
        return self.appeared and not self.stored and missing


def place_kind(place: Subject) -> str:
    """What a place is, like `github:repo`."""
    return f"{place.provider}:{place.kind}"


def text_of(state: Mapping[str, State], name: str) -> str:
    """A text of an item's state; empty if it is not known."""
    value = state.get(name) if name else None
    return value if isinstance(value, str) else ""


def time_of(state: Mapping[str, State], name: str) -> datetime | None:
    """A time of an item's state; None if it is not known."""
    try:
        return datetime.fromisoformat(text_of(state, name))
    except ValueError:
        return None


def dated(
    places: Sequence[Place], since: datetime, stored: frozenset[tuple[Subject, str]]
) -> Iterator[Found]:
    """Everything that is dated within the window, in no order.

    Args:
        places: what was seen.
        since: when the window begins.
        stored: what of it an earlier run read: the place and the kind.
    """
    branches = _default_branches(places)
    for place in places:
        kinds = {item.kind for item in place.items}
        for kind in sorted(kinds):
            source = BY_PLACE.get((place_kind(place.subject), kind))
            if source is None or not source.dated:
                continue
            items = [item for item in place.items if item.kind == kind]
            old = (place.subject, kind) in stored
            yield from _of_source(place, source, items, since, branches, stored=old)


def _of_source(  # noqa: PLR0913 (what an event consists of)
    place: Place,
    source: Source,
    items: Sequence[InventoryItem],
    since: datetime,
    branches: Mapping[str, str],
    *,
    stored: bool,
) -> Iterator[Found]:
    files = {item.subject: item for item in place.items if item.kind == "workflow"}
    default = f"{HEADS}{branches.get(place.subject.name.lower(), '')}"
    timed = sorted(
        ((time_of(item.state, source.made), item) for item in items), key=lambda one: str(one[0])
    )
    before: InventoryItem | None = None
    earlier = tuple((item.subject, at) for at, item in timed if at is not None and at < since)
    for made, item in timed:
        changed = time_of(item.state, source.changed)
        version = source.kind == "version"
        people, left = _people(before, item) if version else ((), ())
        unread = version and any(PEOPLE not in one.state for one in (before or item, item))
        before = item
        appeared = made is not None and made >= since
        if not appeared and (changed is None or changed < since):
            continue
        at = made if appeared else changed
        if at is None:
            continue
        yield Found(
            at=at,
            item=item,
            place=place.subject,
            source=source,
            appeared=appeared,
            beside=files.get(_file_of(place.subject, item)),
            on_default=default in {text_of(item.state, "ref"), f"{HEADS}{_branch(item)}"},
            added_people=people,
            removed_people=left,
            people_unread=unread,
            earlier=earlier if version else (),
            stored=stored,
        )


def _file_of(place: Subject, item: InventoryItem) -> Subject:
    """The workflow file that a change or a run is of; else the thing itself."""
    file = text_of(item.state, "file").rpartition("/")[2]
    return Subject("github", "workflow", f"{place.name}/{file}") if file else item.subject


def _branch(item: InventoryItem) -> str:
    return text_of(item.state, "branch")


def _people(
    before: InventoryItem | None, item: InventoryItem
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who may publish with a version and could not with the one before, and the other way round."""
    names = item.state.get(PEOPLE)
    known = None if before is None else before.state.get(PEOPLE)
    if not isinstance(names, tuple) or not isinstance(known, tuple):
        return (), ()
    joined = tuple(name for name in names if name not in known)
    return joined, tuple(name for name in known if name not in names)


def _default_branches(places: Sequence[Place]) -> dict[str, str]:
    """The default branch of each repository, by its name in lower case."""
    return {
        item.subject.name.lower(): text_of(item.state, "default_branch")
        for place in places
        for item in place.items
        if item.kind == "repository"
    }


def with_staged(found: Iterable[Found], earlier: Iterable[Place]) -> Iterator[Found]:
    """Everything that was found, each version with what an earlier run saw staged of it."""
    staged: dict[tuple[Subject, str], list[str]] = {}
    for place in earlier:
        for item in place.items:
            if item.kind == STAGED:
                name = place.subject, text_of(item.state, "version")
                staged.setdefault(name, []).append(text_of(item.state, DIGEST))
    for one in found:
        known = staged.get((one.place, one.item.label)) if one.item.kind == "version" else None
        if known is None:
            yield one
        else:
            yield replace(one, staged=tuple(known) if all(known) else ())
