"""An outline as a page that needs no script."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from hardenme.reports import html
from hardenme.reports.html.element import Child, Element, Verbatim, element, written
from hardenme.reports.html.words import said
from hardenme.reports.outline.parts import Entry, Group, Names, Outline, Section, TextKind, Words


def outlined(outline: Outline, head: str, *more: Element) -> str:
    """The page.

    Args:
        outline: what it says.
        head: its title.
        more: what stands below.
    """
    style = Verbatim(
        "style", resources.files(html.__package__ or "").joinpath("page.css").read_text("utf-8")
    )
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    about = outline.header
    parts = () if about is None else (about.who, *about.scope, about.when)
    body = [
        element("h1", head),
        *([element("p", " · ".join(map(said, filter(None, parts))))] if parts else []),
        *(element("p", *_text(words)) for words in (outline.warning, *outline.lead) if words),
        *map(_section, outline.sections),
        *(element("p", *_text(words)) for words in outline.last),
        *more,
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
    lead = [element("p", *_text(words)) for words in section.lead]
    groups = [part for group in section.groups for part in _group(group)]
    return element("section", element("h2", section.title), *lead, *groups)


def _group(group: Group) -> list[Element]:
    head = [element("h3", *_text(group.heading))] if group.heading else []
    lead = [element("p", *_text(words)) for words in group.lead]
    items = [element("ul", *map(_entry, group.entries))] if group.entries else []
    return [*head, *lead, *items]


def _entry(entry: Entry) -> Element:
    rows: list[Child] = [
        element("li", f"{one.label}: ", *_text(words))
        for one in entry.beside
        for words in one.lines
    ]
    below = element("ul", *rows) if rows else ""
    box = "\N{BALLOT BOX} " if entry.task else ""
    return element("li", box, *_text(entry.words), below)


def _text(words: Words) -> tuple[Child, ...]:
    """A sentence; a command stands as it is typed."""
    return tuple(
        element("code", said(span.text)) if span.kind is TextKind.COMMAND else said(span.text)
        for span in words
        if not isinstance(span, Names)
    )
