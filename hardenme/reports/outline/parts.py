"""The parts of an outline: the content, without its appearance.

Texts in it are as the providers sent them; anyone who draws them makes them fit for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from hardenme.model.severity import Severity
from hardenme.reports.header import Header


class TextKind(Enum):
    """The type of a piece of text, which decides how a form escapes it."""

    OURS = auto()
    """Words and marks of ours, which hold nothing of anyone else's."""
    STRONG = auto()
    """A sentence that weighs more than those around it."""
    SENTENCE = auto()
    NAME = auto()
    COMMAND = auto()
    PAGE = auto()
    CODE = auto()
    """A check's code, or another word of ours that is typed as shown."""
    STEP = auto()
    """The name of a step of the plan: its id, or its number on the screen of the whole plan."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text.

    Attributes:
        text: as it came.
    """

    kind: TextKind
    text: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names in one sentence; a form shows those that fit.

    Attributes:
        names: the first of them.
        others: how many there are beyond these.
        most: how many are shown at most; the form's own number where it is 0.
    """

    names: Sequence[str]
    others: int = 0
    most: int = 0


Words = tuple[Span | Names, ...]
"""A sentence in pieces, which follow each other without anything between them."""


def ours(text: str) -> Span:
    """Words of ours."""
    return Span(TextKind.OURS, text)


def strong(text: str) -> Span:
    """A sentence that weighs more."""
    return Span(TextKind.STRONG, text)


def sentence(text: str) -> Span:
    """A sentence that may hold someone's words."""
    return Span(TextKind.SENTENCE, text)


def name(text: str) -> Span:
    """A name or an id."""
    return Span(TextKind.NAME, text)


def command(text: str) -> Span:
    """A command."""
    return Span(TextKind.COMMAND, text)


def page(address: str) -> Span:
    """An address."""
    return Span(TextKind.PAGE, address)


def code(text: str) -> Span:
    """A check's code."""
    return Span(TextKind.CODE, text)


def step(named: str) -> Span:
    """A step of the plan, by its name there."""
    return Span(TextKind.STEP, named)


@dataclass(frozen=True, slots=True)
class Most:
    """How many of something are shown before the rest is counted.

    Attributes:
        screen: on a terminal.
        page: in Markdown.
    """

    screen: int
    page: int


GROUPS = Most(80, 200)
CASES = Most(50, 50)
EVERY = Most(1_000_000, 1_000_000)
"""More than there are."""


@dataclass(frozen=True, slots=True)
class Case:
    """One subject of an entry.

    Attributes:
        name: the subject, in words.
        text: the text about it.
        page: its own page; empty if all have the same.
        step: the id of the step that closes it; empty if one text covers all.
        lapsed: what accepted it until a day that is past; empty if nothing did.
    """

    name: str
    text: str
    page: str = ""
    step: str = ""
    lapsed: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """Labelled details of an entry.

    Attributes:
        label: one word.
        lines: sentences, commands or pages.
        cases: alternatively, the text about each subject.
        others: how many there are beyond these lines or cases.
        alike: those that are not shown differ by their names alone; all cases say the same.
        ticks: each case is a task of its own.
        all_by: the command that shows those that are not shown; empty if nothing more does.
        soon: it is worth a second look.
        most: how many are shown.
    """

    label: str
    lines: tuple[Words, ...] = ()
    cases: tuple[Case, ...] = ()
    others: int = 0
    alike: bool = False
    ticks: bool = False
    all_by: str = ""
    soon: bool = False
    most: Most = CASES


