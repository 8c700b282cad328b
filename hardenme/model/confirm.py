"""Changes that a person has to know: a line for each actor, with an id to answer it by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hardenme.model.recent import Event, Recent, Undated
from hardenme.model.statement import Statement, attest_command

ID = "recent-"
"""How the id of a line begins; that of a check does not."""
DIGITS = 12
"""Hex digits of a line's id."""
CHANGE = "change:"
"""How a statement names the change that it is about, before the change's digest."""
NOT_READ = "actor not read, run with --depth standard"
"""The actor in words, where another depth shows who it is."""
QUESTION = "Do you know of this change: {}"
WITHOUT_CASE = "github"
"""Whose logins are the same in any case."""


@dataclass(frozen=True, slots=True)
class ChangeToConfirm:
    """A change that a person has to know.

    Attributes:
        identity: the digest of everything that was read of it.
        text: what changed and where, in words.
    """

    identity: str
    text: str

    @property
    def subject(self) -> str:
        """How a statement about it names it."""
        return f"{CHANGE}{self.identity}"


@dataclass(frozen=True, slots=True)
class ConfirmLine:
    """What one actor changed, and a person has to know.

    Attributes:
        id: of exactly these changes by this actor, seen by this account.
        account: as statements name it; empty if no credential shows one.
        provider: where the actor has an account: `github` or `npm`.
        actor: the login; empty if no answer shows it.
        changes: what has to be known.
        unread: a run at depth standard shows the actor.
    """

    id: str
    account: str
    provider: str
    actor: str
    changes: tuple[ChangeToConfirm, ...]
    unread: bool = False

    @property
    def who(self) -> str:
        """The actor in words."""
        who = self.actor or (NOT_READ if self.unread else "actor not shown")
        return who if self.provider == WITHOUT_CASE else f"{who} on {self.provider}"

    @property
    def texts(self) -> tuple[str, ...]:
        """What changed, each text once."""
        return tuple(dict.fromkeys(one.text for one in self.changes))

    @property
    def command(self) -> str:
        """What records that a person knows of it; empty if no account shows for whom."""
        known = self.account and all(one.identity for one in self.changes)
        return attest_command(self.id) if known else ""


def change_text(one: Event | Undated) -> str:
    """A change in a few words, with its place, unless these name it."""
    if isinstance(one, Event):
        if f"{one.place.name}@" in one.text:
            return one.text
        return f"{one.text} in {one.place.name}"
    return f"{one.kind} {one.names[0]} {one.change} in {one.place.name}"


def confirm_lines(recent: Recent, accounts: Mapping[str, str]) -> tuple[ConfirmLine, ...]:
    """What is left to confirm, a line for each actor: most changes first, who is not shown last.

    Args:
        recent: what changed.
        accounts: for which account each provider answered.
    """
    found: dict[tuple[str, str, bool], list[Event | Undated]] = {}
    names: dict[tuple[str, str, bool], str] = {}
    for one in recent.to_confirm:
        provider, actor = one.place.provider, one.by if isinstance(one, Event) else ""
        unread = isinstance(one, Event) and one.unread
        key = provider, actor.lower() if provider == WITHOUT_CASE else actor, unread
        names.setdefault(key, actor)
        found.setdefault(key, []).append(one)
    lines = [
        _line(accounts.get(key[0], ""), key, names[key], changes) for key, changes in found.items()
    ]
    return tuple(sorted(lines, key=lambda one: (not one.actor, -len(one.texts), one.who)))


def _line(
    account: str, key: tuple[str, str, bool], actor: str, changes: Iterable[Event | Undated]
) -> ConfirmLine:
    some = tuple(ChangeToConfirm(one.identity, change_text(one)) for one in changes)
    parts = [account.lower(), *key[:2], *sorted(one.identity for one in some)]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return ConfirmLine(f"{ID}{digest[:DIGITS]}", account, key[0], actor, some, key[2])


def with_confirmed(
    recent: Recent, statements: Iterable[Statement], accounts: Mapping[str, str], now: datetime
) -> Recent:
    """The same with what a person has confirmed; a change that is marked stays as it is.

    Args:
        recent: what changed.
        statements: in the order in which they were made: the last one about a change counts.
        accounts: for which account each provider answered.
        now: the latest time that the run saw.
    """
    last = {
        (one.account.lower(), one.subject): one for one in statements if one.code.startswith(ID)
    }

    def by(change: Event | Undated) -> str:
        account = accounts.get(change.place.provider, "").lower()
        said = last.get((account, f"{CHANGE}{change.identity}"))
        if said is None or not (account and change.identity and change.confirm) or change.marks:
            return ""
        # What is new since a run that came after the answer appeared for a second time.
        again = isinstance(change, Undated) and (
            recent.compared is None or said.at < recent.compared
        )
        return f"{said.by} on {said.at:%d %b %Y}" if said.counts(now) and not again else ""

    return replace(
        recent,
        events=tuple(replace(one, confirmed=by(one)) for one in recent.events),
        undated=tuple(replace(one, confirmed=by(one)) for one in recent.undated),
    )


def confirmed_texts(recent: Recent) -> Iterator[str]:
    """How many changes each person confirmed on each day, in words."""
    counts: dict[str, int] = {}
    for one in recent.confirmed:
        counts[one.confirmed] = counts.get(one.confirmed, 0) + 1
    for who, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"{number:,} confirmed by {who}"
