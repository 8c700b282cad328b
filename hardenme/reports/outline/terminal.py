"""An outline as terminal lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hardenme.model.severity import Severity
from hardenme.reports.columns import fit, paragraph, width_of, wrap
from hardenme.reports.outline.frame import headed
from hardenme.reports.outline.parts import (
    Detail,
    Entry,
    Group,
    Most,
    Names,
    Outline,
    Section,
    Span,
    Table,
    TextKind,
    Words,
)
from hardenme.reports.plain import flowing, in_lines, plural
from hardenme.reports.sheet import BOLD, DIM, LABEL, PAINT, PARTIAL, UNDERLINED, Block, Sheet

NAMES = 40
"""Names in one sentence before the rest is counted."""
LABELS = 30
"""Columns of a label; the details of a longer one begin on the next line."""
HANG = 2
"""Columns before the further lines of an entry that has nothing at the margin."""
TASK = 4
"""Columns before the details of a task."""
NAMED = (40, 20)
"""Columns of a table's names before they are cut: where the first is too wide, the second."""
SEVERITY = max(len(str(severity)) for severity in Severity)
CODE = 6
ALL = "--format json has them all"
WHOLE = {TextKind.COMMAND, TextKind.PAGE}
"""What stays on one line, whatever the width, so that it can be clicked and copied."""
EVIDENT = {"Run", "At", "Do"}
"""Labels that commands and addresses can do without."""
SGR = re.compile(r"\x1b\[[0-9;]*m")
NOTHING = ("0 manual", "0 attested", "0 waived")
"""Parts of the last line that it can do without."""


