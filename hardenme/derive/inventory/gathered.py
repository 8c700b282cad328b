"""Combines what answers show about one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from hardenme.derive.inventory import account, machine, npm, repository, settings
from hardenme.derive.inventory.items import At, ItemSource, known
from hardenme.facts.github.organization_roles import NO_CHANGE
from hardenme.model.access import ROLE as MEMBER_ROLE
from hardenme.model.depth import is_beyond
from hardenme.model.fact import Answer, Fact
from hardenme.model.finding import LONGEST
from hardenme.model.inventory import (
    DELIVERY,
    ROLE,
    ROLE_TEAM,
    ROLE_USER,
    InventoryItem,
    Place,
    State,
)
from hardenme.model.safe_text import is_safe_text
from hardenme.model.secret import redact
from hardenme.model.subject import Subject
from hardenme.model.text import LONGEST as LONGEST_NAME
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.watch import LATER, READ_BEFORE

TABLE: dict[type[Fact], tuple[ItemSource, ...]] = {
    **account.TABLE,
    **repository.TABLE,
    **settings.TABLE,
    **npm.TABLE,
    **machine.TABLE,
}
"""What each type of fact adds to the inventory. A type that is missing here adds nothing."""
SOME = Unknown(Reason.NOT_ASKED, "a list of all of them")
"""Why a list is incomplete of which a run asks only a part."""
NEWEST = Unknown(Reason.NOT_ASKED, "more than the newest of them")
"""Why a list is incomplete that names the newest of many. It counts as no list: what is not among
them any more is not out of sight, for it only grew old."""
WITHIN = {
    ROLE_USER: ROLE,
    ROLE_TEAM: ROLE,
    repository.ENVIRONMENT_SECRET: repository.ENVIRONMENT,
    DELIVERY: "webhook",
}
"""Lists that are asked for once for each item of another list of the same place."""
PLACES = frozenset(
    {
        ("github", "user"),
        ("github", "org"),
        ("github", "repo"),
        ("github", "token"),
        ("npm", "user"),
        ("npm", "org"),
        ("npm", "package"),
        ("local", "workstation"),
    }
)
"""What can be a place: the provider and the kind of its subject."""
TOGETHER = 32
"""Items that are looked through at once."""


def place_of(ancestors: Iterable[Subject]) -> Subject | None:
    """The place that contains something: the nearest that can be one; None if none can."""
    return next((one for one in ancestors if (one.provider, one.kind) in PLACES), None)


class Gathered:
    """The lists and items of one place, while answers come."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._lists: dict[str, dict[str, Unknown | None]] = {}
        self._parts: dict[str, Unknown | None] = {}
        self._items: dict[tuple[str, Subject], InventoryItem] = {}

    def add(self, items: Iterable[InventoryItem]) -> None:
        """Add items; those that several answers show are merged.

        What has no number of its own goes by its name within the place: that stays as it is when
        the place gets another name.
        """
        for item in items:
            name = item.kind, item.subject
            self._items[name] = _joined(self._items[name], item) if name in self._items else item

    def note(self, kind: str, source: str, why: Unknown | None) -> None:
        """Note whether a list is complete, as one source has it; one that is not stays so.

        Args:
            kind: what is listed.
            source: what lists it: of several, one whole list is enough.
            why: why it is incomplete; None if it is.
        """
        told = self._lists.setdefault(kind, {})
        if _weight(why) > _weight(told.setdefault(source, None)):
            told[source] = None if why is None else Unknown(why.reason, clean(why.needed))

    def take(self, part: Place) -> None:
        """Take a part of it: a list is complete only if it is in all of them."""
        self.add(part.items)
        for kind, why in part.lists.items():
            self._parts[kind] = self._parts.get(kind) or why

    def place(self) -> Place:
        """What is known about it."""
        lists = {kind: _least(told) for kind, told in self._lists.items()}
        for kind, why in self._parts.items():
            lists[kind] = lists.get(kind) or why
        lists = dict(sorted(lists.items()))
        found = [self._named(item) for item in self._items.values()]
        kinds = {item.kind for item in found}
        lists = {kind: why for kind, why in lists.items() if why != SOME or kind in kinds}
        lists = {kind: why for kind, why in lists.items() if why != NEWEST}
        for kind, outer in WITHIN.items():
            if lists.get(outer) is not None:
                lists[kind] = lists.get(kind) or lists[outer]
            elif outer in lists and kind not in lists and not any(map(_is_asked(outer), found)):
                lists[kind] = None
        if account.OWNER in lists and lists.get(account.MEMBER, SOME) is None:
            members = [item for item in found if item.kind == account.MEMBER]
            if all(MEMBER_ROLE in item.state for item in members):
                # The list of members has the owners of an organization already.
                del lists[account.OWNER]
                found = [item for item in found if item.kind != account.OWNER]
        if npm.WRITER in lists:
            # So do maintainers, by the packument.
            lists[npm.WRITER] = lists[npm.WRITER] or lists.get(npm.MAINTAINER, SOME)
            named = {item.identity for item in found if item.kind == npm.MAINTAINER}
            found = [one for one in found if one.kind != npm.WRITER or one.identity not in named]
        return Place(cleaned(self.subject), lists, tuple(_told_apart(fit(found))))

    def _named(self, item: InventoryItem) -> InventoryItem:
        identity = item.identity
        if identity == item.subject.name:
            identity = identity.removeprefix(f"{self.subject.name}/")
        if identity == self.subject.name:
            identity = item.kind
        return replace(item, identity=identity, state=dict(sorted(item.state.items())))


