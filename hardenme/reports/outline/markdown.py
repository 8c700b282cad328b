"""An outline as Markdown. Texts of providers are inert: no link, no mention, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hardenme.reports.inert import code, link, prose
from hardenme.reports.outline.parts import (
    Case,
    Detail,
    Entry,
    Group,
    Names,
    Outline,
    Section,
    Span,
    TextKind,
    Words,
    ours,
    sentence,
)
from hardenme.reports.plain import flowing, plain, plain_name, plural

NAMES = 20
"""Names in one sentence before the rest is counted."""
FITS = 60_000
"""Bytes of a text; GitHub takes 65,536 characters in an issue."""
ALL = "`--format json` has them all"
REST = "**{:,} more entries of this section are left out.**"
LEFT_OUT = (
    "**Not everything fits here.** What is left out is counted where it would stand."
    " `--format json` has it all{}."
)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A section, of which entries can be left out."""

    head: list[str]
    entries: list[tuple[list[str], int]]
    """The lines of each entry, and the number that it covers."""
    tail: list[str]

    @property
    def size(self) -> int:
        """Its bytes."""
        return _size([*self.head, *self.tail]) + sum(_size(lines) for lines, _ in self.entries)

    def lines(self, room: int) -> Iterator[str]:
        """As many entries as there is room for, and how many are left out."""
        yield from self.head
        left = room
        if self.size > room:
            rest = REST.format(sum(number for _, number in self.entries))
            left -= _size([*self.head, *self.tail, "", rest])
        for at, (lines, _) in enumerate(self.entries):
            left -= _size(lines)
            if left < 0:
                yield from ("", REST.format(sum(number for _, number in self.entries[at:])))
                break
            yield from lines
        yield from self.tail


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _share(sizes: Iterable[int], room: int) -> int:
    """How much each may take at most, so that all of them fit: the small ones stay whole."""
    left, share = room, room
    ordered = sorted(sizes)
    for number, size in enumerate(ordered):
        share = left // (len(ordered) - number)
        if size > share:
            return share
        left -= size
    return room


