"""Who could do harm and who can stop whom, as an outline for terminal and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.model.holders import Holder
from hardenme.model.severity import Severity
from hardenme.reports.holders.alike import alike
from hardenme.reports.holders.view import (
    SITES,
    HoldersView,
    alone_in,
    reaches,
    ways,
    who,
    who_of,
)
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Most,
    Outline,
    Section,
    Words,
    about_run,
    command,
    ours,
    page,
    sentence,
    strong,
)
from hardenme.reports.outline.unread import not_looked_at
from hardenme.reports.plain import counted

MORE = " There may be others: see Not looked at."
SCOPE = "All that was asked for was read; the rest was left out."
FIRST = Most(5, 200)
"""Holders that are printed on a terminal; the rest is counted."""


def outline(told: HoldersView) -> Outline:
    """Everything: what no one else can stop first."""
    lead: list[Words] = [(strong(_headline(told)),)]
    if told.run:
        lead.append((sentence(f"{told.run}. --new makes a new run."),))
    lead += [(sentence(f"Warning: {one.rstrip('.')}."),) for one in told.warnings]
    last = () if told.full else ((ours("Everything: "), command(told.everything)),)
    return about_run(told, ", ".join(told.targets), lead, _sections(told), last)


def _headline(told: HoldersView) -> str:
    alone = len({(one.provider, one.name) for one, _ in told.alone})
    people = counted(len(told.people), "account")
    machines = counted(
        len(told.machines),
        "app, key, token, secret or other",
        "apps, keys, tokens, secrets and others",
    )
    if not told.found.holders:
        return "No account was seen, so it is not known who could do harm."
    unknown = len(told.unknown)
    stops = [f"no one else can stop {alone:,} of them"] if alone else []
    stops += [f"it is not known who can stop {unknown:,} of them"] if unknown else []
    of_each = told.found.extent.claim(
        "someone can stop each of them", "someone can stop each of those that were seen"
    )
    at_least = told.found.extent.claim("", "At least ")
    return f"{at_least}{people} and {machines} could do harm; {', and '.join(stops) or of_each}."


def _sections(told: HoldersView) -> Iterator[Section]:
    alone = tuple(
        Entry((sentence(f"{who(one)}: {what}"),), severity=Severity.HIGH, beside=_at(address))
        for one in told.people
        for what, address in alone_in(one, full=told.full)
    )
    yield Section(
        "No one else can remove",
        ((sentence(_alone(told)),),),
        (_group(told, alone, "line"),) if alone else (),
    )
    yield _you(told)
    people = tuple(_entry(some, full=told.full) for some in alike(told.people))
    yield Section(
        "People",
        ((sentence("Who reaches farthest first." if people else "No account was seen."),),),
        (_group(told, people, "account"),) if people else (),
    )
    machines = tuple(_entry(some, full=told.full) for some in alike(told.machines))
    yield Section(
        "Invitations, apps, keys, tokens, secrets and publishers",
        ()
        if machines
        else ((sentence(told.found.extent.claim("There is none.", "None was seen.")),),),
        (_group(told, machines, "holder"),) if machines else (),
    )
    nothing = told.found.extent.claim("Nothing: all that this asks for was read.", SCOPE)
    yield not_looked_at(told.found.gaps, nothing=nothing, notes=told.notes)


def _group(told: HoldersView, entries: tuple[Entry, ...], thing: str) -> Group:
    most = EVERY if told.full else FIRST
    everything = "" if told.full else told.everything
    return Group(entries=entries, most=most, thing=thing, all_by=everything)


def _alone(told: HoldersView) -> str:
    if not told.alone:
        if not told.people:
            return "No account was seen."
        unknown = sum(one in told.unknown for one in told.people)
        if unknown:
            return f"It is not known who can remove {counted(unknown, 'account')} of those seen."
        return told.found.extent.claim(
            "Someone else can remove each account.",
            f"Someone else can remove each account that was seen.{MORE}",
        )
    return (
        "If one of these accounts is taken over, you need GitHub's or npm's support, or an owner"
        " of the enterprise. Add a second owner, or a second maintainer, before that."
    )


def _you(told: HoldersView) -> Section:
    you = told.found.you
    named = " and ".join(f"{login} on {SITES[site]}" for site, login in sorted(you.items()))
    if not named:
        text = "No token says who you are, so it is not known whom you can remove."
        return Section("Whom you cannot remove", ((sentence(text),),))
    entries = tuple(_beyond(some, full=told.full) for some in alike(told.beyond_you()))
    blind = told.unnamed
    others = any(not one.own and one.provider not in blind for one in told.people)
    text = f"You are {named}. "
    if entries:
        text += "Ask who can, now: in an attack you would have to find them first."
    elif others:
        there = " there" if blind else ""
        text += told.found.extent.claim(
            f"You can remove everybody else{there}.",
            f"You can remove each of the others who were seen{there}.{MORE}",
        )
    else:
        there = " there" if blind else ""
        text += told.found.extent.claim(
            f"There is no one else{there}.", f"Others were not seen{there}."
        )
    for site in blind:
        text += (
            f" No token says who you are on {SITES[site]}, so it is not known whom you can remove"
            " there."
        )
    groups = (_group(told, entries, "account"),) if entries else ()
    return Section("Whom you cannot remove", ((sentence(text),),), groups)


def _beyond(some: Sequence[Holder], *, full: bool) -> Entry:
    """What you cannot take from one holder, or from several with the same text."""
    each = "each " if len(some) > 1 else ""
    lines = tuple(
        (sentence(f"{each}{way}. Removed by: {by}"),) for way, by in ways(some, full=full)
    )
    return Entry(who_of(some), beside=(Detail("As", lines, most=EVERY),), count=len(some))


def _entry(some: Sequence[Holder], *, full: bool) -> Entry:
    """One holder, or several with the same text."""
    one = some[0]
    beside = [
        Detail("As", ((sentence(f"{way}. Removed by: {by}"),),))
        for way, by in ways(some, full=full)
    ]
    if one.same:
        beside.append(Detail("Same", ((sentence(one.evidence),),)))
    commands = [hold.command for one in some for hold in one.holds if hold.command and hold.by]
    if commands and not one.own:
        lines = tuple((command(line),) for line in commands)
        beside.append(Detail("Run", lines, most=EVERY if full else Most(1, 1)))
    each = "each " if len(some) > 1 else ""
    return Entry(
        (*who_of(some), ours(": "), sentence(f"{each}{reaches(one)}")),
        severity=Severity.HIGH if one.alone else None,
        beside=tuple(beside),
        count=len(some),
    )


def _at(address: str) -> tuple[Detail, ...]:
    return (Detail("At", ((page(address),),)),) if address else ()
