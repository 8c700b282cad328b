"""Elements of HTML and SVG that escape by construction.

A page is a tree of elements and texts. A text is always escaped, and nothing here accepts markup as
text, so a name can never become an element or an attribute. The output is ASCII: every other
character is a reference, so that it reads the same in whatever encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from hardenme.model.text import visible

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")
VOID = frozenset({"br", "input", "link", "meta"})
"""Elements of HTML that have no content and no end."""
UNENDED = VOID | {"dd", "dt", "li", "td", "th", "tr"}
"""Those that need no end: the next of their kind ends them, or the end of what they are in."""
FORBIDDEN = re.compile(r"on.*|style|srcdoc|formaction|action|src")
"""Attributes that would run, style or load something."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+")
"""An address of the web in ASCII, without what a browser would read in a way of its own."""
ENOUGH = 100_000
"""Characters of a text or a value; a longer one is cut."""

Value = str | int | float | bool | None
"""An attribute's value: True writes the name alone, None and False leave the attribute out."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element; make it with `element`.

    Attributes:
        attributes: names and values, in their order.
    """

    name: str
    attributes: tuple[tuple[str, Value], ...]
    children: tuple[Element | Verbatim | str, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A script or a style sheet of this package, or data for the script: taken as it is.

    Attributes:
        name: `script` or `style`.
        text: its content.
        kind: the type of a script that is data; empty for one that runs.
        id: by which the script finds it.

    Raises:
        ValueError: the text could end the element, or is not ASCII.
    """

    name: str
    text: str
    kind: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        if self.name not in {"script", "style"}:
            raise ValueError(f"{self.name} is not an element whose text is taken as it is")
        if "</" in self.text or "<!--" in self.text or not self.text.isascii():
            raise ValueError("a text that is taken as it is must not end its element")


Child = Element | Verbatim | str | None
"""Possible children of an element; None adds nothing."""


def element(name: str, /, *children: Child, **attributes: Value) -> Element:
    """An element of that name.

    Attributes are named as in Python: `class_`, `data_code`, `aria_label`.

    Raises:
        ValueError: an invalid name, an attribute that would run or load something, or a link to
            anything but a web page or this page.
    """
    named = tuple(
        (key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if not NAME.fullmatch(name) or name in {"script", "style"}:
        raise ValueError(f"{name!r} is not an element")
    for key, value in named:
        if not NAME.fullmatch(key) or FORBIDDEN.fullmatch(key.lower()):
            raise ValueError(f"{key!r} is not an attribute for this page")
        if key == "href" and not _leads_well(name, str(value)):
            raise ValueError("a link leads to a page of the web or to a place on this page")
    return Element(name, named, tuple(child for child in children if child is not None))


def _leads_well(name: str, address: str) -> bool:
    if name == "link":
        return address.startswith("data:image/svg+xml,")
    return address.startswith("#") or is_link(address)


def is_link(address: str) -> bool:
    """Whether an address may be clicked: `https`, or `http` on this machine, and no login in it."""
    if not ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or host in LOOPBACK


def written(*nodes: Element | Verbatim | str) -> str:
    """The nodes as HTML."""
    return "".join(piece for node in nodes for piece in _pieces(node))


def opening(name: str, **attributes: Value) -> str:
    """The start of an element whose content is written piece by piece behind it."""
    return written(element(name, **attributes)).removesuffix(f"</{name}>")


def _pieces(node: Element | Verbatim | str) -> Iterator[str]:
    if isinstance(node, str):
        yield _escaped(node)
        return
    if isinstance(node, Verbatim):
        kind = f' type="{_escaped(node.kind)}"' if node.kind else ""
        named = f' id="{_escaped(node.id)}"' if node.id else ""
        yield f"<{node.name}{kind}{named}>{node.text}</{node.name}>"
        return
    yield f"<{node.name}{''.join(_attributes(node.attributes))}>"
    for child in node.children:
        yield from _pieces(child)
    if node.name not in UNENDED:
        yield f"</{node.name}>"


def _attributes(attributes: Iterable[tuple[str, Value]]) -> Iterator[str]:
    for name, value in attributes:
        yield f" {name}" if value is True else f' {name}="{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    """The text without what steers or hides, each character that means something by its number."""
    if not (text.isascii() and text.isprintable()):
        text = visible(text, longest=ENOUGH)
    return escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")
