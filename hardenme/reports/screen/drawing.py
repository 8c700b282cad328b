"""The screen as lines: 40 at 80 columns and more, whatever was found."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.model.severity import Severity
from hardenme.reports.columns import fit, width_of, wrap
from hardenme.reports.fixplan.plan import FixPlan, Step
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.words import again, command_of
from hardenme.reports.outline.frame import (
    EDGE,
    HEAD,
    NARROWEST,
    cut,
    edged,
    headed,
    labelled,
    listed,
    one_screen,
)
from hardenme.reports.plain import counted, flowing
from hardenme.reports.screen.summary import Resolution, Summary
from hardenme.reports.screen.verdict import Verdict
from hardenme.reports.screen.words import (
    CLOSES,
    answering,
    bounded,
    closes,
    does,
    heading,
    how,
    reach,
    resolved,
    rest,
)
from hardenme.reports.sheet import BOLD, DIM, PAINT, Block, Sheet
from hardenme.reports.style import Style

LINES, NARROW_LINES = 40, 60
"""Lines of the screen; and where it is narrower than this."""
NARROW = 80
NUMBER = 4
WHO = 16
"""Columns for the person who takes a step, next to what it closes."""
SMALLEST = 60
"""Columns below which nothing is printed next to a step."""
TITLE, SENTENCE = 2, 4
"""Lines of a text at most."""
REST = 2
"""Lines of what is left, with the empty one above; one more where it is narrow."""
TARGETS = 20
WHOLE = 4
"""Targets up to which each is shown with all of its counts, however narrow it is."""
OF_RECENT = "see what to stop first"
HAND_ON = "a ticket for each member"
FEWEST = {When.LOOK: 4, When.TODAY: 4, When.NEXT: 2}
"""The steps that a section shows, if it has them, before others get more room."""
PAINTED = {
    Verdict.AT_RISK: PAINT[Severity.CRITICAL],
    Verdict.NOT_KNOWN: PAINT[Severity.MEDIUM],
    Verdict.TO_FIX: PAINT[Severity.LOW],
    Verdict.CLEAN: "1;32",
}


class Screen:
    """Lays out a summary and the first steps of its plan.

    Args:
        style: what the terminal can show.
        summary: what else there is to say.
    """

    def __init__(self, style: Style, plan: FixPlan, summary: Summary) -> None:
        self._sheet = Sheet(style)
        self._width = self._sheet.readable
        self._closing = style.closing
        self._most = LINES if self._width >= NARROW else NARROW_LINES
        self._plan = plan
        self._summary = summary
        self._by_others = summary.shared and any(step.who for step in plan.steps)

    def text(self) -> str:
        """All lines."""
        return one_screen(self._most, self._top(), self._steps, self._foot())

    def first(self) -> dict[When, list[Step]]:
        """The steps that are on it, by section."""
        room = self._most - len([*self._top()]) - len([*self._foot()])
        chosen, drawn = self._chosen(room), self._sections()
        return {section: steps[: chosen[section]] for section, steps in drawn.items()}

    def _top(self) -> Iterator[str]:
        summary, sheet = self._summary, self._sheet
        yield from headed(sheet, summary.header)
        yield ""
        room = self._width - EDGE
        # Signs of an attack come before anything else.
        if summary.lately:
            words = sheet, "LOOK NOW", summary.lately, PAINT[Severity.CRITICAL]
            yield from labelled(*words, command=sheet.value(summary.recent))
        sentence = sheet.value(flowing(summary.sentence))
        painted = PAINTED[summary.verdict]
        yield from edged(sheet, summary.verdict, cut(sheet, sentence, room, SENTENCE), painted)
        yield from (" " * EDGE + line for line in wrap(self._counts(), max(room, 8)))
        since = cut(sheet, sheet.value(summary.since), room, HEAD)
        yield from edged(sheet, "SINCE", since)
        yield from edged(sheet, "NOTE", self._note(room), DIM)
        if summary.targets:
            yield ""
            left = f"target: {command_of(self._plan, 'show --full')}"
            rows = [(one,) for one in summary.targets]
            yield from listed(sheet, rows, TARGETS, left, 0, whole=len(rows) <= WHOLE)

    def _counts(self) -> str:
        summary = self._summary
        parts = [summary.found, f"{summary.unknown:,} unknown"]
        parts.append(f"{counted(summary.questions, 'question')} for you")
        return f" {self._sheet.dot} ".join([*parts, *summary.others])

    def _note(self, room: int) -> Block:
        """The first of the notes, and how many more there are; empty for none.

        What is in the sentence of the verdict is left out.
        """
        sentence = self._summary.sentence
        notes = [
            self._sheet.value(flowing(note))
            for note in self._summary.notes
            if note.rstrip(".") not in sentence
        ]
        if len(notes) < 2:  # noqa: PLR2004 (the only one)
            return cut(self._sheet, "".join(notes), room, HEAD)
        more = f"({len(notes) - 1:,} more: {command_of(self._plan, 'show --full')})"
        lines = wrap(f"{notes[0]} {more}", max(room, NARROWEST))
        # The command stays whole, so it is the note that is cut.
        return lines if len(lines) <= HEAD else [*cut(self._sheet, notes[0], room, HEAD - 1), more]

    def _command(self, words: str) -> str:
        """One of our own commands about this run; empty if it is not kept."""
        return command_of(self._plan, words) if self._plan.kept else ""

    def _sections(self) -> dict[When, list[Step]]:
        sections: dict[When, list[Step]] = {}
        for step in self._plan.steps:
            sections.setdefault(step.section, []).append(step)
        return sections

    def _chosen(self, room: int) -> dict[When, int]:
        """How many steps of each section there is room for."""
        chosen, reserved = self._fitting(room), REST + (self._width < NARROW)
        over = len([*self._rest(self._left(chosen))]) - reserved
        return self._fitting(room - over) if over > 0 else chosen

    def _left(self, chosen: dict[When, int]) -> list[Step]:
        """The steps that have no room."""
        sections = self._sections().items()
        return [step for section, steps in sections for step in steps[chosen[section] :]]

    def _fitting(self, room: int) -> dict[When, int]:
        """How many steps of each section fit into so many lines."""
        sections = self._sections()
        none = dict.fromkeys(sections, 0)
        while sections:
            chosen = self._filled(sections, room)
            empty = [section for section in sections if not chosen[section]]
            if not empty:
                return none | chosen
            # The lines of a heading without steps serve the others.
            del sections[empty[-1]]
        return none

    def _filled(self, sections: dict[When, list[Step]], room: int) -> dict[When, int]:
        chosen = dict.fromkeys(sections, 0)
        # A heading with an empty line above, and what says what is left.
        room -= sum(1 + len(self._heading(section, one)) for section, one in sections.items())
        room -= REST + (self._width < NARROW)
        # First signs of an attack, then the fewest of each section, then one of each in turn.
        wanted = [
            (
                number >= FEWEST[section],
                section is not When.LOOK and number < FEWEST[section],
                number,
                section,
            )
            for section, steps in sections.items()
            for number in range(len(steps))
        ]
        for *_, number, section in sorted(wanted):
            if chosen[section] == number:
                lines = len(self._step(sections[section][number]))
                if lines <= room:
                    chosen[section] += 1
                    room -= lines
        return chosen

    def _steps(self, room: int) -> list[str]:
        """The sections with as many steps as there is room for, and how many are left."""
        chosen = self._chosen(room)
        found: list[str] = []
        for section, steps in self._sections().items():
            if chosen[section]:
                found += ["", *self._heading(section, steps)]
            for step in steps[: chosen[section]]:
                found += self._step(step)
        return [*found, *self._rest(self._left(chosen))]

    def _heading(self, section: When, steps: list[Step]) -> list[str]:
        word, text = heading(section, steps)
        gap = self._beside() - EDGE - width_of(text)
        if self._width < SMALLEST or gap < 1:
            return [*labelled(self._sheet, word, text)]
        who = f"{'CLOSES':{CLOSES}} WHO" if self._who_beside else "CLOSES"
        head = f"{self._sheet.paint(word, BOLD)}{' ' * (EDGE - len(word))}{text}"
        return [f"{head}{' ' * gap}{self._sheet.paint(who, DIM)}"]

    @property
    def _who_beside(self) -> bool:
        """Whether who takes a step has a column; where it is narrow, it is below what it closes."""
        return self._by_others and self._width >= NARROW

    def _beside(self) -> int:
        """The column in which the text next to the steps begins."""
        return self._width - CLOSES - (1 + WHO if self._who_beside else 0)

    def _step(self, step: Step) -> list[str]:
        sheet = self._sheet
        title = f"{step.id} {sheet.value(flowing(step.title))}{reach(step)}"
        beside = self._width >= SMALLEST
        room = (self._beside() if beside else self._width) - NUMBER - 1
        lines = cut(sheet, title, room, TITLE)
        below = step.who if beside and self._by_others and not self._who_beside else ""
        if below and len(lines) == 1:
            lines.append("")
        how = self._how(step)
        if how and lines[-1] and width_of(lines[-1]) + 2 + width_of(how) <= room:
            lines[-1] = f"{lines[-1]}  {how}"
        elif how:
            lines.append(how)
        # Its number is ambiguous if not all steps of the run are shown here.
        number = f"{step.number if self._plan.numbered else '':>2}"
        first, *others = f"{number}  {lines[0]}", *(" " * NUMBER + line for line in lines[1:])
        if beside:
            first = self._next_to(first, self._closes(step))
            if self._who_beside and step.who:
                column = self._beside() + CLOSES + 1
                first += " " * max(column - width_of(first), 1) + fit(step.who, WHO, sheet.dots)
        else:
            others.append(" " * NUMBER + does(step))
        if below:
            others[0] = self._next_to(others[0], fit(below, CLOSES, sheet.dots))
        painted = sheet.paint(number, PAINT[step.worst] if step.worst else "")
        drawn = [painted + first[len(number) :], *others]
        return [line.replace(how, sheet.link(how)) for line in drawn] if how else drawn

    def _next_to(self, line: str, text: str) -> str:
        """A line with a text in the column next to the steps."""
        return line + " " * max(self._beside() - width_of(line), 1) + text

    def _closes(self, step: Step) -> str:
        """What it closes, as a predicate where the heading has no room for the word."""
        section = [one for one in self._plan.steps if one.section is step.section]
        headed = "CLOSES" in self._heading(step.section, section)[0]
        # A step without a name takes its column, too.
        room = CLOSES + (WHO if self._who_beside and not step.who else 0)
        said = does(step)
        return closes(step, room) if headed or width_of(said) > room else said

    def _how(self, step: Step) -> str:
        """The complete command or page of the step; otherwise what shows the step in full."""
        text = self._sheet.value(how(step))
        if text and width_of(text) <= self._width - NUMBER and "\n" not in text:
            return text
        return self._command(f"fix {self._plan.name(step)}")

    def _rest(self, left: list[Step]) -> Iterator[str]:
        if left:
            yield ""
            yield from labelled(self._sheet, "THE REST", rest(left), command=self._command("fix"))

    def _foot(self) -> Iterator[str]:
        summary = self._summary
        yield ""
        unknown = f"{counted(summary.unknown, 'result')}; none counts as passed"
        if summary.unknown:
            command = self._command("show --unknown")
            yield from labelled(self._sheet, "NOT KNOWN", unknown, command=command)
        else:
            missed = "everything: nothing was looked at"
            yield from labelled(self._sheet, "NOT KNOWN", "nothing" if summary.looked else missed)
        for cause in bounded(summary.causes):
            yield from self._cause(cause)
        asked = f"{counted(summary.questions, 'setting')} that only people can see"
        if summary.questions:
            command = answering(self._plan) if self._plan.kept else ""
            yield from labelled(self._sheet, "QUESTIONS", asked, command=command)
        else:
            yield from labelled(self._sheet, "QUESTIONS", "none")
        if summary.shared and self._plan.steps and self._plan.kept and not self._plan.hidden:
            members = self._command("show --each-member people/")
            yield from labelled(self._sheet, "HAND ON", HAND_ON, command=members)
        yield from wrap(self._everything(), self._width)
        if self._closing:
            yield from wrap(self._closing, self._width)
        yield from self._start()

    def _everything(self) -> str:
        """What shows all of it."""
        if not self._plan.kept:
            return f"This run is not kept. Everything: {again(self._plan)}"
        page = f"in a browser: {self._command('show --html --open')}"
        return f"Everything: {self._command('show --full')} {self._sheet.dot} {page}"

    def _start(self) -> Iterator[str]:
        """The first thing to do, on the line above the prompt."""
        room = max(self._width - EDGE, NARROWEST)
        if text := self._first_thing():
            yield from edged(self._sheet, "START", [fit(text, room, self._sheet.dots)])

    def _first_thing(self) -> str:
        summary, first = self._summary, next(iter(self._plan.steps), None)
        if summary.lately:
            return f"{self._sheet.value(summary.recent)}: {OF_RECENT}"
        if summary.sign_in and (first is None or first.section is not When.LOOK):
            return summary.sign_in
        if first is None or self._plan.hidden:
            return ""
        title = self._sheet.value(flowing(first.title))
        command = self._command(f"fix {first.id}")
        return f"{command}: {title[:1].lower()}{title[1:]}" if command else title

    def _cause(self, cause: Resolution) -> Iterator[str]:
        room = max(self._width - 8, 8)
        text = self._sheet.value(flowing(resolved(cause)))
        # A problem with a whole provider has a second line for the option.
        first, *rest = wrap(text, room) if cause.happened else [text]
        yield f"{cause.count:>6}  {fit(first, room, self._sheet.dots)}"
        if rest:
            yield f"{'':>8}{fit(' '.join(rest), room, self._sheet.dots)}"
