"""An outline as a page that needs no script."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from hardenme.reports import html
from hardenme.reports.html.blocks import Blocks
from hardenme.reports.html.element import Element, Verbatim, element, written
from hardenme.reports.html.words import said
from hardenme.reports.outline.parts import Outline


def outlined(outline: Outline, head: str, *more: Element) -> str:
    """The page.

    Args:
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
    blocks = Blocks(printed=True)
    body = [
        element("h1", head),
        *([element("p", " · ".join(map(said, filter(None, parts))))] if parts else []),
        *(
            element("p", *blocks.words(words))
            for words in (outline.warning, *outline.lead)
            if words
        ),
        *map(blocks.section, outline.sections),
        *(element("p", *blocks.words(words)) for words in outline.last),
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
