"""Waivers, as sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.model.waiver import Waiver, Waivers
from hardenme.reports.outline.parts import (
    Detail,
    Entry,
    Group,
    Names,
    Section,
    Words,
    labelled,
    ours,
    page,
    sentence,
)
from hardenme.reports.waived import ADVICE, Accepted, accepter, idle_waivers, left


def waived(accepted: Sequence[Accepted]) -> Iterator[Section]:
    """What someone accepts until a day, the worst first. There is nothing to tick off in it."""
    if accepted:
        yield Section("Waived", groups=(Group(entries=tuple(map(_one, accepted)), thing="waiver"),))


def _one(one: Accepted) -> Entry:
    return Entry(
        (sentence(one.title),),
        one.severity,
        one.code,
        title=True,
        beside=(
            Detail("Where", ((Names(one.names, one.others),),)),
            Detail("By", (_by(one.waiver),)),
            Detail("Ends", ((sentence(left(one)),),), soon=one.soon),
            *labelled("In", one.waiver.origin),
        ),
    )


def _by(waiver: Waiver) -> Words:
    issue = (ours(" ("), page(waiver.issue), ours(")")) if waiver.issue else ()
    return (sentence(accepter(waiver)), *issue)


def idle(waivers: Waivers) -> Iterator[Section]:
    """The waivers that accept nothing: expired, unused, or proposed."""
    rows = tuple(Entry((sentence(text),), label=label) for label, text in idle_waivers(waivers))
    if rows:
        yield Section(
            "Waivers that accept nothing",
            groups=(Group(entries=rows, thing="waiver"),),
            tail=((sentence(ADVICE),),) if waivers.expired else (),
        )
