"""What a request may say: closed sets of fields, each of one kind, and GitHub's error for the rest.

Source: the request bodies of GitHub's description of its REST API.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hardenme.sandbox.github.calls import invalid, problem
from hardenme.sandbox.http import Reply, Request

UNREADABLE = "Problems parsing JSON"
NAMES = {str: "a string", bool: "a boolean", int: "an integer"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these texts."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Maybe:
    """A kind, or null."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Body:
    """An object: its required fields, and its optional ones."""

    required: Mapping[str, Kind] = field(default_factory=dict)
    optional: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Kind]:
        """All fields."""
        return {**self.required, **self.optional}


Kind = type[str] | type[bool] | type[int] | Choice | Many | Maybe | Body
NOTHING = Body()
"""Of an endpoint that takes no body."""


def read(request: Request, body: Body) -> dict[str, Any] | Reply:
    """The fields of a request, or the refusal of what the endpoint does not take."""
    try:
        given = {} if not request.body else json.loads(request.body)
    except ValueError:
        return problem(400, UNREADABLE)
    wrong = _wrong(given, body, "")
    return invalid(f"Invalid request.\n\n{wrong}") if wrong else given


def _wrong(value: Any, kind: Kind, place: str) -> str:
    """What is wrong with a value, in GitHub's words; empty for nothing."""
    if isinstance(kind, Maybe):
        return "" if value is None else _wrong(value, kind.kind, place)
    if isinstance(kind, Choice):
        return "" if value in kind.names else f"For '{place}', {value!r} is not a possible value."
    if isinstance(kind, Many):
        if not isinstance(value, list):
            return f"For '{place}', {value!r} is not an array."
        found = (_wrong(item, kind.kind, f"{place}/{index}") for index, item in enumerate(value))
        return next(filter(None, found), "")
    if isinstance(kind, Body):
        return _wrong_fields(value, kind, place)
    # A boolean is an integer in Python, and in JSON it is none.
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    return "" if fits else f"For '{place}', {value!r} is not {NAMES[kind]}."


def _wrong_fields(value: Any, body: Body, place: str) -> str:
    if not isinstance(value, dict):
        return f"For '{place}', {value!r} is not an object."
    known = body.fields
    for name in body.required:
        if name not in value:
            return f'"{name}" wasn\'t supplied.'
    for name, item in value.items():
        if name not in known:
            return f'"{name}" is not a permitted key.'
        if wrong := _wrong(item, known[name], f"{place}/{name}"):
            return wrong
    return ""
