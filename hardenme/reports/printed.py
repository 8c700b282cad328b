"""JSON that a command prints for other programs: the types of a form say what is printed.

A form is a dataclass, and the JSON Schemas in `docs/schemas` are made from its types.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hardenme.codec.layout import Layout
from hardenme.codec.shape import LEAVES, OrNull, Paragraphs, ParagraphsOrNull, Shape, demand
from hardenme.codec.shape import text as text_of
from hardenme.codec.typed import Codec
from hardenme.model.depth import Depth
from hardenme.reports import values
from hardenme.reports.form import EMPTY, LINES, OWN_TEXT, RECORDS, SHAPES


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDocument:
    """What a command prints.

    Attributes:
        schema_version: of the form, MAJOR.MINOR: a minor version only adds members.
    """

    schema_version: Literal["1.0"] = "1.0"


def _fit(value: Any) -> Any:
    """The value with every text in it without secrets and hidden characters."""
    if isinstance(value, str):
        return values.text(value)
    if isinstance(value, Mapping):
        return {values.text(str(name)): _fit(item) for name, item in value.items()}
    return [_fit(item) for item in value] if isinstance(value, list | tuple) else value


JSON_OBJECT = Shape(_fit, lambda raw: demand(dict, raw), frozenset({dict}))
"""An object whose form is another program's."""


LINES_OR_NULL = Shape(lambda value: LINES.write(value) or None, EMPTY.read, EMPTY.forms)
DEPTH = text_of(Depth.parse)


def printed(records: Mapping[type, Layout] | None = None, text: Shape = OWN_TEXT) -> Codec:
    """The codec of a form.

    Args:
        records: its dataclasses that are not written as an object of all their fields.
        text: how its single-line texts are written.
    """
    shapes = {
        **SHAPES,
        str: text,
        float: LEAVES[float],
        OrNull: EMPTY,
        Paragraphs: LINES,
        ParagraphsOrNull: LINES_OR_NULL,
        Depth: DEPTH,
    }
    return Codec(shapes=shapes, records={**RECORDS, **(records or {})}, objects=True)


PRINTED = printed()
"""For forms whose dataclasses are objects of all of their fields."""


def as_json(document: PrintedDocument, form: Codec = PRINTED) -> str:
    """A document as JSON: ASCII, members in the order of the fields."""
    return json.dumps(form.write(document), ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def as_lines(document: PrintedDocument, form: Codec = PRINTED) -> str:
    """The same with a member a line, and of a list of objects one object a line."""
    lines = []
    for name, value in form.write(document).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n".join(f"    {_line(item)}" for item in value)
            lines.append(f"  {_line(name)}: [\n{inner}\n  ]")
        else:
            lines.append(f"  {_line(name)}: {_line(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
