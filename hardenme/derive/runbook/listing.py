"""Steps for all items of one kind, and their texts where its list was not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hardenme.derive.holders.unread import NOT_ASKED
from hardenme.derive.recent.wording import Hosts, page_of
from hardenme.model.commands import ending, ending_found, unarchived
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.report import Report
from hardenme.model.runbook import (
    Chapter,
    EndedList,
    ListedKind,
    RunbookItem,
    RunbookStep,
    RunbookThing,
)
from hardenme.model.subject import Subject
from hardenme.model.text import short_id

NO_PLACE = {
    "npm:user": "your npm account",
    "npm:package": "any package",
    "github:user": "your GitHub account",
    "github:org": "any organization",
    "github:repo": "any repository",
}
"""The text for a run that looked at no place of one kind."""
FEW = 5
"""Pages that a step names for places of which a list was not read; of more it names the first."""
MANY = 50
"""Names of such places in a step."""
MEMBERSHIP, ORGANIZATION = "membership", "github:org"
KNOWN = {"repository": "github:repo", "package": "npm:package"}
"""The kinds of items that name a place, and what it is."""
LONG_DATE = len("2026-01-31")
PERSONAL = frozenset({"npm:user", "npm:package", "github:user", "github:repo"})
"""Places that every maintainer has; not everyone has an organization."""
LOOK_AT = "run `hardenme check github:{}`"
ASK_FOR = "run `hardenme check` with tokens of both sites"


@dataclass(slots=True)
class RunbookLists:
    """The lists of a report, and what is missing from those that were looked at.

    Attributes:
        report: the report.
        hosts: whom commands and pages name.
        vouches: the run is from before the first sign, so that what it saw is how it was.
        gaps: the places that lack a list, by what it is, what it takes and who can.
    """

    report: Report
    hosts: Hosts
    vouches: bool = True
    gaps: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    absent: dict[str, None] = field(default_factory=dict)
    _places: dict[str, list[Place]] = field(default_factory=dict)
    _archived: set[Subject] = field(default_factory=set)

    def __post_init__(self) -> None:
        # A report that was read from a file makes what it holds anew each time.
        for place in self.report.inventory:
            kind = f"{place.subject.provider}:{place.subject.kind}"
            self._places.setdefault(kind, []).append(place)
            for one in place.items:
                if one.kind == "repository" and one.state.get("archived") is True:
                    self._archived.add(one.subject)

    def places(self, kind: str) -> Sequence[Place]:
        """Those of one kind, as `provider:kind`."""
        return self._places.get(kind, ())

    def step(
        self, chapter: Chapter, text: str, who: str, *kinds: ListedKind, tokens: str = ""
    ) -> RunbookStep:
        """One step for all items of some kinds; unread does not mean none."""
        items: list[RunbookItem] = []
        notes: list[str] = []
        lists = [one for kind in kinds for one in self._list(kind)]
        for kind in kinds:
            places = self.places(kind.place)
            found = [item for place in places for item in self._items(kind, place)]
            missing = list(self.unread(kind, places))
            items += [*found, *self._by_hand(kind, places)]
            notes += missing
            if not found and not missing:
                where = "1 place" if len(places) == 1 else f"{len(places):,} places"
                notes.append(f"No {kind.plural} in {where} when last read.")
        return RunbookStep(
            chapter,
            text,
            who,
            tuple(dict.fromkeys(notes)),
            tuple(items),
            acts=False,
            lists=tuple(lists),
            tokens=tokens,
        )

    def taken(self, place: Place, command: str) -> str:
        """A command as the place takes it: an archived repository takes no change."""
        if place.subject not in self._archived:
            return command
        return f"{unarchived(self.hosts.web, place.subject.name)} && {command}"

    def unread(self, kind: ListedKind, places: Sequence[Place]) -> Iterator[str]:
        """What was not completely read, by kind, in sentences; it is recorded as missing, too."""
        if not places:
            self.absent.setdefault(kind.place)
            yield f"Not known: the run did not look at {NO_PLACE[kind.place]}."
        needs: dict[str, int] = {}
        for place in places:
            takes = needed(kind, place)
            if takes is not None:
                needs[takes] = needs.get(takes, 0) + 1
                key = (kind.plural, takes, kind.who)
                self.gaps.setdefault(key, []).append(place.subject.name)
        for takes, count in needs.items():
            where = "1 place" if count == 1 else f"{count:,} places"
            yield f"There may be more {kind.plural}: not read in {where}. To read them: {takes}."

    def _list(self, kind: ListedKind) -> Iterator[EndedList]:
        """The list of one kind; empty if no one needs a place of that kind."""
        found = self._placed(kind)
        found = replace(found, unread=(*found.unread, *self._not_looked_into(kind.place)))
        if found.places or kind.place != ORGANIZATION:
            yield found

    def organizations(self, kind: ListedKind) -> Iterator[EndedList]:
        """The list of the account's organizations, where that was not read."""
        found = self._placed(kind)
        if found.unread or not found.read:
            yield found

    def _placed(self, kind: ListedKind) -> EndedList:
        """The list of one kind in the places that were looked at."""
        places = self.places(kind.place)
        read = tuple(one.subject for one in places if needed(kind, one) is None)
        unread = tuple(one.subject for one in places if needed(kind, one) is not None)
        return EndedList(kind, unread, read)

    def _not_looked_into(self, kind: str) -> Iterator[Subject]:
        """Repositories, packages and organizations that a list names, and that are not places."""
        looked = {one.subject for one in self.places(kind)}
        found = [
            one.subject
            for place in self.report.inventory
            for one in place.items
            if KNOWN.get(one.kind) == kind
        ]
        if kind == ORGANIZATION:
            found = [Subject("github", "org", name) for name in self._not_looked_at()]
        yield from (one for one in dict.fromkeys(found) if one not in looked)

    def _by_hand(self, kind: ListedKind, places: Sequence[Place]) -> Iterator[RunbookItem]:
        """The pages on which to look where a list was not read, as far as they are few."""
        blind = [one.subject for one in places if needed(kind, one) is not None]
        blind += self._not_looked_into(kind.place)
        if len(blind) > FEW:
            names = ", ".join(one.name for one in blind[:MANY])
            more = f" and {len(blind) - MANY:,} more" if len(blind) > MANY else ""
            # A page with a placeholder in its address would open nothing.
            page = page_of(kind.page, blind[0], self.hosts)
            text = f"Look for {kind.plural} by hand, on this page of each: {names}{more}"
            yield RunbookItem(text, page=page)
            return
        for place in blind:
            page = page_of(kind.page, place, self.hosts)
            yield RunbookItem(f"Look for {kind.plural} of {place.name} by hand", page=page)

    def missing(self) -> Iterator[str]:
        """What was not read, each with what it takes and who can."""
        for kind in self.absent:
            if kind in PERSONAL:
                yield f"{NO_PLACE[kind].removeprefix('any ').capitalize()}: {ASK_FOR}"
        yield from self._organizations()
        for name, wanted in self.report.absent.items():
            yield f"Everything of {name}: {wanted}"
        yield from self.report.coverage.notes
        ordered = sorted(self.gaps.items(), key=lambda one: (-len(one[1]), one[0]))
        for (plural, takes, who), names in ordered:
            where = ", ".join(names) if len(names) <= FEW else f"{len(names):,} places"
            yield f"{plural} of {where}: {takes} (by: {who})"

    def _organizations(self) -> Iterator[str]:
        """Those of the account that the run did not look at, or that it was not shown."""
        for name in self._not_looked_at():
            yield f"Everything of your organization {name}: {LOOK_AT.format(name)}"
        for place in self.places("github:user"):
            why = place.lists.get(MEMBERSHIP)
            if why is not None:
                yield f"Your organizations: {why.needed} (by: the account itself)"

    def _not_looked_at(self) -> Iterator[str]:
        looked = {one.subject.name.lower() for one in self.places(ORGANIZATION)}
        for place in self.places("github:user"):
            for item in place.items:
                name, pending = item.label, item.state.get("state") == "pending"
                if item.kind == MEMBERSHIP and not pending and name.lower() not in looked:
                    yield name

    def _items(self, kind: ListedKind, place: Place) -> Iterator[RunbookItem]:
        found = [one for one in place.items if one.kind == kind.kind and not is_over(kind, one)]
        if not kind.together:
            yield from (self._item(kind, place, one) for one in found)
        elif found:
            names = ", ".join(map(_named, found))
            page = page_of(kind.page, place.subject, self.hosts)
            things = tuple(thing(kind, place.subject, one) for one in found)
            yield RunbookItem(f"{place.subject.name}: {names}", page=page, things=things)

    def _item(self, kind: ListedKind, place: Place, one: InventoryItem) -> RunbookItem:
        command = ending(self.hosts.web, self.hosts.registry, place.subject, one)
        command = command or ending_found(self.hosts.web, place.subject, one)
        command = self.taken(place, command) if command else ""
        made = thing(kind, place.subject, one)
        return RunbookItem(
            made.text,
            (command,) if command and kind.ends else (),
            page_of(kind.page, place.subject, self.hosts, one.identity, one.label),
            (made,),
        )


