"""The parts of an outline as elements of a page: its sections, groups, entries and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from hardenme.model.severity import Severity
from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.sentences import ALL, Sentences, hidden, is_command, left, raw
from hardenme.reports.html.words import (
    anchor,
    aside,
    card,
    chip,
    command,
    folded,
    inline,
    level,
    named,
    page,
    prose,
    section,
    shortly,
    step_place,
    table,
    terms,
    who,
)
from hardenme.reports.outline.parts import (
    Detail,
    Entry,
    Group,
    Names,
    Section,
    Span,
    Table,
    TextKind,
    Words,
)
from hardenme.reports.plain import plural

OPEN = 10
"""Groups or cards of a section before the others are folded."""
MOST = 300
"""Groups of a section, or cards of a group, before the rest is counted."""
ROWS = 2_000
"""Rows of a table before the rest is counted."""
LOOKS = {Severity.CRITICAL: "bad", Severity.HIGH: "poor", Severity.MEDIUM: "unclear"}
"""How a cell of a table looks that weighs so much."""

Drawings = Mapping[Words, Element]
"""A drawing by the heading of the group that it belongs to."""


class Blocks(Sentences):
    """Draws the parts of an outline.

    Args:
        step: makes a link of the name of a step.
        about: what is to be known of a check, by its code.
        printed: the page is read on paper: nothing is folded, cut or a link.
        linked: addresses are links all the same.
    """

    def __init__(
        self,
        step: Callable[[str], Child] = str,
        about: Callable[[str], Child] = lambda _: None,
        *,
        printed: bool = False,
        linked: bool = False,
    ) -> None:
        super().__init__(step, printed=printed, linked=linked)
        self._about = about
        self._open = ALL if printed else OPEN
        self._most = ALL if printed else MOST

    def named(
        self,
        key: str,
        parts: Iterable[Section],
        *above: Child,
        outcome: str = "",
        drawings: Drawings | None = None,
    ) -> Element | None:
        """Sections as one part of the page, which a link can lead to; nothing if there is none.

        Args:
            key: its place on the page.
            parts: the first gives it its title.
            above: what comes before its groups.
            outcome: the result of which its entries are cards; empty if the filter does not hide
                them.
            drawings: what is drawn in its groups.
        """
        content: list[Child] = []
        title = ""
        for one in parts:
            content += [element("h3", one.title)] if title else []
            content += self._lead(one)
            content += () if title else above
            content += self._content(one, outcome, drawings or {})
            title = title or one.title
        return section(key, title, *content) if title else None

    def section(self, one: Section, key: str) -> Element:
        """A section with its heading, which a link can lead to."""
        content = (*self._lead(one), *self._content(one, "", {}))
        return section(key, one.title, *content)

    def _lead(self, one: Section) -> Iterator[Child]:
        for words in one.lead:
            yield from self.paragraph(words, "intro")

    def _content(self, one: Section, outcome: str, drawings: Drawings) -> Iterator[Child]:
        if heads := _columns(one.groups):
            yield self._as_rows(one, heads)
        else:
            shown = one.groups[: self._most]
            groups = [part for group in shown for part in self._group(group, outcome, drawings)]
            headed = any(group.heading and group.opened is None for group in shown)
            yield from shortly(groups, self._open if headed else ALL, one.thing)
            yield left(len(one.groups) - len(shown), one.thing)
        for words in one.tail:
            yield from self.paragraph(words)

    def _as_rows(self, one: Section, heads: Sequence[str]) -> Element:
        """Groups whose entries have the same labels: a row for each."""
        rows = (
            (self.words(group.heading), *(self.words(entry.words) for entry in group.entries))
            for group in one.groups
        )
        return table(one.title, (one.thing.capitalize(), *heads), rows, "controls")

    def _group(self, group: Group, outcome: str, drawings: Drawings) -> Iterator[Child]:
        """A group; one with a heading is folded, or hidden by the filter with all of its cards."""
        if group.opened is not None:
            yield from self._on_demand(group, outcome)
            return
        heading, below = self.words(group.heading), self._below(group, outcome)
        if outcome and heading:
            yield element("div", element("h3", *heading), *below, class_="group")
        elif self._printed or not heading:
            yield element("h3", *heading) if heading else None
            yield from (element("p", *self.words(words)) for words in group.lead)
            yield from below
        else:
            first, others = group.lead[:1], group.lead[1:]
            told = (part for words in first for part in (" ", aside(*self.words(words))))
            paragraphs = (element("p", *self.words(words)) for words in others)
            drawing = drawings.get(group.heading)
            # The first drawing is seen.
            opened = drawing is not None and group.heading == next(iter(drawings))
            summary = element("summary", *heading, *told)
            content = (summary, *paragraphs, drawing, *below)
            yield element("details", *content, class_="block", open=opened)

    def _on_demand(self, group: Group, outcome: str) -> Iterator[Child]:
        """A group of cards that is opened on demand, or one of which each entry is."""
        told = (*self.words(group.heading), *(aside(" ", *self.words(one)) for one in group.lead))
        if outcome:
            cards = (self._failed(one, outcome) for one in group.entries)
            head = element("summary", element("h3", *told))
            yield element("details", head, *cards, class_="group", open=group.opened)
        else:
            yield element("h3", *told)
            yield from shortly([*map(self._in_full, group.entries)], self._open, group.thing)

    def _in_full(self, entry: Entry) -> Element:
        """A step."""
        mark = element("code", entry.mark, class_=f"number {entry.tone or ''}".rstrip())
        head = (mark, " ", element("b", *self.words(entry.words)), aside(f" {inline(entry.aside)}"))
        # A link to a place within what is folded opens it.
        content = element("div", *self.paragraphs(entry.beside), id=step_place(entry.place))
        return folded(head, content, class_="step")

    def _failed(self, entry: Entry, outcome: str) -> Element:
        """The failures of a check; the notes on the check are with the first one."""
        number = aside(f" {entry.aside}") if entry.aside else None
        place = anchor(entry.code) if entry.first else ""
        return card(
            element("h4", *self._head(entry), number, id=place or None),
            *self.paragraphs(entry.beside),
            self._about(entry.code) if entry.first else None,
            outcome=outcome,
            codes=(entry.code,),
            severity=str(entry.severity or ""),
            mixed=entry.mixed,
            more=any(one.others > 0 for one in entry.beside),
        )

    def _below(self, group: Group, outcome: str) -> Iterator[Child]:
        entries = group.entries[: self._most]
        if group.tables:
            yield self._table(_text(group.heading) or plural(group.thing, MOST), group.tables[0])
            entries = group.entries[:ROWS]
        elif entries and all(entry.label for entry in entries):
            rows = ((inline(entry.label), self.words(entry.words)) for entry in entries)
            yield terms(rows, "terms long")
        elif outcome:
            cards = [self._card(one, outcome) for one in entries]
            yield from shortly(cards, self._open, group.thing)
        elif entries:
            yield element("ul", *map(self._item, entries), class_="entries")
        yield left(group.left(len(entries)), group.thing)

    def _table(self, label: str, shown: Table) -> Element:
        rows = ([self._cell(*cell) for cell in row] for row in shown.rows[:ROWS])
        heads = [f"{head[:1].upper()}{head[1:]}" for head in shown.heads]
        return table(label, heads, rows)

    def _cell(self, text: Span, weighs: Severity | None) -> tuple[Child, ...]:
        words = (named(text.text),) if text.kind is TextKind.NAME else self.words((text,))
        if weighs is None:
            return words
        return (element("span", *words, class_=f"state {LOOKS.get(weighs, 'good')}"),)

    def _card(self, entry: Entry, outcome: str) -> Element:
        head = element("h3" if entry.beside else "p", *self._head(entry))
        listed = [*_names(entry)]
        return card(
            head,
            terms((one.label, line) for one in entry.beside for line in self._lines(one)),
            *(part for one in listed for part in self.further(one)),
            outcome=outcome,
            codes=entry.checks or (entry.code,),
            severity=str(entry.severity or ""),
            mixed=entry.severity is not None,
            more=any(hidden(one) for one in listed),
        )

    def _item(self, entry: Entry) -> Element:
        """An entry as a list item, with its details in a nested list."""
        rows = [row for one in entry.beside for row in self._rows(one)]
        below = element("ul", *rows) if rows else None
        further = (part for one in _names(entry) for part in self.further(one))
        head: list[Child] = [*self._head(entry)]
        if entry.task:
            # It is ticked on a screen as on paper.
            head = [element("label", element("input", type="checkbox"), " ", *head)]
        return element("li", *head, below, *further)

    def _rows(self, one: Detail) -> Iterator[Element]:
        """The details of an entry, each line with its label; all commands come after one label."""
        label = f"{one.label}: " if one.label else ""
        lines = [*self._lines(one)]
        if one.lines and is_command(one.lines[0][0]):
            yield element("li", label, *(part for line in lines for part in line))
        else:
            yield from (element("li", label, *line) for line in lines)

    def _head(self, entry: Entry) -> Iterator[Child]:
        if entry.mark:
            mark = inline(entry.mark).lower()
            weighs = "" if mark.replace(",", "").isdigit() else f"state {mark}"
            yield from (element("span", mark, class_=weighs or "count"), " ")
        if entry.severity is not None:
            yield from (level(str(entry.severity)), " ")
        if entry.code:
            yield from (chip(entry.code), " ")
        yield from self.words(entry.words)

    def _lines(self, one: Detail) -> Iterator[tuple[Child, ...]]:
        """The details of an entry, line by line."""
        for words in one.lines:
            if len(words) == 1 and is_command(words[0]):
                yield (command(raw(words)),)
            else:
                yield self.words(words)
        for case in one.cases:
            address = (" ", page(case.page)) if case.page else ()
            yield (who(case.name), ": ", *prose(case.text), *address)
        if one.others > 0:
            yield (f"and {one.others:,} more", f": {one.all_by}" if one.all_by else "")


def _columns(groups: Sequence[Group]) -> tuple[str, ...]:
    """The labels that the entries of every group have alike; empty if they do not."""
    found = {tuple(entry.label for entry in group.entries) for group in groups if group.heading}
    if len(groups) < 2 or len(found) != 1:  # noqa: PLR2004 (one row needs no columns)
        return ()
    (labels,) = found
    return labels if all(labels) else ()


def _text(words: Words) -> str:
    """A sentence without marks."""
    return "".join(named(one.text) for one in words if isinstance(one, Span))


def _names(entry: Entry) -> Iterator[Names]:
    for words in (entry.words, *(line for one in entry.beside for line in one.lines)):
        yield from (one for one in words if isinstance(one, Names))
