"""The first screen of the page, from its outline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.sentences import Sentences, is_command, raw
from hardenme.reports.html.words import aside, command, folded, inline
from hardenme.reports.outline.parts import Entry, Outline, Section, Words
from hardenme.reports.plain import counted
from hardenme.reports.screen import outline as parts
from hardenme.reports.screen.verdict import Verdict

LOOKS: dict[str, str] = {
    Verdict.AT_RISK: "critical",
    Verdict.NOT_KNOWN: "medium",
    Verdict.TO_FIX: "low",
    Verdict.CLEAN: "good",
}
TARGETS = "targets"
"""The part of the page that has all targets."""
QUESTIONS = "questions"
"""The part of the page that has all questions."""
COUNTED = frozenset({parts.COUNT})
LATER = "later"
"""The word in a step's note for findings that wait for something else."""
OF_LATER = " Later: once something else is done, such as a release."
OPEN = frozenset({parts.RESULT, parts.SETTING})
"""Sections that are shown side by side."""


class FirstScreen(Sentences):
    """Draws it.

    Args:
        step: makes a link to a step, by its id and the text of the link.
        places: the ids of the parts that are on the page, to which its numbers lead.
    """

    def __init__(self, step: Callable[[str, str], Child], places: Collection[str]) -> None:
        super().__init__(lambda name: step(name, name), printed=False)
        self._to = step
        self._places = places

    def drawn(
        self, outline: Outline, moment: str, above: Sequence[Child], below: Sequence[Child]
    ) -> Element:
        """The verdict, the first steps, and what is not known of a run of that moment.

        Args:
            above: what comes between the numbers and the steps.
            below: what comes between the steps and what is unknown.
        """
        (sentence,), sections = outline.lead, outline.sections
        header = outline.header
        who = [header.who, *header.scope] if header else []
        when = element("time", header.when if header else "", datetime=moment)
        return element(
            "header",
            *(element("p", *self.words(one), class_="notice") for one in sections[0].lead),
            element(
                "p", element("span", " \u00b7 ".join(map(inline, who))), " ", when, class_="kicker"
            ),
            element("h1", outline.title, class_=LOOKS[outline.title]),
            element("p", *self.words(sentence), class_="sentence"),
            *(part for one in sections if one.thing in COUNTED for part in self._section(one)),
            *above,
            *self._others([one for one in sections if one.thing not in COUNTED]),
            *below,
            element(
                "div", *(self._open(one) for one in sections if one.thing in OPEN), class_="open"
            ),
            _printing(),
            class_="head",
        )

    def _others(self, sections: Sequence[Section]) -> Iterator[Child]:
        """The sections; the word "later" is explained in the heading of the first that has it."""
        first = next(filter(_says_later, sections), None)
        for one in sections:
            yield from self._section(one, OF_LATER if one is first else "")

    def _section(self, one: Section, further: str = "") -> Iterator[Child]:
        entries = [entry for group in one.groups for entry in group.entries]
        if one.thing == parts.COUNT:
            yield element("p", *self._counts(entries), class_="counts")
        elif one.thing in {parts.NOTE, parts.TARGET}:
            yield from self._listed(one.lead, one.most.page, one.thing)
        elif one.thing == parts.STEP:
            yield element("h2", one.title, " ", aside(*self.words(one.lead[0]), further))
            yield element("ol", *map(self._step_of, entries), class_="first")
        elif one.thing == parts.REST:
            words = self.words(one.lead[0])
            every = element("a", "all steps", href="#steps")
            yield element(
                "p", element("strong", one.title), " ", *words, ": ", every, class_="rest"
            )

    def _counts(self, entries: Sequence[Entry]) -> Iterator[Child]:
        for number, entry in enumerate(entries):
            if number:
                yield " \u00b7 "
            words = self.words(entry.words)
            linked = entry.place in self._places
            yield from (element("a", *words, href=f"#{entry.place}"),) if linked else words

    def _listed(self, texts: Sequence[Words], most: int, thing: str) -> Iterator[Child]:
        """The first of several sentences. The others are folded, or are on another part."""
        lines = [element("li", *self.words(text)) for text in texts]
        if lines:
            yield element("ul", *lines[:most], class_=f"{thing}s")
        left = lines[most:]
        if left and thing == parts.TARGET and TARGETS in self._places:
            text = counted(len(left), f"more {thing}")
            yield element("p", element("a", text, href=f"#{TARGETS}"), class_="more")
        elif left:
            more = element("ul", *left, class_=f"{thing}s")
            yield folded([counted(len(left), f"more {thing}")], more)

    def _step_of(self, entry: Entry) -> Element:
        title, reach = entry.words
        beside = {one.label: one.lines[0] for one in entry.beside}
        done, who = beside.get("Do", ()), beside["Who"]
        how = (command(raw(done)),) if done and is_command(done[0]) else self.words(done)
        text = element("span", self._to(entry.place, inline(raw((title,)))), *self.words((reach,)))
        return element(
            "li",
            element("code", entry.place, class_=f"number {entry.tone or ''}".rstrip()),
            element("div", text, *how, element("span", by(raw(who)), class_="by")),
            element("span", entry.aside),
        )

    def _open(self, one: Section) -> Element:
        words = self.words(one.lead[0])
        if one.thing == parts.SETTING and QUESTIONS in self._places:
            # The page has them itself; of another run a command records the answers.
            asked, *answered = words
            words = (asked, element("a", "all questions", href=f"#{QUESTIONS}"))
            words += (", to answer with ", *answered) if answered else ()
        head = element("p", element("strong", one.title), " ", *words)
        if one.thing == parts.SETTING:
            return head
        causes = (
            element("li", f"{entry.mark} ", *self.words(entry.words))
            for group in one.groups
            for entry in group.entries
        )
        return element("div", head, *((element("ul", *causes),) if one.groups else ()))


def _says_later(one: Section) -> bool:
    """Whether a step of it closes something later."""
    entries = (entry for group in one.groups for entry in group.entries)
    return one.thing == parts.STEP and any(LATER in entry.aside for entry in entries)


def by(who: str) -> str:
    """Who takes a step, where no heading says that it is who."""
    return f"by {inline(who)}"


def _printing() -> Element:
    """The box by which everything below the first page is printed, too."""
    box = element("input", type="checkbox", id="print-all", autocomplete="off")
    text = " Print everything below, too. Without it, this first page is printed."
    return element("p", element("label", box, text), class_="printing")
