"""The same as a page that needs no script: the lists, and a drawing of each place."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib import resources

from hardenme.reports import html
from hardenme.reports.holders.drawn import LEGEND, places
from hardenme.reports.holders.outline import outline
from hardenme.reports.holders.told import HoldersShown
from hardenme.reports.html.element import Child, Element, Verbatim, element, written
from hardenme.reports.html.graph import graph, legend
from hardenme.reports.html.words import said
from hardenme.reports.outline.parts import Entry, Names, Section, Words
from hardenme.reports.style import Style

MOST_DRAWN = 60
"""Drawings on a page."""


def render(told: HoldersShown, _style: Style) -> str:
    """The page."""
    # Everything: a page has room, and a reader who searches in it.
    drawn = outline(told)
    head = f"hardenme people: {said(', '.join(told.targets))}"
    style = Verbatim(
        "style", resources.files(html.__package__ or "").joinpath("page.css").read_text("utf-8")
    )
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = [
        element("h1", head),
        *(element("p", _text(words)) for words in (drawn.warning, *drawn.lead) if words),
        *(_section(section) for section in drawn.sections),
        element("section", element("h2", "Drawings"), element("p", LEGEND), *_drawings(told)),
    ]
    top = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", head),
        style,
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n'
        f"{written(top)}\n{written(element('body', element('main', *body)))}\n</html>\n"
    )


def _section(section: Section) -> Element:
    entries = [entry for group in section.groups for entry in group.entries]
    lead = [element("p", _text(words)) for words in section.lead]
    items = element("ul", *map(_entry, entries)) if entries else ""
    return element("section", element("h2", section.title), *lead, items)


def _entry(entry: Entry) -> Element:
    rows: list[Child] = [
        element("li", f"{one.label}: {_text(words)}") for one in entry.beside for words in one.lines
    ]
    below = element("ul", *rows) if rows else ""
    return element("li", _text(entry.words), below)


def _text(words: Words) -> str:
    return "".join("" if isinstance(span, Names) else said(span.text) for span in words)


def _drawings(told: HoldersShown) -> Iterator[Element]:
    packages, ends = places(told)
    yield legend()
    for number, package in enumerate(packages[:MOST_DRAWN]):
        kind = ends[package.package]
        made = graph(
            package,
            f"held-{number}",
            kind=kind,
            title=f"Who holds {kind} {{}}",
            told=f"{len(package.paths)} paths. The lists above describe each.",
        )
        if made is not None:
            yield made
