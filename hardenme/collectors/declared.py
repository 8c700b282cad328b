"""Reads an answer as the fields of a fact declare it (`hardenme.model.fact.key`)."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hardenme.collectors.reading import Item
from hardenme.model.fact import EACH, NULLABLE, READ, OddError, Reading
from hardenme.model.unknown import Unknown
from hardenme.model.values import flag, moment, number, text

Convert = Callable[[Any, str], Any]
"""From a value, and the endpoint that it came from, to what a field holds."""
SIMPLE: dict[Any, Callable[[Any], Any]] = {
    str: text,
    bool: flag,
    int: number,
    datetime: moment,
}


def read(kind: type, item: Item) -> dict[str, Any]:
    """The declared fields of a fact, or of a part of one, by name.

    What is not there, or is of another type than the field, is an `Unknown`.

    Args:
        kind: a dataclass; fields that are not read from an answer are left to the caller.
        item: the object.
    """
    return {name: value(item) for name, value in _readers(kind)}


@cache
def _readers(kind: type) -> tuple[tuple[str, Callable[[Item], Any]], ...]:
    return tuple(_all(kind))


def _all(kind: type) -> Iterator[tuple[str, Callable[[Item], Any]]]:
    types_of = get_type_hints(kind)
    for one in fields(kind):
        reading = one.metadata.get(READ)
        if reading is not None:
            made = reading.by
            nullable = one.metadata[NULLABLE]
            hint = _bare(types_of[one.name]) if nullable else types_of[one.name]
            convert = _by(made) if made is not None else _converter(hint)
            yield one.name, _reader(reading, convert, nullable=nullable)


def _reader(reading: Reading, convert: Convert, *, nullable: bool) -> Callable[[Item], Any]:
    *way, name = reading.path or (EACH,)

    def value(item: Item) -> Any:
        for step in way:
            item = item.item(step)
        if reading.beside or not reading.path:
            found = item.data if reading.beside else item.whole
        elif name in item:
            found = item.data[name]
        else:
            return item.absent(name)
        if found is None and nullable:
            return None
        try:
            return convert(found, item.endpoint)
        except OddError as error:
            return item.odd(str(error))
        except KeyError as error:
            return item.absent(str(error.args[0])) if reading.beside else item.odd(name)
        except (ValueError, TypeError, LookupError, OverflowError, AttributeError):
            return item.odd(name)

    return value


def _by(made: Callable[[Any], Any]) -> Convert:
    return lambda value, _endpoint: made(value)


def _bare(hint: Any) -> Any:
    """A type without the None beside it."""
    if get_origin(hint) in {Union, types.UnionType}:
        (found,) = (one for one in get_args(hint) if one is not types.NoneType)
        return found
    return hint


def _converter(hint: Any) -> Convert:
    """How a value becomes a field of that type.

    Raises:
        TypeError: no answer holds such a type; the field takes `by`, or no key.
    """
    if hint in SIMPLE:
        simple = SIMPLE[hint]
        return lambda value, _endpoint: simple(value)
    if get_origin(hint) is Literal:
        words = get_args(hint)
        return lambda value, _endpoint: _word(value, words)
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda value, endpoint: _part(hint, value, endpoint)
    if get_origin(hint) is frozenset or get_args(hint)[1:] == (...,):
        each = _converter(get_args(hint)[0])
        made: Any = get_origin(hint)
        return lambda value, endpoint: _several(made, each, value, endpoint)
    raise TypeError(f"no answer holds {hint}")


def _word(value: Any, words: tuple[str, ...]) -> str:
    """One of a closed set of words; any other may mean anything."""
    if not isinstance(value, str) or value not in words:
        raise ValueError("not one of the words")
    return value


def _part(kind: Any, value: Any, endpoint: str) -> Any:
    """An object within, all of which has to be known: who knows a part of it knows nothing."""
    if not isinstance(value, dict):
        raise TypeError("no object")
    found = read(kind, Item(value, endpoint))
    lost = next((one for one in found.values() if isinstance(one, Unknown)), None)
    return kind(**found) if lost is None else lost


def _several(made: Any, each: Convert, value: Any, endpoint: str) -> Any:
    """A list; where one of it is not known, the list is not."""
    if not isinstance(value, list):
        raise TypeError("no list")
    found = [each(one, endpoint) for one in value]
    lost = next((one for one in found if isinstance(one, Unknown)), None)
    return made(found) if lost is None else lost