def labelled(label: str, text: str) -> tuple[Detail, ...]:
    """A sentence under a label; nothing if there is none."""
    return (Detail(label, ((sentence(text),),)),) if text else ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to read.

    Attributes:
        words: what it says.
        severity: what it weighs; None if that does not matter.
        code: the check's code; empty if there is none.
        mark: a word or a number before it.
        tone: what the mark weighs; None if it is as it should be.
        label: in the mark's place, what the words are the value of.
        task: it is done by someone, and ticked off.
        title: its words are the title of its details.
        whole: a long word in it, such as a path, is not broken.
        checks: the codes of all checks that it is about, where it is about several.
        beside: further details.
        aside: what matters less than its words; empty if there is nothing.
        place: what a link to it or from it names: a step's id, a part of a page; empty for none.
        first: it is the first about its check, and can say what is to be known of that.
        mixed: some of its subjects may weigh less.
        count: how many things it is about.
    """

    words: Words
    severity: Severity | None = None
    code: str = ""
    mark: str = ""
    tone: Severity | None = None
    label: str = ""
    task: bool = False
    title: bool = False
    whole: bool = False
    checks: tuple[str, ...] = ()
    beside: tuple[Detail, ...] = ()
    aside: str = ""
    place: str = ""
    first: bool = False
    mixed: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a few words each; where they do not fit, the entries next to them are used instead.

    Attributes:
        heads: what each column holds.
        rows: the cells, and for each what it weighs.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[Span, Severity | None], ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a heading of their own.

    Attributes:
        heading: what they share; empty if there is no need to say it.
        lead: what comes before them; anything but a sentence there is a page, on a line of its own.
        entries: the most urgent first.
        thing: what an entry is, in the singular.
        most: how many entries are shown.
        alike: how many pages of the lead are shown before the rest, which are alike, is counted.
        tables: the same as columns, the widest first; the first that fits is drawn.
        others: how many entries there are beyond these.
        all_by: the command that shows those that are not shown; empty if the form's own words say
            it.
        opened: whether a reader finds it open, where it is opened on demand; None elsewhere.
    """

    heading: Words = ()
    lead: tuple[Words, ...] = ()
    entries: tuple[Entry, ...] = ()
    thing: str = "line"
    most: Most = GROUPS
    alike: Most = Most(80, 80)
    tables: tuple[Table, ...] = ()
    others: int = 0
    all_by: str = ""
    opened: bool | None = None

    def left(self, most: int) -> int:
        """How many things a form does not show that shows so many entries."""
        return sum(one.count for one in self.entries[most:]) + self.others


@dataclass(frozen=True, slots=True)
class Section:
    """A title and its content.

    Attributes:
        title: words of ours.
        lead: what comes before the groups.
        groups: the most urgent first.
        thing: what a group is, in the singular.
        most: how many groups are shown.
        tail: what comes after them.
    """

    title: str
    lead: tuple[Words, ...] = ()
    groups: tuple[Group, ...] = ()
    thing: str = "group"
    most: Most = GROUPS
    tail: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """All of a report.

    Attributes:
        title: its name, in a file.
        warning: why it is incomplete; empty if it is.
        lead: what it comes to, in one sentence and then in numbers.
        sections: what it holds.
        counts: the parts of the last line.
        apart: that it is to be had in smaller parts, and how; empty if it is not.
        header: who, where and when; on a terminal it replaces the title.
        last: what to do next, below everything.
    """

    title: str
    warning: Words
    lead: tuple[Words, ...]
    sections: tuple[Section, ...]
    counts: tuple[str, ...] = ()
    apart: Words = ()
    header: Header | None = None
    last: tuple[Words, ...] = ()

    @property
    def opening(self) -> tuple[Words, ...]:
        """What looks like an attack, then what it comes to."""
        signs = self.header.signs if self.header else ()
        look = strong("LOOK NOW"), ours(": ")
        told = ((*look, sentence(text), ours(": "), command(line)) for text, line in signs)
        return (*told, *self.lead)


class RunShown(Protocol):
    """What a command says of a run of its own."""

    @property
    def version(self) -> str:
        """The version of hardenme that made it."""

    @property
    def partial(self) -> str:
        """Why it ended early; empty if it did not."""

    @property
    def header(self) -> Header | None:
        """Who, where and when."""


def about_run(
    told: RunShown,
    subject: str,
    lead: Iterable[Words],
    sections: Iterable[Section],
    last: Iterable[Words] = (),
) -> Outline:
    """All that a command says of its run, under whom or what it is about."""
    early = sentence(f"The run did not go to its end: {told.partial}")
    return Outline(
        title=f"hardenme {told.version}: {subject}",
        warning=(early,) if told.partial else (),
        lead=tuple(lead),
        sections=tuple(sections),
        header=told.header,
        last=tuple(last),
    )
