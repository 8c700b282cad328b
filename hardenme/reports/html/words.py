"""Texts of a report as the content of a page: made safe to show, and links where they may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hardenme.reports.html.element import Child, Element, element, is_link
from hardenme.reports.plain import flowing, plain, plain_name

CODE = re.compile("(?<!`)`([^`]+)`(?!`)")
NAMES = 12
"""Names that stand in one sentence before the rest is counted."""


def said(text: str) -> str:
    """A sentence on one line, fit to show."""
    return plain(flowing(text))


def named(text: str) -> str:
    """A name, fit to show; one that is empty says so."""
    return plain_name(text)


def counted(number: int, thing: str, things: str = "") -> str:
    """A number and what it counts."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def prose(text: str) -> tuple[Element | str, ...]:
    """A sentence; what stands between backticks is shown as code."""
    parts = CODE.split(said(text))
    return tuple(
        element("code", part) if number % 2 else part for number, part in enumerate(parts) if part
    )


def page(address: str, shown: str = "") -> Element:
    """An address: a link where it may be clicked, else text."""
    address = plain(address)
    text = shown or address.removeprefix("https://")
    if not is_link(address):
        return element("code", f"{shown} " if shown else "", address)
    return element(
        "a", text, href=address, rel="noopener noreferrer", target="_blank", class_="page"
    )


def command(text: str) -> Element:
    """A command, to be copied."""
    return element("pre", element("code", plain(text)), class_="command", tabindex="0")


def chip(code: str) -> Element:
    """The code of a check."""
    return element("code", plain(code), class_="chip")


def chips(codes: Iterable[str]) -> Iterator[Element | str]:
    """The codes of checks."""
    for number, code in enumerate(codes):
        if number:
            yield " "
        yield chip(code)


def who(name: str) -> Element:
    """A subject, by which the filter finds it."""
    return element("b", named(name), class_="who")


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
    """Labels and what they say, each label once; nothing where nothing is said."""
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


def level(severity: str) -> Element:
    """A severity as a badge: its word, with a mark of its own."""
    return element("span", severity, class_=f"level {severity}")


def section(key: str, title: str, *content: Child) -> Element:
    """A part of the page with a heading."""
    head = element("h2", title, id=f"{key}-title")
    return element("section", head, *content, id=key, aria_labelledby=f"{key}-title")
