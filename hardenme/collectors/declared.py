"""Reads an answer as the fields of a fact declare it (`hardenme.model.fact.key`)."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hardenme.collectors.reading import Item
from hardenme.ground.errors import ContentError
from hardenme.model.fact import EACH, GRAPH, READ, Reading
from hardenme.model.known import Known
from hardenme.model.maybe import first_unknown
from hardenme.model.unknown import Unknown
from hardenme.model.values import flag, moment, number, text

Convert = Callable[[Any, str], Any]
"""From a value, and the endpoint that it came from, to what a field holds."""
Read = Callable[[Item], Any]
SIMPLE: dict[Any, Callable[[Any], Any]] = {
    str: text,
    bool: flag,
    int: number,
    datetime: moment,
}


def read(
    kind: type,
    item: Item,
    *names: str,
    graph: bool = False,
    hidden: Callable[[str], Unknown] | None = None,
) -> dict[str, Any]:
    """The declared fields of a fact, or of a part of one, by name.

    What is not there, or is of another type than the field, is an `Unknown`.

    Args:
        kind: a dataclass; fields that are not read from an answer are left to the caller.
        item: the object.
        names: the fields, where not all of them are wanted.
        graph: it is GraphQL's, of a fact that has another source too.
        hidden: the replacement, by name, for a key that is absent or null in answers without
            access. None where null is an ordinary value.
    """
    return {
        name: hidden(path[0]) if hidden and not item.has_value(path[0]) else value(item)
        for name, path, value in _readers(kind, GRAPH if graph else READ)
        if not names or name in names
    }


def declared_part(kind: type, raw: dict[str, Any]) -> dict[str, Any]:
    """What of an object the fields of a fact are read from, and nothing else.

    Args:
        kind: a dataclass whose fields are read from the object, or from objects within it.
    """
    made: dict[str, Any] = {}
    for _name, path, _read in _readers(kind, READ):
        *way, last = path
        at, into = raw, made
        for step in way:
            if not isinstance(at.get(step), dict):
                break
            at, into = at[step], into.setdefault(step, {})
        else:
            if last in at:
                into[last] = at[last]
    return made


@cache
def _readers(kind: type, source: str) -> tuple[tuple[str, tuple[str, ...], Read], ...]:
    return tuple(_all(kind, source))


def _all(kind: type, source: str) -> Iterator[tuple[str, tuple[str, ...], Read]]:
    types_of = get_type_hints(kind)
    for one in fields(kind):
        reading = one.metadata.get(source)
        if reading is not None:
            hint = types_of[one.name]
            if reading.nullable:
                hint = _bare(hint)
            yield one.name, reading.path, _reader(reading, hint)


def _reader(reading: Reading, hint: Any) -> Callable[[Item], Any]:
    if EACH in reading.path[1:]:
        at = reading.path.index(EACH)
        one = _reader(replace(reading, path=reading.path[at + 1 :]), get_args(hint)[0])
        several = partial(_several, get_origin(hint), lambda part, end: one(Item(part, end)))
        return _value(Reading(reading.path[:at]), several)
    return _value(reading, _converter(hint) if reading.by is None else _by(reading.by))


def _value(reading: Reading, convert: Convert) -> Callable[[Item], Any]:
    *way, name = reading.path

    def value(item: Item) -> Any:
        for step in way:
            if not item.has_value(step):
                return item.absent(step)
            item = item.item(step)
        if reading.beside or name == EACH:
            found = item.data if reading.beside else item.whole
        elif name in item:
            found = item.data[name]
        else:
            return item.absent(name)
        if found is None and reading.nullable:
            return None
        try:
            return convert(found, item.endpoint)
        except ContentError as error:
            return item.odd(str(error))
        except KeyError as error:
            return item.absent(str(error.args[0])) if reading.beside else item.odd(name)
        except (ValueError, TypeError, LookupError, OverflowError, AttributeError):
            return item.odd(name)

    return value


def _by(made: Callable[[Any], Any]) -> Convert:
    return lambda value, _endpoint: made(value)


def _bare(hint: Any) -> Any:
    """A type without `| None`."""
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
    """An object within. Who knows a part of it knows nothing, but of one that is `Known`."""
    found = read(kind, Item(value, endpoint))
    if issubclass(kind, Known):
        return kind(**found)
    if not isinstance(value, dict):
        raise TypeError("no object")
    lost = first_unknown(found.values())
    return kind(**found) if lost is None else lost


def _several(made: Any, each: Convert, value: Any, endpoint: str) -> Any:
    """A list; where one of it is not known, the list is not."""
    if not isinstance(value, list):
        raise TypeError("no list")
    found = [each(one, endpoint) for one in value]
    lost = first_unknown(found)
    return made(found) if lost is None else lost
