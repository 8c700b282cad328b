"""Whether npm will accept the next release, in every form: a line a package and way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardenme.codec.shape import OrNull
from hardenme.model.acceptance import (
    AcceptanceState,
    RefusedCause,
    ReleaseWay,
    UnreadCause,
    UnseenCause,
    verdict_of_package,
)
from hardenme.model.severity import Severity
from hardenme.reports.header import Header
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import (
    EVERY,
    Detail,
    Entry,
    Group,
    Most,
    Outline,
    Section,
    about_run,
    command,
    ours,
    sentence,
    strong,
)
from hardenme.reports.outline.unread import not_looked_at
from hardenme.reports.plain import counted
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.style import Style

FIRST = Most(9, 400)
"""Ways that are printed on a terminal; the rest is counted."""
SHOWN = 1
"""Causes of a way that are printed on a terminal."""
MEANING = (
    "Accepted means that nothing that was read refuses the release. npm decides when you release."
)


@dataclass(frozen=True, slots=True)
class RehearsedPackage:
    """A package, with the ways to release it.

    Attributes:
        name: its name.
        ways: those that are accepted first.
    """

    name: str
    ways: tuple[ReleaseWay, ...]

    @property
    def verdict(self) -> AcceptanceState:
        """Accepted where one way is; refused where all surely are."""
        return verdict_of_package(self.ways)


@dataclass(frozen=True, slots=True)
class RehearsalShown:
    """What is shown.

    Attributes:
        packages: by name.
        targets: what was asked for.
        version: of hardenme.
        header: whose accounts, and when.
        after: the steps that are taken for granted; empty for none.
        everything: the command that shows all of it.
        full: everything is shown.
        partial: why the run is incomplete; empty if it is.
        warnings: what a reader of the run has to know.
        notes: what the run did not look at as a whole.
    """

    packages: tuple[RehearsedPackage, ...]
    targets: tuple[str, ...]
    version: str
    header: Header
    after: str = ""
    everything: str = ""
    full: bool = False
    partial: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def having(self, verdict: AcceptanceState) -> tuple[RehearsedPackage, ...]:
        """The packages of a verdict."""
        return tuple(one for one in self.packages if one.verdict is verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedWay:
    """A way to release a package.

    Attributes:
        key: the key of its publish path.
        way: what it starts from.
        name: what it is called.
        verdict: `accepted`, `refused` or `unknown`.
        refused: every cause that surely refuses it, with the number of its row and the repair.
        unread: what would settle it, with the numbers of the rows.
        unseen: what could refuse it and is never looked at, with the number of its row.
        notes: what decides nothing.
        stages: the version waits for a person's approval.
        until: when it stops being accepted; null for no known end.
        ends: why it stops then; null for no known end.
        job: the job that publishes; null for none.
    """

    key: str
    way: str
    name: str
    verdict: AcceptanceState
    refused: tuple[RefusedCause, ...]
    unread: tuple[UnreadCause, ...]
    unseen: tuple[UnseenCause, ...]
    notes: tuple[str, ...]
    stages: bool
    until: OrNull
    ends: OrNull
    job: OrNull


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRehearsal:
    """A package.

    Attributes:
        package: its name.
        verdict: accepted where one way is; refused where all surely are.
        ways: those that are accepted first.
    """

    package: str
    verdict: AcceptanceState
    ways: tuple[PrintedWay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalDocument(PrintedDocument):
    """Whether npm will accept the next release.

    Attributes:
        version: of hardenme.
        targets: what was asked for.
        after: the steps that are taken for granted; null for none.
        partial: why the run is incomplete; null if it is.
        packages: by name.
        warnings: what a reader of the run has to know.
        notes: what the run did not look at as a whole.
    """

    version: str
    targets: tuple[str, ...]
    after: OrNull
    partial: OrNull
    packages: tuple[PrintedRehearsal, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def outline(told: RehearsalShown) -> Outline:
    """The verdict, then a line a package and way: what is refused first."""
    lead = [(strong(headline(told)),)]
    if told.after:
        lead.append((sentence(f"As if {told.after} were taken. Nothing is changed."),))
    lead += [(sentence(f"Warning: {one.rstrip('.')}."),) for one in told.warnings]
    last = () if told.full else ((ours("Everything: "), command(told.everything)),)
    return about_run(told, ", ".join(told.targets), lead, _sections(told), last)


def headline(told: RehearsalShown) -> str:
    """The verdict in one sentence."""
    if not told.packages:
        return "NOT KNOWN: no package was seen."
    refused, unknown, accepted = (
        len(told.having(state))
        for state in (AcceptanceState.REFUSED, AcceptanceState.UNKNOWN, AcceptanceState.ACCEPTED)
    )
    word = "REFUSED" if refused else "NOT KNOWN" if unknown else "ACCEPTED"
    parts = [f"the next release of {counted(refused, 'package')} is refused"] if refused else []
    parts += (
        [f"whether {counted(unknown, 'package')} can be released is not known"] if unknown else []
    )
    parts += [f"{counted(accepted, 'package')} can be released"] if accepted else []
    return f"{word}: {', '.join(parts)}."


def _sections(told: RehearsalShown) -> Iterator[Section]:
    ranked = (AcceptanceState.REFUSED, AcceptanceState.UNKNOWN, AcceptanceState.ACCEPTED)
    entries = tuple(
        _entry(package.name, way, full=told.full)
        for state in ranked
        for package in told.having(state)
        for way in package.ways
    )
    most = EVERY if told.full else FIRST
    everything = "" if told.full else told.everything
    groups = (Group(entries=entries, most=most, thing="way", all_by=everything),) if entries else ()
    yield Section("Ways to release", ((sentence(MEANING),),), groups)
    gaps = [
        f"{package.name} has no way to release that was seen"
        for package in told.packages
        if not package.ways
    ]
    gaps += [] if told.full else list(_unseen(told))
    yield not_looked_at(
        gaps, nothing="Nothing else: each way says what it lacks.", notes=told.notes
    )


def _unseen(told: RehearsalShown) -> Iterator[str]:
    """What none of the accepted ways was held against, in one sentence."""
    accepted = (way for one in told.packages for way in one.ways if way.accepted)
    found = dict.fromkeys(one.what for way in accepted for one in way.unseen)
    if found:
        yield f"Of what is accepted: {'; '.join(found)}"


def _entry(package: str, way: ReleaseWay, *, full: bool) -> Entry:
    """One line, with its causes and repairs below."""
    until = f" until {way.until.date().isoformat()}" if way.until and way.accepted else ""
    words = f"{package}: {way.name} → {way.verdict}{until}"
    return Entry(
        (sentence(words),),
        tone=Severity.HIGH if way.verdict is AcceptanceState.REFUSED else None,
        whole=True,
        beside=tuple(_beside(way, full=full)),
    )


def _beside(way: ReleaseWay, *, full: bool) -> Iterator[Detail]:
    shown = None if full else SHOWN
    for cause in way.refused[:shown]:
        yield Detail("why", ((sentence(cause.cause),),))
        if cause.repair:
            yield Detail("repair", ((sentence(cause.repair),),))
    for need in way.unread[:shown]:
        yield Detail("lacks", ((sentence(need.needed),),))
        if full and need.asks:
            asks = tuple((sentence(ask),) for ask in need.asks)
            yield Detail("unsure", asks, most=EVERY)
    rest = len(way.refused) + len(way.unread) - len((*way.refused, *way.unread)[:shown])
    if rest:
        yield Detail("also", ((sentence(counted(rest, "more cause")),),))
    if way.until is not None and way.accepted:
        yield Detail("ends", ((sentence(way.ends),),))
    if full:
        if way.accepted and way.unseen:
            said = "; ".join(one.what for one in way.unseen)
            yield Detail("not looked at", ((sentence(said),),))
        yield from (Detail("note", ((sentence(note),),)) for note in way.notes)


def _document(told: RehearsalShown, _style: Style) -> str:
    return as_json(
        RehearsalDocument(
            version=told.version,
            targets=told.targets,
            after=told.after,
            partial=told.partial,
            packages=tuple(map(_package, told.packages)),
            warnings=told.warnings,
            notes=told.notes,
        )
    )


def _package(one: RehearsedPackage) -> PrintedRehearsal:
    return PrintedRehearsal(package=one.name, verdict=one.verdict, ways=tuple(map(_way, one.ways)))


def _way(way: ReleaseWay) -> PrintedWay:
    return PrintedWay(
        key=way.key,
        way=way.way.value,
        name=way.name,
        verdict=way.verdict,
        refused=way.refused,
        unread=way.unread,
        unseen=way.unseen,
        notes=way.notes,
        stages=way.stages,
        until="" if way.until is None else way.until.date().isoformat(),
        ends=way.ends,
        job=way.job,
    )


FORMS = forms_of(outline, json=_document)
"""Every form by its name on the command line."""


def render(told: RehearsalShown, form: str, style: Style) -> str:
    """What is shown, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
