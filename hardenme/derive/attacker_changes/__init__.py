"""What an attacker can leave behind: one table, with what shows each kind of change and when.

`recent`, the incident's rows and a watch read it. What is not in it counts as looked at nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from hardenme.derive.attacker_changes import (
    github_account,
    github_organization,
    github_repository,
    github_unread,
    npm,
)
from hardenme.derive.attacker_changes.change import (
    MACHINE,
    PLACES,
    AttackerChange,
    Visible,
    Watch,
    unread,
)
from hardenme.model.fact import Fact

__all__ = [
    "ATTACKER_CHANGES",
    "BY_KIND",
    "EACH_CYCLE",
    "PLACES",
    "AttackerChange",
    "Visible",
    "Watch",
    "changes_in",
]

ATTACKER_CHANGES: tuple[AttackerChange, ...] = (
    *github_account.CHANGES,
    *github_unread.OF_ACCOUNT,
    *github_organization.CHANGES,
    *github_unread.OF_ORGANIZATION,
    *github_repository.CHANGES,
    *github_unread.OF_REPOSITORY,
    *npm.CHANGES,
    unread(
        *(MACHINE, "machine", "", "files, keys and programs on this machine"),
        "files have no time that an attacker cannot set; run `hardenme check local`",
        source="files of this machine",
    ),
)
"""Every kind of change, place by place."""
BY_KIND: Mapping[tuple[str, str], tuple[AttackerChange, ...]] = {
    name: tuple(one for one in ATTACKER_CHANGES if (one.place, one.kind) == name)
    for name in dict.fromkeys((one.place, one.kind) for one in ATTACKER_CHANGES if one.kind)
}
"""The changes that the inventory's items of one kind show, by the kind of place and of item."""

EACH_CYCLE: frozenset[type[Fact]] = frozenset(
    fact for one in ATTACKER_CHANGES if one.watch is Watch.CYCLE for fact in one.facts
)
"""The facts that each cycle of a watch reads, of everything."""


def changes_in(place: str) -> tuple[AttackerChange, ...]:
    """The changes of one kind of place, like `github:repo`."""
    return tuple(one for one in ATTACKER_CHANGES if one.place == place)
