"""What is found again in another report: by its id, or by its identity where the id changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from hardenme.model.finding_summary import stored
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.subject import Subject
from hardenme.model.waiver import plain_id

HOLDERS = frozenset({"org", "repo", "user", "package"})
"""Kinds of subjects that others are in, and are named after."""
KEPT = 1 << 16
"""The size of the cache of keys: an id is in many findings and lists."""
AGAIN = "+"
"""The suffix of the key for something that is in a report more than once."""
OWNER, REPOSITORY = 1, 2
"""Parts of the name of an owner and of a repository on GitHub."""


def key_of(subject: Subject | str) -> str:
    """A subject's id by which two spellings of it are the same."""
    return _key(str(subject))


@lru_cache(KEPT)
def _key(text: str) -> str:
    return plain_id(stored(text))


def holders(key: str) -> Iterator[str]:
    """The ids of the subject and of what its name says that it is in, the nearest first."""
    yield key
    provider, _, rest = key.partition(":")
    name = rest.partition("/")[2]
    if provider == "github":
        parts = name.split("/")
        if len(parts) > REPOSITORY:
            yield f"github:repo/{'/'.join(parts[:REPOSITORY])}"
    elif provider == "npm" and "@" in name[1:]:
        yield f"npm:package/{name[: name.index('@', 1)]}"


class Renames:
    """Items with another id in the later report, but the same identity.

    Args:
        before: the inventory of the earlier report, and what it carries.
        after: the inventory of the later one.
    """

    def __init__(self, before: Iterable[Place], after: Iterable[Place]) -> None:
        self._subjects: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        known = _identities(before)
        for identity, present in (_identities(after) if known else known).items():
            once = known.get(identity, present)
            if once == present:
                continue
            key = key_of(once)
            if key != key_of(present):
                self._subjects[key] = str(present)
                if key.startswith(("github:repo/", "github:org/", "github:user/")):
                    self._names[_name(key)] = present.name
        # What had a name that another one took is another thing, wherever it went.
        taken = map(_name, map(key_of, self._subjects.values()))
        self._taken = {name: f"{name}{AGAIN}" for name in taken if name not in self._names}

    def __bool__(self) -> bool:
        return bool(self._subjects)

    def key(self, subject: Subject | str) -> str:
        """The key that something of the earlier report has in the later one."""
        text = str(subject)
        found = self._keys.get(text)
        if found is None:
            present = self._present(text)
            if present == text and self._taken:
                present = _under(text, self._taken)
            found = self._keys[text] = key_of(present)
        return found

    def gone(self, subject: Subject) -> str:
        """The key of what vanished from a list, by its id in the later report."""
        taken = subject.kind in HOLDERS and _name(key_of(subject)) in self._taken
        return self.key(subject) if taken else key_of(subject)

    def subject(self, subject: Subject) -> Subject:
        """The subject with its id in the later report."""
        if not self:
            return subject
        return Subject.parse(self._present(str(subject)))

    def item(self, item: InventoryItem) -> InventoryItem:
        """An item of the earlier report with its id in the later one."""
        if not self:
            return item
        subject = self.subject(item.subject)
        if subject == item.subject:
            return item
        identity = subject.name if _by_name(item) else item.identity
        return replace(item, subject=subject, identity=identity)

    def _present(self, text: str) -> str:
        key = key_of(text)
        if key in self._subjects or not self._names:
            return self._subjects.get(key, text)
        return _under(text, self._names)


def identity_of(item: InventoryItem) -> str:
    """The identity of an item of the later report."""
    return key_of(item.subject) if _by_name(item) else item.identity


def _by_name(item: InventoryItem) -> bool:
    """Whether there is no number from the provider: then the id is used, which a rename changes."""
    return item.identity in {str(item.subject), item.subject.name}


def _name(key: str) -> str:
    return key.partition("/")[2]


def _under(text: str, names: Mapping[str, str]) -> str:
    """The id of something on GitHub, under another name of what it is in, if that has one."""
    head, slash, name = text.partition("/")
    if not head.startswith("github:"):
        return text
    parts = name.split("/")
    for count in (REPOSITORY, OWNER):
        once = _name(key_of(f"github:repo/{'/'.join(parts[:count])}"))
        if len(parts) >= count and once in names:
            return f"{head}{slash}{'/'.join([names[once], *parts[count:]])}"
    return text


def _numbered(item: InventoryItem) -> bool:
    """Whether it is known again under another name.

    A container has no number if it is identified by its kind or by the last part of its name.
    Others elsewhere have the same.
    """
    if item.subject.kind not in HOLDERS:
        return not _by_name(item)
    name = item.subject.name
    return item.identity not in {item.kind, str(item.subject), name, name.rpartition("/")[2]}


def _identities(places: Iterable[Place]) -> dict[tuple[str, str, str, str], Subject]:
    """The subjects of items by identity; those without a number are left out.

    A container is the same wherever it is listed. A person may be in several lists, and each is an
    item of its own. A number that several subjects share identifies none of them.
    """
    found: dict[tuple[str, str, str, str], Subject] = {}
    shared = set[tuple[str, str, str, str]]()
    for place in places:
        for item in place.items:
            if not _numbered(item):
                continue
            subject = item.subject
            where = "" if subject.kind in HOLDERS else key_of(place.subject)
            name = (where, item.kind, subject.kind, item.identity)
            if found.setdefault(name, subject) != subject:
                shared.add(name)
    for name in shared:
        del found[name]
    return found
