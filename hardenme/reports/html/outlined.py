"""An outline as a page that needs no script."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from hardenme.reports import html
from hardenme.reports.html.blocks import Blocks
from hardenme.reports.html.checks import contents
from hardenme.reports.html.element import Element, Verbatim, element, written
from hardenme.reports.html.sentences import raw
from hardenme.reports.html.words import inline, link_of
from hardenme.reports.outline.parts import Outline

LOOK = "LOOK NOW"
"""How a line on signs of an attack begins."""


def outlined(outline: Outline, head: str, *more: Element, linked: bool = False) -> str:
    """The page.

    Args:
        head: its title.
        more: sections that come below.
        linked: its addresses are links; a page that is kept on paper has none.
    """
    style = Verbatim(
        "style", resources.files(html.__package__ or "").joinpath("page.css").read_text("utf-8")
    )
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    blocks = Blocks(printed=True, linked=linked)
    sections = {f"part-{number}": one for number, one in enumerate(outline.sections, 1)}
    main = element(
        "main",
        *(blocks.section(one, key) for key, one in sections.items()),
        *(element("p", *blocks.words(words)) for words in outline.last),
        *more,
    )
    titles = {key: one.title for key, one in sections.items()} | dict(map(link_of, more))
    body = (_head(outline, head, blocks), contents(titles), main)
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
        f"{written(top)}\n{written(element('body', *body))}\n</html>\n"
    )


def _head(outline: Outline, head: str, blocks: Blocks) -> Element:
    """Who, where and when; the title; then what is to be known first."""
    about = outline.header
    who = (about.who, *about.scope) if about else ()
    said = [words for words in (outline.warning, *outline.opening) if words]
    signs = [words for words in said if raw(words[:1]) == LOOK]
    first, *others = (words for words in said if words not in signs)
    return element(
        "header",
        *(element("p", *blocks.words(words), class_="notice") for words in signs),
        element(
            "p",
            element("span", " · ".join(map(inline, filter(None, who)))),
            " ",
            element("time", about.when if about else ""),
            class_="kicker",
        ),
        element("h1", head),
        element("p", *blocks.words(first), class_="sentence"),
        *(element("p", *blocks.words(words), class_="about") for words in others),
        class_="head",
    )
