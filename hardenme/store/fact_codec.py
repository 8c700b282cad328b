"""Facts as plain values of JSON, and back, by the types of their fields.

What a later version cannot read is unknown there: a field that the file does not have, and one
whose value is not of the field's type any more. So a fact is never made up, and never dropped.
"""

from __future__ import annotations

import enum
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

from hardenme.collectors.every import COLLECTORS
from hardenme.model.fact import Fact, fact_name
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.store.findings import read_atom, write_atom

UNKNOWN = "unknown"
"""The key that marks an unknown where a value should be; no field of a fact has this name."""
M = TypeVar("M")
PLAIN = (str, bool, int, float, NoneType)


class CodecError(ValueError):
    """A value that is not of its type."""


@cache
def kinds() -> Mapping[str, type[Fact]]:
    """Every type of fact that a collector gives, by name."""
    return {fact_name(kind): kind for collector in COLLECTORS for kind in collector.gives}


def encode(value: Any) -> Any:
    """A fact, or a value of one, as JSON has it.

    Raises:
        CodecError: a value of a type that no fact has.
    """
    if isinstance(value, Unknown):
        return {UNKNOWN: unknown(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Subject):
        return [value.provider, value.kind, value.name]
    if isinstance(value, frozenset):
        return sorted(map(encode, value))
    if isinstance(value, Mapping):
        return [[encode(name), encode(item)] for name, item in value.items()]
    if isinstance(value, Sequence):
        return [encode(item) for item in value]
    if is_dataclass(value):
        # `getattr` would raise where a field is not known.
        return {
            item.name: encode(object.__getattribute__(value, item.name)) for item in fields(value)
        }
    raise CodecError(f"{type(value).__name__} is no type of a fact's field")


def unknown(why: Unknown) -> list[Any]:
    """An unknown as JSON has it."""
    told = [why.reason.value, why.needed, why.seen, [write_atom(one) for one in why.evidence]]
    return [*told, *([] if why.question is None else why.question)]


def as_unknown(raw: Any) -> Unknown:
    """An unknown as `unknown` wrote it.

    Raises:
        CodecError: it is none.
    """
    try:
        reason, needed, seen, evidence, *asked = raw
        question = None
        if asked:
            text, page = asked
            question = (str(text), str(page))
        return Unknown(Reason(reason), needed, seen, tuple(map(read_atom, evidence)), question)
    except (TypeError, ValueError) as error:
        raise CodecError(f"no unknown: {error}") from None


def decode(kind: type[Fact], raw: Mapping[str, Any], writer: str) -> Fact:
    """A fact as `encode` wrote it.

    Args:
        kind: its type.
        raw: its fields.
        writer: the version of hardenme that wrote it, to be named where a field is missing.

    Raises:
        CodecError: it does not tell what it is about.
    """
    hints = _hints(kind)
    made: dict[str, Any] = {}
    for item in fields(kind):
        if item.name in {"subject", "within", "label"}:
            made[item.name] = _value(hints[item.name], raw.get(item.name, ""))
        else:
            made[item.name] = _field(kind, item.name, hints[item.name], raw, writer)
    return kind(**made)


def _field(
    kind: type[Fact], name: str, hint: Any, raw: Mapping[str, Any], writer: str
) -> Any | Unknown:
    if name not in raw:
        seen = f"hardenme {writer} did not read `{name}` of {kind.__name__}"
        return Unknown(Reason.NOT_ASKED, "a check that reads it again", seen)
    value = raw[name]
    if isinstance(value, dict) and value.keys() == {UNKNOWN}:
        return as_unknown(value[UNKNOWN])
    try:
        return _value(hint, value)
    except CodecError as error:
        seen = f"`{name}` of {kind.__name__} as hardenme {writer} wrote it: {error}"
        return Unknown(Reason.MALFORMED, "a check that reads it again", seen)


_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(kind: type[Any]) -> dict[str, Any]:
    found = _HINTS.get(kind)
    return _HINTS.setdefault(kind, typing.get_type_hints(kind)) if found is None else found


def _value(hint: Any, raw: Any) -> Any:
    """A value of a type.

    Raises:
        CodecError: it is of another one.
    """
    origin, args = get_origin(hint), get_args(hint)
    if origin in {UnionType, typing.Union}:
        return _one_of(args, raw)
    if origin is Literal and isinstance(raw, str) and raw in args:
        return raw
    if origin in {tuple, frozenset} and isinstance(raw, list):
        return _many(origin, args, raw)
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(raw, list):
        return dict(_pair(args, pair) for pair in raw)
    if isinstance(hint, type) and origin is None:
        return _single(hint, raw)
    raise CodecError(f"no value of {hint}")


def _one_of(hints: tuple[Any, ...], raw: Any) -> Any:
    for hint in hints:
        try:
            return _value(hint, raw)
        except CodecError:
            continue
    raise CodecError("a value of another type")


def _many(origin: Any, args: tuple[Any, ...], raw: list[Any]) -> Any:
    if origin is tuple and args[1:] != (...,):
        if len(args) != len(raw):
            raise CodecError("a list of another length")
        return tuple(_value(hint, item) for hint, item in zip(args, raw, strict=True))
    return origin(_value(args[0], item) for item in raw)


def _pair(args: tuple[Any, ...], raw: Any) -> tuple[Any, Any]:
    if not isinstance(raw, list) or len(raw) != len(args):
        raise CodecError("no pair")
    return _value(args[0], raw[0]), _value(args[1], raw[1])


def _single(hint: type[Any], raw: Any) -> Any:
    if hint in PLAIN:
        # `True` is an `int` for Python, and no number for JSON.
        if type(raw) is not hint:
            raise CodecError(f"not a value of {hint.__name__}")
        return raw
    try:
        if issubclass(hint, Subject):
            return Subject(*map(str, raw))
        if issubclass(hint, datetime | date):
            return hint.fromisoformat(raw)
        if issubclass(hint, enum.Enum):
            return hint(raw)
    except (TypeError, ValueError):
        raise CodecError(f"not a value of {hint.__name__}") from None
    if is_dataclass(hint) and isinstance(raw, dict):
        return made(cast("type[Any]", hint), raw)
    raise CodecError(f"not a value of {hint.__name__}")


def made(kind: type[M], raw: Mapping[str, Any]) -> M:
    """A value of a dataclass that is no fact.

    Raises:
        CodecError: it is not whole, or a part is of another type.
    """
    hints = _hints(kind)
    given: dict[str, Any] = {}
    for item in fields(cast("Any", kind)):
        if item.name not in raw:
            raise CodecError(f"`{item.name}` is missing")
        value = raw[item.name]
        marked = isinstance(value, dict) and value.keys() == {UNKNOWN}
        given[item.name] = as_unknown(value[UNKNOWN]) if marked else _value(hints[item.name], value)
    return kind(**given)
