"""Sentences of an outline, and the details of an entry, as elements of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice

from hardenme.reports.html.element import Child, Element, element
from hardenme.reports.html.words import chip, command, folded, inline, more, names, page, prose, who
from hardenme.reports.outline.parts import Case, Detail, Names, Span, TextKind, Words
from hardenme.reports.outline.tasks import TO

ALL = 1_000_000
"""More than there are of anything."""
NAMES = 12
"""Names in one sentence; the others are listed below it, folded."""
LISTED = 500
"""Names that are listed before the rest is counted."""
APART = {"", "Do", "At", "Run"}
"""Labels that the details of an entry can do without."""


class Sentences:
    """Draws sentences.

    Args:
        step: makes a link of the name of a step.
        printed: the page is read on paper: no name is left out, and no address is a link.
        linked: addresses are links all the same.
    """

    def __init__(
        self, step: Callable[[str], Child], *, printed: bool, linked: bool = False
    ) -> None:
        self._step = step
        self._linked = linked or not printed
        self._printed = printed
        self._names = ALL if printed else NAMES

    def paragraph(self, words: Words, look: str | None = None) -> Iterator[Child]:
        """A sentence, and below it the names that have no room in it."""
        yield element("p", *self.words(words), class_=look)
        for one in words:
            if isinstance(one, Names):
                yield from self.further(one)

    def further(self, one: Names) -> Iterator[Child]:
        """The names that have no room in the sentence, folded."""
        if further := one.names[self._names : LISTED]:
            listed = element("ul", *(element("li", who(name)) for name in further), class_="names")
            yield folded([f"{len(further):,} more"], listed)
            yield left(hidden(one), "subject")

    def words(self, words: Words) -> tuple[Child, ...]:
        """A sentence."""
        return tuple(child for piece in words for child in self._piece(piece))

    def _piece(self, piece: Span | Names) -> tuple[Child, ...]:
        if isinstance(piece, Names):
            return tuple(names(piece.names, piece.others, self._names))
        match piece.kind:
            case TextKind.STRONG:
                return (element("strong", *prose(piece.text)),)
            case TextKind.SENTENCE:
                return prose(piece.text)
            case TextKind.NAME:
                return (who(piece.text),)
            case TextKind.PAGE:
                return (page(piece.text) if self._linked else chip(piece.text),)
            case TextKind.COMMAND | TextKind.CODE:
                return (chip(piece.text),)
            case TextKind.STEP:
                return (self._step(piece.text),)
            case TextKind.OURS:
                return (piece.text,)

    def paragraphs(self, beside: Sequence[Detail]) -> Iterator[Child]:
        """The details of an entry: labelled sentences together, all else apart."""
        for apart, some in groupby(beside, lambda one: one.label in APART):
            if apart:
                yield from (part for one in some for part in self._apart(one))
            else:
                texts = (f"{one.label}: {raw(one.lines[0]).rstrip('.')}." for one in some)
                yield element("p", *prose(" ".join(texts)), class_="intro")

    def _apart(self, one: Detail) -> Iterator[Child]:
        for words in one.lines:
            if len(words) == 1 and is_command(words[0]):
                yield command(raw(words))
            else:
                yield element("p", *self.words(words))
        if one.cases:
            yield element("ul", *map(self._cases, _alike(one.cases)))
        yield left(one.others, "subject")

    def _cases(self, cases: Sequence[Case]) -> Element:
        """One subject, or several with the same text, as one line with their names."""
        case = cases[0]
        if case.page and not case.text:
            return element("li", page(case.page, inline(case.name)))
        named = (part for one in cases for part in (", ", who(one.name)))
        return element(
            "li",
            *islice(named, 1, None),
            *((": ", *prose(case.text)) if case.text else ()),
            *((TO, self._step(case.step)) if case.step else ()),
            _lapsed(case.lapsed) if case.lapsed else None,
        )


def _alike(cases: Sequence[Case]) -> Iterable[Sequence[Case]]:
    """Groups subjects with the same text; one with a page of its own stays alone."""
    found: dict[object, list[Case]] = {}
    for at, case in enumerate(cases):
        own = at if case.page and not case.text else -1
        key = (inline(case.text), case.page, case.step, case.lapsed, own)
        found.setdefault(key, []).append(case)
    return found.values()


def _lapsed(text: str) -> Element:
    """That it was accepted until a day."""
    return element("p", element("strong", "Waiver lapsed"), " ", *prose(text), class_="lapsed")


def is_command(piece: Span | Names) -> bool:
    """Whether it is a command, which gets an element of its own."""
    return isinstance(piece, Span) and piece.kind is TextKind.COMMAND


def raw(words: Words) -> str:
    """A sentence as it came."""
    return "".join(one.text for one in words if isinstance(one, Span))


def left(number: int, thing: str) -> Element | None:
    """How many are not shown; nothing if all are."""
    return more(number, thing) if number > 0 else None


def hidden(one: Names) -> int:
    """How many names the page does not hold."""
    return max(len(one.names) - LISTED, 0) + one.others