def _weight(why: Unknown | None) -> int:
    """What weighs more of the reasons for which two parts of a list were not read.

    What a watch read in an earlier cycle, or reads in a later one, weighs less than a failure.
    """
    needed = None if why is None else why.needed
    return {None: 0, READ_BEFORE.needed: 1, LATER.needed: 2}.get(needed, 3)


def _is_asked(outer: str) -> Callable[[InventoryItem], bool]:
    """Whether an item is one of a list for each of which another list is asked for.

    Who holds a role is not asked where the role changes nothing.
    """
    return lambda item: item.kind == outer and item.state.get("gives") != NO_CHANGE


def together(one: Place, other: Place) -> Place:
    """What two looks at one place show: for a list, one complete look is enough."""
    found = Gathered(one.subject)
    for source, place in (("one", one), ("other", other)):
        found.add(place.items)
        for kind, why in place.lists.items():
            found.note(kind, source, why)
    return found.place()


def gather(
    answers: Iterable[tuple[Answer[Any], Subject]],
    into: dict[Subject, Gathered],
    owner: Subject | None = None,
) -> None:
    """Add what answers show.

    Args:
        answers: each with the place that it is about.
        into: what is known so far, by place.
        owner: who owns the repository that they are about; None if they are about none.
    """

    def at(place: Subject) -> Gathered:
        return into.setdefault(place, Gathered(place))

    for answer, place in sorted(answers, key=_order):
        for source in TABLE.get(answer.kind, ()):
            for fact in answer.facts:
                where = _where(source, fact, place, owner)
                at(where).add(source.read(fact))
                at(where).note(source.kind, _name(answer, source), _not_whole(source, fact))
            if _says_something(source, answer):
                where = (owner or place) if source.at is At.OWNER else place
                why = answer.missing if source.lists else SOME
                at(where).note(source.kind, _name(answer, source), why)


def _order(found: tuple[Answer[Any], Subject]) -> tuple[str, Subject]:
    """Two records of one item are merged in a fixed order, in whatever order answers come."""
    return found[0].kind.__qualname__, found[0].scope


def _where(source: ItemSource, fact: Fact, place: Subject, owner: Subject | None) -> Subject:
    if source.at is At.SUBJECT:
        return fact.subject
    return (owner or place) if source.at is At.OWNER else place


def _name(answer: Answer[Any], source: ItemSource) -> str:
    return answer.kind.__qualname__ if source.lists else ""


def _not_whole(source: ItemSource, fact: Fact) -> Unknown | None:
    """Why a fact does not name every item of its kind."""
    if not source.lists:
        return SOME
    for name in source.needs:
        value = known(fact, name)
        if isinstance(value, Unknown):
            return value
    return None if source.names_all(fact) else source.cut or NEWEST


def _says_something(source: ItemSource, answer: Answer[Any]) -> bool:
    """Whether an answer itself shows if the list of its place is complete."""
    if answer.missing is not None and not answer.facts and is_beyond(answer.missing):
        return False
    if source.at is At.SUBJECT:
        return not answer.facts and (answer.scope.provider, answer.scope.kind) == ("npm", "org")
    return True


def _joined(one: InventoryItem, other: InventoryItem) -> InventoryItem:
    return replace(
        one,
        label=one.label or other.label,
        identity=one.identity if one.identity != one.subject.name else other.identity,
        state={**one.state, **other.state},
    )


def _least(told: dict[str, Unknown | None]) -> Unknown | None:
    """Why a list is incomplete by all answers that show it."""
    if None in told.values():
        return None
    last: dict[Unknown | None, int] = {NEWEST: 1, SOME: 2}
    return min(told.values(), key=lambda why: last.get(why, 0), default=SOME)


def _told_apart(items: Iterable[InventoryItem]) -> Iterable[InventoryItem]:
    """Items in order; of several that would be taken for one, each is given a number."""
    counts: dict[tuple[str, str], int] = {}
    for item in sorted(items, key=lambda one: (one.kind, one.identity, one.subject)):
        name = item.kind, item.identity
        counts[name] = counts.get(name, 0) + 1
        yield (
            item if counts[name] == 1 else replace(item, identity=f"{item.identity} {counts[name]}")
        )


def clean(text: str) -> str:
    """A text as every report shows it: read back from a report, it is the same."""
    return visible(redact(text), longest=LONGEST)


def cleaned(subject: Subject) -> Subject:
    """A subject with such a name."""
    return Subject(subject.provider, subject.kind, clean(subject.name))


def fit(items: Sequence[InventoryItem]) -> Iterator[InventoryItem]:
    """The items with such texts.

    Nearly all are fit as they are, which is found out of many at once.
    """
    for start in range(0, len(items), TOGETHER):
        some = items[start : start + TOGETHER]
        yield from some if _all_fit(some) else map(_fitted, some)


def _all_fit(items: Sequence[InventoryItem]) -> bool:
    texts = [(one.subject.name, one.label, one.identity, tuple(one.state.items())) for one in items]
    return is_safe_text(texts, LONGEST_NAME)


def _fitted(item: InventoryItem) -> InventoryItem:
    return replace(
        item,
        subject=cleaned(item.subject),
        label=visible(redact(item.label)),
        identity=clean(item.identity),
        state={name: _value(value) for name, value in item.state.items()},
    )


def _value(value: State) -> State:
    if isinstance(value, str):
        return clean(value)
    return tuple(sorted(map(clean, value))) if isinstance(value, tuple) else value