class Markdown:
    """Writes lines."""

    def __init__(self, *, ascii_only: bool = False) -> None:
        self._ascii_only = ascii_only

    def outline(self, outline: Outline, room: int = FITS) -> Iterator[str]:
        """All but the last line, in so many bytes; what is left out for that is counted."""
        head = [*self._top(outline), *self.warn(outline.warning)]
        for number, words in enumerate(outline.opening):
            head += ["", self.words(words)] if number else [self.words(words)]
        sections = [self._drawn(section) for section in outline.sections]
        left_out = ["", LEFT_OUT.format(self.words(outline.apart))]
        share = _share([one.size for one in sections], room - _size([*head, *left_out]))
        yield from head
        if any(one.size > share for one in sections):
            yield from left_out
        for one in sections:
            yield from one.lines(share)
        for words in outline.last:
            yield from ("", self.words(words))

    def _top(self, outline: Outline) -> Iterator[str]:
        """The title, and below it who, where and when."""
        if outline.title:
            yield from (f"# {outline.title}", "")
        if outline.header is not None:
            parts = [sentence(one) for one in (outline.header.who, *outline.header.scope)]
            parts += [ours(outline.header.when)] if outline.header.when else []
            yield from (" · ".join(self.words((one,)) for one in parts), "")

    def _drawn(self, section: Section) -> _Drawn:
        head = ["", f"## {section.title}"]
        for words in section.lead:
            head += ["", self.words(words)]
        tail = [line for words in section.tail for line in ("", self.words(words))]
        return _Drawn(head, [*self._entries(section)], tail)

    def brief(self, outline: Outline, *, lines: bool) -> Iterator[str]:
        """All but the last line, where each entry has two lines, or one."""
        for section in outline.sections:
            for group in section.groups:
                for entry in group.entries:
                    yield from (self.head(entry),) if lines else self._entry(entry)
        if outline.warning:
            yield from ("", self.words(outline.warning))

    def warn(self, words: Words) -> Iterator[str]:
        """Why something is incomplete."""
        if words:
            yield from (self.words(words), "")

    def _entries(self, section: Section) -> Iterator[tuple[list[str], int]]:
        for group in section.groups[: section.most.page]:
            yield from self._group(group)
        if (rest := len(section.groups) - section.most.page) > 0:
            yield ["", f"and {rest} more {plural(section.thing, rest)}: {ALL}"], rest

    def _group(self, group: Group) -> Iterator[tuple[list[str], int]]:
        """Each entry; the first has the group's heading above it."""
        head = ["", f"### {self.words(group.heading)}"] if group.heading else []
        for words in group.lead:
            # Where each case names its own page, the group need not.
            if not _is_page(words):
                head += ["", self.words(words)]
        head.append("")
        for entry in group.entries[: group.most.page]:
            yield [*head, *self._entry(entry)], 1
            head = []
        if rest := group.left(group.most.page):
            where = code(group.all_by) if group.all_by else ALL
            yield [*head, f"- and {rest} more {plural(group.thing, rest)}: {where}"], rest
        elif not group.entries and (group.heading or group.lead):
            # A package without a known path is listed all the same.
            yield head[:-1], 1

    def _entry(self, entry: Entry) -> Iterator[str]:
        yield self.head(entry)
        for one in entry.beside:
            yield from self._cases(one) if one.cases else self._lines(one)

    def head(self, entry: Entry) -> str:
        """The first line of an entry."""
        box = "[ ] " if entry.task else ""
        label = f"{self._sentence(entry.label)}: " if entry.label else ""
        marks = [f"**{mark}** " for mark in (entry.mark, entry.severity) if mark not in {"", None}]
        check = f"{code(entry.code)} " if entry.code else ""
        return f"- {box}{label}{''.join(marks)}{check}{self.words(entry.words)}"

    def _lines(self, one: Detail) -> Iterator[str]:
        shown = one.lines[: one.most.page]
        rest = len(one.lines) - len(shown) + one.others
        label = f"{one.label}: " if one.label else ""
        for words in shown:
            yield f"  - {label}{self.words(words)}"
        if rest:
            where = f"`{one.all_by}`" if one.all_by else ALL
            yield f"  - and {rest} more{', alike' if one.alike else ''}: {where}"

    def _cases(self, one: Detail) -> Iterator[str]:
        """The texts about each subject; a text that all share is printed once."""
        several = len(one.cases) + one.others > 1
        alike = one.alike and several
        if alike:
            yield f"  - {one.label}: {self._sentence(one.cases[0].text) or 'nothing'}"
        mark = "[ ] " if one.ticks else "" if alike else f"{one.label}: "
        shown = one.cases[: one.most.page]
        for case in shown:
            yield f"  - {mark}{self._case(case, alike=alike)}"
        if rest := len(one.cases) - len(shown) + one.others:
            yield f"  - and {rest} more: {ALL}"

    def _case(self, case: Case, *, alike: bool) -> str:
        named = self._name(case.name)
        said = named if alike else f"{named}: {self._sentence(case.text) or 'nothing'}"
        return f"{said} {self._page(case.page)}" if case.page else said

    def words(self, words: Words) -> str:
        """A sentence, inert."""
        return "".join(map(self._piece, words))

    def _piece(self, piece: Span | Names) -> str:
        if isinstance(piece, Names):
            most = piece.most or NAMES
            shown = ", ".join(map(self._name, piece.names[:most]))
            rest = max(len(piece.names) - most, 0) + piece.others
            return f"{shown} and {rest} more" if rest else shown
        match piece.kind:
            case TextKind.OURS | TextKind.STEP:
                return piece.text
            case TextKind.STRONG:
                return f"**{self._sentence(piece.text)}**"
            case TextKind.SENTENCE:
                return self._sentence(piece.text)
            case TextKind.NAME:
                return self._name(piece.text)
            case TextKind.PAGE:
                return self._page(piece.text)
            case TextKind.COMMAND | TextKind.CODE:
                return code(plain(piece.text, ascii_only=self._ascii_only))

    def _sentence(self, text: str) -> str:
        return prose(plain(flowing(text), ascii_only=self._ascii_only))

    def _name(self, text: str) -> str:
        return code(plain_name(text, ascii_only=self._ascii_only))

    def _page(self, address: str) -> str:
        return link(plain(address, ascii_only=self._ascii_only))


def _is_page(words: Words) -> bool:
    """What names a page alone: each case names its own."""
    return len(words) == 1 and isinstance(words[0], Span) and words[0].kind is TextKind.PAGE
