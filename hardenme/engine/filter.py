"""Which repositories of a listing are looked at."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.facts.github.repository import Repository


@dataclass(frozen=True, slots=True)
class RepositoryFilter:
    """Which repositories of a listing are looked at.

    Attributes:
        include: patterns of `owner/name` or `name`, of which one must match; none for all.
        exclude: patterns of which none may match.
        archived: whether archived ones are looked at.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    archived: bool = False

    def keeps(self, fact: Repository) -> bool:
        """Whether a repository that a listing gave is looked at."""
        if not self.archived and "archived" not in fact.unknown_fields() and fact.archived:
            return False
        return self.names(fact.subject.name)

    def names(self, full_name: str) -> bool:
        """Whether a repository of that name is looked at, archived or not."""
        if self.include and not _any(self.include, full_name):
            return False
        return not _any(self.exclude, full_name)


def _any(patterns: Iterable[str], full_name: str) -> bool:
    full = full_name.lower()
    names = (full, full.partition("/")[2])
    return any(fnmatch.fnmatchcase(name, p.lower()) for p in patterns for name in names)
