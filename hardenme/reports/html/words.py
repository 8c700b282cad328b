"""Texts of a report as the content of a page: escaped, with links where they are allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hardenme.model.passages import ITEM, paragraphs
from hardenme.model.secret import redact
from hardenme.model.severity import Severity
from hardenme.reports.html.element import Child, Element, element, is_link
from hardenme.reports.plain import counted, flowing, plain, plain_name

CODE = re.compile("(?<!`)`([^`]+)`(?!`)")
CHECK = re.compile(r"[A-Z]{3}\d{3}")
FITS = 40
"""Characters of a word that fit on a line of a narrow screen."""
NAMES = 12
"""Names in one sentence before the rest is counted."""


def inline(text: str) -> str:
    """A sentence on one line, fit to show."""
    return plain(flowing(text))


def named(text: str) -> str:
    """A name, fit to show; one that is empty says so."""
    return plain_name(text)


def prose(text: str) -> tuple[Element | str, ...]:
    """A sentence; text between backticks is shown as code."""
    parts = CODE.split(inline(text))
    return tuple(typed(part) if number % 2 else part for number, part in enumerate(parts) if part)


def passage(text: str, label: str = "") -> Iterator[Element]:
    """Paragraphs and lists; the label comes before the first."""
    for number, lines in enumerate(paragraphs(redact(text))):
        begin = label if not number else ""
        items = [line[mark.end() :] for line in lines if (mark := ITEM.match(line))]
        before = lines[: len(lines) - len(items)]
        if begin or before:
            yield element("p", begin, *prose(" ".join(before)))
        if items:
            yield element("ul", *(element("li", *prose(item)) for item in items), class_="points")


def page(address: str, shown: str = "") -> Element:
    """An address: a link where it may be clicked, else text.

    The script opens such links apart from the page; it knows them by their beginning. What is
    printed has the address behind what is shown in its place.
    """
    address = plain(address)
    if not is_link(address):
        return element("code", f"{shown} " if shown else "", address)
    return element("a", shown or address.removeprefix("https://"), href=address)


def command(text: str) -> Element:
    """A command, to be copied."""
    return element("pre", plain(text))


def chip(code: str) -> Element:
    """The code of a check."""
    return typed(plain(code))


def typed(text: str) -> Element:
    """What is typed as shown: no line of the page ends within a word of it that fits on one."""
    words = text.split(" ")
    if len(words) == 1 and not text.startswith("-"):
        return element("code", text)
    parts = (_whole(word) for word in words)
    return element("code", *[part for one in parts for part in (" ", one)][1:])


def _whole(word: str) -> Child:
    """A word that is kept on one line; a browser breaks others behind each hyphen."""
    return element("span", word) if "-" in word and len(word) <= FITS else word


def chips(codes: Iterable[str]) -> Iterator[Element | str]:
    """The codes of checks, each a link to what the check is about."""
    for number, code in enumerate(codes):
        if number:
            yield " "
        yield chip(code)


def who(name: str) -> Element:
    """A subject, by which the filter finds it."""
    return element("b", named(name))


def names(everybody: Sequence[str], others: int = 0, most: int = NAMES) -> Iterator[Child]:
    """The first of the names, and how many more there are, with those that are not given."""
    for number, name in enumerate(everybody[:most]):
        if number:
            yield ", "
        yield who(name)
    rest = max(len(everybody) - most, 0) + others
    if rest:
        yield f" and {rest:,} more"


def terms(rows: Iterable[tuple[str, Iterable[Child]]], class_: str = "terms") -> Element | None:
    """Labels and their texts, each label once; no element if there is no text."""
    found: dict[str, list[Element]] = {}
    for label, content in rows:
        told = element("dd", *content)
        if told.children:
            found.setdefault(label, []).append(told)
    if not found:
        return None
    groups = (element("div", element("dt", label), *told) for label, told in found.items())
    return element("dl", *groups, class_=class_)


def folded(summary: Iterable[Child], *content: Child, class_: str | None = None) -> Element:
    """Something that is opened on demand."""
    return element("details", element("summary", *summary), *content, class_=class_)


def aside(*content: Child) -> Element:
    """A less important remark."""
    return element("small", *content)


def shortly(listed: Sequence[Child], most: int, thing: str) -> Iterator[Child]:
    """The first of a list; the others are folded, and open where what the filter wants is there."""
    yield from listed[:most]
    if left := listed[most:]:
        yield folded([counted(len(left), f"more {thing}")], *left, class_="group")


def level(severity: str) -> Element:
    """A severity as a badge: its word, with a mark of its own."""
    return element("i", severity, class_=severity)


def section(key: str, title: str, *content: Child) -> Element:
    """A part of the page with a heading."""
    head = element("h2", title, id=f"{key}-title")
    return element("section", head, *content, id=key, aria_labelledby=f"{key}-title")


def link_of(made: Element) -> tuple[str, str]:
    """The id of a section and what its heading says."""
    heading = made.children[0]
    title = heading.children[0] if isinstance(heading, Element) else heading
    return str(dict(made.attributes)["id"]), str(title)


def wide(label: str, content: Element) -> Element:
    """A table or a drawing that is moved sideways where it has no room."""
    return element("div", content, class_="wide", tabindex="0", role="region", aria_label=label)


def table(
    label: str,
    heads: Iterable[str],
    rows: Iterable[Sequence[Iterable[Child]]],
    class_: str | None = None,
) -> Element:
    """A table; the first cell of a row is the row's heading."""
    made = (
        element(
            "tr",
            element("th", *first, scope="row"),
            *(element("td", *cell) for cell in others),
        )
        for first, *others in rows
    )
    top = element("tr", *(element("th", head, scope="col") for head in heads))
    body = element("table", element("thead", top), element("tbody", *made), class_=class_)
    return wide(label, body)


def card(
    *content: Child,
    outcome: str,
    codes: Iterable[str],
    severity: str = "",
    mixed: bool = False,
    more: bool = False,
) -> Element:
    """One thing that the filter shows or hides.

    Args:
        content: its content.
        outcome: the result that it shows.
        codes: the checks that it is about.
        severity: what it weighs at most; empty if it does not say.
        mixed: some of its subjects may weigh less, so that the filter asks their results.
        more: not all of its subjects are named in it.
    """
    return element(
        "article",
        *content,
        class_=f"card {severity}".rstrip(),
        data_outcome=outcome if outcome != "failed" else None,
        data_codes=" ".join(map(plain, codes)),
        data_mixed=mixed,
        data_more=more,
    )


def title(  # noqa: PLR0913 (what a head says)
    severity: Severity, code: str, text: str, count: int, *, heading: str = "h3", id_: str = ""
) -> Element:
    """The head of a card."""
    return element(
        heading,
        level(str(severity)),
        " ",
        chip(code),
        " ",
        *prose(text),
        aside(f" {counted(count, 'subject')}") if count > 1 else None,
        id=id_ or None,
    )


def more(number: int, thing: str) -> Element:
    """How many of something are not listed, and where they are."""
    return element(
        "p",
        f"and {counted(number, f'more {thing}')}: ",
        element("a", "all results", href="#results", class_="with-script"),
        element("span", "hardenme's JSON report has all of them", class_="without-script"),
        class_="more",
    )


def anchor(code: str) -> str:
    """The place of a check on the page; empty for a code that none can have."""
    return f"check-{code}" if CHECK.fullmatch(code) else ""


def step_place(step: str) -> str:
    """The place of a step on the page, by its id."""
    return f"step-{step}"
