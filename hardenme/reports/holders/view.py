"""What is shown about holders: of which run, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hardenme.model.holders import Hold, Holder, HolderKind, Holders
from hardenme.model.text import short_id
from hardenme.reports.header import Header
from hardenme.reports.holders.alike import removers
from hardenme.reports.outline.parts import Names, Words, ours, sentence
from hardenme.reports.plain import counted

SITES = {"github": "GitHub", "npm": "npm"}
PLACES = {"org": "organization", "repo": "repository", "package": "package", "user": "account"}
FEW = 3
"""Names in a sentence before the rest is counted."""
NOBODY = "no one else"


@dataclass(frozen=True, slots=True)
class HoldersView:
    """What is shown.

    Attributes:
        found: everyone and everything.
        run: whose run it is and how old, in one line; empty for one that was just made.
        targets: as the user named them.
        version: the version of hardenme.
        header: who, where and when.
        full: everything is shown, and not those alone who reach farthest.
        everything: the command that shows everything.
        partial: why it is incomplete; empty if it is.
        warnings: what a reader of the run has to know.
        notes: what the run did not look at as a whole, and what was left out of it.
    """

    found: Holders
    run: str
    targets: tuple[str, ...]
    version: str
    header: Header
    full: bool = False
    everything: str = "hardenme people --full"
    partial: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[Holder, ...]:
        """The people among them."""
        return tuple(one for one in self.found.holders if one.kind is HolderKind.PERSON)

    @property
    def machines(self) -> tuple[Holder, ...]:
        """What acts without a person."""
        return tuple(one for one in self.found.holders if one.kind is not HolderKind.PERSON)

    @property
    def alone(self) -> tuple[tuple[Holder, Hold], ...]:
        """What no one else is known to be able to take away, the farthest-reaching holder first."""
        return tuple((one, hold) for one in self.people for hold in one.alone)

    @property
    def unknown(self) -> tuple[Holder, ...]:
        """Those of whom it is not known who can take something away."""
        return tuple(one for one in self.found.holders if any(not hold.known for hold in one.holds))

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The providers with people on which no token says who asks."""
        there = {one.provider for one in self.people}
        return tuple(sorted(site for site in there if not self.found.you.get(site)))

    def beyond_you(self) -> Iterator[Holder]:
        """Whom you cannot remove from something, or not as far as is known, with that alone."""
        for one in self.people:
            you = self.found.you.get(one.provider, "")
            if one.own or not you or (one.same and one.same == self.found.you.get(_other(one), "")):
                continue
            left = tuple(
                hold
                for hold in one.holds
                if not hold.known or you.lower() not in map(str.lower, hold.by)
            )
            if left:
                yield Holder(one.kind, one.name, one.provider, left, same=one.same)


def _other(one: Holder) -> str:
    return "npm" if one.provider == "github" else "github"


def who_of(some: Sequence[Holder]) -> Words:
    """Holders in words; several with the same text are listed by name."""
    if len(some) == 1:
        return (sentence(who(some[0])),)
    site = SITES[some[0].provider]
    names = Names([one.name for one in some])
    return ours(f"{len(some):,} accounts on {site} ("), names, ours(")")


def who(one: Holder) -> str:
    """A holder in words."""
    if one.kind is HolderKind.PERSON:
        same = f", {one.same} on {SITES[_other(one)]}" if one.same else ""
        return f"{one.name} on {SITES[one.provider]}{same}{' (you)' if one.own else ''}"
    return f"{one.kind.value} {short_id(one.name)}"


def reaches(one: Holder) -> str:
    """What a holder reaches."""
    parts: list[str] = []
    if one.repositories:
        number = counted(len(one.repositories), "repository", "repositories")
        some = f"{len(one.past_rules):,} of them " if len(one.repositories) > 1 else ""
        past = f", {some}past all rules" if one.past_rules else ""
        parts.append(f"pushes to {number}{past}")
    if one.packages:
        known = [count for _, count in one.packages if count is not None]
        weekly = f" ({sum(known):,} downloads a week)" if known else ""
        parts.append(f"publishes {counted(len(one.packages), 'package')}{weekly}")
    parts += one.powers
    # npm shows only the own account its 2FA; a note about npm covers the others.
    if one.kind is HolderKind.PERSON and (one.two_factor or one.provider == "github"):
        parts.append(f"2FA {one.two_factor or 'not shown'}")
    if one.kind is HolderKind.INVITATION:
        return "gives nothing until it is accepted"
    if one.kind is not HolderKind.PERSON:
        return "; ".join(parts) or "which repositories and packages is not shown"
    return "; ".join(parts) or "no repository and no package that was looked at"


def ways(some: Sequence[Holder], *, full: bool) -> Iterator[tuple[str, str]]:
    """By which ways, each with who can take it away; the same ones together.

    Args:
        some: one holder, or several with the same text.
        full: every place is named, however many there are.
    """
    together: dict[tuple[str, tuple[str, ...], bool], list[Hold]] = {}
    for hold in some[0].holds:
        by = removers(some, hold)
        together.setdefault((hold.way, by, hold.known), []).append(hold)
    for (way, by, known), same in together.items():
        yield f"{way} of {_named(same, full=full)}", removed_by(by, known=known)


def removed_by(names: tuple[str, ...], *, known: bool) -> str:
    """Who can take something away, in words."""
    return ", ".join(names) or NOBODY if known else "not known"


def alone_in(one: Holder, *, full: bool) -> Iterator[tuple[str, str]]:
    """What no one else can take from a holder, and the page of the first of it.

    Args:
        one: the holder.
        full: every place is named, however many there are.
    """
    together: dict[str, list[Hold]] = {}
    for hold in one.alone:
        together.setdefault(hold.way, []).append(hold)
    for way, some in together.items():
        yield f"{way} of {_named(some, full=full)}", some[0].page


def _named(some: list[Hold], *, full: bool) -> str:
    names = [hold.place.name for hold in some]
    if full:
        return ", ".join(names)
    more = f" and {len(names) - FEW:,} more" if len(names) > FEW else ""
    return f"{', '.join(names[:FEW])}{more}"
