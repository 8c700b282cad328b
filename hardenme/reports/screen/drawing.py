"""The screen as lines: 40 at 100 columns, 60 where it is narrower, whatever was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hardenme.model.severity import Severity
from hardenme.reports.columns import fit, width_of, wrap
from hardenme.reports.fixplan.drafts import AGAIN
from hardenme.reports.fixplan.kinds import Section
from hardenme.reports.fixplan.plan import Plan, Step
from hardenme.reports.fixplan.words import counted
from hardenme.reports.plain import flowing
from hardenme.reports.publishing import MILLION
from hardenme.reports.screen.summary import Cause, Summary, Verdict
from hardenme.reports.sheet import BOLD, DIM, PAINT, Sheet
from hardenme.reports.style import Style

READABLE = 100
"""Columns of a line at most: longer lines are hard to read."""
LINES, NARROW_LINES = 39, 59
"""Lines of the screen, the one with the exit code left out; and where it is narrower than this."""
NARROW = 100
LABEL = 10
"""Columns of a word at the edge, like AT RISK."""
NUMBER = 4
CLOSES, WHO = 18, 16
"""Columns beside the steps."""
SMALLEST = 60
"""Columns below which nothing stands beside a step."""
HEAD, TITLE, SENTENCE = 2, 2, 4
"""Lines of a text at most."""
REST = 2
"""Lines of what is left, with the empty one above; one more where it is narrow."""
CAUSES, TARGETS = 3, 20
FEWEST = {Section.LOOK: 4, Section.TODAY: 4, Section.NEXT: 2}
"""Steps of a section that stand there if there are so many, before others get more room."""
HEADINGS = {
    Section.LOOK: ("LOOK NOW", "If you do not recognize one, run its command."),
    Section.TODAY: ("DO TODAY", "Nothing here needs preparation."),
    Section.NEXT: ("DO NEXT", "Each step needs a review, a test release, or a step above."),
}
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
        plan: what to do.
        summary: what else there is to say.
    """

    def __init__(self, style: Style, plan: Plan, summary: Summary) -> None:
        self._sheet = Sheet(style)
        self._width = min(self._sheet.width, READABLE)
        self._most = LINES if self._width >= NARROW else NARROW_LINES
        self._plan = plan
        self._summary = summary
        self._by_others = summary.shared and any(step.who for step in plan.steps)

    def text(self) -> str:
        """All lines."""
        top, foot = [*self._top()], [*self._foot()]
        room = self._most - len(top) - len(foot)
        steps = self._steps(room)
        lines = [*top, *steps, *foot]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def _top(self) -> Iterator[str]:
        summary, sheet = self._summary, self._sheet
        head = f" {sheet.dot} ".join([sheet.value(flowing(summary.head)), *summary.scope])
        gap = self._width - width_of(head) - len(summary.when)
        if gap > 1:
            yield f"{head}{' ' * gap}{sheet.paint(summary.when, DIM)}"
        else:
            yield from self._cut(head, self._width, HEAD)
            yield sheet.paint(summary.when, DIM)
        yield ""
        word = summary.verdict.value
        painted = sheet.paint(word, PAINTED[summary.verdict])
        sentence = sheet.value(flowing(summary.sentence))
        if summary.verdict is Verdict.CLEAN and summary.questions:
            asked = counted(summary.questions, "question")
            sentence = f"{sheet.dot} {asked} unanswered. {sentence}"
        for number, line in enumerate(self._cut(sentence, self._width - LABEL, SENTENCE)):
            edge = " " * LABEL if number else painted + " " * (LABEL - len(word))
            yield edge + line
        for line in wrap(self._counts(), max(self._width - LABEL, 8)):
            yield " " * LABEL + line
        for number, line in enumerate(self._cut(self._note(), self._width - LABEL, HEAD)):
            yield (sheet.paint("NOTE".ljust(LABEL), DIM) if not number else " " * LABEL) + line
        if summary.targets:
            yield ""
            rows = self._bounded(summary.targets, TARGETS, "target")
            yield from (fit(row, self._width, sheet.dots) for row in rows)

    def _cut(self, text: str, width: int, most: int) -> list[str]:
        """A text in so many lines at most; what does not fit is left out, and marked."""
        lines = wrap(text, max(width, 8))
        if len(lines) <= most:
            return lines
        last = " ".join(lines[most - 1 :])
        return [*lines[: most - 1], fit(last, max(width, 8), self._sheet.dots)]

    def _counts(self) -> str:
        summary = self._summary
        levels = ", ".join(f"{number:,} {level}" for level, number in summary.severities.items())
        found = counted(summary.failed, "finding")
        parts = [f"{found}: {levels}" if levels else found]
        parts.append(f"{summary.unknown:,} unknown")
        parts.append(f"{counted(summary.questions, 'question')} for you")
        return f" {self._sheet.dot} ".join([*parts, *summary.others])

    def _note(self) -> str:
        """The first of the notes, and how many more there are; empty for none."""
        first, *rest = [*self._summary.notes, ""]
        if len(rest) < 2:  # noqa: PLR2004 (the empty one is the last)
            return self._sheet.value(flowing(first))
        more = f"{len(rest) - 1:,} more: {self._command('show --full')}"
        return f"{self._sheet.value(flowing(first))} ({more})"

    def _bounded(self, texts: tuple[str, ...], most: int, thing: str) -> Iterator[str]:
        shown = texts if len(texts) <= most else texts[: most - 1]
        yield from (self._sheet.value(flowing(text)) for text in shown)
        if rest := len(texts) - len(shown):
            yield f"and {counted(rest, f'more {thing}')}: {self._command('show --full')}"

    def _command(self, words: str) -> str:
        """One of our own commands, about this run."""
        return f"hardenme {words}{' --demo' if self._summary.demo else ''}"

    def _steps(self, room: int) -> list[str]:
        """The sections with as many steps as there is room for, and how many are left."""
        drawn = {step.number: self._step(step) for step in self._plan.steps}
        sections: dict[Section, list[Step]] = {}
        for step in self._plan.steps:
            sections.setdefault(step.section, []).append(step)
        chosen = dict.fromkeys(sections, 0)
        # A heading with an empty line above, and what says what is left.
        headings = {section: self._heading(section, sections[section]) for section in sections}
        room -= sum(1 + len(lines) for lines in headings.values())
        room -= REST + (self._width < NARROW)
        # First the fewest of each section, then one of each in turn.
        wanted = [
            (number >= FEWEST[section], max(number - FEWEST[section], -1), section, number)
            for section, steps in sections.items()
            for number in range(len(steps))
        ]
        for *_, section, number in sorted(wanted):
            lines = len(drawn[sections[section][number].number])
            if chosen[section] == number and lines <= room:
                chosen[section] += 1
                room -= lines
        found: list[str] = []
        left: list[Step] = []
        for section, steps in sections.items():
            if chosen[section]:
                found += ["", *headings[section]]
            for step in steps[: chosen[section]]:
                found += drawn[step.number]
            left += steps[chosen[section] :]
        return [*found, *self._rest(left)]

    def _heading(self, section: Section, steps: list[Step]) -> list[str]:
        word, text = HEADINGS[section]
        if section is Section.LOOK:
            looks = "looks" if len(steps) == 1 else "look"
            text = f"{counted(len(steps), 'release')} {looks} unusual. {text}"
        gap = self._beside() - LABEL - width_of(text)
        if self._width < SMALLEST or gap < 1:
            return [*self._labelled(word, text)]
        who = f"{'CLOSES':{CLOSES}}WHO" if self._by_others else "CLOSES"
        head = f"{self._sheet.paint(word, BOLD)}{' ' * (LABEL - len(word))}{text}"
        return [f"{head}{' ' * gap}{self._sheet.paint(who, DIM)}"]

    def _beside(self) -> int:
        """Where the columns beside the steps begin."""
        return self._width - CLOSES - (WHO if self._by_others else 0)

    def _step(self, step: Step) -> list[str]:
        sheet = self._sheet
        title = sheet.value(flowing(step.title)) + self._reach(step)
        beside = self._width >= SMALLEST
        room = (self._beside() if beside else self._width) - NUMBER - 1
        lines = self._cut(title, room, TITLE)
        how = self._how(step)
        if width_of(lines[-1]) + 2 + width_of(how) <= room:
            lines[-1] = f"{lines[-1]}  {how}"
        else:
            lines.append(how)
        first = f"{step.number:>2}  {lines[0]}"
        closes = _closes(step)
        if beside:
            first += " " * max(self._beside() - width_of(first), 1) + closes
            if self._by_others and step.who:
                column = self._beside() + CLOSES
                first += " " * max(column - width_of(first), 1) + fit(step.who, WHO, sheet.dots)
        elif closes:
            lines.append(f"closes {closes}")
        painted = sheet.paint(f"{step.number:>2}", PAINT[step.worst] if step.worst else "")
        drawn = [painted + first[len(f"{step.number:>2}") :]]
        drawn += [" " * NUMBER + line for line in lines[1:]]
        return [line.replace(how, sheet.link(how)) for line in drawn]

    def _reach(self, step: Step) -> str:
        """How many downloads a week a release has that looks unusual."""
        if step.section is not Section.LOOK or not step.reach.weekly:
            return ""
        weekly = step.reach.weekly
        number = f"{weekly * 10 // MILLION / 10:.1f} M" if weekly >= MILLION else f"{weekly:,}"
        return f" ({number}/wk)"

    def _how(self, step: Step) -> str:
        """The one command or page that does it, whole; else where the step stands in full."""
        if len(step.actions) == 1 or step.section is Section.LOOK:
            fix = step.actions[0].fix
            command = fix.command
            if step.section is Section.LOOK:
                # What turns users away from a release comes first; the rest stands in the step.
                command = command.partition(AGAIN)[0]
            text = self._sheet.value(command or fix.page)
            if width_of(text) <= self._width - NUMBER and "\n" not in text:
                return text
        return self._command(f"fix {step.number}")

    def _rest(self, left: list[Step]) -> Iterator[str]:
        if not left:
            return
        counts: Counter[Severity] = Counter()
        for step in left:
            counts.update(step.counts)
        levels = ", ".join(f"{counts[one]:,} {one}" for one in sorted(counts, reverse=True))
        total = counts.total()
        closes = f"{counted(total, 'finding')} in " if total else ""
        told = f"{closes}{counted(len(left), 'step')}" + (f": {levels}" if levels else "")
        yield ""
        yield from self._labelled("THE REST", told, self._command("fix"))

    def _labelled(self, word: str, text: str, command: str = "") -> Iterator[str]:
        """A word at the edge, a sentence, and the command that shows more, which stays whole."""
        lines = wrap(text, max(self._width - LABEL, 8))
        if command and width_of(lines[-1]) + len(command) + 3 <= self._width - LABEL:
            lines[-1] = f"{lines[-1]}   {command}"
        elif command:
            lines.append(command)
        for number, line in enumerate(lines):
            edge = self._sheet.paint(word, BOLD) + " " * (LABEL - len(word))
            yield (edge if not number else " " * LABEL) + line

    def _foot(self) -> Iterator[str]:
        summary = self._summary
        yield ""
        if summary.unknown:
            text = f"{counted(summary.unknown, 'result')}; none counts as passed"
            yield from self._labelled("NOT KNOWN", text, self._command("show --unknown"))
        else:
            yield from self._labelled("NOT KNOWN", "nothing")
        causes = summary.causes
        shown = causes if len(causes) <= CAUSES else causes[: CAUSES - 1]
        for cause in shown:
            yield from self._cause(cause)
        if rest := causes[len(shown) :]:
            number = sum(one.count for one in rest)
            yield f"{number:>6}  take {counted(len(rest), 'other thing')}"
        if summary.questions:
            asked = f"{counted(summary.questions, 'setting')} that only people can see"
            yield from self._labelled("QUESTIONS", asked, "hardenme attest")
        else:
            yield from self._labelled("QUESTIONS", "none")
        yield from wrap(
            f"Everything: {self._command('show --full')} {self._sheet.dot} in a browser:"
            f" {self._command('show --html --open')}",
            self._width,
        )

    def _cause(self, cause: Cause) -> Iterator[str]:
        room = max(self._width - 8, 8)
        if cause.step is not None:
            close = "closes" if cause.count == 1 else "close"
            text = f"{close} with step {cause.step.number}"
        elif cause.happened:
            text = self._sheet.value(flowing(cause.needed))
        else:
            need = "needs" if cause.count == 1 else "need"
            text = f"{need} {self._sheet.value(flowing(cause.needed))}"
        # What happened to a whole provider has a second line, on which the option stands.
        first, *rest = wrap(text, room) if cause.happened else [text]
        yield f"{cause.count:>6}  {fit(first, room, self._sheet.dots)}"
        if rest:
            yield f"{'':>8}{fit(' '.join(rest), room, self._sheet.dots)}"


def _closes(step: Step) -> str:
    """What a step closes, in numbers."""
    paths = counted(len(step.paths), "path") if step.paths else ""
    unknown = f"{step.unknown:,} unknown" if step.unknown else ""
    parts = [part for part in (paths, unknown) if part]
    if not step.closes:
        return ", ".join(parts) or "prepares"
    if not parts:
        return counted(step.closes, "finding")
    told = ", ".join((f"{step.closes:,}", *parts))
    # What has no room stands in the step.
    return told if len(told) < CLOSES else f"{step.closes:,}, {parts[0]}"