def thing(kind: ListedKind, place: Subject, one: InventoryItem) -> RunbookThing:
    """What a run saw in a place."""
    label = one.label or one.identity
    name = _named(one) if kind.together else short_id(label)
    return RunbookThing(kind, place, one, f"{kind.kind} {name} of {place.name}{_about(one)}")


def needed(kind: ListedKind, place: Place) -> str | None:
    """What it takes to know a list; None for one that was read to its end."""
    if any(
        one.kind == kind.kind and one.subject == place.subject and kind.state in one.state
        for one in place.items
    ):
        # It is about the whole place, and no list of things there.
        return None
    if kind.kind in place.lists:
        why = place.lists[kind.kind]
        return why.needed if why is not None else None
    # Of a place that is not shown at all, nothing was asked further.
    whys = [why.needed for why in place.lists.values() if why is not None]
    return whys[0] if whys and len(whys) == len(place.lists) else NOT_ASKED


def is_over(kind: ListedKind, one: InventoryItem) -> bool:
    """Whether there is nothing to end: it is revoked, or there is none of it."""
    return one.state.get("revoked") is True or (
        bool(kind.state) and one.state.get(kind.state) is False
    )


def _named(one: InventoryItem) -> str:
    environment = one.state.get("environment")
    return f"{one.label} ({environment})" if environment else one.label


def _about(one: InventoryItem) -> str:
    """The name of an item for a person: its id and its owner."""
    parts = [
        f"{word} {str(one.state[name])[:LONG_DATE] if name == 'created_at' else one.state[name]}"
        for name, word in (
            ("name", "named"),
            ("login", "of"),
            ("added_by", "added by"),
            ("actor", "by"),
            ("repository", "for"),
            ("created_at", "since"),
        )
        if isinstance(one.state.get(name), str) and one.state[name] not in {"", one.label}
    ]
    if one.kind == "npm token" and one.identity != one.label:
        parts.insert(0, f"id {one.identity}")
    return f" ({', '.join(parts)})" if parts else ""
