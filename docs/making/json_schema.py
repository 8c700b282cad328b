"""The JSON Schema of a form, from its types and from what its classes say of their attributes."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Mapping
from datetime import date, datetime
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from hardenme.codec.layout import hints_of
from hardenme.codec.shape import UNIONS, OrNull, ParagraphsOrNull
from hardenme.codec.typed import Codec
from hardenme.model.depth import Depth
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.reports.form import EMPTY
from hardenme.reports.printed import JSON_OBJECT

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
LEAVES: Mapping[Any, Mapping[str, Any]] = {
    str: TEXT,
    OrNull: TEXT_OR_NULL,
    ParagraphsOrNull: TEXT_OR_NULL,
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Subject: TEXT,
    Severity: {"enum": [str(one) for one in reversed(Severity)]},
    Depth: {"enum": [str(one) for one in Depth]},
}
SHAPES: Mapping[int, Mapping[str, Any]] = {
    id(EMPTY): TEXT_OR_NULL,
    id(JSON_OBJECT): {"type": "object"},
}
"""Of members that do not stand as their type does."""
ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n        .+)*)", re.MULTILINE)


class JsonSchema:
    """The schema of one form.

    Args:
        form: writes it.
        kind: the dataclass of the document.
    """

    def __init__(self, form: Codec, kind: type) -> None:
        self._form, self._kind = form, kind
        self._defined: dict[str, dict[str, Any]] = {}

    def document(self, name: str) -> dict[str, Any]:
        """All of it.

        Args:
            name: of the form.
        """
        whole = self._object(self._kind)
        defined = {"$defs": dict(sorted(self._defined.items()))} if self._defined else {}
        return {"$schema": DRAFT, "title": f"hardenme {name}", **whole, **defined}

    def _object(self, kind: type) -> dict[str, Any]:
        layout = self._form.layout(kind)
        hints, said = hints_of(kind), attributes(kind)
        members: dict[str, Any] = {}
        required: list[str] = []
        for name in layout.names or hints:
            if name == layout.flat:
                inner = self._object(hints[name])
                members |= inner["properties"]
                required += inner["required"]
                continue
            shape = layout.shapes.get(name)
            found = SHAPES[id(shape)] if shape else self._of(hints[name])
            members[name] = {"description": said[name], **found} if name in said else found
            required += [] if name in layout.sparse else [name]
        return {
            "description": " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].split()),
            "type": "object",
            "required": required,
            "properties": members,
            "additionalProperties": False,
        }

    def _of(self, hint: Any) -> Mapping[str, Any]:
        if hint in LEAVES:
            return LEAVES[hint]
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._of(args[0])
        if origin is Literal:
            return {"enum": list(args)}
        if origin in UNIONS:
            return {"anyOf": [self._of(one) for one in args]}
        if origin is not None:
            return self._many(origin, args)
        if issubclass(hint, enum.Enum):
            return {"enum": [one.value for one in hint]}
        if hint.__name__ not in self._defined:
            self._defined[hint.__name__] = {}
            self._defined[hint.__name__] = self._object(hint)
        return {"$ref": f"#/$defs/{hint.__name__}"}

    def _many(self, origin: type, args: tuple[Any, ...]) -> Mapping[str, Any]:
        if issubclass(origin, Mapping):
            names = {"propertyNames": self._of(args[0])} if args[0] is not str else {}
            return {"type": "object", **names, "additionalProperties": self._of(args[1])}
        if origin is tuple and args[1:] != (...,):
            items = [self._of(one) for one in args]
            return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
        return {"type": "array", "items": self._of(args[0])}


def attributes(kind: type) -> dict[str, str]:
    """What the documentation of a class and its bases says of each attribute."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__[:-1]):
        text = inspect.cleandoc(one.__doc__ or "").partition("Attributes:\n")[2]
        found |= {name: " ".join(what.split()) for name, what in ATTRIBUTE.findall(text)}
    return found