class Terminal:
    """Draws on a sheet.

    Args:
        whole: nothing is counted in place of being shown.
    """

    def __init__(self, sheet: Sheet, *, whole: bool = False) -> None:
        self.sheet = sheet
        self.everything = whole

    def _most(self, most: Most) -> int:
        """How many of something are shown."""
        return sys.maxsize if self.everything else most.screen

    def _names(self, names: Sequence[str], most: int = 0, others: int = 0) -> str:
        """The names in one sentence, and how many more there are."""
        return self.sheet.names(names, sys.maxsize if self.everything else most or NAMES, others)

    def outline(self, outline: Outline) -> None:
        """All but the last line."""
        sheet = self.sheet
        if outline.header is not None:
            sheet.add(*headed(sheet, outline.header))
            if outline.warning or outline.opening:
                sheet.add("")
        elif outline.title:
            sheet.say(sheet.value(outline.title), DIM)
        self.warn(outline.warning)
        for words in outline.opening:
            if _is_whole(words):
                sheet.add(self._whole(words))
            else:
                sheet.say(self.words(words), BOLD if _is_strong(words) else "")
        for section in outline.sections:
            self.section(section)
        if outline.last:
            sheet.add("")
        for words in outline.last:
            self._line(words)

    def brief(self, outline: Outline, *, lines: bool) -> None:
        """All but the last line, where each entry has two lines, or one."""
        for section in outline.sections:
            for group in section.groups:
                for entry in group.entries:
                    weight, code = f"{entry.severity!s:<{SEVERITY}} ", f"{entry.code} "
                    room = max(self.sheet.width - len(weight) - len(code), 2)
                    line = self._named(entry.words, room)
                    self.sheet.add(f"{self._weighed(weight, entry.severity)}{code}{line}")
                    for one in () if lines else entry.beside:
                        self.sheet.add(f"  {self._whole(one.lines[0])}")
        self.warn(outline.warning)

    def _named(self, words: Words, room: int) -> str:
        """A problem and its subjects on one line; the subjects have half of it at least."""
        text, dots = self.words(words), self.sheet.dots
        if width_of(text) <= room or not isinstance(words[-1], Names):
            return fit(text, room, dots)
        title, names = self.words(words[:-1]), self._piece(words[-1])
        names = fit(names, max(room // 2, room - width_of(title)), dots)
        gap = ": "
        problem = fit(title.removesuffix(gap), room - width_of(names) - len(gap), dots)
        return f"{problem}{gap}{names}"

    def warn(self, words: Words) -> None:
        """Why something is incomplete."""
        if words:
            self.sheet.say(self.words(words), PARTIAL)

    def section(self, section: Section) -> None:
        """The content of a section."""
        sheet = self.sheet
        sheet.section(section.title)
        if section.lead:
            sheet.add("")
        for words in section.lead:
            sheet.say(self.words(words))
        for group in section.groups[: self._most(section.most)]:
            self._group(group)
        self._rest(len(section.groups) - self._most(section.most), section.thing)
        if section.tail:
            sheet.add("")
        for words in section.tail:
            sheet.say(self.words(words))

    def _group(self, group: Group) -> None:
        sheet = self.sheet
        if group.heading or group.lead:
            sheet.add("")
        if group.heading:
            self._line(group.heading, BOLD)
        for words in group.lead[: self._most(group.alike)]:
            self._line(words)
        if (rest := len(group.lead) - self._most(group.alike)) > 0:
            sheet.say(f"and {rest} more, alike")
        most = self._most(group.most)
        shown = group.entries[:most]
        spaced = any(entry.beside for entry in shown)
        if not spaced and not group.heading:
            sheet.add("")
        tables = ((table, cell) for cell in NAMED for table in group.tables)
        if not any(self._table(table, cell, most) for table, cell in tables):
            names = [len(entry.label) for entry in shown if len(entry.label) <= LABELS]
            labels = max(names, default=0)
            marks = max((len(entry.mark) for entry in shown), default=0)
            for number, entry in enumerate(shown):
                apart = spaced and (entry.title or number == 0)
                sheet.add(*([""] if apart else []), *self.entry(entry, max(labels, marks)))
        self._rest(group.left(most), group.thing, group.all_by)

    def _line(self, words: Words, paint: str = "") -> None:
        """A heading or the text below it; an address is not wrapped, nor a command at the end."""
        if _is_whole(words):
            self.sheet.add(self.sheet.paint(self.words(words), UNDERLINED))
        elif _is_whole(words[-1:]) and width_of(self.words(words)) > self.sheet.width:
            self._line(words[:-1], paint)
            self.sheet.add(self._whole(words[-1:]))
        else:
            self.sheet.say(self.words(words), paint)

    def _table(self, table: Table, columns: int, most: int) -> bool:
        """Draw so many rows where they fit; whether they do."""
        sheet = self.sheet
        heads = [[sheet.paint(head, DIM)] for head in table.heads]
        drawn = Sheet(sheet.style)
        drawn.grid([heads, *(self._row(row, columns) for row in table.rows[:most])])
        if any(width_of(SGR.sub("", line)) > sheet.width for line in drawn.lines):
            return False
        sheet.add(*drawn.lines)
        return True

    def _row(self, row: Sequence[tuple[Span, Severity | None]], columns: int) -> list[Block]:
        """The cells of a row; the first, which is a name, is cut to so many columns."""
        texts = [self.words((text,)) for text, _ in row]
        texts[0] = fit(texts[0], columns, self.sheet.dots)
        return [[self._weighed(text, tone)] for text, (_, tone) in zip(texts, row, strict=True)]

    def entry(self, entry: Entry, columns: int = 0) -> Block:
        """One entry: severity and name at the margin, and its text next to them.

        Args:
            entry: what to draw.
            columns: the width of the longest mark or label before it.
        """
        sheet = self.sheet
        if len(entry.label) > LABELS:
            below = self.entry(replace(entry, label=" "), columns)
            return [f"  {sheet.paint(sheet.value(entry.label), DIM)}", *below]
        head, painted = self._head(entry, columns)
        weighed = not entry.mark and (entry.severity is not None or entry.task)
        # Only the first line of an entry begins at the margin.
        indent = (TASK if weighed else width_of(head) or HANG) + 2
        room = max(sheet.readable - indent, 8)
        lead = 2 + width_of(head) - indent
        text = self.words(entry.words)
        first, *others = wrap(text, room, lead=lead, whole=entry.whole) or [""]
        paint = BOLD if entry.title else ""
        block = [sheet.paint(line, paint) for line in others]
        alone = len(entry.beside) == 1
        for one in entry.beside:
            block += self._beside(one, room, alone=alone)
        edge = " " * indent
        return [
            f"  {painted}{sheet.paint(first, paint)}".rstrip(),
            *(f"{edge}{line}" for line in block),
        ]

    def _head(self, entry: Entry, columns: int) -> tuple[str, str]:
        """The text at the margin, and the same with its colours."""
        if entry.label:
            label = self.sheet.value(entry.label)
            gap = " " * max(columns - width_of(label) + 2, 2)
            return f"{label}{gap}", f"{self.sheet.paint(label, DIM)}{gap}"
        if entry.mark:
            numbers = entry.mark.replace(",", "").isdigit()
            mark = f"{entry.mark:>{columns}}" if numbers else f"{entry.mark:<{columns}}"
            return f"{mark}  ", f"{self._weighed(mark, entry.tone)}  "
        box = "[ ] " if entry.task else ""
        weight = "" if entry.severity is None else f"{entry.severity!s:<{SEVERITY}} "
        code = f"{entry.code:<{CODE}}  " if entry.code else ""
        return f"{box}{weight}{code}", f"{box}{self._weighed(weight, entry.severity)}{code}"

    def _weighed(self, text: str, severity: Severity | None) -> str:
        """A text in the colour of a severity, the space around it left out."""
        word = text.strip()
        if severity is None or not word:
            return text
        return text.replace(word, self.sheet.paint(word, PAINT[severity]))

    def _beside(self, one: Detail, columns: int, *, alone: bool) -> Block:
        """A dim label, and the text next to it."""
        if one.lines and _is_whole(one.lines[0]):
            return self._copied(one, columns, alone=alone)
        lines = list(self._cases(one, columns) if one.cases else self._lines(one, columns))
        if one.soon:
            lines = [self.sheet.paint(line, PARTIAL) for line in lines]
        return self.sheet.beside(one.label, lines)

    def _copied(self, one: Detail, columns: int, *, alone: bool) -> Block:
        """Commands or addresses, each alone on its line, so that it can be copied."""
        shown = one.lines[: self._most(one.most)]
        lines = [self._whole(words) for words in shown]
        if rest := len(one.lines) - len(shown) + one.others:
            lines += wrap(_more(rest, one), max(columns - LABEL, 2))
        if alone and one.label in EVIDENT:
            return lines
        return self.sheet.beside("" if one.label in EVIDENT else one.label, lines)

    def _lines(self, one: Detail, columns: int) -> Iterator[str]:
        room = max(columns - LABEL, 2)
        shown = one.lines[: self._most(one.most)]
        for words in shown:
            yield from wrap(self.words(words), room)
        if rest := len(one.lines) - len(shown) + one.others:
            yield from wrap(_more(rest, one), room)

    def _whole(self, words: Words) -> str:
        text = self.words(words)
        (span,) = words
        page = isinstance(span, Span) and span.kind is TextKind.PAGE
        return self.sheet.paint(text, UNDERLINED) if page else text

    def _cases(self, one: Detail, columns: int) -> Iterator[str]:
        """The text about each subject; a text that several share is printed once."""
        room = max(columns - LABEL, 2)
        groups: dict[str, list[str]] = {}
        for case in one.cases:
            groups.setdefault(flowing(case.text), []).append(case.name)
        if one.alike and len(one.cases) + one.others > 1:
            text = self.sheet.value(flowing(one.cases[0].text))
            yield from wrap(text or "nothing", room)
            names = self._names([case.name for case in one.cases], others=one.others)
            yield from wrap(f"of {names}", room)
            return
        bullet = f"{self.sheet.bullet} " if len(groups) > 1 else ""
        shown = list(groups.items())[: self._most(one.most)]
        for text, names_of in shown:
            names = self._names(names_of)
            first, *others = in_lines(f"{names}: {self.sheet.value(text) or 'nothing'}")
            yield from wrap(f"{bullet}{first}", room, hang=len(bullet))
            for line in others:
                yield from paragraph(line, room, indent=len(bullet), hang=len(line.split()[0]) + 1)
        rest = sum(map(len, list(groups.values())[len(shown) :])) + one.others
        if rest:
            yield from wrap(f"and {rest} more", room)

    def words(self, words: Words) -> str:
        """A sentence, fit to print."""
        return "".join(map(self._piece, words))

    def _piece(self, piece: Span | Names) -> str:
        sheet = self.sheet
        if isinstance(piece, Names):
            return self._names(piece.names, piece.most, piece.others)
        if piece.kind is TextKind.NAME:
            return sheet.name(piece.text)
        if piece.kind is TextKind.SENTENCE:
            return sheet.value(flowing(piece.text))
        return sheet.value(piece.text)

    def _rest(self, number: int, thing: str, all_by: str = "") -> None:
        if number > 0:
            self.sheet.add("")
            self.sheet.say(f"and {number} more {plural(thing, number)}: {all_by or ALL}")


def _more(rest: int, one: Detail) -> str:
    where = f": {one.all_by}" if one.all_by else ""
    return f"and {rest} more{', alike' if one.alike else ''}{where}"


def _is_strong(words: Words) -> bool:
    return isinstance(words[0], Span) and words[0].kind is TextKind.STRONG


def _is_whole(words: Words) -> bool:
    return len(words) == 1 and isinstance(words[0], Span) and words[0].kind in WHOLE


def last_line(sheet: Sheet, long: Sequence[str], short: Sequence[str]) -> None:
    """The counts, as long as they fit."""
    line = f" {sheet.dot} ".join(long)
    if width_of(line) > sheet.width:
        line = ", ".join(short)
    if width_of(line) > sheet.width:
        # That nothing failed or is unknown is stated; that nothing is attested or waived need not
        # be.
        line = ", ".join(part for part in short if part not in NOTHING)
    sheet.say(line, BOLD)
