"""Who could do harm and who can stop whom, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hardenme.codec.shape import OrNull
from hardenme.model.holders import Hold, Holder, HolderKind
from hardenme.model.subject import Subject
from hardenme.reports.holders.view import HoldersView
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.style import Style


@dataclass(frozen=True, slots=True)
class PrintedPackage:
    """A package that a holder can publish.

    Attributes:
        name: of the package.
        weekly: how often it is downloaded in a week; null if that is not known.
    """

    name: str
    weekly: int | None


@dataclass(frozen=True, slots=True)
class PrintedHold:
    """One right with which someone could do harm.

    Attributes:
        place: where.
        way: by what.
        removed_by: who can take it away; null if that is not known.
        command: that takes it away; null if there is none.
        page: where that is done; null if there is none.
    """

    place: Subject
    way: str
    removed_by: tuple[str, ...] | None
    command: OrNull
    page: OrNull


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedHolder:
    """Someone, or something, that could do harm.

    Attributes:
        kind: what it is.
        name: of it.
        provider: where it is known by that name.
        you: whether it is an account of yours.
        same_as: the account at the other provider; null if nothing links one.
        evidence: what links the two; null if nothing does.
        two_factor: the state of its 2FA; null if unknown.
        repositories: to which it can write.
        past_rules: where it can pass the rules of a branch or a tag.
        powers: what it can do, in words.
        packages: that it can publish.
        holds: each right with which it could do harm.
    """

    kind: HolderKind
    name: str
    provider: str
    you: bool
    same_as: OrNull
    evidence: OrNull
    two_factor: OrNull
    repositories: tuple[str, ...]
    past_rules: tuple[str, ...]
    powers: tuple[str, ...]
    packages: tuple[PrintedPackage, ...]
    holds: tuple[PrintedHold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldersDocument(PrintedDocument):
    """Who could do harm, and who can stop whom.

    Attributes:
        version: of hardenme.
        targets: what was looked at.
        run: whose run it is and how old; null for one that was just made.
        partial: why the run is incomplete; null if it is.
        you: your accounts, by provider.
        holders: those who could do the most harm first.
        complete: whether everything was looked at.
        not_shown: what was not looked at, each with what it takes.
        warnings: what a reader of the run has to know.
        notes: what the run did not look at as a whole, and what was left out of it.
    """

    version: str
    targets: tuple[str, ...]
    run: OrNull
    partial: OrNull
    you: Mapping[str, str]
    holders: tuple[PrintedHolder, ...]
    complete: bool
    not_shown: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def render(told: HoldersView, _style: Style) -> str:
    """All of it."""
    found = told.found
    return as_json(
        HoldersDocument(
            version=told.version,
            targets=tuple(told.targets),
            run=told.run,
            partial=told.partial,
            you=dict(sorted(found.you.items())),
            holders=tuple(map(_holder, found.holders)),
            complete=found.extent.complete,
            not_shown=tuple(found.gaps),
            warnings=tuple(told.warnings),
            notes=tuple(told.notes),
        )
    )


def _holder(one: Holder) -> PrintedHolder:
    return PrintedHolder(
        kind=one.kind,
        name=one.name,
        provider=one.provider,
        you=one.own,
        same_as=one.same,
        evidence=one.evidence,
        two_factor=one.two_factor,
        repositories=one.repositories,
        past_rules=one.past_rules,
        powers=one.powers,
        packages=tuple(PrintedPackage(name, count) for name, count in one.packages),
        holds=tuple(map(_hold, one.holds)),
    )


def _hold(hold: Hold) -> PrintedHold:
    by = hold.by if hold.known else None
    return PrintedHold(hold.place, hold.way, by, hold.command, hold.page)
